// Package apitest holds every exchange with Microsoft Graph against a
// description of the part of its API that teamsbridge uses: openapi.yaml,
// OpenAPI 3.1, written from Microsoft's published reference.
//
//	service ─► [Requests] ─► simulated Graph        every request and every answer conforms
//	a test  ─► [Answers]  ─► simulated Graph        every answer conforms, and what does not
//	                                                conform as a request is refused
//
// Invariants:
//   - A request conforms when its path, method, query options, headers and body
//     are described; one that is not described is an error, not an extension.
//   - An answer conforms when its status, headers and body are described; a
//     member that is not described is an error.
//   - Tokens are neither read nor told: who may ask is [Description.Permissions],
//     which the simulator's own table is compared with.
//
// It imports nothing of the simulator, so that one mistake is not made twice.
// It never lives in a production path: tests only.
package apitest
