package dial

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// unknownRegion is libphonenumber's word for "no region".
const unknownRegion = "ZZ"

// nanp is the calling code that the United States share with 24 other countries.
const nanp = 1

var (
	leadingRun = regexp.MustCompile(`^\+?[0-9]+`)
	// In North America neither an area code nor an exchange begins with 0 or 1,
	// so +11234567890 is of the general form and +12015532447 of the US one.
	usForm        = regexp.MustCompile(`^\+1[2-9][0-9]{2}[2-9][0-9]{6}$`)
	international = regexp.MustCompile(`^\+[1-9]`)
)

// meaning is what a clean number says.
type meaning struct {
	format    Format
	country   string
	e164      string
	emergency bool
}

// meaningOf classifies a clean number. A digit string after # * or : is
// in-call signalling and has no say in where the call goes, so that adding one
// does not hide a number from the policy or from the directory.
func meaningOf(number, country string) meaning {
	run := leadingRun.FindString(number)
	n := parse(run, country)
	m := meaning{format: FormatInternal, emergency: isEmergency(run, n, country)}
	switch {
	case usForm.MatchString(run):
		m.format = FormatUS
	case international.MatchString(run):
		m.format = FormatE164
	case n == nil:
		return m
	case n.GetCountryCodeSource() == phonenumbers.PhoneNumber_FROM_NUMBER_WITH_IDD,
		// Without a known country the commonest prefix stands in.
		!supported(country) && strings.HasPrefix(run, "00"):
		m.format = FormatIDD
	case isNational(run, n, country):
		m.format = FormatNational
	default:
		return m
	}
	if n != nil {
		m.country = regionOf(n)
		m.e164 = phonenumbers.Format(n, phonenumbers.E164)
	}
	return m
}

// parse is libphonenumber's reading of a text at a site; nil when it has none.
func parse(text, country string) *phonenumbers.PhoneNumber {
	if !supported(country) {
		country = unknownRegion
		if rest, ok := strings.CutPrefix(text, "00"); ok {
			text = "+" + rest
		}
	}
	n, err := phonenumbers.ParseAndKeepRawInput(text, country)
	if err != nil {
		return nil
	}
	return n
}

func supported(country string) bool { return phonenumbers.GetCountryCodeForRegion(country) != 0 }

// isNational reports whether a number without country is one of the site's
// country: known as valid there, or written with the trunk prefix and of a
// possible length. Anything else is left to the switch as internal.
func isNational(run string, n *phonenumbers.PhoneNumber, country string) bool {
	if phonenumbers.IsValidNumber(n) {
		return true
	}
	trunk := phonenumbers.GetNddPrefixForRegion(country, true)
	rest, ok := strings.CutPrefix(run, trunk)
	return ok && trunk != "" && rest == strconv.FormatUint(n.GetNationalNumber(), 10) && !n.GetItalianLeadingZero() &&
		phonenumbers.IsPossibleNumberWithReason(n) == phonenumbers.IS_POSSIBLE
}

// regionOf is the country of a number. Where libphonenumber does not know the
// number it is the calling code's main country, except in North America, where
// the calling code alone says nothing.
func regionOf(n *phonenumbers.PhoneNumber) string {
	if region := phonenumbers.GetRegionCodeForNumber(n); region != "" && region != unknownRegion {
		return geographic(region)
	}
	if n.GetCountryCode() == nanp {
		return ""
	}
	return geographic(phonenumbers.GetRegionCodeForCountryCode(int(n.GetCountryCode())))
}

// geographic empties the regions that are no country ("001", satellites and
// worldwide services).
func geographic(region string) string {
	if region == unknownRegion || region == "001" {
		return ""
	}
	return region
}

// isEmergency reports whether a number reaches the emergency services of the
// site's country: as it is, or with the country or the trunk prefix before it,
// which some exchanges take for an outside line.
func isEmergency(run string, n *phonenumbers.PhoneNumber, country string) bool {
	if !supported(country) {
		return false
	}
	if phonenumbers.IsEmergencyNumber(run, country) {
		return true
	}
	return n != nil && int(n.GetCountryCode()) == phonenumbers.GetCountryCodeForRegion(country) &&
		phonenumbers.IsEmergencyNumber(strconv.FormatUint(n.GetNationalNumber(), 10), country)
}
