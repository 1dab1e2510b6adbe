package main

import "fmt"

// The systems of internal/bench/calls.
const (
	ours     = "teamsbridge"
	unitless = "without-unit"
	kamailio = "kamailio"
	asterisk = "asterisk"
	packaged = "asterisk-as-installed"
)

// callFigures are the rows of whole calls. sipp and the rivals are not everywhere.
func callFigures() []figure {
	var rows []figure
	for _, rate := range []int{100, 400} {
		of := func(system, unit string) key { return key{fmt.Sprintf("Calls/rate=%d/%s", rate, system), unit} }
		rows = append(rows,
			figure{what: fmt.Sprintf("a durable call, processor time, %d calls/s", rate), value: of(ours, "cpu_ns/call"),
				against: "Asterisk, nothing durable", rival: of(asterisk, "cpu_ns/call"), show: nanos},
			figure{what: "… started without its unit of systemd", value: of(unitless, "cpu_ns/call"),
				against: "Asterisk, nothing durable", rival: of(asterisk, "cpu_ns/call"), show: nanos},
			figure{what: "… the same", value: of(ours, "cpu_ns/call"),
				against: "Asterisk as Debian installs it", rival: of(packaged, "cpu_ns/call"), show: nanos},
			figure{what: "… the same", value: of(ours, "cpu_ns/call"),
				against: "Kamailio with rtpengine, nothing durable", rival: of(kamailio, "cpu_ns/call"), show: nanos},
			figure{what: "… calls that failed", value: of(ours, "failed"), against: "goal", limit: 0, show: count},
			figure{what: "… that were refused, told to come back later", value: of(ours, "refused"), against: "goal", limit: 0, show: count},
			figure{what: "… INVITE to 200, p50", value: of(ours, "p50_ns"), against: "Asterisk", rival: of(asterisk, "p50_ns"), show: nanos},
			figure{what: "… p99", value: of(ours, "p99_ns"), against: "Asterisk", rival: of(asterisk, "p99_ns"), show: nanos},
			figure{what: "… p99, the same", value: of(ours, "p99_ns"), against: "Kamailio", rival: of(kamailio, "p99_ns"), show: nanos},
		)
	}
	for _, calls := range []int{100, 300} {
		of := func(system string) key {
			return key{fmt.Sprintf("Streams/calls=%d/%s", calls, system), "cpu_ns/call_s"}
		}
		rows = append(rows,
			figure{what: fmt.Sprintf("a second of a whole call, %d of them, processor time", calls), value: of(ours),
				against: "Asterisk", rival: of(asterisk), show: nanos},
			figure{what: "… the same", value: of(ours), against: "rtpengine, userspace", rival: of(kamailio), show: nanos},
		)
	}
	memory := func(unit string) key { return key{"Memory", unit} }
	rows = append(rows,
		figure{what: "memory of a call that is up, of 1,000", value: memory("B/call"), against: "100 kB", limit: 100_000, show: bytesOf},
		figure{what: "… of the process after 10,000 calls at 400/s", value: memory("B_peak"), against: "a gigabyte", limit: 1e9, show: bytesOf},
		figure{what: "… more heap than before, 35 s later", value: memory("B_left"), against: "a call of these", rival: memory("B/call"), show: bytesOf},
	)
	for i := range rows {
		rows[i].optional = true
	}
	return rows
}
