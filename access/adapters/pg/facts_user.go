package pg

import (
	"context"
	"encoding/binary"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"go.updspace.com/access/domain"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
)

const (
	maxUserReads    = 64 // users in one statement
	userReadTimeout = 2 * time.Second
)

// Arguments: $1 tenant, $2 users, $3 now. Most queries are for these rows only, so they have as few columns as possible.
const userQuery = `/* facts of users */
SELECT rb.user_id, 'b'::"char" AS kind, rb.scope_type AS a, rb.scope_id AS b, rb.role_id AS id, rb.expires_at AS expires, rb.achievement_id AS achievement
FROM role_bindings rb WHERE rb.tenant_id = $1 AND rb.user_id = ANY ($2) AND (rb.expires_at IS NULL OR rb.expires_at > $3)
UNION ALL
SELECT po.user_id, 'o', po.action, coalesce(po.permission_key, ''), 0, po.expires_at, NULL
FROM policy_overrides po WHERE po.tenant_id = $1 AND po.user_id = ANY ($2) AND (po.expires_at IS NULL OR po.expires_at > $3)`

// readScope is what reads of one statement have in common: the tenant asked about, and what row-level security lets them see.
type readScope struct {
	tenant, visible uuid.UUID
	across          bool
}

// userRead is a user whose part is read, with the result.
type userRead struct {
	user  uuid.UUID
	at    time.Time
	facts *domain.UserFacts
}

// LoadUser reads the user's part. Reads that come while another one of the tenant runs share the next statement, which begins
// after them; what has expired when the last of them came is in none of them. The result may be another read's, too: it must not be changed.
func (f *Facts) LoadUser(ctx context.Context, s domain.Subject, at time.Time) (*domain.UserFacts, error) {
	read := &userRead{user: s.User, at: at}
	if f.db.InTx(ctx) { // it must see what its own transaction has changed
		err := f.loadUsers(ctx, readScope{tenant: s.Tenant}, []*userRead{read})
		return read.facts, err
	}
	err := f.users.Do(ctx, readScope{s.Tenant, reqctx.From(ctx).TenantID, pg.IsAcrossTenants(ctx)}, read)
	return read.facts, err
}

func (f *Facts) loadUsers(ctx context.Context, scope readScope, reads []*userRead) error {
	ids, at := make([]uuid.UUID, len(reads)), reads[0].at
	for i, r := range reads {
		ids[i] = r.user
		if r.at.After(at) {
			at = r.at
		}
	}
	found := make(map[uuid.UUID]*domain.UserFacts, len(reads))
	for _, id := range ids {
		found[id] = &domain.UserFacts{}
	}
	err := f.db.QueryRows(ctx, userQuery, []any{scope.tenant, ids, at}, func(rows pgx.Rows) error { return scanUsers(rows, found) })
	if err != nil {
		return err
	}
	for _, r := range reads {
		r.facts = found[r.user]
	}
	return nil
}

// scanUsers reads the rows of userQuery in the binary format of the wire. Scanning them value by value through pgx cost a
// fifth of an uncached check.
func scanUsers(rows pgx.Rows, found map[uuid.UUID]*domain.UserFacts) error {
	const usual = 32 // bindings
	var (
		a    word
		user uuid.UUID
		u    *domain.UserFacts
	)
	for rows.Next() {
		v := rows.RawValues() // user, kind, a, b, id, expires, achievement
		if len(v) != 7 || len(v[0]) != 16 || v[6] != nil && len(v[6]) != 16 || len(v[1]) != 1 || len(v[4]) != 8 || v[5] != nil && len(v[5]) != 8 {
			return errors.New("pg: the facts of users are not in the binary format")
		}
		if u == nil || user != uuid.UUID(v[0]) { // the rows of a user mostly follow one another
			user = uuid.UUID(v[0])
			if u = found[user]; u == nil {
				return errors.New("pg: facts of a user who was not asked about")
			}
		}
		if err := a.ScanBytes(v[2]); err != nil {
			return err
		}
		expires := timestamp(v[5])
		switch v[1][0] {
		case kindBinding:
			if u.Bound == nil {
				u.Bound = make([]domain.Bound, 0, usual)
			}
			u.Bound = append(u.Bound, domain.Bound{
				Scope: domain.Scope{Type: domain.ScopeType(a), ID: string(v[3])}, Role: int64(binary.BigEndian.Uint64(v[4])), Expires: expires, //nolint:gosec // PostgreSQL's bigint
			})
			if v[6] != nil {
				copy(u.Bound[len(u.Bound)-1].Achievement[:], v[6])
			}
		case kindOverride:
			u.Overrides = append(u.Overrides, domain.Override{Effect: domain.Effect(a), Permission: string(v[3]), Expires: expires})
		}
	}
	return rows.Err()
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
