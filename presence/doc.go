// Package presence knows whether experts are free: Teams presence as Graph
// tells it, with its age and origin.
//
// Presence lags at Microsoft already, so every answer says when it was
// observed; an old one is marked stale, a refresh never answers from the cache,
// and what could not be learnt is "unknown" with a reason, never "offline".
//
// Invariants:
//   - The newest wins: by Graph's sequence number, else by observation time.
//   - One request for any number of agents who wait for the same person.
//   - Presence lives in memory only: never in a store, log, metric or journal.
//
// It does not decide anything about calls: presence is advice, never a gate.
package presence
