-- +goose Up
-- What a process has to know to end the legs that another one left behind.
CREATE TABLE switch_lines (
    leg         text  NOT NULL PRIMARY KEY,
    interaction text  NOT NULL,
    memo        bytea NOT NULL
);
