package demo

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// seed derives everything that looks random in the world from one number.
type seed uint64

func (s seed) bytes(name string) [32]byte {
	return sha256.Sum256(fmt.Appendf(nil, "teamsbridge demo/%d/%s", uint64(s), name))
}

// guid is a version 4 GUID in lower case.
func (s seed) guid(name string) string {
	b := s.bytes("guid/" + name)
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// secret is a client secret.
func (s seed) secret(name string) string {
	b := s.bytes("secret/" + name)
	return fmt.Sprintf("%x", b[:20])
}

// password is one that a person can read off a screen and type.
func (s seed) password(name string) string {
	b := s.bytes("password/" + name)
	first := words[int(b[0])%len(words)]
	second := words[int(b[1])%len(words)]
	return fmt.Sprintf("%s-%s-%03d", first, second, binary.BigEndian.Uint16(b[2:4])%1000)
}

// words have no umlauts and nothing that keyboards disagree about.
var words = [...]string{
	"Ahorn", "Birke", "Buche", "Distel", "Eiche", "Erle", "Esche", "Farn", "Flieder", "Ginster", "Hasel", "Holunder",
	"Iris", "Kiefer", "Klee", "Lavendel", "Linde", "Lupine", "Malve", "Minze", "Mohn", "Moos", "Nelke", "Pappel",
	"Salbei", "Schilf", "Tanne", "Thymian", "Ulme", "Veilchen", "Weide", "Zeder",
}
