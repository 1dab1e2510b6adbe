-- +goose Up
-- Finds what ended first, whatever organisation it was in.
CREATE INDEX ended_oldest ON ended (at) WHERE agent = '';
