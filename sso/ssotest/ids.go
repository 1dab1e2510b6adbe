package ssotest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
)

// idSource derives ids from the seed, so that a restart gives the same ones.
type idSource struct{ seed uint64 }

func (s idSource) sum(parts ...string) []byte {
	var key [8]byte
	binary.LittleEndian.PutUint64(key[:], s.seed)
	mac := hmac.New(sha256.New, key[:])
	mac.Write([]byte(strings.Join(parts, "\x00")))
	return mac.Sum(nil)
}

// guid derives an object id.
func (s idSource) guid(parts ...string) string {
	b := s.sum(parts...)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80 // version 4, variant 1
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// pairwise derives the subject that an app sees for a person: another one per app.
func (s idSource) pairwise(app, objectID string) string {
	return base64.RawURLEncoding.EncodeToString(s.sum("sub", app, objectID))
}
