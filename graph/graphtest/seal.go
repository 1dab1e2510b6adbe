package graphtest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
)

// sealer makes paging and delta tokens that nobody can read a meaning into:
// one that was altered is refused.
type sealer struct{ key [sha256.Size]byte }

func newSealer(seed uint64) sealer {
	return sealer{sha256.Sum256(binary.BigEndian.AppendUint64([]byte("graphtest tokens"), seed))}
}

const macSize = 12

func (s sealer) mac(data []byte) []byte {
	h := hmac.New(sha256.New, s.key[:])
	h.Write(data)
	return h.Sum(nil)[:macSize]
}

// seal encodes a plain struct.
func (s sealer) seal(v any) string {
	data, err := json.Marshal(v)
	if err != nil { // only this package's own token types are sealed
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(append(s.mac(data), data...))
}

// open decodes what seal made.
func (s sealer) open(token string, v any) error {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || base64.RawURLEncoding.EncodeToString(raw) != token { // decoding overlooks line breaks
		return badRequest("Badly formed token.")
	}
	if len(raw) < macSize || !hmac.Equal(raw[:macSize], s.mac(raw[macSize:])) {
		return badRequest("Badly formed token.")
	}
	if json.Unmarshal(raw[macSize:], v) != nil {
		return badRequest("Badly formed token.")
	}
	return nil
}
