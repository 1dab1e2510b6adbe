package dial_test

import (
	"regexp"
	"slices"
	"testing"

	"teamsbridge/consult/dial"
)

var dialable = regexp.MustCompile(`^\+?[0-9*#][0-9*#:]*$|^\+[0-9*#:]+$`)

func FuzzRead(f *testing.F) {
	for _, text := range []string{
		"+1(201)553-24 47", "01161123456789", "tel:+49 (0)30 1234567;ext=56", "sip:1001@10.0.0.1", "1 800 FLOWERS",
		"030 1234567 / 0171 7654321", "1001, 1002", "0049 (0)30 1234567", "+39 (0)6 1234567", "*21*+49301234567#",
		"٠٣٠١٢٣٤٥٦٧", "＋49", "112", "::1:2:3", "+:12*3", "+49+30123", "\xff1\x002", "", "/0/0/+0",
	} {
		for _, country := range []string{"DE", "US", "IT", ""} {
			f.Add(text, country)
		}
	}
	f.Fuzz(func(t *testing.T, text, country string) {
		check := dial.Read(text, country)
		if check.Valid != (check.Problem == dial.ProblemNone) || check.Valid != (check.Dialable != "") || check.Valid != (check.Format != "") {
			t.Fatalf("Read(%q, %q) = %+v: valid, problem, dialable and format disagree", text, country, check)
		}
		if check.Ambiguous != (len(check.Readings) > 0) || check.Ambiguous != (check.Problem == dial.ProblemAmbiguous) {
			t.Fatalf("Read(%q, %q) = %+v: ambiguous without readings, or readings without", text, country, check)
		}
		if !check.Valid && (check.Emergency || check.E164 != "" || check.Country != "") {
			t.Fatalf("Read(%q, %q) = %+v: knows what it refuses", text, country, check)
		}
		numbers := check.Readings
		if check.Valid {
			numbers = []string{check.Dialable}
		}
		for i, number := range numbers {
			if !dialable.MatchString(number) || digits(number) < dial.MinDigits || digits(number) > dial.MaxDigits {
				t.Fatalf("Read(%q, %q) offers %q", text, country, number)
			}
			if again := dial.Read(number, country); again.Dialable != number || len(again.Removed) > 0 {
				t.Fatalf("Read(%q, %q) offers %q, which reads as %+v", text, country, number, again)
			}
			if slices.Contains(numbers[:i], number) {
				t.Fatalf("Read(%q, %q) offers %q twice", text, country, number)
			}
		}
		for i, piece := range check.Removed {
			if slices.Contains(check.Removed[:i], piece) {
				t.Fatalf("Read(%q, %q) tells %q twice", text, country, piece)
			}
		}
	})
}
