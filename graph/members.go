package graph

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
)

// idSet is a set of people; nil is an empty one.
type idSet map[UserID]struct{}

func (s idSet) has(id UserID) bool {
	_, ok := s[id]
	return ok
}

// members are the people in the groups that the filters name.
type members struct {
	included, excluded idSet
	digest             string // tells memberships apart
}

func newMembers(included, excluded idSet) *members {
	h := sha256.New()
	for _, set := range []idSet{included, excluded} {
		for _, id := range slices.Sorted(maps.Keys(set)) {
			_, _ = h.Write([]byte(id + "\n")) // a hash never fails
		}
		_, _ = h.Write([]byte{0})
	}
	return &members{included: included, excluded: excluded, digest: hex.EncodeToString(h.Sum(nil))}
}

// moved are the people whose membership differs between m and old.
func (m *members) moved(old *members) []UserID {
	found := idSet{}
	for _, sets := range [][2]idSet{{m.included, old.included}, {m.excluded, old.excluded}} {
		for i, set := range sets {
			for id := range set {
				if !sets[1-i].has(id) {
					found[id] = struct{}{}
				}
			}
		}
	}
	return slices.Collect(maps.Keys(found))
}

// readMembers asks for the members of all groups of the filters. A group that
// an organisation does not have has no members: its id may be another's.
func readMembers(ctx context.Context, groups GroupReader, tenant TenantID, r *rules, logger *slog.Logger) (*members, error) {
	union := func(ids []string) (idSet, error) {
		set := idSet{}
		for _, group := range ids {
			found, err := groups.GroupMembers(ctx, tenant, group)
			if errors.Is(err, ErrNotFound) {
				logger.WarnContext(ctx, "group of the experts' filter does not exist", "tenant", tenant, "group", group)
				continue
			}
			if err != nil {
				return nil, fmt.Errorf("group members: %w", err)
			}
			for _, id := range found {
				set[UserID(strings.ToLower(string(id)))] = struct{}{}
			}
		}
		return set, nil
	}
	included, err := union(r.include.groups)
	if err != nil {
		return nil, err
	}
	excluded, err := union(r.exclude.groups)
	if err != nil {
		return nil, err
	}
	return newMembers(included, excluded), nil
}
