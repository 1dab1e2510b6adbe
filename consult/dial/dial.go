package dial

// Format is how a number was recognised.
type Format string

// The formats, in the words of the HTTP contract.
const (
	FormatUS       Format = "us"       // +1, area code, seven digits
	FormatE164     Format = "e164"     // +, country, number
	FormatIDD      Format = "idd"      // international prefix of the site's country, country, number
	FormatNational Format = "national" // a number of the site's country
	FormatInternal Format = "internal" // everything else: short numbers and feature codes
)

// Formats lists every format.
var Formats = [...]Format{FormatUS, FormatE164, FormatIDD, FormatNational, FormatInternal}

// Problem says why a text is not a dial number.
type Problem string

// The problems.
const (
	ProblemNone      Problem = ""
	ProblemEmpty     Problem = "empty"
	ProblemTooShort  Problem = "too-short"
	ProblemTooLong   Problem = "too-long"
	ProblemAmbiguous Problem = "ambiguous"
)

// Problems lists every problem that a text can have.
var Problems = [...]Problem{ProblemEmpty, ProblemTooShort, ProblemTooLong, ProblemAmbiguous}

// MinDigits and MaxDigits bound a dial number. Digits count, not characters.
const (
	MinDigits = 3
	MaxDigits = 18
)

// Check is what the rules say of one text.
type Check struct {
	Valid     bool
	Dialable  string   // what will be dialled: cleaned, never reformatted; empty when not Valid
	Digits    int      // digits that were found
	Format    Format   // empty when not Valid
	Country   string   // ISO 3166 region where it can be known
	Removed   []string // each distinct character or piece that was cut, in order of first appearance
	Ambiguous bool
	Readings  []string // dialable readings to choose from, when Ambiguous
	Emergency bool
	Problem   Problem
	E164      string // for comparing with directory numbers; empty where it cannot be known
}

// Read applies the rules to text for a site in the country (ISO 3166 region,
// empty when it is not known).
func Read(text, country string) Check {
	c := clean(text)
	check := Check{Digits: countDigits(c.number), Removed: c.removed}
	readings := c.otherwise(country)
	switch {
	case len(readings) > 0:
		check.Problem, check.Ambiguous, check.Readings = ProblemAmbiguous, true, readings
	case c.number == "" || c.number == "+":
		check.Problem = ProblemEmpty
	case check.Digits < MinDigits:
		check.Problem = ProblemTooShort
	case check.Digits > MaxDigits:
		check.Problem = ProblemTooLong
	default:
		m := meaningOf(c.number, country)
		check.Valid, check.Dialable = true, c.number
		check.Format, check.Country, check.E164 = m.format, m.country, m.e164
		check.Emergency = m.emergency
	}
	return check
}
