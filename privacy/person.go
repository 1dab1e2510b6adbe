package privacy

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"strings"

	"teamsbridge/audit"
	"teamsbridge/consult"
	"teamsbridge/sso"
)

// Store is where persons are found. Implementations pass storetest.RunPersons.
type Store interface {
	audit.Store
	// Interactions names all interactions of an organisation, live and ended.
	Interactions(ctx context.Context, tenant string) ([]consult.InteractionID, error)
	Interaction(ctx context.Context, tenant string, id consult.InteractionID) (consult.Stored, error)
	Inputs(ctx context.Context, tenant string, id consult.InteractionID) ([][]byte, error)
	History(ctx context.Context, tenant string, id consult.InteractionID) ([][]byte, error)
	// Rewrite replaces what is kept of an ended interaction, with who may list it;
	// consult.ErrVersion where it is live or has another version.
	Rewrite(ctx context.Context, r consult.Stored, owners []string, inputs, entries [][]byte) error
	// PersonalRows and ForgetPerson read and delete the rows that belong to a
	// person, by table; an empty id is nobody's.
	PersonalRows(ctx context.Context, tenant, agent, entra string) (map[string][]json.RawMessage, error)
	ForgetPerson(ctx context.Context, tenant, agent, entra string) (map[string]int, error)
	SessionsOf(ctx context.Context, tenant string) ([]sso.Session, error)
	DeleteSession(ctx context.Context, key string) error
}

// Person is somebody, by what is known of them; at least one of the last four.
type Person struct {
	Tenant  string
	Agent   string // id in the agent table
	Entra   string // object id
	Subject string // at the contact centre's own provider
	Number  string // a telephone number, in whatever spelling
}

// digits is what telephone numbers are compared by: +49 30 1 and 0049301 are
// the same, national spellings are not.
func digits(number string) string {
	number = strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, number)
	number = strings.TrimPrefix(number, "+")
	number = strings.TrimPrefix(number, "00")
	return number
}

// identifiers are the texts by which a person is found in an interaction.
type identifiers struct {
	ids    map[string]bool
	number string // digits; empty for none
	salt   []byte
}

func (p Person) identifiers() *identifiers {
	ids := &identifiers{ids: make(map[string]bool), number: digits(p.Number), salt: []byte(rand.Text())}
	for _, id := range []string{p.Agent, p.Entra, p.Subject} {
		if id != "" {
			ids.ids[id] = true
		}
	}
	return ids
}

// pseudonym is what stands for a text from now on.
func (i *identifiers) pseudonym(text string) string {
	if text == "" {
		return ""
	}
	mac := hmac.New(sha256.New, i.salt)
	mac.Write([]byte(text))
	return "erased-" + strings.ToLower(base32.StdEncoding.EncodeToString(mac.Sum(nil))[:12])
}
