-- +goose Up
-- How far each organisation's directory is kept. Generations tell the people of
-- one reading from those of another; 0 is none.
CREATE TABLE directories (
    tenant   text   PRIMARY KEY,
    complete bigint NOT NULL, -- the generation that answers
    reading  bigint NOT NULL, -- the one that is being read
    body     bytea  NOT NULL
);

-- Every generation of which there are people, with a short name for their rows.
CREATE TABLE directory_generations (
    n          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant     text   NOT NULL,
    generation bigint NOT NULL,
    UNIQUE (tenant, generation)
);

-- The listed people of a directory, and nobody else.
CREATE TABLE directory_experts (
    n          bigint NOT NULL REFERENCES directory_generations,
    id         text   NOT NULL,
    name       text   NOT NULL,
    given_name text   NOT NULL,
    surname    text   NOT NULL,
    role       text   NOT NULL,
    department text   NOT NULL,
    number     text   NOT NULL,
    PRIMARY KEY (n, id)
);
