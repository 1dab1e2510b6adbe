package web

import (
	"strings"
	"testing"
	"unicode"

	"teamsbridge/sso"
)

// FuzzAgentFile: whatever somebody uploads, each row has its line, a value
// holds nothing that a spreadsheet or terminal would act on by itself, and
// every problem names a line of the file.
func FuzzAgentFile(f *testing.F) {
	for _, seed := range []string{
		"", "\ufeff", "id,name\n", "id;name;queues\na;A;x|y\n", "id,name\n\"a\n", "id,name\r\na,\"A\"\"B\"\r\n;;\r\n",
		"id,name,source\na,A,file\n\n\nb,B\n", "id,name\na,\"A\nB\"\nc,C\n", "\xff", "id,name\na,\x00\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file := readAgentFile(data)
		if len(file.agents) != len(file.lines) {
			t.Fatalf("%d rows, %d lines", len(file.agents), len(file.lines))
		}
		last := 1
		for i, a := range file.agents {
			if file.lines[i] <= last {
				t.Fatalf("row %d is at line %d, after %d", i, file.lines[i], last)
			}
			last = file.lines[i]
			for _, value := range append([]string{string(a.ID), a.Name, a.Subject, a.Number, a.Team}, a.Queues...) {
				if strings.ContainsFunc(value, unicode.IsControl) || strings.TrimSpace(value) != value {
					t.Fatalf("%q was taken over as it is", value)
				}
			}
		}
		end := strings.Count(string(data), "\n") + strings.Count(string(data), "\r") + 1
		for _, p := range file.problems {
			if p.Line < 1 || p.Line > end || p.Message == "" {
				t.Fatalf("problem %+v in a file of %d lines", p, end)
			}
		}
		for i := range file.agents {
			if p := file.problemOf(&sso.RowError{Row: i, Field: "queues[1]", Problem: sso.RowFormula, Other: 0}); p.Line != file.lines[i] || *p.Column != "queues" {
				t.Fatalf("problem %+v of line %d", p, file.lines[i])
			}
		}
	})
}
