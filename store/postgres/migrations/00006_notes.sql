-- +goose Up
-- Finds the ended interactions in which notes may still be, the oldest first.
-- Read with agent '' only.
ALTER TABLE ended ADD COLUMN notes boolean NOT NULL DEFAULT true; -- false: they are deleted
CREATE INDEX ended_notes ON ended (at, n) WHERE agent = '' AND notes;
