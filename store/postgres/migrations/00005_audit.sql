-- +goose Up
-- How far each organisation's audit is; '' is the service's own.
CREATE TABLE audit_chains (
    tenant     text   PRIMARY KEY,
    sequence   bigint NOT NULL, -- of the last line
    hash       text   NOT NULL, -- of the last line
    first      bigint NOT NULL, -- the oldest line that is kept
    before     text   NOT NULL, -- hash of the line before that one
    journal_at bigint NOT NULL  -- latest step of the journal that is audited; 0 for none
);

-- The fields of persons stand apart from what the chain covers.
CREATE TABLE audit_lines (
    tenant      text   NOT NULL,
    sequence    bigint NOT NULL,
    at          bigint NOT NULL,
    interaction text   NOT NULL,
    version     bigint NOT NULL, -- of the journal's step; 0 for none
    body        bytea  NOT NULL,
    actor       bytea, -- null: nobody, or erased
    target      bytea,
    PRIMARY KEY (tenant, sequence)
);
CREATE UNIQUE INDEX audit_lines_step ON audit_lines (tenant, interaction, version) WHERE version > 0;
CREATE INDEX audit_lines_at ON audit_lines (at);
