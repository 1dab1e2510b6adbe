package consult

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics are the engine's figures. Labels come from closed sets, never from people.
type metrics struct {
	consults      *prometheus.CounterVec
	interactions  *prometheus.GaugeVec
	phases        [phaseCount]prometheus.Gauge // of interactions
	switchOps     *prometheus.CounterVec
	started       [len(effectNames)]prometheus.Counter // of switchOps
	journalErrors prometheus.Counter
	damaged       prometheus.Counter
	numberMatches prometheus.Counter
	holdWarnings  prometheus.Counter
	lost          prometheus.Counter
}

func newMetrics(reg prometheus.Registerer) *metrics {
	m := &metrics{
		consults: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "teamsbridge_consults_total", Help: "Consults by kind of target and how the call to it came out.",
		}, []string{"target", "outcome"}),
		interactions: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "teamsbridge_interactions", Help: "Live interactions by phase.",
		}, []string{"phase"}),
		switchOps: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "teamsbridge_switch_operations_total", Help: "What the switch was asked to do, and whether it began.",
		}, []string{"operation", "result"}),
		journalErrors: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "teamsbridge_journal_errors_total", Help: "Switch events that could not be journaled at the first try.",
		}),
		damaged: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "teamsbridge_interactions_damaged_total", Help: "Interactions that could not be read back and were set apart.",
		}),
		numberMatches: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "teamsbridge_number_matches_total", Help: "Dialled numbers that were an expert's, let through by sso number_match: warn.",
		}),
		holdWarnings: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "teamsbridge_hold_warnings_total", Help: "Customers who were on hold for longer than hold.warn.",
		}),
		lost: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "teamsbridge_lost_lines_total", Help: "Owners whose line died without a hang-up during a call.",
		}),
	}
	for i, p := range phases[:phaseIndex(PhaseEnded)] {
		m.phases[i] = m.interactions.WithLabelValues(string(p))
	}
	for kind, name := range effectNames {
		if effectKind(kind) != effectRefuse {
			m.started[kind] = m.switchOps.WithLabelValues(name, "started")
		}
	}
	if reg != nil {
		reg.MustRegister(m.consults, m.interactions, m.switchOps, m.journalErrors, m.damaged, m.numberMatches,
			m.holdWarnings, m.lost)
	}
	return m
}

var effectNames = [...]string{"arrange", "dial", "answer", "hangup", "refuse"}

func (m *metrics) switched(kind effectKind, err error) {
	if kind == effectRefuse {
		return
	}
	if err != nil {
		m.switchOps.WithLabelValues(effectNames[kind], "refused").Inc()
		return
	}
	m.started[kind].Inc()
}

// in counts the interactions that are in a phase; none is in [PhaseEnded].
func (m *metrics) in(p Phase) prometheus.Gauge { return m.phases[phaseIndex(p)] }

// stepped counts a step: the phase gauge, and a consult's outcome once it has one.
func (m *metrics) stepped(before, s *State, in Input) {
	if in.Kind == InHoldWarn {
		m.holdWarnings.Inc()
	}
	if s.Lost != nil && (before == nil || before.Lost == nil) {
		m.lost.Inc()
	}
	if before == nil || before.Phase != s.Phase {
		if before != nil {
			m.in(before.Phase).Dec()
		}
		if s.Phase != PhaseEnded {
			m.in(s.Phase).Inc()
		}
	}
	if before == nil || before.Consult == nil || s.Consult == nil {
		return
	}
	was, is := before.Consult.State, s.Consult.State
	ringing := was == consultRequested || was == consultRinging
	if !ringing || is == consultRequested || is == consultRinging {
		return
	}
	result := "connected"
	switch {
	case s.Consult.Failure != "":
		result = string(s.Consult.Failure)
	case is == consultEnded:
		result = "over"
	}
	m.consults.WithLabelValues(string(s.Consult.Target.Kind), result).Inc()
}

// storageError wraps a store's error for callers.
func storageError(err error) error { return fmt.Errorf("%w: %w", ErrStorage, err) }
