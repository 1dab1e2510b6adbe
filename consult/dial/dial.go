package dial

// Format is how a number was recognised.
type Format string

// The formats, in the words of the HTTP contract.
const (
	FormatUS       Format = "us"
	FormatE164     Format = "e164"
	FormatIDD      Format = "idd"
	FormatNational Format = "national"
	FormatInternal Format = "internal"
)

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

// Check is what the rules say of one text.
type Check struct {
	Valid     bool
	Dialable  string   // what will be dialled: cleaned, never reformatted
	Digits    int      // digits in Dialable
	Format    Format   // empty when not Valid
	Country   string   // ISO 3166 region where it can be known
	Removed   []string // each distinct character or piece that was cut, in order of appearance
	Ambiguous bool
	Readings  []string // dialable readings to choose from, when Ambiguous
	Emergency bool
	Problem   Problem
	E164      string // for comparing with directory numbers; empty where it cannot be known
}

// Config is the dial-number part of the configuration.
type Config struct {
	Emergency string `koanf:"emergency"` // "confirm", "refuse" or "allow"
	Policy    []Rule `koanf:"policy"`    // first match decides; no match allows
}

// Rule allows or denies destinations.
type Rule struct {
	Allow    bool     `koanf:"allow"`
	Pattern  string   `koanf:"pattern"` // digits with a leading + and * as wildcard at the end, or feature codes
	Roles    []string `koanf:"roles"`   // empty means everybody
	Describe string   `koanf:"describe"`
}

// Read applies the rules to text for a site in the country (ISO 3166 region).
func Read(text, country string) Check { return Check{} }

// Allowed applies the destination policy to a dialable number (E.164 form
// too, where known) for somebody with the roles; why is the rule's description.
func (c Config) Allowed(check Check, roles []string) (ok bool, why string) { return true, "" }
