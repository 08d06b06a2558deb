package pg

import (
	"encoding/binary"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"go.updspace.com/access/domain"
)

// scanUser reads the rows of userQuery in the binary format of the wire. Scanning them value by value through pgx cost a
// fifth of an uncached check.
func scanUser(rows pgx.Rows) (*domain.UserFacts, error) {
	const usual = 32 // bindings
	u := &domain.UserFacts{}
	var a word
	for rows.Next() {
		v := rows.RawValues() // kind, a, b, id, expires, achievement
		if len(v) != 6 || v[5] != nil && len(v[5]) != 16 || len(v[0]) != 1 || len(v[3]) != 8 || v[4] != nil && len(v[4]) != 8 {
			return nil, errors.New("pg: the facts of a user are not in the binary format")
		}
		if err := a.ScanBytes(v[1]); err != nil {
			return nil, err
		}
		expires := timestamp(v[4])
		switch v[0][0] {
		case kindBinding:
			if u.Bound == nil {
				u.Bound = make([]domain.Bound, 0, usual)
			}
			u.Bound = append(u.Bound, domain.Bound{
				Scope: domain.Scope{Type: domain.ScopeType(a), ID: string(v[2])}, Role: int64(binary.BigEndian.Uint64(v[3])), Expires: expires, //nolint:gosec // PostgreSQL's bigint
			})
			if v[5] != nil {
				copy(u.Bound[len(u.Bound)-1].Achievement[:], v[5])
			}
		case kindOverride:
			u.Overrides = append(u.Overrides, domain.Override{Effect: domain.Effect(a), Permission: string(v[2]), Expires: expires})
		}
	}
	return u, rows.Err()
}

// timestamp reads a timestamptz: microseconds since the year 2000. NULL and infinity are zero: never.
func timestamp(raw []byte) time.Time {
	const infinity = 1<<63 - 1
	if raw == nil {
		return time.Time{}
	}
	micros := int64(binary.BigEndian.Uint64(raw)) //nolint:gosec // two's complement
	if micros == infinity {
		return time.Time{}
	}
	const year2000 = 946_684_800_000_000
	return time.UnixMicro(year2000 + micros).UTC()
}
