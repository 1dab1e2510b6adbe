package web

import (
	"fmt"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"teamsbridge/audit"
	"teamsbridge/consult"
	"teamsbridge/consult/dial"
	"teamsbridge/consult/explain"
	"teamsbridge/consult/reserve"
	"teamsbridge/graph"
	"teamsbridge/internal/renewal"
	"teamsbridge/presence"
	"teamsbridge/sso"
)

// The words that the domains keep as plain texts.
type (
	customerState    string
	consultStateName string
	consultThen      string
	permitReason     string
	historyActor     string
	goneReason       string
	directoryMode    string
	statusActor      string
	checkActor       string
	permissionKind   string
	servicePrincipal string
)

// The words of which a member takes some only, or those of two sets.
type (
	chosenState  string // what agents can choose to be
	listedKind   string // of the targets that are listed
	problemPhase string // of an interaction, or of a reservation that cannot be withdrawn
)

// closedSets are the words of the interface by their types. What rules a set
// also tells it, so that the description cannot differ from what is sent.
var closedSets = setsByType(
	setOf(consult.Phases[:]...),
	setOf(consult.Actions[:]...),
	setOf(consult.TargetKinds[:]...),
	setOf(consult.FailureReasons[:]...),
	setOf(consult.RolesHere[:]...),
	setOf(consult.AgentStates[:]...),
	setOfTexts[customerState](consult.CustomerStates[:]...),
	setOfTexts[consultStateName](consult.ConsultStates[:]...),
	setOfTexts[consultThen](consult.ThenTransfer),
	setOfTexts[permitReason](consult.PermitReasons[:]...),
	setOfTexts[historyActor](consult.HistoryActors[:]...),
	setOfTexts[goneReason](consult.GoneReasons[:]...),
	setOfTexts[chosenState](string(consult.StateAvailable), string(consult.StateIdle)),
	setOfTexts[listedKind](mapped(targetLists[:], func(l targetList) string { return string(l.kind) })...),
	setOfTexts[problemPhase](append(mapped(consult.Phases[:], func(p consult.Phase) string { return string(p) }), string(reserve.Connected))...),
	setOf(dial.Formats[:]...),
	setOf(dial.Problems[:]...),
	setOf(reserve.States[:]...),
	setOf(explain.States[:]...),
	setOf(graph.Reasons[:]...),
	setOf(graph.Blindnesses[:]...),
	setOfTexts[directoryMode](graph.Modes[:]...),
	setOf(presence.Origins[:]...),
	setOf(renewal.Stages[:]...),
	setOf(sso.Roles[:]...),
	setOf(sso.States[:]...),
	setOf(sso.Identities[:]...),
	setOf(sso.Channels[:]...),
	setOf(sso.AgentSources[:]...),
	setOf(sso.EndedReasons[:]...),
	setOf(sso.CheckNames[:]...),
	setOf(sso.CheckResults[:]...),
	setOfTexts[statusActor](sso.StatusActors[:]...),
	setOfTexts[checkActor](sso.CheckActors[:]...),
	setOfTexts[permissionKind](sso.PermissionKinds[:]...),
	setOfTexts[servicePrincipal](sso.ServicePrincipals[:]...),
	setOf(audit.Kinds[:]...),
	setOf(audit.Outcomes[:]...),
	setOf(auditAscending, auditDescending),
	setOf(sso.RowProblems[:]...),
	setOf(problemCodes()...),
)

// closedSet is the words of a type, and the type that huma describes it by.
type closedSet struct {
	of, described reflect.Type
	words         []any
}

func setOf[T ~string](words ...T) closedSet {
	return closedSet{
		of: reflect.TypeFor[T](), described: reflect.TypeFor[word[T]](),
		words: mapped(words, func(w T) any { return string(w) }),
	}
}

func setOfTexts[T ~string](words ...string) closedSet {
	return setOf(mapped(words, func(w string) T { return T(w) })...)
}

func setsByType(sets ...closedSet) map[reflect.Type]closedSet {
	byType := make(map[reflect.Type]closedSet, len(sets))
	for _, s := range sets {
		if _, twice := byType[s.of]; twice {
			panic(fmt.Sprintf("web: two sets of words for %s", s.of))
		}
		byType[s.of] = s
	}
	return byType
}

// word stands for T in the description: huma asks it for the schema.
type word[T ~string] struct{}

// Schema is one of T's words.
func (word[T]) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Enum: closedSets[reflect.TypeFor[T]()].words}
}

// describeSets makes a registry describe every text of a closed set as that.
func describeSets(r huma.Registry) huma.Registry {
	for of, set := range closedSets {
		r.RegisterTypeAlias(of, set.described)
	}
	return r
}

// orNullWord is null for the empty word.
func orNullWord[T ~string](w T) nullable[T] {
	if w == "" {
		return nullable[T]{}
	}
	return nullable[T]{&w}
}
