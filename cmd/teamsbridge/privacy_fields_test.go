package main

import (
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"teamsbridge/audit"
	"teamsbridge/consult"
	"teamsbridge/consult/reserve"
	"teamsbridge/graph"
	"teamsbridge/sso"
)

// keptRecords are what the store keeps whole, by their name in the privacy
// document.
var keptRecords = map[string]any{
	"state":        consult.State{},
	"input":        consult.Input{},
	"entry":        consult.HistoryEntry{},
	"agent state":  consult.AgentStatus{},
	"session":      sso.Session{},
	"transaction":  sso.Transaction{},
	"agent":        sso.Agent{},
	"organization": sso.Organization{},
	"expert":       graph.Expert{},
	"reservation":  reserve.Reservation{},
	"audit line":   audit.Line{},
}

func TestEveryKeptFieldIsInThePrivacyDocument(t *testing.T) {
	document, err := os.ReadFile("../../docs/privacy.md")
	if err != nil {
		t.Fatal(err)
	}
	told := make(map[string][]string)
	for line := range strings.Lines(string(document)) {
		cells := strings.Split(line, "|")
		if len(cells) < 4 {
			continue
		}
		if name := strings.TrimSpace(cells[1]); keptRecords[name] != nil {
			for _, field := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(strings.Join(cells[2:], " "), -1) {
				told[name] = append(told[name], field[1])
			}
		}
	}
	for name, record := range keptRecords {
		fields := make(map[string]bool)
		fieldsOf(reflect.TypeOf(record), fields)
		for _, field := range slices.Sorted(maps.Keys(fields)) {
			if !slices.Contains(told[name], field) {
				t.Errorf("docs/privacy.md does not say that %s holds %s", name, field)
			}
		}
		for _, field := range told[name] {
			if !fields[field] {
				t.Errorf("docs/privacy.md says that %s holds %s, which it does not", name, field)
			}
		}
	}
}

// fieldsOf adds the JSON members of a type and of all that it is made of.
func fieldsOf(kind reflect.Type, names map[string]bool) {
	switch kind.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		fieldsOf(kind.Elem(), names)
		return
	case reflect.Struct:
	default:
		return
	}
	if kind == reflect.TypeFor[time.Time]() {
		return
	}
	for field := range kind.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if !field.IsExported() || name == "-" {
			continue
		}
		if name == "" {
			name = field.Name
		}
		names[name] = true
		fieldsOf(field.Type, names)
	}
}
