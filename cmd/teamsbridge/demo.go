package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"teamsbridge/consult"
	"teamsbridge/consult/sip/ua"
	"teamsbridge/demo"
	"teamsbridge/internal/logging"
	"teamsbridge/sso"
)

// demoFlags are the demo command's.
type demoFlags struct {
	listen, simListen, simTLSListen, tlsListen, internalListen string
	publicURL, ssoRequire                                      string
	data                                                       string
	people                                                     int
	seed                                                       uint64
	patience                                                   time.Duration
	manual, limits, delegated, sip                             bool
	sipListen                                                  string
	logLevel                                                   string
}

func newDemo() *cobra.Command {
	var f demoFlags
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Run the service in a simulated world: no tenant, no telephones",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.run(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.listen, "listen", "127.0.0.1:8080", "`ADDRESS` of the page and the API; port 0 means any")
	flags.StringVar(&f.simListen, "sim-listen", "127.0.0.1:8081", "`ADDRESS` of the simulators, plain")
	flags.StringVar(&f.simTLSListen, "sim-tls-listen", "127.0.0.1:8443", "`ADDRESS` of the simulators over TLS, for the service")
	flags.StringVar(&f.tlsListen, "tls-listen", "", "`ADDRESS` that serves the page over HTTPS too")
	flags.StringVar(&f.publicURL, "public-url", "", "`URL` at which browsers reach the page, where that is not --listen, such as a name that leads to --tls-listen")
	flags.StringVar(&f.internalListen, "internal-listen", "127.0.0.1:0", "`ADDRESS` of metrics and profiles; empty means none")
	flags.StringVar(&f.data, "data", "", "`DIR` that keeps everything; a temporary one, removed at the end, if left out")
	flags.IntVar(&f.people, "people", 5000, "how many people the first organisation has")
	flags.Uint64Var(&f.seed, "seed", 1, "the same number gives the same world")
	flags.BoolVar(&f.manual, "manual", false, "nobody answers a telephone by themselves")
	flags.DurationVar(&f.patience, "patience", 0, "how `LONG` telephones ring and Microsoft is waited for, at most 1m; 0: as serve does by default")
	flags.BoolVar(&f.limits, "limits", false, "the simulated Microsoft Graph throttles as the real one does, and so does the service")
	flags.BoolVar(&f.delegated, "delegated", false, "no application permission: Graph is asked on behalf of the agents who look")
	flags.BoolVar(&f.sip, "sip", false, "real SIP: softphones can play everybody, and the service carries the calls")
	flags.StringVar(&f.sipListen, "sip-listen", "127.0.0.1:5060", "`ADDRESS` at which softphones register with --sip, UDP; port 0 means any")
	flags.StringVar(&f.ssoRequire, "sso-require", string(sso.RequireAlways), "`WHO` needs Entra sign-on to reach experts: always (everybody) or in-teams")
	flags.StringVar(&f.logLevel, "log-level", "warn", "debug, info, warn or error")
	return cmd
}

func (f demoFlags) run(ctx context.Context, stdout, stderr io.Writer) (err error) {
	if f.people < 1 {
		return errors.New("--people must be at least 1")
	}
	if f.patience < 0 || f.patience > time.Minute {
		return errors.New("--patience must be between 0 and 1m")
	}
	logger, err := logging.New(stderr, logging.Config{Format: "text", Level: f.logLevel})
	if err != nil {
		return err
	}
	dir, remove, err := dataDir(f.data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()

	public, err := listen(ctx, f.listen)
	if err != nil {
		return fmt.Errorf("--listen: %w", err)
	}
	defer func() { _ = public.Close() }() // the service closes it first, when it gets that far
	sipListen := ""
	if f.sip {
		sipListen = f.sipListen
	}
	pageURL := cmp.Or(strings.TrimSuffix(f.publicURL, "/"), "http://"+public.Addr().String())
	world, err := demo.New(ctx, demo.Options{
		Seed: f.seed, People: f.people, Manual: f.manual, Patience: f.patience, Limits: f.limits, Delegated: f.delegated, Dir: dir, Listen: f.simListen, TLSListen: f.simTLSListen,
		SIPListen: sipListen, ServiceURL: pageURL, Logger: logger,
	})
	if err != nil {
		return err
	}
	defer func() {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), httpTimeout)
		defer cancel()
		err = errors.Join(err, world.Close(closing))
	}()

	cfg := world.Config()
	cfg.Web.Listen, cfg.Web.InternalListen, cfg.Web.PublicURL = f.listen, f.internalListen, pageURL
	cfg.SSO.Require = sso.Require(f.ssoRequire)
	say := &announcer{out: stdout, world: world}
	o := appOptions{
		Logger: logger, AroundCalls: world.AroundCalls(), Public: public, NeedMicrosoft: !f.delegated, // nobody is there yet to ask it for
		Progress: say.progress,
		Prepare: func(ctx context.Context, store keeper) error {
			return settle(ctx, store, world.Agents(), world.Tenants())
		},
	}
	if network := world.Network(); network != nil {
		o.Switch = network
	}
	if f.publicURL != "" {
		say.localPage = "http://" + public.Addr().String()
	}
	if f.tlsListen != "" {
		listener, err := f.listenTLS(ctx, world)
		if err != nil {
			return err
		}
		o.Also = append(o.Also, listener)
		say.securePage = "https://" + listener.Addr().String()
	}
	service, err := newApp(ctx, cfg, o)
	if err != nil {
		return err
	}
	if f.sip {
		if err := world.CallsAt(service.calls.Addr(ua.UDP)); err != nil {
			return errors.Join(err, service.Stop(ctx, hurried(ctx)))
		}
	}
	service.Start()
	say.addresses(pageURL, service.InternalAddr())
	failure := say.readyWhen(ctx, service)
	return errors.Join(failure, service.Stop(ctx, hurried(ctx)))
}

func (f demoFlags) listenTLS(ctx context.Context, world *demo.World) (net.Listener, error) {
	certificate, err := world.Certificate()
	if err != nil {
		return nil, err
	}
	listener, err := listen(ctx, f.tlsListen)
	if err != nil {
		return nil, fmt.Errorf("--tls-listen: %w", err)
	}
	return tls.NewListener(listener, &tls.Config{
		Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"},
	}), nil
}

// dataDir gives the folder that keeps the demo, and what to do with it at the end.
func dataDir(asked string) (dir string, remove func() error, err error) {
	if asked == "" {
		dir, err = os.MkdirTemp("", "teamsbridge-demo-")
		if err != nil {
			return "", nil, fmt.Errorf("temporary folder: %w", err)
		}
		return dir, func() error { return os.RemoveAll(dir) }, nil
	}
	dir, err = filepath.Abs(asked)
	if err != nil {
		return "", nil, fmt.Errorf("--data: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", nil, fmt.Errorf("--data: %w", err)
	}
	return dir, func() error { return nil }, nil
}

// settle gives a fresh store what an administrator and the agents would have
// done on their first day: single sign-on is on, everybody is available.
func settle(ctx context.Context, store keeper, agents []sso.Agent, tenants []string) error {
	for _, tenant := range tenants {
		org, known, err := store.Organization(ctx, tenant)
		if err != nil {
			return err
		}
		if known {
			continue
		}
		org.Tenant, org.Enabled = tenant, true
		if err := store.PutOrganization(ctx, org); err != nil {
			return err
		}
	}
	for _, agent := range agents {
		available := consult.AgentStatus{Name: consult.StateAvailable, Since: time.Now().UTC()}
		if err := store.PutAgentState(ctx, agent.Tenant, string(agent.ID), available); err != nil {
			return err
		}
	}
	return nil
}
