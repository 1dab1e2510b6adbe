// Package tlsfiles serves TLS with a certificate from files that are replaced
// while the service runs.
//
//	certificate, err := tlsfiles.Load("tls.crt", "tls.key", deps)
//	listener = tls.NewListener(listener, certificate.Config())
//	err = certificate.Run(ctx)
//
// A new pair is used for the next handshake. One that cannot be read, does not
// belong together or is outside its time leaves the old one in use and is told:
// in the log, by [Certificate.Problem] and in the metrics. [Authorities] does the
// same for a file of those whose certificates are trusted.
//
// TLS 1.2 and 1.3 only, with forward secrecy and authenticated ciphers.
package tlsfiles
