package sip

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"teamsbridge/consult/sip/media"
	"teamsbridge/consult/sip/ua"
)

// Config is the section sip of the configuration.
type Config struct {
	// Host is the name or address that other systems send to, in Contact, Via and From.
	Host    string         `koanf:"host"`
	Listen  []ListenConfig `koanf:"listen"`
	Trunks  []TrunkConfig  `koanf:"trunks"`
	Routes  RoutesConfig   `koanf:"routes"`
	Inbound InboundConfig  `koanf:"inbound"`
	Media   MediaConfig    `koanf:"media"`
	TLS     TLSConfig      `koanf:"tls"`
	// Anchor says which calls this switch carries: AnchorAlways (the default) or
	// AnchorConsult.
	Anchor string `koanf:"anchor"`
	// ConsultNumbers are the numbers that reservations give to another contact
	// centre; callers of a single one enter a code.
	ConsultNumbers []string `koanf:"consult_numbers"`
	// Caller is the contact centre's number that experts and dialled numbers see.
	Caller string `koanf:"caller"`
	// ShowCustomer says what an expert sees of the customer's number beside the
	// agent's name: ShowNone, ShowMasked or ShowFull.
	ShowCustomer string `koanf:"show_customer"`
	// Language of the prompts, "de" or "en"; Prompts is a folder with files that replace them.
	Language string       `koanf:"language"`
	Prompts  string       `koanf:"prompts"`
	Limits   LimitsConfig `koanf:"limits"`
}

// ListenConfig is an address on which requests are taken.
type ListenConfig struct {
	Transport string `koanf:"transport"` // udp, tcp or tls
	Address   string `koanf:"address"`   // host:port
}

// TrunkConfig is a way to other telephones.
type TrunkConfig struct {
	Name     string         `koanf:"name"`
	Peers    []PeerConfig   `koanf:"peers"`
	Networks []string       `koanf:"networks"` // from which its requests come, beside the peers' addresses
	Names    []string       `koanf:"names"`    // that a TLS client's certificate must have one of, beside the peers' CertificateName
	Username string         `koanf:"username"` // for digest challenges of the trunk
	Password string         `koanf:"password"`
	Callers  []CallerConfig `koanf:"callers"` // who must authenticate to ring here; empty: nobody has to
	// Options is the time between two OPTIONS to a peer.
	Options        time.Duration `koanf:"options"`
	SessionExpires time.Duration `koanf:"session_expires"`
	// Encryption of the audio: never, offered (theirs is taken in kind) or required.
	Encryption string `koanf:"encryption"`
	// Country makes dialled numbers E.164 by this country's rules; empty sends them as they are.
	Country string `koanf:"country"`
	// DirectRouting keeps Microsoft's rules: numbers with user=phone, encryption required, OPTIONS every minute.
	DirectRouting bool `koanf:"direct_routing"`
}

// CallerConfig is somebody who rings here with a password.
type CallerConfig struct {
	User     string `koanf:"user"`
	Password string `koanf:"password"`
}

// PeerConfig is one address of a trunk, tried in their order.
type PeerConfig struct {
	Transport string `koanf:"transport"`
	Host      string `koanf:"host"`
	Port      int    `koanf:"port"` // 0: 5060, 5061 for tls
	// CertificateName is the name, or address, that its certificate is for; empty means host.
	CertificateName string `koanf:"certificate_name"`
}

// RoutesConfig says by which trunk somebody is rung; empty means the first one.
type RoutesConfig struct {
	Agents  string `koanf:"agents"`
	Experts string `koanf:"experts"`
	Numbers string `koanf:"numbers"` // entry points and dialled numbers
}

// InboundConfig says which agent a customer's call is for.
type InboundConfig struct {
	// Trunks are those by which customers come; empty means every one.
	Trunks []string `koanf:"trunks"`
	// Header names the agent by id or number; empty means the called number does.
	Header string `koanf:"header"`
	// RingTimeout is how long the agent's telephone rings.
	RingTimeout time.Duration `koanf:"ring_timeout"`
}

// MediaConfig says where audio travels.
type MediaConfig struct {
	Address    string `koanf:"address"`    // of the sockets
	Advertised string `koanf:"advertised"` // what others are told, where it differs
	MinPort    int    `koanf:"min_port"`   // of a range of ports, two a leg; 0 takes what the system gives
	MaxPort    int    `koanf:"max_port"`
	Music      string `koanf:"music"`   // a WAV file for those on hold; empty is the built-in music
	Ringing    string `koanf:"ringing"` // a WAV file for agents whose expert's telephone rings; empty is the built-in tone
}

// TLSConfig names the certificate of this service and whom it trusts.
type TLSConfig struct {
	CertFile string `koanf:"cert_file"`
	KeyFile  string `koanf:"key_file"`
	CAFile   string `koanf:"ca_file"` // of the other sides, servers and clients
}

// LimitsConfig bounds what a stolen password or a fault can cost.
type LimitsConfig struct {
	Calls     int      `koanf:"calls"`      // legs at the same time; 0 means no limit
	PerSecond int      `koanf:"per_second"` // legs begun in a second; 0 means no limit
	Allowed   []string `koanf:"allowed"`    // beginnings of numbers that may be dialled; empty allows what the dial policy does
}

// The values of Config.Anchor.
const (
	AnchorAlways  = "always"  // customers' calls, and those of reservations
	AnchorConsult = "consult" // those of reservations only: customers stay with another contact centre
)

// The values of Config.ShowCustomer.
const (
	ShowNone   = "none"
	ShowMasked = "masked"
	ShowFull   = "full"
)

const (
	defaultRingTimeout = 30 * time.Second
	directOptions      = time.Minute // Direct Routing wants one every 60 s
)

func (c Config) withDefaults() Config {
	if c.Inbound.RingTimeout == 0 {
		c.Inbound.RingTimeout = defaultRingTimeout
	}
	if c.ShowCustomer == "" {
		c.ShowCustomer = ShowNone
	}
	if c.Language == "" {
		c.Language = "de"
	}
	first := ""
	if len(c.Trunks) > 0 {
		first = c.Trunks[0].Name
	}
	for _, route := range []*string{&c.Routes.Agents, &c.Routes.Experts, &c.Routes.Numbers} {
		if *route == "" {
			*route = first
		}
	}
	c.Trunks = slices.Clone(c.Trunks)
	for i := range c.Trunks {
		t := &c.Trunks[i]
		if t.DirectRouting {
			if t.Options == 0 {
				t.Options = directOptions
			}
			t.Encryption = "required"
		}
	}
	return c
}

// endpoint is the part of package ua. What Validate finds wrong is left out.
func (c Config) endpoint() ua.Config {
	out := ua.Config{Host: c.Host}
	for _, l := range c.Listen {
		out.Listen = append(out.Listen, ua.Listen{Transport: ua.Transport(l.Transport), Address: l.Address})
	}
	for _, t := range c.Trunks {
		trunk := ua.Trunk{
			Name: t.Name, Names: t.Names, Username: t.Username, Password: ua.Secret(t.Password),
			Options: t.Options, UserPhone: t.DirectRouting, SessionExpires: t.SessionExpires,
		}
		for _, p := range t.Peers {
			trunk.Peers = append(trunk.Peers, ua.Peer{Transport: ua.Transport(p.Transport), Host: p.Host, Port: p.Port, CertificateName: p.CertificateName})
		}
		for _, n := range t.Networks {
			if prefix, err := netip.ParsePrefix(n); err == nil {
				trunk.Networks = append(trunk.Networks, prefix)
			}
		}
		if len(t.Callers) > 0 {
			trunk.Callers = make(map[string]ua.Secret, len(t.Callers))
			for _, c := range t.Callers {
				trunk.Callers[c.User] = ua.Secret(c.Password)
			}
		}
		out.Trunks = append(out.Trunks, trunk)
	}
	return out
}

// media is the part of package media, without the music.
func (c Config) media() (media.Config, error) {
	var out media.Config
	var errs []error
	parse := func(path, text string) netip.Addr {
		if text == "" {
			return netip.Addr{}
		}
		addr, err := netip.ParseAddr(text)
		if err != nil {
			errs = append(errs, fmt.Errorf("sip.media.%s: %q is not an address", path, text))
		}
		return addr
	}
	out.IP, out.Advertised = parse("address", c.Media.Address), parse("advertised", c.Media.Advertised)
	for path, port := range map[string]int{"min_port": c.Media.MinPort, "max_port": c.Media.MaxPort} {
		if port < 0 || port > 65535 {
			errs = append(errs, fmt.Errorf("sip.media.%s: %d is not a port", path, port))
		}
	}
	if len(errs) > 0 {
		return out, errors.Join(errs...)
	}
	out.MinPort, out.MaxPort = uint16(c.Media.MinPort), uint16(c.Media.MaxPort) // checked above
	if err := out.Validate(); err != nil {
		return out, fmt.Errorf("sip.media.%w", err)
	}
	return out, nil
}

// ExpertsTrunk is the way to experts, with the defaults.
func (c Config) ExpertsTrunk() TrunkConfig {
	c = c.withDefaults()
	return c.trunk(c.Routes.Experts)
}

func (c Config) trunk(name string) TrunkConfig {
	for _, t := range c.Trunks {
		if t.Name == name {
			return t
		}
	}
	return TrunkConfig{}
}
