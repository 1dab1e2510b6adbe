// Package presence knows whether experts are free: Teams presence as Graph
// tells it, with its age and origin.
//
// Presence lags at Microsoft already, so every answer says when it was
// observed; an old one is marked stale, a refresh never answers from the cache,
// and what could not be learnt is "unknown" with a reason, never "offline".
//
//	Read ─────────────────────────► entries ──► Watcher.Changes
//	Fetch ───► known and fresh? ───► ▲
//	             no ▼                │ newest wins
//	Refresh ──► queue ──batches──► Source
//	poll of what is watched ──▲
//
// For each person at most one request is under way and one is queued. Fetch and
// polling join either; a refresh joins only the queued one, which begins later
// than the refresh did. The time of an observation is the time its request was
// sent, so an age is never understated.
//
// Only who is watched is polled, every 5 s: in full requests, spread over half
// of that time, as many as the budget can spare (see [teamsbridge/graph/budget]).
// Where that is less, those observed longest ago go first and all of it becomes
// slower by itself; who waits for an answer is served before any poll.
//
// Invariants:
//   - The newest wins: by Graph's sequence number, else by observation time.
//   - One request for any number of agents who wait for the same person.
//   - An agent who stops waiting ends nothing for others.
//   - Who watches learns each observation and each new reason for its absence,
//     a throttling too; who does not watch learns nothing.
//   - Nothing of one organisation, a throttling included, touches another.
//   - Presence lives in memory only: never in a store, log, metric or journal.
//
// It does not decide anything about calls: presence is advice, never a gate.
package presence
