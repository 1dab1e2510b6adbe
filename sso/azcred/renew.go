package azcred

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"teamsbridge/internal/renewal"
)

const (
	// lookEvery is how often the certificate's file is looked at. A change counts
	// at the second look, so it takes effect within twice this time.
	lookEvery = 5 * time.Second
	// askAgain is after how long a certificate that Entra refused is shown again:
	// one that was registered a moment ago takes a while to be known everywhere.
	askAgain = time.Minute
	// askTimeout bounds one try of a new certificate.
	askTimeout = 20 * time.Second
)

func (c *Credentials) readCertificate() error {
	files, contents := renewal.NewFiles(c.config.CertificateFile)
	if contents.Err != nil {
		return fmt.Errorf("certificate_file: %w", contents.Err)
	}
	read, err := parseCertificate(contents.Data[0], c.config.CertificatePassword)
	if err != nil {
		return fmt.Errorf("certificate_file: %w", err)
	}
	c.files = files
	c.certificate.Store(read)
	return nil
}

// Run takes over renewed certificates, and reminds of the credential's end once
// a day when it is near, until ctx ends.
func (c *Credentials) Run(ctx context.Context) error {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	var reminder renewal.Reminder
	var next candidate
	for {
		if ends := c.Ends(); reminder.Due(time.Now(), ends) {
			c.log.WarnContext(ctx, "credential at Microsoft ends; renew it", "kind", c.Kind(), "ends", ends, "days_left", renewal.DaysLeft(time.Now(), ends))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
		}
		if c.files != nil {
			next = c.renew(ctx, next)
		}
	}
}

// candidate is a good certificate that Entra has not accepted yet; the zero
// value is none.
type candidate struct {
	certificate *certificate
	due         time.Time // when it is shown again
}

// renew looks at the file and takes over what it finds. A file that cannot be
// used, or whose certificate Entra refuses, leaves the old one in use and is
// told of once.
func (c *Credentials) renew(ctx context.Context, next candidate) candidate {
	if contents, changed := c.files.Look(); changed {
		found, err := c.judge(contents)
		if err != nil {
			c.keep(ctx, err)
			return candidate{}
		}
		if found.is(c.certificate.Load()) {
			c.problem.Store(nil)
			return candidate{}
		}
		next = candidate{certificate: found}
	}
	if next.certificate == nil || time.Now().Before(next.due) {
		return next
	}
	if err := c.accepted(ctx, next.certificate); err != nil {
		if next.due.IsZero() {
			c.keep(ctx, err)
		}
		next.due = time.Now().Add(askAgain)
		return next
	}
	c.certificate.Store(next.certificate)
	c.problem.Store(nil)
	c.renewals.WithLabelValues(renewed).Inc()
	c.log.InfoContext(ctx, "certificate renewed", "ends", c.Ends(), "days_left", renewal.DaysLeft(time.Now(), c.Ends()))
	return candidate{}
}

func (c *Credentials) judge(contents renewal.Contents) (*certificate, error) {
	if contents.Err != nil {
		return nil, errors.New("cannot be read") // the cause names a path, and Problem is told to everybody
	}
	found, err := parseCertificate(contents.Data[0], c.config.CertificatePassword)
	if err != nil {
		return nil, err
	}
	return found, found.usable(time.Now())
}

// accepted shows the certificate to Entra, if any tenant is known, and says why
// it is refused. Whatever else goes wrong there tells nothing about it.
func (c *Credentials) accepted(ctx context.Context, shown *certificate) error {
	tenant, ok := c.someTenant()
	if !ok {
		return nil
	}
	asked, err := c.fresh(tenant, certificateProof(c.config.ClientID, func() *certificate { return shown }))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	_, err = asked.GetToken(ctx, c.graphToken())
	if err == nil {
		return nil
	}
	if refused := read(err); refused.Meaning == MeaningCredential {
		return fmt.Errorf("refused by Microsoft (%s); register the certificate at the application", refused.Code)
	}
	return nil
}

func (c *Credentials) keep(ctx context.Context, why error) {
	text := why.Error()
	c.problem.Store(&text)
	c.renewals.WithLabelValues(kept).Inc()
	c.log.ErrorContext(ctx, "new certificate not used, the old one stays", "problem", text, "ends", c.Ends())
}

// Ends is when the credential ends; zero when only Microsoft, or somebody else
// who renews it, knows.
func (c *Credentials) Ends() time.Time {
	if current := c.certificate.Load(); current != nil {
		return current.leaf.NotAfter.UTC()
	}
	if current := c.secret.Load(); current != nil {
		return current.ends
	}
	return time.Time{}
}

// Problem is why the certificate's file is not what is in use; empty when it is.
func (c *Credentials) Problem() string {
	if text := c.problem.Load(); text != nil {
		return *text
	}
	return ""
}

// The results of a renewal.
const (
	renewed = "renewed"
	kept    = "kept"
)

func (c *Credentials) register(r prometheus.Registerer) error {
	c.renewals = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "teamsbridge_credential_renewals_total", Help: "New certificates and client secrets for Microsoft that were found: renewed, or kept as it was because the new one cannot be used.",
	}, []string{"result"})
	for _, result := range []string{renewed, kept} {
		c.renewals.WithLabelValues(result)
	}
	if r == nil {
		return nil
	}
	if err := r.Register(c.renewals); err != nil {
		return fmt.Errorf("azcred: metrics: %w", err)
	}
	if c.Ends().IsZero() { // a gauge of an end that nobody knows would alarm
		return nil
	}
	err := r.Register(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "teamsbridge_credential_days_left", Help: "Days until the credential at Microsoft ends; negative afterwards.",
		ConstLabels: prometheus.Labels{"kind": c.Kind()},
	}, func() float64 { return time.Until(c.Ends()).Hours() / 24 }))
	if err != nil {
		return fmt.Errorf("azcred: metrics: %w", err)
	}
	return nil
}
