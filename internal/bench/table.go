package main

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// scale writes a number with its unit.
type scale func(float64) string

func perSecond(v float64) string { return thousands(v) + "/s" }
func count(v float64) string     { return thousands(v) }
func millis(v float64) string    { return shown(v * 1e6) }
func micros(v float64) string    { return shown(v * 1e3) }
func nanos(v float64) string     { return shown(v) }

func bytesOf(v float64) string {
	if v < 10_000 {
		return thousands(v) + " B"
	}
	return thousands(v/1e3) + " kB"
}

// shown is a time given in nanoseconds, in three digits.
func shown(ns float64) string {
	for _, unit := range []struct {
		name string
		ns   float64
	}{{"s", 1e9}, {"ms", 1e6}, {"µs", 1e3}} {
		if ns >= unit.ns {
			return significant(ns/unit.ns) + " " + unit.name
		}
	}
	return significant(ns) + " ns"
}

// significant writes three digits of a number.
func significant(v float64) string {
	switch {
	case v >= 99.95:
		return fmt.Sprintf("%.0f", v)
	case v >= 9.995:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// thousands writes a whole number with commas.
func thousands(v float64) string {
	digits := fmt.Sprintf("%.0f", v)
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}

// ratio is how many times as good as what it is held against a figure is: more
// than 1 is better.
func (f figure) ratio(value, limit float64) string {
	if f.more {
		value, limit = limit, value
	}
	switch {
	case value == limit:
		return "1.00"
	case value == 0:
		return "∞"
	}
	if r := limit / value; r < 0.01 {
		return fmt.Sprintf("%.4f", r)
	} else {
		return significant(r)
	}
}

// cells are the row's; missing names a number that was not measured.
func (f figure) cells(all results) (cells []string, missing string) {
	value, ok := all[f.value]
	if !ok {
		return []string{f.what, "missing", f.against, "", ""}, f.value.bench + " " + f.value.unit
	}
	limit := f.limit
	if f.rival != (key{}) {
		if limit, ok = all[f.rival]; !ok {
			return []string{f.what, f.show(value), f.against, "missing", ""}, f.rival.bench + " " + f.rival.unit
		}
	}
	return []string{f.what, f.show(value), f.against, f.show(limit), f.ratio(value, limit)}, ""
}

// tableOf gives the rows as Markdown that is also readable as it stands. The
// error names what is missing from it.
func tableOf(figures []figure, all results) (string, error) {
	rows := [][]string{{"figure", "here", "against", "there", "times as good"}}
	var missing []string
	for _, f := range figures {
		cells, lacks := f.cells(all)
		if lacks != "" && f.optional {
			continue
		}
		rows = append(rows, cells)
		if lacks != "" {
			missing = append(missing, lacks)
		}
	}
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var table strings.Builder
	for i, row := range rows {
		table.WriteString(line(row, widths))
		if i == 0 {
			table.WriteString(rule(widths))
		}
	}
	if len(missing) > 0 {
		return table.String(), fmt.Errorf("not measured: %s", strings.Join(missing, ", "))
	}
	return table.String(), nil
}

// rightAligned are the columns that hold numbers.
var rightAligned = []int{1, 3, 4}

func line(row []string, widths []int) string {
	var b strings.Builder
	b.WriteByte('|')
	for i, cell := range row {
		pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
		if slices.Contains(rightAligned, i) {
			b.WriteString(" " + pad + cell + " |")
		} else {
			b.WriteString(" " + cell + pad + " |")
		}
	}
	b.WriteByte('\n')
	return b.String()
}

func rule(widths []int) string {
	var b strings.Builder
	b.WriteByte('|')
	for i, w := range widths {
		if slices.Contains(rightAligned, i) {
			b.WriteString(strings.Repeat("-", w+1) + ":|")
		} else {
			b.WriteString(strings.Repeat("-", w+2) + "|")
		}
	}
	b.WriteByte('\n')
	return b.String()
}
