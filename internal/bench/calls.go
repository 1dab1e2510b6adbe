package main

import "fmt"

// callFigures are the rows of whole calls, at each rate. sipp and the rivals are
// not everywhere.
func callFigures() []figure {
	var rows []figure
	for _, rate := range []int{100, 400} {
		of := func(system, unit string) key { return key{fmt.Sprintf("Calls/rate=%d/%s", rate, system), unit} }
		const ours, kamailio, asterisk = "teamsbridge", "kamailio", "asterisk"
		rows = append(rows,
			figure{what: fmt.Sprintf("a durable call, processor time, %d calls/s", rate), value: of(ours, "cpu_ns/call"),
				against: "Asterisk", rival: of(asterisk, "cpu_ns/call"), show: nanos},
			figure{what: "… the same", value: of(ours, "cpu_ns/call"),
				against: "Kamailio with rtpengine", rival: of(kamailio, "cpu_ns/call"), show: nanos},
			figure{what: "… calls that failed", value: of(ours, "failed"), against: "goal", limit: 0, show: count},
			figure{what: "… beside Asterisk", value: of(ours, "failed"), against: "Asterisk", rival: of(asterisk, "failed"), show: count},
			figure{what: "… beside Kamailio", value: of(ours, "failed"), against: "Kamailio", rival: of(kamailio, "failed"), show: count},
			figure{what: "… INVITE to 200, p50", value: of(ours, "p50_ns"), against: "Asterisk", rival: of(asterisk, "p50_ns"), show: nanos},
			figure{what: "… p99", value: of(ours, "p99_ns"), against: "Asterisk", rival: of(asterisk, "p99_ns"), show: nanos},
			figure{what: "… p99 beside Kamailio", value: of(ours, "p99_ns"), against: "Kamailio", rival: of(kamailio, "p99_ns"), show: nanos},
		)
	}
	for i := range rows {
		rows[i].optional = true
	}
	return rows
}
