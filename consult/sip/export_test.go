package sip

// Behind makes a switch one that is behind with its calls; the returned function
// ends that.
func Behind(s *Switch) func() {
	s.intake.count.Add(atWork)
	return func() { s.intake.count.Add(-atWork) }
}

// Legs is how many legs there are, ringing ones included.
func (s *Switch) Legs() int64 { return s.limits.legs.Load() }
