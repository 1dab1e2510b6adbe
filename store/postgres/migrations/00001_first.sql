-- +goose Up
-- Every time is in Unix milliseconds. State and journal are bytea, so that what
-- comes back is what was given: convert_from(entry, 'UTF8') shows it.
CREATE TABLE interactions (
    n       bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- short name for the journal's rows
    tenant  text    NOT NULL,
    id      text    NOT NULL,
    version bigint  NOT NULL,
    live    boolean NOT NULL,
    state   bytea   NOT NULL,
    UNIQUE (tenant, id)
) WITH (fillfactor = 50); -- each step replaces the row: room for the next one in its page
CREATE INDEX interactions_live ON interactions (n) WHERE live;

CREATE TABLE journal (
    interaction bigint NOT NULL REFERENCES interactions ON DELETE CASCADE,
    version     bigint NOT NULL,
    at          bigint NOT NULL,
    input       bytea  NOT NULL,
    entry       bytea  NOT NULL,
    PRIMARY KEY (interaction, version)
);

-- Who may list an ended interaction; agent '' stands for the whole organisation.
CREATE TABLE ended (
    n           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- orders what ended in the same millisecond
    tenant      text   NOT NULL,
    agent       text   NOT NULL,
    at          bigint NOT NULL,
    interaction bigint NOT NULL REFERENCES interactions ON DELETE CASCADE,
    UNIQUE (interaction, agent)
);
CREATE INDEX ended_listed ON ended (tenant, agent, at, n);
-- Finds what ended first, whatever organisation it was in.
CREATE INDEX ended_oldest ON ended (at, n) WHERE agent = '';

-- Idempotency keys. Scope and key are what a client sent, of whatever bytes.
CREATE TABLE claims (
    scope       bytea  NOT NULL,
    key         bytea  NOT NULL,
    body_hash   text   NOT NULL,
    interaction text   NOT NULL,
    version     bigint NOT NULL,
    at          bigint NOT NULL,
    answer      bytea, -- null while the command runs
    PRIMARY KEY (scope, key)
);
CREATE INDEX claims_at ON claims (at);

CREATE TABLE agent_states (
    tenant text  NOT NULL,
    agent  text  NOT NULL,
    body   bytea NOT NULL,
    PRIMARY KEY (tenant, agent)
);

CREATE TABLE agents (
    tenant text  NOT NULL,
    id     text  NOT NULL,
    body   bytea NOT NULL,
    PRIMARY KEY (tenant, id)
);

CREATE TABLE sessions (
    key     text   PRIMARY KEY,
    seen    bigint NOT NULL,
    expires bigint NOT NULL,
    body    bytea  NOT NULL
);
CREATE INDEX sessions_expires ON sessions (expires);

CREATE TABLE transactions (
    key     text   PRIMARY KEY,
    expires bigint NOT NULL,
    body    bytea  NOT NULL
);
CREATE INDEX transactions_expires ON transactions (expires);

CREATE TABLE organizations (
    tenant text  PRIMARY KEY,
    body   bytea NOT NULL
);

-- append_step writes one step with everything that belongs to it, or raises
-- TB001 (another step came first) or TB002 (the key is taken) and writes
-- nothing. One statement is one round trip and one transaction; a key that was
-- claimed for a step that then comes too late is given back by the raise.
--
-- +goose StatementBegin
CREATE FUNCTION append_step(
    p_tenant text, p_id text, p_version bigint, p_live boolean, p_at bigint, p_owners text[],
    p_input bytea, p_state bytea, p_entry bytea,
    c_scope bytea, c_key bytea, c_body_hash text, c_at bigint, c_free bigint -- c_scope null: no key; taken at c_free or before: free again
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    row_n bigint;
BEGIN
    -- Keys before interactions, everywhere: so two steps never wait for each other.
    IF c_scope IS NOT NULL THEN
        INSERT INTO claims AS taken (scope, key, body_hash, interaction, version, at)
        VALUES (c_scope, c_key, c_body_hash, p_id, p_version, c_at)
        ON CONFLICT (scope, key) DO UPDATE
            SET body_hash = excluded.body_hash, interaction = excluded.interaction,
                version = excluded.version, at = excluded.at, answer = NULL
            WHERE taken.at <= c_free;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'idempotency key taken' USING ERRCODE = 'TB002';
        END IF;
    END IF;
    IF p_version = 1 THEN
        INSERT INTO interactions (tenant, id, version, live, state) VALUES (p_tenant, p_id, 1, p_live, p_state)
        ON CONFLICT (tenant, id) DO NOTHING RETURNING n INTO row_n;
    ELSE
        UPDATE interactions SET version = p_version, live = p_live, state = p_state
        WHERE tenant = p_tenant AND id = p_id AND version = p_version - 1 RETURNING n INTO row_n;
    END IF;
    IF row_n IS NULL THEN
        RAISE EXCEPTION 'another step came first' USING ERRCODE = 'TB001';
    END IF;
    INSERT INTO journal (interaction, version, at, input, entry) VALUES (row_n, p_version, p_at, p_input, p_entry);
    IF NOT p_live THEN
        DELETE FROM ended WHERE interaction = row_n;
        INSERT INTO ended (tenant, agent, at, interaction)
        SELECT p_tenant, agent, p_at, row_n FROM unnest(array_append(p_owners, '')) AS agent
        ON CONFLICT (interaction, agent) DO NOTHING;
    END IF;
END
$$;
-- +goose StatementEnd
