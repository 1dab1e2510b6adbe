-- +goose Up
-- Whom an agent has marked among the experts; ids only, names are the directory's.
CREATE TABLE favourites (
    tenant text   NOT NULL,
    agent  text   NOT NULL,
    expert text   NOT NULL,
    at     bigint NOT NULL,
    PRIMARY KEY (tenant, agent, expert)
);

-- Whom an agent has consulted last, once each.
CREATE TABLE recents (
    tenant text   NOT NULL,
    agent  text   NOT NULL,
    expert text   NOT NULL,
    at     bigint NOT NULL,
    PRIMARY KEY (tenant, agent, expert)
);
CREATE INDEX recents_at ON recents (at);
