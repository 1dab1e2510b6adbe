package postgres

import (
	"encoding/json"
	"maps"
	"slices"

	"teamsbridge/consult"
)

// Told names interactions that have moved on. Only that: the row is the truth.
//
// On the wire it is the JSON of these fields, in a notification on the channel
// "teamsbridge." followed by the schema's name.
type Told struct {
	// Everywhere: any interaction of any tenant may have moved on, none is named.
	Everywhere bool   `json:"everywhere,omitempty"`
	Tenant     string `json:"tenant,omitempty"`
	// Versions are what the interactions have at least.
	Versions map[consult.InteractionID]uint64 `json:"versions,omitempty"`
}

// channel gives the name that both sides use; as long as PostgreSQL's names may
// be, and a long one that is cut meets another at worst.
const channel = `('teamsbridge.' || current_schema())::name::text`

// roomInPayload is what PostgreSQL lets a notification carry, in bytes.
const roomInPayload = 7999

// payloads are what is told, in as many notifications as it takes.
func (t Told) payloads() []string {
	body, err := json.Marshal(t)
	switch {
	case err == nil && len(body) <= roomInPayload:
		return []string{string(body)}
	case err != nil || len(t.Versions) < 2: // a name as long as that is nowhere else
		return Told{Everywhere: true}.payloads()
	}
	all := slices.Collect(maps.Keys(t.Versions))
	var told []string
	for half := range slices.Chunk(all, (len(all)+1)/2) {
		part := Told{Tenant: t.Tenant, Versions: make(map[consult.InteractionID]uint64, len(half))}
		for _, id := range half {
			part.Versions[id] = t.Versions[id]
		}
		told = append(told, part.payloads()...)
	}
	return told
}

// heard reads a payload. What it cannot read, of a newer version perhaps, may
// mean anything.
func heard(payload string) Told {
	var t Told
	if err := json.Unmarshal([]byte(payload), &t); err != nil || t.Everywhere || t.Tenant == "" || len(t.Versions) == 0 {
		return Told{Everywhere: true}
	}
	return t
}

// news is what is yet to be told.
type news struct {
	everywhere bool
	named      int
	versions   map[string]map[consult.InteractionID]uint64 // by tenant
}

func (n *news) add(tenant string, id consult.InteractionID, version uint64) {
	if n.everywhere {
		return
	}
	before, known := n.versions[tenant][id]
	if !known {
		n.named++
	}
	if n.named > mostNamed {
		*n = news{everywhere: true}
		return
	}
	if n.versions == nil {
		n.versions = make(map[string]map[consult.InteractionID]uint64)
	}
	if n.versions[tenant] == nil {
		n.versions[tenant] = make(map[consult.InteractionID]uint64)
	}
	n.versions[tenant][id] = max(before, version)
}

func (n *news) payloads() []string {
	if n.everywhere {
		return Told{Everywhere: true}.payloads()
	}
	var told []string
	for tenant, versions := range n.versions {
		told = append(told, Told{Tenant: tenant, Versions: versions}.payloads()...)
	}
	return told
}
