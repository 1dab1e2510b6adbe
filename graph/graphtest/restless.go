package graphtest

import (
	"encoding/binary"
	"hash/fnv"
	"time"
)

// natural is a presence that nobody set: a pure function of seed, person and
// time, so that any number of people cost nothing while nobody looks.
//
// A restless person's day is cut into slots of 3 to 20 minutes, each with a
// presence of its own that readers see 2 to 40 seconds late, as with Teams.
// Others stay in their first slot.
func (s *Server) natural(u *User, now time.Time) presenceChange {
	switch {
	case u.UserType == "Guest":
		return presenceChange{presence: Presence{Availability: "PresenceUnknown", Activity: "PresenceUnknown"}}
	case !u.AccountEnabled:
		return presenceChange{presence: Presence{Availability: "Offline", Activity: "Offline"}}
	}
	person := s.dice(u.ID, 0)
	away := person%33 == 0 // some are out of office for days
	if !s.restless {
		return presenceChange{presence: typical(s.dice(u.ID, 1), away)}
	}
	slot := 3*time.Minute + time.Duration(person>>8%17)*time.Minute
	offset := time.Duration(person>>24%1200) * time.Second
	began := now.Add(offset).Truncate(slot).Add(-offset)
	lag := 2*time.Second + time.Duration(s.dice(u.ID, uint64(began.UnixMilli()))>>40%38)*time.Second
	if now.Sub(began) < lag {
		began = began.Add(-slot) // the change has not reached readers yet
	}
	return presenceChange{presence: typical(s.dice(u.ID, uint64(began.UnixMilli())), away), sequence: began.UnixMilli()}
}

// dice is a repeatable random number for a person and a moment.
func (s *Server) dice(id string, moment uint64) uint64 {
	h := fnv.New64a()
	_, _ = h.Write(binary.BigEndian.AppendUint64(nil, s.seed)) // a hash never fails
	_, _ = h.Write([]byte(id))
	_, _ = h.Write(binary.BigEndian.AppendUint64(nil, moment))
	x := h.Sum64() // FNV's high bits are weak for short inputs: mix (MurmurHash3's finalizer)
	x = (x ^ x>>33) * 0xff51afd7ed558ccd
	x = (x ^ x>>33) * 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}

// typicalDay is how an office's presences are spread, in percent.
var typicalDay = []struct {
	percent      uint64
	availability string
	activity     string
}{
	{42, "Available", "Available"},
	{10, "Busy", "InAMeeting"},
	{9, "Busy", "InACall"},
	{4, "Busy", "InAConferenceCall"},
	{5, "Busy", "Busy"},
	{3, "DoNotDisturb", "Presenting"},
	{3, "DoNotDisturb", "DoNotDisturb"},
	{4, "BeRightBack", "BeRightBack"},
	{11, "Away", "Away"},
	{7, "Offline", "Offline"},
	{2, "PresenceUnknown", "PresenceUnknown"},
}

// typical is one presence of the typical day.
func typical(dice uint64, away bool) Presence {
	if away {
		return Presence{Availability: "Offline", Activity: "OutOfOffice", OutOfOffice: true}
	}
	percent := dice % 100
	for _, t := range typicalDay {
		if percent < t.percent {
			return Presence{Availability: t.availability, Activity: t.activity}
		}
		percent -= t.percent
	}
	return Presence{Availability: "PresenceUnknown", Activity: "PresenceUnknown"}
}
