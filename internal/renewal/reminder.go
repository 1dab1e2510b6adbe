package renewal

import (
	"math"
	"time"
)

const day = 24 * time.Hour

// Stage is how near an end is.
type Stage string

// The stages, from far to past.
const (
	StageFar    Stage = ""
	StageSoon   Stage = "soon"   // 30 days or less
	StageUrgent Stage = "urgent" // 7 days or less
	StageEnded  Stage = "ended"
)

// Stages lists the stages that are worth a word, from far to past.
var Stages = [...]Stage{StageSoon, StageUrgent, StageEnded}

// StageAt is how near the end is at the time. An end that is not known is far.
func StageAt(now, ends time.Time) Stage {
	left := ends.Sub(now)
	switch {
	case ends.IsZero() || left > 30*day:
		return StageFar
	case left > 7*day:
		return StageSoon
	case left > 0:
		return StageUrgent
	}
	return StageEnded
}

// DaysLeft are whole days, rounded down: on the last day it is 0, afterwards
// negative.
func DaysLeft(now, ends time.Time) int {
	return int(math.Floor(ends.Sub(now).Hours() / 24))
}

// Reminder says when somebody has to be told that an end is near: at once when
// a nearer stage begins, and again once a day. The zero value is ready.
type Reminder struct {
	stage Stage
	ends  time.Time
	last  time.Time
}

// Due reports whether to remind now, and counts that as done.
func (r *Reminder) Due(now, ends time.Time) bool {
	stage := StageAt(now, ends)
	again := stage == r.stage && ends.Equal(r.ends) && now.Sub(r.last) < day
	if stage == StageFar || again {
		return false
	}
	r.stage, r.ends, r.last = stage, ends, now
	return true
}
