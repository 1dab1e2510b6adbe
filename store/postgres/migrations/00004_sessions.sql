-- +goose Up
-- Sessions are listed and ended by organisation.
ALTER TABLE sessions ADD COLUMN tenant text NOT NULL DEFAULT '';
UPDATE sessions SET tenant = coalesce(convert_from(body, 'UTF8')::jsonb ->> 'Tenant', '');
CREATE INDEX sessions_tenant ON sessions (tenant);

-- What may be used once only, such as the ids of logout tokens: digests.
CREATE TABLE used (
    key     text   PRIMARY KEY,
    expires bigint NOT NULL
);
CREATE INDEX used_expires ON used (expires);
