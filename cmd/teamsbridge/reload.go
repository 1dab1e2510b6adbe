package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"teamsbridge/configs"
)

const (
	// lookEvery is how often the configuration is looked at.
	lookEvery = 5 * time.Second
	// settleTime is how long a changed file must stay as it is to be read.
	settleTime = 250 * time.Millisecond
	// maxSettling bounds how often a file that keeps changing is looked at in
	// a row; the next look begins anew.
	maxSettling = 20
)

// reloader reads the configuration's lists and client secrets anew while the
// service runs.
type reloader struct {
	files  *configs.Watcher
	apply  func(context.Context, configs.Config) error
	asked  <-chan struct{} // somebody wants a look now; nil: nobody ever does
	log    *slog.Logger
	result *prometheus.CounterVec

	mu       sync.Mutex // one look at a time
	present  configs.Config
	problems atomic.Int64 // of the last reading
}

func newReloader(o appOptions, present configs.Config, apply func(context.Context, configs.Config) error, registerer prometheus.Registerer) *reloader {
	r := &reloader{
		files: o.Files, apply: apply, asked: o.Reload, log: o.Logger, present: present,
		result: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "teamsbridge_config_reload_total", Help: "Changed configurations that were read: applied, or failed and left as they were.",
		}, []string{"result"}),
	}
	registerer.MustRegister(r.result)
	for _, result := range []string{"applied", "failed"} {
		r.result.WithLabelValues(result)
	}
	return r
}

// run looks regularly, and whenever it is asked to, until ctx ends.
func (r *reloader) run(ctx context.Context) error {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
		case <-r.asked:
			r.log.InfoContext(ctx, "asked to read the configuration")
		}
		r.Refresh(ctx)
	}
}

// Refresh takes over what has changed, if anything has. What cannot be used is
// logged and changes nothing.
func (r *reloader) Refresh(ctx context.Context) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.changed(ctx) {
		return
	}
	cfg, err := r.files.Load()
	if err == nil {
		err = r.apply(ctx, cfg)
	}
	if err != nil {
		r.problems.Store(r.refused(ctx, err))
		r.result.WithLabelValues("failed").Inc()
		return
	}
	r.problems.Store(0)
	r.result.WithLabelValues("applied").Inc()
	r.log.InfoContext(ctx, "configuration read anew", "agents", len(cfg.Agents), "queues", len(cfg.Consult.Queues),
		"entry_points", len(cfg.Consult.EntryPoints), "dial_numbers", len(cfg.Consult.DialNumbers))
	if !reflect.DeepEqual(fixed(r.present), fixed(cfg)) {
		r.log.WarnContext(ctx, "settings beside the lists have changed: they hold after a restart")
	}
	r.present = cfg
}

// changed waits until a change has settled; false also when it does not.
func (r *reloader) changed(ctx context.Context) bool {
	for range maxSettling {
		changed, settled := r.files.Changed()
		if !changed || settled {
			return changed
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(settleTime):
		}
	}
	return false
}

// refused logs every problem and counts them.
func (r *reloader) refused(ctx context.Context, err error) int64 {
	found, ok := errors.AsType[*configs.Error](err)
	if !ok {
		r.log.ErrorContext(ctx, "changed configuration not used, the lists stay", "error", err)
		return 1
	}
	for _, p := range found.Problems {
		r.log.ErrorContext(ctx, "changed configuration not used, the lists stay", "path", p.Path, "problem", p.Message)
	}
	return int64(len(found.Problems))
}

// notes tells the operator that the file is not what is in use.
func (r *reloader) notes() []string {
	n := r.problems.Load()
	if n == 0 {
		return nil
	}
	return []string{fmt.Sprintf("changed configuration not used, problems: %d (see the log)", n)}
}

// fixed is a configuration without what can change while the service runs.
func fixed(c configs.Config) configs.Config {
	c = withoutSecrets(c)
	c.Agents = nil
	c.Consult.Queues, c.Consult.EntryPoints, c.Consult.DialNumbers = nil, nil, nil
	c.Consult.WrapUp.Reasons, c.Consult.WrapUp.Default = nil, ""
	return c
}
