package explain

// Name names a step. Those of single sign-on are "sso-" and the name of package
// sso's check.
type Name string

// The steps, in their order.
const (
	StepOrganization Name = "organization"    // admitted by the configuration
	StepAgent        Name = "agent"           // has a row in the agent table
	StepIdentity     Name = "agent-identity"  // can sign in with Microsoft
	StepTelephone    Name = "agent-telephone" // has one
	StepSignedIn     Name = "signed-in"
	StepExpert       Name = "expert" // is listed, as read live
	StepNumber       Name = "number" // can be dialled
	StepPolicy       Name = "policy" // may be dialled
	StepTrunk        Name = "trunk"  // calls leave
)

// singleSignOn begins the names of package sso's checks.
const singleSignOn = "sso-"

// Step is one thing that has to be right.
type Step struct {
	Name      Name
	State     State
	Actor     string // who can heal it, one of the actors; "" for nobody
	Action    string // an address of this service that heals it, or ""
	Link      string // a page of Microsoft's that heals it, or ""
	Code      string // Microsoft's, of its refusal, or ""
	RequestID string // Microsoft's, of that refusal

	title, detail func(language string) string
}

// step makes one whose words are a row of the tables.
func step(name Name, state State, outcome string) Step {
	return Step{Name: name, State: state, title: titles[name].in, detail: outcomes[name][outcome].in}
}

// unknown makes one that an earlier step keeps from being judged.
func unknown(name Name) Step {
	return Step{Name: name, State: Unknown, title: titles[name].in, detail: notJudged.in}
}

// Title names the step in a language: "de", or English.
func (s Step) Title(language string) string { return s.title(language) }

// Detail says in a sentence or two how it stands and what to do, in a language:
// "de", or English.
func (s Step) Detail(language string) string { return s.detail(language) }

// by says who heals it.
func (s Step) by(actor string) Step {
	s.Actor = actor
	return s
}

// at names the address of this service that heals it.
func (s Step) at(action string) Step {
	s.Action = action
	return s
}

// Document is an explanation as JSON, in the HTTP interface and in a terminal.
type Document struct {
	Agent  Who        `json:"agent"`
	Expert Who        `json:"expert"`
	State  State      `json:"state" enum:"green,yellow,red" doc:"The worst of the steps"`
	Steps  []StepView `json:"steps"`
}

// Who is somebody an explanation is about.
type Who struct {
	ID     *string `json:"id" doc:"Null when nobody was asked for or found"`
	Name   *string `json:"name" doc:"Null without an id"`
	Number *string `json:"number"`
}

// StepView is a Step in one language.
type StepView struct {
	Step      string  `json:"step"`
	Title     string  `json:"title"`
	State     State   `json:"state"`
	Detail    string  `json:"detail" doc:"How it stands and what to do"`
	Actor     *string `json:"actor" doc:"Who can heal it: agent, admin or operator"`
	Action    *string `json:"action" doc:"An address of this service that heals it"`
	Link      *string `json:"link" doc:"A page of Microsoft's where an administrator heals it"`
	Code      *string `json:"code" doc:"Microsoft's, of its refusal"`
	RequestID *string `json:"requestId" doc:"Microsoft's, of that refusal"`
}

// Document puts the explanation into words of a language: "de", or English.
func (e Explanation) Document(language string) Document {
	d := Document{
		Agent:  Who{ID: orNull(string(e.Agent.ID)), Name: orNull(e.Agent.Name), Number: orNull(e.Agent.Number)},
		Expert: Who{ID: orNull(string(e.Expert.ID)), Name: orNull(e.Expert.Name), Number: orNull(e.Expert.Number)},
		State:  e.State(), Steps: make([]StepView, len(e.Steps)),
	}
	for i, s := range e.Steps {
		d.Steps[i] = s.View(language)
	}
	return d
}

// View puts the step into words of a language: "de", or English.
func (s Step) View(language string) StepView {
	return StepView{
		Step: string(s.Name), Title: s.Title(language), State: s.State, Detail: s.Detail(language), Actor: orNull(s.Actor),
		Action: orNull(s.Action), Link: orNull(s.Link), Code: orNull(s.Code), RequestID: orNull(s.RequestID),
	}
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
