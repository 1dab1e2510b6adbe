package teamsapp

import (
	"archive/zip"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

// App is what the package is made for.
type App struct {
	Host         string // of the service as people reach it, with its port if it is not 443
	ClientID     string // of the app registration, a GUID
	Version      string // of the app, x.y.z; a changed package needs a higher one
	Organization string // who runs the service; Teams shows it as the developer
	PrivacyURL   string // empty: the service's own address
	TermsURL     string // empty: the service's own address
}

// The longest that Teams' manifest allows, in characters.
const longestDeveloper = 32

var (
	//go:embed icons/color.png
	colorIcon []byte
	//go:embed icons/outline.png
	outlineIcon []byte
)

// epoch is the time of every part, so that the same input gives the same bytes:
// the first that a zip can say. Without one it would say month 0.
var epoch = time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC)

// Write writes the package as a zip. The error says all that is wrong with app.
func Write(w io.Writer, app App) error {
	app = app.withDefaults()
	if err := app.validate(); err != nil {
		return err
	}
	archive := zip.NewWriter(w)
	for _, part := range []struct {
		name    string
		content any
	}{
		{"manifest.json", manifestOf(app)},
		{germanFile, german},
		{"color.png", colorIcon},
		{"outline.png", outlineIcon},
	} {
		data, ok := part.content.([]byte)
		if !ok {
			var err error
			if data, err = json.MarshalIndent(part.content, "", "  "); err != nil {
				return fmt.Errorf("write %s: %w", part.name, err)
			}
		}
		// Without a time: the same input gives the same bytes.
		file, err := archive.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate, Modified: epoch})
		if err != nil {
			return fmt.Errorf("write %s: %w", part.name, err)
		}
		if _, err := file.Write(data); err != nil {
			return fmt.Errorf("write %s: %w", part.name, err)
		}
	}
	if err := archive.Close(); err != nil {
		return fmt.Errorf("write app package: %w", err)
	}
	return nil
}

func (a App) withDefaults() App {
	if a.Version == "" {
		a.Version = "1.0.0"
	}
	if a.Organization == "" {
		a.Organization, _, _ = strings.Cut(a.Host, ":")
		if utf8.RuneCountInString(a.Organization) > longestDeveloper {
			a.Organization = "teamsbridge"
		}
	}
	if a.PrivacyURL == "" {
		a.PrivacyURL = a.address()
	}
	if a.TermsURL == "" {
		a.TermsURL = a.address()
	}
	return a
}

// address is the page's.
func (a App) address() string { return "https://" + a.Host + "/" }

// domain is the host as Microsoft wants it in names: in lower case.
func (a App) domain() string { return strings.ToLower(a.Host) }

// id is the app's own in Teams: it follows from host and registration, so a
// package that is built again updates the same app.
func (a App) id() string {
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://"+a.domain()+"/"+strings.ToLower(a.ClientID))).String()
}

func (a App) validate() error {
	var errs []error
	wrong := func(what, why string) { errs = append(errs, fmt.Errorf("%s %s", what, why)) }
	if u, err := url.Parse(a.address()); err != nil || u.Host != a.Host || u.Hostname() == "" || strings.ContainsAny(a.Host, "/?#@ *") {
		wrong("host", "must be a host name as in https://HOST/, such as bridge.example.com")
	} else if name := u.Hostname(); !strings.Contains(name, ".") || strings.Trim(name, "0123456789.") == "" || strings.Contains(name, ":") {
		wrong("host", "must be a full name with a domain: Teams loads no page by address or short name")
	}
	if id, err := uuid.Parse(a.ClientID); err != nil || len(a.ClientID) != len(id.String()) {
		wrong("client id", "must be the GUID of the app registration (Application (client) ID)")
	}
	if !isVersion(a.Version) {
		wrong("version", "must be three numbers, such as 1.0.0")
	}
	if n := utf8.RuneCountInString(a.Organization); n > longestDeveloper {
		wrong("organization", fmt.Sprintf("must have at most %d characters, it has %d", longestDeveloper, n))
	}
	for _, link := range []struct{ what, url string }{{"privacy url", a.PrivacyURL}, {"terms url", a.TermsURL}} {
		if u, err := url.Parse(link.url); err != nil || u.Scheme != "https" || u.Host == "" {
			wrong(link.what, "must begin with https://")
		}
	}
	return errors.Join(errs...)
}

// isVersion recognises three numbers without leading zeros.
func isVersion(v string) bool {
	parts := strings.Split(v, ".")
	for _, p := range parts {
		if p == "" || len(p) > 9 || strings.Trim(p, "0123456789") != "" || (len(p) > 1 && p[0] == '0') {
			return false
		}
	}
	return len(parts) == 3
}
