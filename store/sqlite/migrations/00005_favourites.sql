-- +goose Up
-- Whom an agent has marked among the experts; ids only, names are the directory's.
CREATE TABLE favourites (
    tenant TEXT    NOT NULL,
    agent  TEXT    NOT NULL,
    expert TEXT    NOT NULL,
    at     INTEGER NOT NULL,
    PRIMARY KEY (tenant, agent, expert)
) STRICT, WITHOUT ROWID;

-- Whom an agent has consulted last, once each.
CREATE TABLE recents (
    tenant TEXT    NOT NULL,
    agent  TEXT    NOT NULL,
    expert TEXT    NOT NULL,
    at     INTEGER NOT NULL,
    PRIMARY KEY (tenant, agent, expert)
) STRICT, WITHOUT ROWID;
CREATE INDEX recents_at ON recents (at);
