-- +goose Up
-- What a session's sign-in at Entra is reviewed with after a restart: sealed, and
-- apart from the session, because it is renewed far more often.
ALTER TABLE sessions ADD COLUMN refresh bytea;
