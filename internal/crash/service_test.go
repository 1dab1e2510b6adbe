package crash

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"teamsbridge/internal/e2e/processtest"
)

// service is the binary on its folder, through all its lives.
type service struct {
	binary string
	dir    string
	secure string // where the simulators are in every life, over TLS: the folder names it
	seed   uint64

	demo    *processtest.Demo
	world   world
	tokens  map[string]string // by user
	experts []string
	phones  phones
	mood    mood          // of the telephone network, in this life
	unknown chan struct{} // holds one when a command was answered that its outcome is unknown
}

func (s *service) args() []string {
	return processtest.DemoArgs("--people", "200", "--data", s.dir, "--sim-tls-listen", s.secure, "--seed", fmt.Sprint(s.seed))
}

// start gives the service its next life and signs everybody in again.
func (s *service) start(ctx context.Context) error {
	demo, err := processtest.Start(ctx, s.binary, s.args()...)
	if err != nil {
		return err
	}
	s.demo = demo
	return s.meet(ctx)
}

// meet learns who is there, and signs everybody in.
func (s *service) meet(ctx context.Context) error {
	a, err := ask(ctx, "GET", s.demo.Simulators+"/_control/world", "", "", "")
	if err != nil {
		return err
	}
	if err := a.decode(&s.world); err != nil {
		return err
	}
	s.tokens = map[string]string{}
	for _, u := range s.world.Users {
		if s.tokens[u.ID], err = signIn(ctx, s.demo.Simulators, s.world, u); err != nil {
			return err
		}
	}
	return s.findExperts(ctx)
}

func (s *service) findExperts(ctx context.Context) error {
	a, err := ask(ctx, "GET", s.demo.Page+"/api/v1/experts?limit=20", s.tokens[s.agents()[0].ID], "", "")
	if err != nil {
		return err
	}
	var found struct {
		Experts []struct{ ID string } `json:"experts"`
	}
	if err := a.decode(&found); err != nil {
		return err
	}
	s.experts = nil
	for _, e := range found.Experts {
		s.experts = append(s.experts, e.ID)
	}
	if len(s.experts) == 0 {
		return fmt.Errorf("no experts: %s", a.raw)
	}
	return nil
}

// kill ends this life with no warning, and reads what the telephones did in it.
func (s *service) kill() error {
	if err := s.demo.Kill(); err != nil {
		return err
	}
	web.CloseIdleConnections()
	return s.readPhones()
}

func (s *service) readPhones() error {
	return s.phones.read(filepath.Join(s.dir, "legs.json"), s.mood != healthy)
}

// agents are the contact-centre agents among the users.
func (s *service) agents() []user {
	return slices.DeleteFunc(slices.Clone(s.world.Users), func(u user) bool { return !slices.Contains(u.Roles, "Agent") })
}

// supervisor is the id of one of them.
func (s *service) supervisor() string {
	i := slices.IndexFunc(s.world.Users, func(u user) bool { return slices.Contains(u.Roles, "Supervisor") })
	return s.world.Users[i].ID
}

// interaction asks about one, or commands it.
func (s *service) interaction(ctx context.Context, method, id, path, who, key, body string) (answer, error) {
	return ask(ctx, method, s.demo.Page+"/api/v1/interactions/"+id+path, s.tokens[who], key, body)
}

// actLimit is how long an act may wait for a leg that a fault keeps away.
const actLimit = 500 * time.Millisecond

// act plays a telephone; what comes of it is seen later.
func (s *service) act(ctx context.Context, id, party, act string) {
	ctx, cancel := context.WithTimeout(ctx, actLimit)
	defer cancel()
	_, _ = ask(ctx, "POST", s.demo.Simulators+"/_control/calls/"+id+"/"+party+"/"+act, "", "", "")
}
