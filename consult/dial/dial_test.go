package dial_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"teamsbridge/consult/dial"
)

// row is one text and what the rules say of it. Removed is compared only where
// a row is about cleaning.
type row struct {
	name    string
	input   string
	country string
	want    dial.Check
}

func valid(dialable string, format dial.Format, country string) dial.Check {
	return dial.Check{Valid: true, Dialable: dialable, Digits: digits(dialable), Format: format, Country: country}
}

func emergency(dialable string) dial.Check {
	c := valid(dialable, dial.FormatInternal, "")
	c.Emergency = true
	return c
}

func ambiguous(digits int, readings ...string) dial.Check {
	return dial.Check{Digits: digits, Problem: dial.ProblemAmbiguous, Ambiguous: true, Readings: readings}
}

func refused(digits int, problem dial.Problem) dial.Check {
	return dial.Check{Digits: digits, Problem: problem}
}

func digits(s string) int {
	return strings.Count(strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return '0'
		}
		return '-'
	}, s), "0")
}

func (r row) check(t *testing.T, ignore ...string) {
	t.Helper()
	if diff := cmp.Diff(r.want, dial.Read(r.input, r.country), cmpopts.EquateEmpty(), cmpopts.IgnoreFields(dial.Check{}, ignore...)); diff != "" {
		t.Errorf("Read(%q, %s) (-want +got):\n%s", r.input, r.country, diff)
	}
}

func TestReadRecognises(t *testing.T) {
	for _, r := range []row{
		{"the US form", "+12015532447", "DE", valid("+12015532447", dial.FormatUS, "US")},
		{"the US form of a Canadian number", "+14165550123", "US", valid("+14165550123", dial.FormatUS, "CA")},
		{"the general form where the area code is none", "+11234567890", "US", valid("+11234567890", dial.FormatE164, "")},
		{"a German number with country", "+49301234567", "US", valid("+49301234567", dial.FormatE164, "DE")},
		{"a German mobile number", "+4915112345678", "DE", valid("+4915112345678", dial.FormatE164, "DE")},
		{"a British number", "+442079460958", "DE", valid("+442079460958", dial.FormatE164, "GB")},
		{"an Italian number that begins with 0", "+390612345678", "DE", valid("+390612345678", dial.FormatE164, "IT")},
		{"a Kazakh number under the code it shares with Russia", "+77172123456", "DE", valid("+77172123456", dial.FormatE164, "KZ")},
		{"a worldwide toll-free number, which has no country", "+80012345678", "DE", valid("+80012345678", dial.FormatE164, "")},
		{"a country code that nobody has, by its form", "+999123456", "DE", valid("+999123456", dial.FormatE164, "")},
		{"a + before a zero as nothing that a trunk knows", "+0301234567", "DE", valid("+0301234567", dial.FormatInternal, "")},
		{"a premium number in the US, by its form", "+19005551234", "US", valid("+19005551234", dial.FormatUS, "US")},
		{"an international prefix in the US", "01161123456789", "US", valid("01161123456789", dial.FormatIDD, "AU")},
		{"the same digits at a German site as no international number", "01161123456789", "DE", valid("01161123456789", dial.FormatNational, "DE")},
		{"an international prefix in Germany", "0012015532447", "DE", valid("0012015532447", dial.FormatIDD, "US")},
		{"an international prefix in Japan", "01049301234567", "JP", valid("01049301234567", dial.FormatIDD, "DE")},
		{"an international prefix in Australia", "001149301234567", "AU", valid("001149301234567", dial.FormatIDD, "DE")},
		{"an international prefix of the own country", "0049301234567", "DE", valid("0049301234567", dial.FormatIDD, "DE")},
		{"00 as international prefix where the country is not known", "0049301234567", "", valid("0049301234567", dial.FormatIDD, "DE")},
		{"a German number without country", "0301234567", "DE", valid("0301234567", dial.FormatNational, "DE")},
		{"a short German number with its area code", "0301001", "DE", valid("0301001", dial.FormatNational, "DE")},
		{"a US number without country", "2015532447", "US", valid("2015532447", dial.FormatNational, "US")},
		{"a US number with the trunk 1", "12015532447", "US", valid("12015532447", dial.FormatNational, "US")},
		{"a French number", "0142685300", "FR", valid("0142685300", dial.FormatNational, "FR")},
		{"three digits", "123", "DE", valid("123", dial.FormatInternal, "")},
		{"four digits", "1001", "DE", valid("1001", dial.FormatInternal, "")},
		{"four digits at a US site", "1234", "US", valid("1234", dial.FormatInternal, "")},
		{"four digits with a zero in front", "0123", "DE", valid("0123", dial.FormatInternal, "")},
		{"a local number without area code as internal", "5532447", "US", valid("5532447", dial.FormatInternal, "")},
		{"eighteen digits", "123456789012345678", "DE", valid("123456789012345678", dial.FormatInternal, "")},
		{"eighteen digits with a +", "+493012345678901234", "DE", valid("+493012345678901234", dial.FormatE164, "DE")},
		{"a number where the country is not known", "0301234567", "", valid("0301234567", dial.FormatInternal, "")},
		{"a number where the country does not exist", "+49301234567", "XX", valid("+49301234567", dial.FormatE164, "DE")},
		{"a feature code", "*21*0301234567#", "DE", valid("*21*0301234567#", dial.FormatInternal, "")},
		{"a feature code that begins with #", "#31#01711234567", "DE", valid("#31#01711234567", dial.FormatInternal, "")},
		{"a colon inside", "123:456", "DE", valid("123:456", dial.FormatInternal, "")},
		{"digits to send after a #", "+49301234567#12", "DE", valid("+49301234567#12", dial.FormatE164, "DE")},
	} {
		t.Run(r.name, func(t *testing.T) { r.check(t, "E164", "Removed") })
	}
}

func TestReadRemoves(t *testing.T) {
	us := func(removed ...string) dial.Check {
		c := valid("+12015532447", dial.FormatUS, "US")
		c.Removed, c.E164 = removed, "+12015532447"
		return c
	}
	berlin := func(removed ...string) dial.Check {
		c := valid("+49301234567", dial.FormatE164, "DE")
		c.Removed, c.E164 = removed, "+49301234567"
		return c
	}
	internal := func(dialable string, removed ...string) dial.Check {
		c := valid(dialable, dial.FormatInternal, "")
		c.Removed = removed
		return c
	}
	for _, r := range []row{
		{"the example of the HTTP contract", "+1(201)553-24 47", "US", us("(", ")", "-", " ")},
		{"each character once, in the order of first appearance", "+1 (201) 555-32 47", "US", func() dial.Check {
			c := valid("+12015553247", dial.FormatUS, "US")
			c.Removed, c.E164 = []string{" ", "(", ")", "-"}, "+12015553247"
			return c
		}()},
		{"nothing from a clean number", "+12015532447", "US", us()},
		{"dots", "+1.201.553.2447", "US", us(".")},
		{"blanks around", "  +49 30 1234567\n", "DE", berlin(" ", "\n")},
		{"blanks that only look like blanks", "+49\u00a030\u2009123\u202f4567", "DE", berlin("\u00a0", "\u2009", "\u202f")},
		{"dashes of every kind", "+49–30—123‐4567", "DE", berlin("–", "—", "‐")},
		{"marks of writing direction that a paste brings along", "\u202a+49301234567\u202c", "DE", berlin("\u202a", "\u202c")},
		{"a slash after the area code", "+49 30/1234567", "DE", berlin(" ", "/")},
		{"brackets of an area code", "+49 [30] 1234567", "DE", berlin(" ", "[", "]")},
		{"the scheme tel:", "tel:+49301234567", "DE", berlin("tel:")},
		{"the scheme sip: and the host", "sip:+49301234567@sbc.example.com", "DE", berlin("sip:", "@sbc.example.com")},
		{"the scheme sips:, the host, its port and parameters", "sips:+49301234567@10.0.0.1:5061;user=phone", "DE", berlin("sips:", "@10.0.0.1:5061;user=phone")},
		{"the scheme callto:", "callto:+49301234567", "DE", berlin("callto:")},
		{"a scheme in capitals after a blank", " TEL:+49-30-1234567", "DE", berlin(" ", "TEL:", "-")},
		{"the slashes of a scheme", "callto://+49301234567", "DE", berlin("callto:", "/")},
		{"parameters", "tel:+49301234567;phone-context=example.com", "DE", berlin("tel:", ";phone-context=example.com")},
		{"a trunk zero after the country", "+49 (0)30 1234567", "DE", berlin(" ", "(0)")},
		{"a trunk zero without blanks", "+49(0)301234567", "DE", berlin("(0)")},
		{"a trunk zero with blanks inside", "+49 ( 0 ) 30 1234567", "DE", berlin(" ", "( 0 )")},
		{"a trunk zero after a country in brackets", "(+49) (0) 30 1234567", "DE", berlin("(", ")", " ", "(0)")},
		{"a trunk zero after a country of three digits", "+353 (0)1 234 5678", "DE", func() dial.Check {
			c := valid("+35312345678", dial.FormatE164, "IE")
			c.Removed, c.E164 = []string{" ", "(0)"}, "+35312345678"
			return c
		}()},
		{"words before the number", "Telefon: +49 30 1234567", "DE", berlin("T", "e", "l", "f", "o", "n", ":", " ")},
		{"a + that is not the first character", "12+345", "DE", internal("12345", "+")},
		{"a second + right after the first", "++49301234567", "DE", berlin("+")},
		{"a + inside the country", "+49+301234567", "DE", berlin("+")},
		{"a leading colon", ":123", "DE", internal("123", ":")},
		{"all leading colons", "::123", "DE", internal("123", ":")},
		{"a colon that leads after cleaning", "( : 123", "DE", internal("123", "(", " ", ":")},
		{"a + after a feature code", "*21*+49301234567#", "DE", internal("*21*49301234567#", "+")},
		{"bytes that are no text", "12\xff34", "DE", internal("1234", "\ufffd")},
		{"emoji", "☎ 1234", "DE", internal("1234", "☎", " ")},
	} {
		t.Run(r.name, func(t *testing.T) { r.check(t) })
	}
}

func TestReadRefuses(t *testing.T) {
	for _, r := range []row{
		{"nothing", "", "DE", refused(0, dial.ProblemEmpty)},
		{"blanks", " \t\n", "DE", refused(0, dial.ProblemEmpty)},
		{"words", "Zentrale bitte", "DE", refused(0, dial.ProblemEmpty)},
		{"a scheme alone", "tel:", "DE", refused(0, dial.ProblemEmpty)},
		{"a host alone", "@sbc.example.com", "DE", refused(0, dial.ProblemEmpty)},
		{"a name at a host", "sip:anja@example.com", "DE", refused(0, dial.ProblemEmpty)},
		{"a + alone", "+", "DE", refused(0, dial.ProblemEmpty)},
		{"colons alone", ":::", "DE", refused(0, dial.ProblemEmpty)},
		{"a vanity word that libphonenumber knows as no number", "FLOWERS", "US", refused(0, dial.ProblemEmpty)},
		{"characters without digits", "*#*#", "DE", refused(0, dial.ProblemTooShort)},
		{"one digit", "7", "DE", refused(1, dial.ProblemTooShort)},
		{"two digits", "12", "DE", refused(2, dial.ProblemTooShort)},
		{"two digits among many characters", "*1*2*#*#*", "DE", refused(2, dial.ProblemTooShort)},
		{"a two-digit emergency number, which is below three digits", "17", "FR", refused(2, dial.ProblemTooShort)},
		{"nineteen digits", "1234567890123456789", "DE", refused(19, dial.ProblemTooLong)},
		{"nineteen digits with a +", "+4930123456789012345", "DE", refused(19, dial.ProblemTooLong)},
		{"nineteen digits with separators", "+49 (30) 1234-5678-9012-345", "DE", refused(19, dial.ProblemTooLong)},
		{"a very long text", strings.Repeat("1", 10_000), "DE", refused(10_000, dial.ProblemTooLong)},
		{"letters between too few digits", "1a2", "DE", refused(2, dial.ProblemTooShort)},
	} {
		t.Run(r.name, func(t *testing.T) { r.check(t, "Removed") })
	}
}

func TestReadNeverGuesses(t *testing.T) {
	for _, r := range []row{
		{"an extension in words", "+49 30 1234 ext. 56", "DE", ambiguous(10, "+4930123456", "+49301234")},
		{"an extension with x", "+1 201 553 2447 x12", "US", ambiguous(13, "+1201553244712", "+12015532447")},
		{"a German extension", "030 1234567 Durchwahl 89", "DE", ambiguous(12, "030123456789", "0301234567")},
		{"an extension as a parameter", "tel:+49301234;ext=56", "DE", ambiguous(8, "+49301234", "+4930123456")},
		{"an extension parameter before a host", "sip:+49301234;ext=56@example.com", "DE", ambiguous(8, "+49301234", "+4930123456")},
		{"an extension of an internal number", "1234;ext=56", "DE", ambiguous(4, "1234", "123456")},
		{"a vanity number", "1 800 FLOWERS", "US", ambiguous(4, "1800", "+18003569377")},
		{"a vanity number with dashes", "1-800-FLOWERS", "US", ambiguous(4, "1800", "+18003569377")},
		{"a vanity number with a + ", "+1 800 FLOWERS", "DE", ambiguous(4, "+1800", "+18003569377")},
		{"a word between digits", "0800 REISE 1", "DE", ambiguous(5, "08001", "+49800734731", "0800")},
		{"a letter for a digit", "+49 3O 1234567", "DE", ambiguous(10, "+4931234567", "+493", "1234567")},
		{"two numbers with a word between", "030 1234567 oder 0171 7654321", "DE", ambiguous(21, "0301234567", "01717654321")},
		{"two numbers with a comma", "030 1234567, 0171 7654321", "DE", ambiguous(21, "0301234567", "01717654321")},
		{"two numbers with a slash", "030 1234567 / 0171 7654321", "DE", ambiguous(21, "0301234567", "01717654321")},
		{"two numbers on two lines", "030 1234567\n0171 7654321", "DE", ambiguous(21, "0301234567", "01717654321")},
		{"two numbers with a semicolon", "030 1234567; 0171 7654321", "DE", ambiguous(10, "0301234567", "01717654321")},
		{"two international numbers", "+49 30 1234567 +49 171 7654321", "DE", ambiguous(23, "+49301234567", "+491717654321")},
		{"two internal numbers with a comma", "1001, 1002", "DE", ambiguous(8, "10011002", "1001", "1002")},
		{"two internal numbers with a slash", "1001/1002", "DE", ambiguous(8, "10011002", "1001", "1002")},
		{"two internal numbers with a bar", "1001|1002", "DE", ambiguous(8, "10011002", "1001", "1002")},
		{"a pause and a code", "+49 30 123456,,123#", "DE", ambiguous(13, "+4930123456123#", "+4930123456", "123#")},
		{"a pause letter and a code", "+4930123456p99", "DE", ambiguous(12, "+493012345699", "+4930123456")},
		{"a zero that belongs to the number in Italy", "+39 (0)6 1234567", "DE", ambiguous(10, "+3961234567", "+39061234567")},
		{"a trunk zero after an international prefix", "0049 (0)30 1234567", "DE", ambiguous(14, "00490301234567")},
		{"digits of another script", "٠٣٠١٢٣٤٥٦٧", "DE", ambiguous(0, "+49301234567")},
		{"a + of another script", "＋49 30 1234567", "US", ambiguous(11, "49301234567", "+49301234567")},
		{"letters between three digits", "1a2b3", "DE", ambiguous(3, "123")},
		{"a phone context that names another country", "tel:030123456;phone-context=+49", "US", ambiguous(9, "030123456", "+4930123456")},
	} {
		t.Run(r.name, func(t *testing.T) { r.check(t, "Removed") })
	}
}

func TestReadTakesForOneNumber(t *testing.T) {
	for _, r := range []row{
		{"an area code and a slash", "030/1234567", "DE", valid("0301234567", dial.FormatNational, "DE")},
		{"an area code, blanks and a slash", "030 / 1234567", "DE", valid("0301234567", dial.FormatNational, "DE")},
		{"a US area code and a slash", "201/553-2447", "US", valid("2015532447", dial.FormatNational, "US")},
		{"groups with commas", "+1,201,553,2447", "US", valid("+12015532447", dial.FormatUS, "US")},
		{"a number that was wrapped", "+49 30\n1234567", "DE", valid("+49301234567", dial.FormatE164, "DE")},
		{"a word behind the number that is no vanity word", "030 1234567 (Büro)", "DE", valid("0301234567", dial.FormatNational, "DE")},
		{"a redundant zero of a country that needs none", "+1 (0) 201 553 2447", "US", valid("+12015532447", dial.FormatUS, "US")},
		{"a sip address whose host has digits", "sip:1001@10.0.0.7:5060", "DE", valid("1001", dial.FormatInternal, "")},
		{"a sip address whose host ends with a number", "sip:1001@pbx2.example.com", "DE", valid("1001", dial.FormatInternal, "")},
		{"parameters that name no telephone", "+49301234567;user=phone;cpc=ordinary", "DE", valid("+49301234567", dial.FormatE164, "DE")},
	} {
		t.Run(r.name, func(t *testing.T) { r.check(t, "Removed", "E164") })
	}
}

func TestReadKnowsEmergencyNumbers(t *testing.T) {
	for _, r := range []row{
		{"112 in Germany", "112", "DE", emergency("112")},
		{"110 in Germany", "110", "DE", emergency("110")},
		{"1 1 2 with blanks", "1 1 2", "DE", emergency("112")},
		{"112 as tel:", "tel:112", "DE", emergency("112")},
		{"911 in the US", "911", "US", emergency("911")},
		{"999 in the United Kingdom", "999", "GB", emergency("999")},
		{"000 in Australia", "000", "AU", emergency("000")},
		{"112 in France", "112", "FR", emergency("112")},
		{"112 behind a trunk zero, which may be an outside line", "0112", "DE", emergency("0112")},
		{"112 with digits to send after it", "112#1", "DE", emergency("112#1")},
		{"not 911 in Germany", "911", "DE", valid("911", dial.FormatInternal, "")},
		{"not 110 in the US", "110", "US", valid("110", dial.FormatInternal, "")},
		{"not an internal number that begins like one", "1121", "DE", valid("1121", dial.FormatInternal, "")},
		{"none where the country is not known", "112", "", valid("112", dial.FormatInternal, "")},
	} {
		t.Run(r.name, func(t *testing.T) { r.check(t, "Removed", "E164") })
	}
	if c := dial.Read("+49112", "DE"); !c.Emergency {
		t.Errorf("Read(+49112) = %+v, want an emergency number", c)
	}
}

func TestReadComparesWithDirectoryNumbers(t *testing.T) {
	const berlin = "+49301234567"
	for _, c := range []struct{ name, input, country, want string }{
		{"with country", "+49 30 1234567", "US", berlin},
		{"with a trunk zero after the country", "+490301234567", "DE", berlin},
		{"with an international prefix", "0049301234567", "DE", berlin},
		{"with another country's international prefix", "01149301234567", "US", berlin},
		{"without country", "030 1234567", "DE", berlin},
		{"with digits to send after it", "+49301234567#12", "DE", berlin},
		{"with a colon after it", "+49301234567:1", "DE", berlin},
		{"an internal number has none", "1234", "DE", ""},
		{"a feature code has none", "*21*0301234567#", "DE", ""},
		{"a number of an unknown place has none", "0301234567", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := dial.Read(c.input, c.country).E164; got != c.want {
				t.Errorf("E164 of %q = %q, want %q", c.input, got, c.want)
			}
		})
	}
}
