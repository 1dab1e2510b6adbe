package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"syscall"
	"time"

	"teamsbridge/consult/explain"
	"teamsbridge/consult/sip"
	"teamsbridge/internal/renewal"
	"teamsbridge/internal/tlsfiles"
)

// realCalls looks at what real calls need: a certificate that lasts, ports that
// are free, and peers that answer. A service that runs here holds the ports and
// asks the peers itself; then its own word counts.
func (d *doctor) realCalls(ctx context.Context) {
	d.callsCertificate(time.Now())
	runs := false
	if d.client != nil {
		_, err := askReadiness(ctx, d.client, localAddress(d.cfg.Web)+"/readyz")
		runs = err == nil
	}
	if runs {
		d.note(findingSwitch, explain.Green, switchHeld)
		return
	}
	d.callsPorts(ctx)
	d.callsPeers(ctx)
}

func (d *doctor) callsCertificate(now time.Time) {
	certificate, err := d.cfg.SIP.Certificate(tlsfiles.Deps{})
	if err != nil || certificate == nil {
		return // the configuration has no problem, or that finding says which
	}
	days, state := renewal.DaysLeft(now, certificate.Ends()), explain.Green
	switch renewal.StageAt(now, certificate.Ends()) {
	case renewal.StageEnded:
		state = explain.Red
	case renewal.StageUrgent, renewal.StageSoon:
		state = explain.Yellow
	case renewal.StageFar:
	}
	d.note(findingCallsCertificate, state, certificateEnds.with(certificate.Ends().Format(time.DateOnly), days))
}

// callsPorts takes every address for a moment.
func (d *doctor) callsPorts(ctx context.Context) {
	for _, l := range d.cfg.SIP.Listen {
		err := takeAddress(ctx, l)
		if errors.Is(err, syscall.EADDRINUSE) {
			d.note(findingSwitch, explain.Red, switchTaken.with(l.Address, l.Transport))
			return
		}
		if err != nil {
			d.note(findingSwitch, explain.Red, switchNoAddress.with(l.Address, l.Transport, err))
			return
		}
	}
	d.note(findingSwitch, explain.Green, switchFree)
}

func takeAddress(ctx context.Context, l sip.ListenConfig) error {
	var config net.ListenConfig
	if l.Transport == "udp" {
		conn, err := config.ListenPacket(ctx, "udp", l.Address)
		if err != nil {
			return err
		}
		return conn.Close()
	}
	listener, err := config.Listen(ctx, "tcp", l.Address)
	if err != nil {
		return err
	}
	return listener.Close()
}

// callsPeers asks every peer whether it is there.
func (d *doctor) callsPeers(ctx context.Context) {
	var silent []string
	asked := 0
	for _, trunk := range d.cfg.SIP.Trunks {
		for _, p := range trunk.Peers {
			asked++
			if err := d.askPeer(ctx, p); err != nil {
				silent = append(silent, fmt.Sprintf("%s %s (%s): %v", trunk.Name, p.Host, p.Transport, err))
			}
		}
	}
	switch {
	case asked == 0:
		d.note(findingPeers, explain.Green, peersNone)
	case len(silent) > 0:
		d.note(findingPeers, explain.Yellow, peersSilent.with(strings.Join(silent, "\n")))
	default:
		d.note(findingPeers, explain.Green, peersFine.with(asked))
	}
}

// peerWait bounds the question to one peer.
const peerWait = 3 * time.Second

var errNotSIP = errors.New("what answers does not speak SIP")

// askPeer sends one OPTIONS; any answer at all shows that the peer is there.
func (d *doctor) askPeer(ctx context.Context, p sip.PeerConfig) error {
	ctx, cancel := context.WithTimeout(ctx, peerWait)
	defer cancel()
	conn, err := d.dialPeer(ctx, p)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // the answer is there, or is not
	deadline, _ := ctx.Deadline()
	if err := conn.SetDeadline(deadline); err != nil {
		return err
	}
	host := net.JoinHostPort(p.Host, portOf(p))
	here := conn.LocalAddr().String()
	question := strings.Join([]string{
		fmt.Sprintf("OPTIONS sip:%s SIP/2.0", host),
		fmt.Sprintf("Via: SIP/2.0/%s %s;rport;branch=z9hG4bK%s", strings.ToUpper(p.Transport), here, rand.Text()),
		fmt.Sprintf("From: <sip:%s>;tag=%s", d.cfg.SIP.Host, rand.Text()),
		fmt.Sprintf("To: <sip:%s>", host),
		"Call-ID: " + rand.Text(), "CSeq: 1 OPTIONS", "Max-Forwards: 70",
		fmt.Sprintf("Contact: <sip:%s;transport=%s>", d.cfg.SIP.Host, p.Transport),
		"Content-Length: 0", "", "",
	}, "\r\n")
	if _, err := conn.Write([]byte(question)); err != nil {
		return err
	}
	answer := make([]byte, 64<<10)
	n, err := conn.Read(answer)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(string(answer[:n]), "SIP/2.0 ") {
		return errNotSIP
	}
	return nil
}

func portOf(p sip.PeerConfig) string {
	switch {
	case p.Port != 0:
		return strconv.Itoa(p.Port)
	case p.Transport == "tls":
		return "5061"
	default:
		return "5060"
	}
}

func (d *doctor) dialPeer(ctx context.Context, p sip.PeerConfig) (net.Conn, error) {
	address := net.JoinHostPort(p.Host, portOf(p))
	var dialer net.Dialer
	if p.Transport != "tls" {
		return dialer.DialContext(ctx, p.Transport, address)
	}
	certificate, err := d.cfg.SIP.Certificate(tlsfiles.Deps{})
	if err != nil {
		return nil, err
	}
	authorities, err := d.cfg.SIP.Authorities(tlsfiles.Deps{})
	if err != nil {
		return nil, err
	}
	config := d.cfg.SIP.TLSConfig(certificate)
	config.ServerName = cmp.Or(p.CertificateName, p.Host)
	if authorities != nil {
		config.RootCAs = authorities.Pool()
	}
	return (&tls.Dialer{NetDialer: &dialer, Config: config}).DialContext(ctx, "tcp", address)
}
