package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
)

// Facts reads facts with one statement.
//
// This is the hot path of the platform: every request to every service waits
// for it. So it goes around the ORM and has a [Pool] of its own, on which the
// statement stays prepared: planning it anew for every check would cost more
// than all the rest of the check. The tenant is an argument of the query
// instead of a hook's filter; row-level security holds as everywhere.
//
// It reads what is committed, also inside of a transaction of package pg.
type Facts struct{ pool *Pool }

var _ ports.Facts = (*Facts)(nil)

// NewFacts reads facts through pool.
func NewFacts(pool *Pool) *Facts { return &Facts{pool: pool} }

// Kinds of rows.
const (
	kindOverride = 'o'
	kindTeam     = 't'
	kindBinding  = 'b'
	kindRole     = 'r'
	kindMember   = 'm'
)

// Arguments: $1 tenant, $2 user, $3 now. Every part is found by an index;
// facts_test.go holds it to that over many facts. A role comes once, however
// often it is bound.
const factsQuery = `/* facts */ WITH held AS MATERIALIZED (
	SELECT rb.scope_type, rb.scope_id, rb.role_id, rb.expires_at FROM role_bindings rb
	WHERE rb.tenant_id = $1 AND rb.user_id = $2 AND (rb.expires_at IS NULL OR rb.expires_at > $3)
)
SELECT 'r'::"char" AS kind, r.service AS a, r.name AS b, r.id, r.tenant_id IS NOT NULL AS own, r.keys, NULL::timestamptz AS expires
FROM roles r WHERE r.id = ANY (ARRAY(SELECT DISTINCT role_id FROM held)) AND (r.tenant_id = $1 OR r.tenant_id IS NULL)
UNION ALL
SELECT 'm', r.service, r.name, r.id, r.tenant_id IS NOT NULL, r.keys, NULL
FROM roles r WHERE r.owner = ANY (ARRAY[$1, '00000000-0000-0000-0000-000000000000'::uuid]) AND r.name = 'member'
UNION ALL
SELECT 'b', h.scope_type, h.scope_id, h.role_id, false, NULL, h.expires_at FROM held h
UNION ALL
SELECT 't', t.team_id, t.community_id, 0, false, NULL, NULL
FROM teams t WHERE t.tenant_id = $1 AND t.community_id = ANY (ARRAY(SELECT h.scope_id FROM held h WHERE h.scope_type = 'COMMUNITY'))
UNION ALL
SELECT 'o', po.action, coalesce(po.permission_key, ''), 0, false, NULL, po.expires_at
FROM policy_overrides po
WHERE po.tenant_id = $1 AND po.user_id = $2 AND (po.expires_at IS NULL OR po.expires_at > $3)`

// Load implements ports.Facts.
func (f *Facts) Load(ctx context.Context, s domain.Subject, at time.Time) (*domain.Facts, error) {
	var facts *domain.Facts
	err := f.pool.read(ctx, factsQuery, []any{uuidArg(s.Tenant), uuidArg(s.User), at}, func(rows pgx.Rows) (err error) {
		facts, err = scanFacts(rows, s.Tenant)
		return err
	})
	if err != nil {
		return nil, err
	}
	return facts, nil
}

func uuidArg(id uuid.UUID) pgtype.UUID { return pgtype.UUID{Bytes: id, Valid: true} }

func scanFacts(rows pgx.Rows, tenant uuid.UUID) (*domain.Facts, error) {
	facts := &domain.Facts{}
	roles := map[int64]domain.Role{}
	var bound []int64 // the role of each binding
	var (
		kind    byte
		a, b    string
		id      int64
		own     bool
		keys    []string
		expires pgtype.Timestamptz
	)
	role := func() domain.Role {
		r := domain.Role{ID: id, Service: domain.Service(a), Name: b, Keys: keys}
		if own {
			r.Tenant = tenant
		}
		return r
	}
	for rows.Next() {
		keys = nil
		if err := rows.Scan(&kind, &a, &b, &id, &own, &keys, &expires); err != nil {
			return nil, err
		}
		var until time.Time
		if expires.Valid {
			until = expires.Time.UTC()
		}
		switch kind {
		case kindRole:
			roles[id] = role()
		case kindMember:
			facts.MemberRoles = append(facts.MemberRoles, role())
		case kindBinding:
			facts.Bindings = append(facts.Bindings, domain.Binding{Scope: domain.Scope{Type: domain.ScopeType(a), ID: b}, Expires: until})
			bound = append(bound, id)
		case kindOverride:
			facts.Overrides = append(facts.Overrides, domain.Override{Effect: domain.Effect(a), Permission: b, Expires: until})
		case kindTeam:
			if facts.Teams == nil {
				facts.Teams = domain.Teams{}
			}
			facts.Teams[a] = b
		}
	}
	known := facts.Bindings[:0]
	for i, b := range facts.Bindings {
		var ok bool
		if b.Role, ok = roles[bound[i]]; ok { // of another tenant it is nothing
			known = append(known, b)
		}
	}
	facts.Bindings = known
	return facts, rows.Err()
}
