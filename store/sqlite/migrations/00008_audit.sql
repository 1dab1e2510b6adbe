-- +goose Up
-- How far each organisation's audit is; '' is the service's own.
CREATE TABLE audit_chains (
    tenant     TEXT    PRIMARY KEY,
    sequence   INTEGER NOT NULL, -- of the last line
    hash       TEXT    NOT NULL, -- of the last line
    first      INTEGER NOT NULL, -- the oldest line that is kept
    before     TEXT    NOT NULL, -- hash of the line before that one
    journal_at INTEGER NOT NULL  -- latest step of the journal that is audited; 0 for none
) STRICT, WITHOUT ROWID;

-- The fields of persons stand apart from what the chain covers.
CREATE TABLE audit_lines (
    tenant      TEXT    NOT NULL,
    sequence    INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    interaction TEXT    NOT NULL,
    version     INTEGER NOT NULL, -- of the journal's step; 0 for none
    body        BLOB    NOT NULL,
    actor       BLOB, -- null: nobody, or erased
    target      BLOB,
    PRIMARY KEY (tenant, sequence)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX audit_lines_step ON audit_lines (tenant, interaction, version) WHERE version > 0;
CREATE INDEX audit_lines_at ON audit_lines (at);
