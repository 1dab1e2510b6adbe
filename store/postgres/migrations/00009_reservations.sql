-- +goose Up
-- Calls that are expected on a consult number; body is the whole reservation.
CREATE TABLE reservations (
    tenant text   NOT NULL,
    id     text   NOT NULL,
    agent  text   NOT NULL,
    expert text   NOT NULL, -- object id of whom it reaches, or empty
    key    bytea,           -- idempotency key of the agent's
    made   bigint NOT NULL,
    over   bigint,          -- since when it is over
    body   bytea  NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX reservations_by_key ON reservations (tenant, agent, key) WHERE key IS NOT NULL;
CREATE INDEX reservations_live ON reservations (id) WHERE over IS NULL;
CREATE INDEX reservations_over ON reservations (over) WHERE over IS NOT NULL;
