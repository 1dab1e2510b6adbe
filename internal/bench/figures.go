package main

// suites are the Go benchmarks that give figures. Times are chosen so that all
// together take about thirteen minutes, most of them for real calls and for the rivals of the search.
var suites = []suite{
	{"consult", "Engine", "15x"},
	{"consult", "Next|Command", "1s"},
	{"consult", "ReadBack", "3x"},
	{"internal/bench", "HTTP", "15x"},
	{"store/sqlite", "Append", "15x"},
	{"store/postgres", "PostgreSQL", "15x"},
	{"graph", "SearchMix|BuildIndex", "1x"},
	{"graph", "Update/people=1$", "500x"},
	{"internal/bench/searchrivals", "FTS5|Bleve", "1x"},
	{"graph/msgraph", "Presences", "50x"},
	{"presence", "Requests", "3x"},
	{"presence", "Read", "1s"},
	{"presence", "Watched", "3x"},
	{"web", "PresenceToStreams", "40x"},
	{"sso", "Verify/good_Entra|Verify/shown|GoOIDC|FromSession", "1s"},
	{"sso", "Flood", "5x"},
	{"sso", "Reviews", "1x"},
	{"web", "Request$", "1s"},
	{"consult/sip/media", "Pass|Mix", "1s"},
	{"consult/sip/media", "Streams", "3x"},
	{"consult/sip/media", "Change", "15x"},
	{"internal/bench/calls", "Calls|Streams|Memory", "1x"},
}

// A figure is a row of the table: a number and what it is held against, either
// another number of the same run or a limit that the design sets.
type figure struct {
	what    string
	value   key
	against string
	rival   key     // unless limit is set
	limit   float64 // in the value's unit
	show    scale
	more    bool // more is better
	// optional leaves the row out where it cannot be measured: a rival is not
	// installed, or the system is another one.
	optional bool
}

// figures are the rows, in order.
var figures = []figure{
	{what: "durable steps through the engine, 1 agent", value: key{"Engine/writers=1", "steps/s"},
		against: "raw group-commit log, same disk", rival: key{"Engine/writers=1", "raw_steps/s"}, show: perSecond, more: true},
	{what: "… 16 agents", value: key{"Engine/writers=16", "steps/s"},
		against: "raw log", rival: key{"Engine/writers=16", "raw_steps/s"}, show: perSecond, more: true},
	{what: "… 64 agents", value: key{"Engine/writers=64", "steps/s"},
		against: "raw log", rival: key{"Engine/writers=64", "raw_steps/s"}, show: perSecond, more: true},
	{what: "a command (two steps), 64 agents, p50", value: key{"Engine/writers=64", "p50_command_ns"},
		against: "raw log, one record", rival: key{"Engine/writers=64", "raw_p50_ns"}, show: nanos},
	{what: "… p99", value: key{"Engine/writers=64", "p99_command_ns"}, against: "goal", limit: 10e6, show: nanos},
	{what: "durable steps through HTTP, 1 client", value: key{"HTTP/clients=1", "steps/s"},
		against: "raw log, same disk", rival: key{"HTTP/clients=1", "raw_steps/s"}, show: perSecond, more: true},
	{what: "… 16 clients", value: key{"HTTP/clients=16", "steps/s"},
		against: "raw log", rival: key{"HTTP/clients=16", "raw_steps/s"}, show: perSecond, more: true},
	{what: "… 64 clients", value: key{"HTTP/clients=64", "steps/s"},
		against: "raw log", rival: key{"HTTP/clients=64", "raw_steps/s"}, show: perSecond, more: true},
	{what: "commands through HTTP (two steps each), 64 clients", value: key{"HTTP/clients=64", "commands/s"},
		against: "bare handler, same clients", rival: key{"HTTP/clients=64", "bare_answers/s"}, show: perSecond, more: true},
	{what: "… p50", value: key{"HTTP/clients=64", "p50_ns"},
		against: "bare handler", rival: key{"HTTP/clients=64", "bare_p50_ns"}, show: nanos},
	{what: "… p99", value: key{"HTTP/clients=64", "p99_ns"}, against: "goal", limit: 10e6, show: nanos},
	{what: "… p99, 16 clients", value: key{"HTTP/clients=16", "p99_ns"}, against: "goal", limit: 10e6, show: nanos},
	{what: "… p50, 1 client", value: key{"HTTP/clients=1", "p50_ns"},
		against: "bare handler", rival: key{"HTTP/clients=1", "bare_p50_ns"}, show: nanos},
	{what: "a command without a disk", value: key{"Command", "ns/op"},
		against: "with it, 1 agent, p50", rival: key{"Engine/writers=1", "p50_command_ns"}, show: nanos},
	{what: "one decision (next)", value: key{"Next", "ns/op"}, against: "goal", limit: 200, show: nanos},
	{what: "… allocations", value: key{"Next", "allocs/op"}, against: "goal", limit: 0, show: count},
	{what: "random histories of a call that hold every rule", value: key{"histories", "held"},
		against: "goal", limit: histories, show: count, more: true},

	{what: "10,000 live interactions read back", value: key{"ReadBack", "ms"}, against: "goal", limit: 1000, show: millis},
	{what: "… against their bare rows", value: key{"ReadBack", "ms"}, against: "reading the rows alone", rival: key{"ReadBack", "rows_ms"}, show: millis},
	{what: "… memory for one", value: key{"ReadBack", "B/interaction"}, against: "2 kB", limit: 2000, show: bytesOf},

	{what: "durable steps of the store alone, 1 writer", value: key{"Append/writers=1", "steps/s"},
		against: "raw log", rival: key{"Append/writers=1", "raw_steps/s"}, show: perSecond, more: true},
	{what: "… 16 writers", value: key{"Append/writers=16", "steps/s"},
		against: "raw log", rival: key{"Append/writers=16", "raw_steps/s"}, show: perSecond, more: true},
	{what: "… 64 writers", value: key{"Append/writers=64", "steps/s"},
		against: "raw log", rival: key{"Append/writers=64", "raw_steps/s"}, show: perSecond, more: true},
	{what: "… 64 writers, p50", value: key{"Append/writers=64", "p50_ns"},
		against: "raw log", rival: key{"Append/writers=64", "raw_p50_ns"}, show: nanos},
	{what: "… 64 writers, p99", value: key{"Append/writers=64", "p99_ns"}, against: "goal", limit: 10e6, show: nanos},

	{what: "durable steps in PostgreSQL, 1 writer", value: key{"PostgreSQL/writers=1", "steps/s"},
		against: "one plain INSERT each, same server", rival: key{"PostgreSQL/writers=1", "plain_steps/s"}, show: perSecond, more: true},
	{what: "… 16 writers", value: key{"PostgreSQL/writers=16", "steps/s"},
		against: "plain INSERT", rival: key{"PostgreSQL/writers=16", "plain_steps/s"}, show: perSecond, more: true},
	{what: "… 64 writers", value: key{"PostgreSQL/writers=64", "steps/s"},
		against: "plain INSERT", rival: key{"PostgreSQL/writers=64", "plain_steps/s"}, show: perSecond, more: true},
	{what: "… 64 writers, p99", value: key{"PostgreSQL/writers=64", "p99_ns"},
		against: "plain INSERT", rival: key{"PostgreSQL/writers=64", "plain_p99_ns"}, show: nanos},

	{what: "search among 100,000 people, p50", value: key{"SearchMix", "p50_µs"},
		against: "scan of the same folded words", rival: key{"SearchMix", "scan_p50_µs"}, show: micros},
	{what: "… p99", value: key{"SearchMix", "p99_µs"}, against: "scan", rival: key{"SearchMix", "scan_p99_µs"}, show: micros},
	{what: "search among 1,000,000 people, p99", value: key{"FTS5", "p99_µs"}, against: "goal", limit: 1000, show: micros},
	{what: "… p50", value: key{"FTS5", "p50_µs"},
		against: "SQLite FTS5, same people, unranked", rival: key{"FTS5", "rival_p50_µs"}, show: micros},
	{what: "… p99", value: key{"FTS5", "p99_µs"}, against: "FTS5", rival: key{"FTS5", "rival_p99_µs"}, show: micros},
	{what: "… p50, in turns with Bleve", value: key{"Bleve", "p50_µs"},
		against: "Bleve, same people, unranked", rival: key{"Bleve", "rival_p50_µs"}, show: micros},
	{what: "… p99", value: key{"Bleve", "p99_µs"}, against: "Bleve", rival: key{"Bleve", "rival_p99_µs"}, show: micros},
	{what: "index memory for one of 1,000,000, texts included", value: key{"BuildIndex", "B/person"}, against: "goal", limit: 400, show: bytesOf},
	{what: "indexing one of 1,000,000", value: key{"BuildIndex", "ns/person"}, against: "goal", limit: 15_000, show: nanos},
	{what: "changing one of 1,000,000", value: key{"Update/people=1", "ns/op"},
		against: "indexing everybody anew", rival: key{"BuildIndex", "ns/op"}, show: nanos},

	{what: "650 presences over loopback", value: key{"Presences/loopback", "lean_µs"},
		against: "net/http and encoding/json", rival: key{"Presences/loopback", "plain_µs"}, show: micros},
	{what: "… from memory", value: key{"Presences/memory", "lean_µs"},
		against: "encoding/json", rival: key{"Presences/memory", "plain_µs"}, show: micros},
	{what: "… from memory, against the SDK's model", value: key{"Presences/memory", "lean_µs"},
		against: "the SDK's model", rival: key{"Presences/memory", "sdk_µs"}, show: micros},
	{what: "requests for 10,000 people anew", value: key{"Requests/10,000_people_anew", "requests"},
		against: "one by one", rival: key{"Requests/10,000_people_anew", "one_by_one"}, show: count},
	{what: "requests for 500 agents at one page", value: key{"Requests/500_agents_at_one_page", "requests"},
		against: "agent by agent", rival: key{"Requests/500_agents_at_one_page", "agent_by_agent"}, show: count},
	{what: "reading one of 100,000 presences, 16 readers", value: key{"Read", "ns/person"}, against: "goal", limit: 200, show: nanos},
	{what: "memory for one who is watched, of 100,000", value: key{"Watched", "B/person"}, against: "half a kB", limit: 500, show: bytesOf},
	{what: "from Graph's answer to the event, 500 streams, p50", value: key{"PresenceToStreams", "p50_ns"}, against: "goal", limit: 50e6, show: nanos},
	{what: "… p99", value: key{"PresenceToStreams", "p99_ns"}, against: "goal", limit: 50e6, show: nanos},

	{what: "verifying a token and finding its agent", value: key{"Verify/good_Entra_token", "ns/op"},
		against: "go-oidc, the signature alone", rival: key{"GoOIDC", "ns/op"}, show: nanos},
	{what: "… allocations", value: key{"Verify/good_Entra_token", "allocs/op"}, against: "go-oidc", rival: key{"GoOIDC", "allocs/op"}, show: count},
	{what: "… that was shown before", value: key{"Verify/shown_before", "ns/op"},
		against: "a browser session's", rival: key{"FromSession", "ns/op"}, show: nanos},
	{what: "finding a browser session's agent", value: key{"FromSession", "ns/op"},
		against: "a token's", rival: key{"Verify/good_Entra_token", "ns/op"}, show: nanos},
	{what: "fetches of keys for 10,000 bad tokens", value: key{"Flood", "fetches"},
		against: "go-oidc's key set", rival: key{"Flood", "rival_fetches"}, show: count},
	{what: "… verifying a good one meanwhile, p50", value: key{"Flood", "p50_ns"},
		against: "all quiet", rival: key{"Flood", "quiet_p50_ns"}, show: nanos},
	{what: "… p99", value: key{"Flood", "p99_ns"}, against: "all quiet", rival: key{"Flood", "quiet_p99_ns"}, show: nanos},
	{what: "5,000 sign-ins reviewed at Entra after a restart", value: key{"Reviews", "to_all_ns"}, against: "goal", limit: 60e9, show: nanos},
	{what: "… the oldest word of Entra's from then on", value: key{"Reviews", "oldest_ns"}, against: "goal", limit: 60e9, show: nanos},
	{what: "a whole request without a network, bearer token", value: key{"Request/bearer", "ns/op"},
		against: "bare handler", rival: key{"Request/bare", "ns/op"}, show: nanos},
	{what: "… browser session", value: key{"Request/session", "ns/op"},
		against: "bare handler", rival: key{"Request/bare", "ns/op"}, show: nanos},

	{what: "a second of a real call, 100 of them, processor time", value: key{"Streams/calls=100/encrypted=false", "cpu_ns/call_s"},
		against: "goal: Asterisk's 2.9 ms over 1.5", limit: 2.9e6 / 1.5, show: nanos},
	{what: "… encrypted", value: key{"Streams/calls=100/encrypted=true", "cpu_ns/call_s"},
		against: "plain", rival: key{"Streams/calls=100/encrypted=false", "cpu_ns/call_s"}, show: nanos},
	{what: "… 300 of them", value: key{"Streams/calls=300/encrypted=false", "cpu_ns/call_s"},
		against: "100 of them", rival: key{"Streams/calls=100/encrypted=false", "cpu_ns/call_s"}, show: nanos},
	{what: "passing on a packet, with its system call", value: key{"Pass/same", "ns/op"},
		against: "20 ms of audio", limit: 20e6, show: nanos},
	{what: "… allocations", value: key{"Pass/encrypted", "allocs/op"}, against: "goal", limit: 0, show: count},
	{what: "mixing and sending 20 ms for three", value: key{"Mix", "ns/op"}, against: "20 ms of audio", limit: 20e6, show: nanos},
	{what: "the longest gap a party hears, swap", value: key{"Change/swap", "gap_ns"}, against: "goal", limit: 40e6, show: nanos},
	{what: "… conference", value: key{"Change/conference", "gap_ns"}, against: "goal", limit: 40e6, show: nanos},
	{what: "… transfer", value: key{"Change/transfer", "gap_ns"}, against: "goal", limit: 40e6, show: nanos},

	{what: "serve, start to ready, Microsoft away", value: key{"serve", "ms"},
		against: "`version` of the same binary", rival: key{"version", "ms"}, show: millis},
	{what: "demo, start to ready, 400 people", value: key{"demo 400", "ms"}, against: "`version`", rival: key{"version", "ms"}, show: millis},
	{what: "demo, start to ready, 5,000 people", value: key{"demo 5000", "ms"}, against: "`version`", rival: key{"version", "ms"}, show: millis},

	{what: "page, the first usable screen, p50", value: key{"PageUsable", "ms"}, against: "goal", limit: 1_000, show: millis},
	{what: "… p95", value: key{"PageUsable", "p95_ms"}, against: "goal", limit: 1_000, show: millis},
	{what: "1,000 experts scrolled, a frame, p50", value: key{"PageScroll", "p50_ms"}, against: "60 frames a second", limit: 1000.0 / 60, show: millis},
	{what: "… p99", value: key{"PageScroll", "p99_ms"}, against: "20 frames a second", limit: 50, show: millis},
	{what: "page, JavaScript of the first screen, gzip", value: key{"page first", "B"}, against: "budget", limit: 250_000, show: bytesOf},
	{what: "… inside Teams", value: key{"page in teams", "B"}, against: "budget", limit: 250_000, show: bytesOf},
}
