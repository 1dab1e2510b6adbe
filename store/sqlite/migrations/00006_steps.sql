-- +goose Up
-- Steps of a busy moment, whole commits as they came: they are durable here,
-- and are sorted into interactions and journal later, many at a time. Since
-- then a row of the journal holds one or more steps of an interaction, a line
-- each, and its version is the first one's.
CREATE TABLE arrived (
    n       INTEGER PRIMARY KEY,
    steps   BLOB NOT NULL,             -- CBOR
    damaged INTEGER NOT NULL DEFAULT 0 -- 1: cannot be read, set apart
) STRICT;
