-- +goose Up
-- How far each organisation's directory is kept. Generations tell the people of
-- one reading from those of another; 0 is none.
CREATE TABLE directories (
    tenant   TEXT    PRIMARY KEY,
    complete INTEGER NOT NULL, -- the generation that answers
    reading  INTEGER NOT NULL, -- the one that is being read
    body     BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

-- Every generation of which there are people, with a short name for their rows.
CREATE TABLE directory_generations (
    n          INTEGER PRIMARY KEY,
    tenant     TEXT    NOT NULL,
    generation INTEGER NOT NULL,
    UNIQUE (tenant, generation)
) STRICT;

-- The listed people of a directory, and nobody else.
CREATE TABLE directory_experts (
    n          INTEGER NOT NULL REFERENCES directory_generations (n),
    id         TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    given_name TEXT    NOT NULL,
    surname    TEXT    NOT NULL,
    role       TEXT    NOT NULL,
    department TEXT    NOT NULL,
    number     TEXT    NOT NULL,
    PRIMARY KEY (n, id)
) STRICT, WITHOUT ROWID;
