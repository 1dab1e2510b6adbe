package media

import (
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"teamsbridge/consult/sip/g711"
)

// One packet of ours holds 20 ms.
const (
	frame        = 20 * time.Millisecond
	frameSamples = g711.Rate / 50
)

// Config says where the engine's sockets are. Ports come in pairs, RTP on the
// even one and RTCP above.
type Config struct {
	IP         netip.Addr // the local address of every socket; the zero value is all of IPv4
	Advertised netip.Addr // what far ends are told, where it differs from IP (NAT); must be given where IP is all
	MinPort    uint16     // first port; 0 takes what the system gives, for tests
	MaxPort    uint16     // last port

	Music   *Sound // for those on hold; nil is the built-in music
	Ringing *Sound // for those who wait for a telephone that rings; nil is the built-in tone

	Logger     *slog.Logger          // nil drops
	Registerer prometheus.Registerer // nil does not count
}

// Validate reports everything that is wrong, with the fields' names.
func (c Config) Validate() error {
	var errs []error
	if a := c.advertised(); !a.IsValid() || a.IsUnspecified() {
		errs = append(errs, errors.New("advertised: an address that far ends can reach must be given"))
	} else if c.IP.IsValid() && c.IP.Is4() != a.Is4() {
		errs = append(errs, fmt.Errorf("advertised: %v is of another family than %v", a, c.IP))
	}
	if c.MinPort != 0 || c.MaxPort != 0 {
		if c.MinPort < 1024 {
			errs = append(errs, fmt.Errorf("min_port: %d is below 1024", c.MinPort))
		}
		if c.pairs() < 1 {
			errs = append(errs, fmt.Errorf("max_port: no pair of an even port and the next fits between %d and %d", c.MinPort, c.MaxPort))
		}
	}
	return errors.Join(errs...)
}

func (c Config) advertised() netip.Addr {
	if c.Advertised.IsValid() {
		return c.Advertised
	}
	return c.IP
}

// firstPort is the first even port of the range.
func (c Config) firstPort() int { return int(c.MinPort) + int(c.MinPort)%2 }

// pairs is how many pairs of ports the range has.
func (c Config) pairs() int { return (int(c.MaxPort) - c.firstPort() + 1) / 2 }
