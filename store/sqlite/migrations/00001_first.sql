-- +goose Up
CREATE TABLE interactions (
    n       INTEGER PRIMARY KEY, -- short name for the journal's rows
    tenant  TEXT    NOT NULL,
    id      TEXT    NOT NULL,
    version INTEGER NOT NULL,
    live    INTEGER NOT NULL,
    state   BLOB    NOT NULL,
    UNIQUE (tenant, id)
) STRICT;
CREATE INDEX interactions_live ON interactions (n) WHERE live = 1;

-- Rows are in the order of writing, so that steps of many interactions which
-- share a commit share pages too: the log writes whole pages.
CREATE TABLE journal (
    n           INTEGER PRIMARY KEY,
    interaction INTEGER NOT NULL REFERENCES interactions (n) ON DELETE CASCADE,
    version     INTEGER NOT NULL,
    at          INTEGER NOT NULL, -- Unix milliseconds, as every time here
    input       BLOB    NOT NULL,
    entry       BLOB    NOT NULL,
    UNIQUE (interaction, version)
) STRICT;

-- Who may list an ended interaction; agent '' stands for the whole organisation.
CREATE TABLE ended (
    n           INTEGER PRIMARY KEY AUTOINCREMENT, -- orders what ended in the same millisecond
    tenant      TEXT    NOT NULL,
    agent       TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    interaction INTEGER NOT NULL REFERENCES interactions (n) ON DELETE CASCADE,
    UNIQUE (interaction, agent)
) STRICT;
CREATE INDEX ended_listed ON ended (tenant, agent, at, n);

-- Idempotency keys.
CREATE TABLE claims (
    scope       TEXT    NOT NULL,
    key         TEXT    NOT NULL,
    body_hash   TEXT    NOT NULL,
    interaction TEXT    NOT NULL,
    version     INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    answer      BLOB, -- null while the command runs
    PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX claims_at ON claims (at);

CREATE TABLE agent_states (
    tenant TEXT    NOT NULL,
    agent  TEXT    NOT NULL,
    name   TEXT    NOT NULL,
    since  INTEGER NOT NULL,
    reason TEXT    NOT NULL,
    PRIMARY KEY (tenant, agent)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    key     TEXT PRIMARY KEY,
    seen    INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    body    BLOB    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_expires ON sessions (expires);

CREATE TABLE transactions (
    key     TEXT PRIMARY KEY,
    expires INTEGER NOT NULL,
    body    BLOB    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX transactions_expires ON transactions (expires);

CREATE TABLE organizations (
    tenant TEXT PRIMARY KEY,
    body   BLOB NOT NULL
) STRICT, WITHOUT ROWID;
