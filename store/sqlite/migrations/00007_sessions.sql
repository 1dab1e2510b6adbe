-- +goose Up
-- Sessions are listed and ended by organisation.
ALTER TABLE sessions ADD COLUMN tenant TEXT NOT NULL DEFAULT '';
UPDATE sessions SET tenant = coalesce(json_extract(CAST(body AS TEXT), '$.Tenant'), '');
CREATE INDEX sessions_tenant ON sessions (tenant);

-- What may be used once only, such as the ids of logout tokens: digests.
CREATE TABLE used (
    key     TEXT PRIMARY KEY,
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX used_expires ON used (expires);
