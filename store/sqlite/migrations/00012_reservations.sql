-- +goose Up
-- Calls that are expected on a consult number; body is the whole reservation.
CREATE TABLE reservations (
    tenant TEXT    NOT NULL,
    id     TEXT    NOT NULL,
    agent  TEXT    NOT NULL,
    expert TEXT    NOT NULL, -- object id of whom it reaches, or empty
    key    TEXT,             -- idempotency key of the agent's
    made   INTEGER NOT NULL,
    over   INTEGER,          -- since when it is over
    body   BLOB    NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX reservations_by_key ON reservations (tenant, agent, key) WHERE key IS NOT NULL;
CREATE INDEX reservations_live ON reservations (id) WHERE over IS NULL;
CREATE INDEX reservations_over ON reservations (over) WHERE over IS NOT NULL;
