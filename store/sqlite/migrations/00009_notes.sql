-- +goose Up
-- Finds the ended interactions in which notes may still be, the oldest first.
-- Read with agent '' only.
ALTER TABLE ended ADD COLUMN notes INTEGER NOT NULL DEFAULT 1; -- 0: they are deleted
CREATE INDEX ended_notes ON ended (at) WHERE agent = '' AND notes = 1;
