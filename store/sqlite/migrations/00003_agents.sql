-- +goose Up
-- Rows of the agent table that administrators keep.
CREATE TABLE agents (
    tenant TEXT NOT NULL,
    id     TEXT NOT NULL,
    body   BLOB NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;
