package graph

import (
	"cmp"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/fnv"
	"strings"
)

// ErrBadCursor: the cursor is garbled or belongs to another search.
var ErrBadCursor = errors.New("graph: cursor not valid for this search")

// A cursor names the last result of a page by its place in the order, not by
// a count: what is added or removed meanwhile shifts nothing. It holds a hash
// of the search, the rank, the name and the id.

const (
	cursorVersion = 1
	cursorHead    = 1 + 8 // version, hash
)

var cursorEncoding = base64.RawURLEncoding.Strict()

func encodeCursor(hash uint64, rank uint32, e *Expert) string {
	b := make([]byte, 0, cursorHead+2*binary.MaxVarintLen32+len(e.Name)+len(e.ID))
	b = append(b, cursorVersion)
	b = binary.BigEndian.AppendUint64(b, hash)
	b = binary.AppendUvarint(b, uint64(rank))
	b = binary.AppendUvarint(b, uint64(len(e.Name)))
	b = append(b, e.Name...)
	b = append(b, e.ID...)
	return cursorEncoding.EncodeToString(b)
}

func decodeCursor(cursor string, hash uint64) (position, error) {
	b, err := cursorEncoding.DecodeString(cursor)
	if err != nil || len(b) < cursorHead || b[0] != cursorVersion || binary.BigEndian.Uint64(b[1:]) != hash {
		return position{}, ErrBadCursor
	}
	b = b[cursorHead:]
	rank, n := binary.Uvarint(b)
	if n <= 0 || rank > 1<<32-1 {
		return position{}, ErrBadCursor
	}
	b = b[n:]
	length, n := binary.Uvarint(b)
	if n <= 0 || length > uint64(len(b)-n) {
		return position{}, ErrBadCursor
	}
	name, id := string(b[n:n+int(length)]), string(b[n+int(length):])
	return position{rank: uint32(rank), key: sortKey(name), name: name, id: UserID(id)}, nil
}

// before tells whether the position comes before a person of its own rank.
func (p *position) before(e *Expert) bool {
	return cmp.Or(
		strings.Compare(p.key, sortKey(e.Name)),
		strings.Compare(p.name, e.Name),
		strings.Compare(string(p.id), string(e.ID)),
	) < 0
}

// queryHash tells searches apart; the page size is not part of it.
func queryHash(tenant TenantID, q Query) uint64 {
	h := fnv.New64a()
	for _, part := range []string{string(tenant), q.Text, q.Department, q.Role, q.Country} {
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(part)))
		_, _ = h.Write(length[:]) // a hash never fails
		_, _ = h.Write([]byte(part))
	}
	return h.Sum64()
}
