package sdp

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"log/slog"
	"math/big"
	"strconv"
	"strings"
)

// suite is the one that RFC 4568 obliges everybody to have and Microsoft asks for.
const suite = "AES_CM_128_HMAC_SHA1_80"

const (
	keyLength  = 16
	saltLength = 14
)

// Key is the master key and salt of one direction: 16 and 14 bytes. It prints
// and logs as "redacted". The zero value is no key.
type Key [keyLength + saltLength]byte

// NewKey makes a fresh key. Each direction of each call has its own.
func NewKey() Key {
	var k Key
	rand.Read(k[:]) //nolint:errcheck // never fails (crypto/rand)
	return k
}

// Master is the master key proper.
func (k Key) Master() []byte { return k[:keyLength] }

// Salt is the master salt.
func (k Key) Salt() []byte { return k[keyLength:] }

// Format keeps a key out of whatever prints it.
func (k Key) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("redacted")) }

// LogValue keeps a key out of logs.
func (k Key) LogValue() slog.Value { return slog.StringValue("redacted") }

// MarshalText keeps a key out of JSON.
func (k Key) MarshalText() ([]byte, error) { return []byte("redacted"), nil }

// crypto is one usable a=crypto line.
type crypto struct {
	tag    int
	keying Keying
}

func (c crypto) value() string {
	return strconv.Itoa(c.tag) + " " + suite + " inline:" + base64.StdEncoding.EncodeToString(c.keying.Key[:])
}

// parseCrypto reads the value of a=crypto (RFC 4568, section 9.1):
//
//	1 AES_CM_128_HMAC_SHA1_80 inline:<40 characters>|2^20|1:4 [parameters]
//
// It is false for what we cannot use; the next line may be usable.
func parseCrypto(value string) (crypto, bool) {
	fields := strings.Fields(value)
	if len(fields) < 3 || fields[1] != suite {
		return crypto{}, false
	}
	tag, err := strconv.ParseUint(fields[0], 10, 30) // up to nine digits
	if err != nil || len(fields[0]) > 9 {
		return crypto{}, false
	}
	for _, parameter := range fields[3:] {
		// A hint about the replay window changes no packet, and what begins
		// with a dash may be ignored; every other parameter changes something.
		if !strings.HasPrefix(parameter, "WSH=") && !strings.HasPrefix(parameter, "-") {
			return crypto{}, false
		}
	}
	keying, ok := parseKeying(fields[2])
	return crypto{tag: int(tag), keying: keying}, ok
}

func parseKeying(value string) (Keying, bool) {
	inline, ok := strings.CutPrefix(value, "inline:")
	if !ok || strings.Contains(inline, ";") { // several keys
		return Keying{}, false
	}
	parts := strings.Split(inline, "|")
	// Padding is left out by some.
	raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(parts[0], "="))
	if err != nil || len(raw) != keyLength+saltLength {
		return Keying{}, false
	}
	k := Keying{Key: Key(raw)}
	if !k.On() { // thirty zeros are nobody's secret
		return Keying{}, false
	}
	rest := parts[1:]
	if len(rest) > 0 && !strings.Contains(rest[0], ":") {
		if !validLifetime(rest[0]) {
			return Keying{}, false
		}
		rest = rest[1:]
	}
	switch len(rest) {
	case 0:
		return k, true
	case 1:
		k.MKI, ok = parseMKI(rest[0])
		return k, ok
	}
	return Keying{}, false
}

// validLifetime reads "2^20" or "1048576": at least one packet and at most 2^48.
func validLifetime(s string) bool {
	if exponent, ok := strings.CutPrefix(s, "2^"); ok {
		n, err := strconv.ParseUint(exponent, 10, 8)
		return err == nil && n <= 48
	}
	n, err := strconv.ParseUint(s, 10, 64)
	return err == nil && n >= 1 && n <= 1<<48
}

// parseMKI reads "value:length" into the bytes that packets carry.
func parseMKI(s string) (string, bool) {
	value, length, _ := strings.Cut(s, ":")
	size, err := strconv.ParseUint(length, 10, 8)
	if err != nil || size < 1 || size > 128 || value == "" || len(value) > 310 || strings.Trim(value, "0123456789") != "" {
		return "", false
	}
	number, ok := new(big.Int).SetString(value, 10)
	if !ok || number.BitLen() > int(size)*8 {
		return "", false
	}
	return string(number.FillBytes(make([]byte, size))), true
}
