-- +goose Up
-- What a process has to know to end the legs that another one left behind.
CREATE TABLE switch_lines (
    leg         TEXT NOT NULL PRIMARY KEY,
    interaction TEXT NOT NULL,
    memo        BLOB NOT NULL
) STRICT, WITHOUT ROWID;
