package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/batch"
	"go.updspace.com/libs/pg"
)

// Facts reads facts with one statement.
//
// It is the hot path of the platform: every request to every service waits for it. So it uses [pg.DB.QueryRows],
// whose statements stay prepared: planning the statement for every check would cost more than the rest of the check. The
// tenant is an argument of the query instead of a hook's filter; row-level security applies as everywhere.
type Facts struct {
	db    *pg.DB
	users *batch.Group[readScope, *userRead] // see LoadUser
}

var _ ports.Facts = (*Facts)(nil)

// NewFacts reads facts from db.
func NewFacts(db *pg.DB) *Facts {
	f := &Facts{db: db}
	f.users = batch.New(maxUserReads, userReadTimeout, f.loadUsers)
	return f
}

// Kinds of rows.
const (
	kindOverride = 'o'
	kindTeam     = 't'
	kindBinding  = 'b'
	kindRole     = 'r'
	kindMember   = 'm'

	kindTenantMember = 'a'
)

// Arguments: $1 tenant, $2 user, $3 now. Every part is found by an index, which facts_test.go checks.
const (
	bindings = `
FROM role_bindings rb WHERE rb.tenant_id = $1 AND rb.user_id = $2 AND (rb.expires_at IS NULL OR rb.expires_at > $3)`
	overrides = `
FROM policy_overrides po WHERE po.tenant_id = $1 AND po.user_id = $2 AND (po.expires_at IS NULL OR po.expires_at > $3)`

	role = `SELECT CASE WHEN r.name = 'member' THEN 'm' ELSE 'r' END::"char", r.service, r.name, r.id, NULL::timestamptz, NULL::uuid, r.tenant_id IS NOT NULL, r.keys FROM roles r WHERE `
	team = `SELECT 't', t.team_id, t.community_id, 0, NULL, NULL, false, NULL FROM teams t WHERE t.tenant_id = $1`
	both = `r.owner = ANY (ARRAY[$1, '00000000-0000-0000-0000-000000000000'::uuid])` // templates and the tenant's own

	// A role is selected once, however often it is bound.
	factsQuery = `/* facts */ WITH held AS MATERIALIZED (SELECT rb.scope_type, rb.scope_id, rb.role_id, rb.expires_at, rb.achievement_id` + bindings + `)
SELECT 'b'::"char" AS kind, h.scope_type AS a, h.scope_id AS b, h.role_id AS id, h.expires_at AS expires, h.achievement_id AS achievement, false AS own, NULL::text[] AS keys FROM held h
UNION ALL
SELECT 'o', po.action, coalesce(po.permission_key, ''), 0, po.expires_at, NULL, false, NULL` + overrides + `
UNION ALL
` + role + `r.id = ANY (ARRAY(SELECT DISTINCT h.role_id FROM held h)) AND r.name <> 'member' AND (r.tenant_id = $1 OR r.tenant_id IS NULL)
UNION ALL
` + role + both + ` AND r.name = 'member'
UNION ALL
` + team + ` AND t.community_id = ANY (ARRAY(SELECT h.scope_id FROM held h WHERE h.scope_type = 'COMMUNITY'))`

	tenantQuery = `/* facts of a user and the tenant */
SELECT 'b'::"char" AS kind, rb.scope_type AS a, rb.scope_id AS b, rb.role_id AS id, rb.expires_at AS expires, rb.achievement_id AS achievement, false AS own, NULL::text[] AS keys` + bindings + `
UNION ALL
SELECT 'o', po.action, coalesce(po.permission_key, ''), 0, po.expires_at, NULL, false, NULL` + overrides + `
UNION ALL
` + role + both + `
UNION ALL
` + team
)

// Load implements ports.Facts.
func (f *Facts) Load(ctx context.Context, s domain.Subject, at time.Time) (*domain.Facts, error) {
	t, u, err := f.read(ctx, factsQuery, s, at)
	if err != nil {
		return nil, err
	}
	return domain.JoinKnown(t, u), nil
}

// LoadWithTenant reads the tenant's and the user's part from one state of the database.
func (f *Facts) LoadWithTenant(ctx context.Context, s domain.Subject, at time.Time) (*domain.TenantFacts, *domain.UserFacts, error) {
	return f.read(ctx, tenantQuery, s, at)
}

func (f *Facts) read(ctx context.Context, query string, s domain.Subject, at time.Time) (t *domain.TenantFacts, u *domain.UserFacts, err error) {
	err = f.db.QueryRows(ctx, query, []any{s.Tenant, s.User, at}, func(rows pgx.Rows) (err error) {
		t, u, err = scanFacts(rows, s.Tenant)
		return err
	})
	return t, u, err
}

// factsRow is one row.
type factsRow struct {
	kind    byte
	a       word
	b       string
	id      int64
	expires pgtype.Timestamptz
	reward  uuid.NullUUID
	own     bool
	keys    []string
}

func (r *factsRow) until() time.Time {
	if !r.expires.Valid {
		return time.Time{}
	}
	return r.expires.Time.UTC()
}

// word is a text that is usually one of a few constants, which are not allocated.
type word string

// ScanBytes implements pgtype.BytesScanner.
func (w *word) ScanBytes(text []byte) error {
	switch string(text) {
	case string(domain.Community):
		*w = word(domain.Community)
	case string(domain.Team):
		*w = word(domain.Team)
	case string(domain.Tenant):
		*w = word(domain.Tenant)
	default:
		*w = word(text)
	}
	return nil
}

func scanFacts(rows pgx.Rows, tenant uuid.UUID) (*domain.TenantFacts, *domain.UserFacts, error) {
	t, u := &domain.TenantFacts{}, &domain.UserFacts{}
	var r factsRow
	for rows.Next() {
		r.keys = nil
		if err := rows.Scan(&r.kind, &r.a, &r.b, &r.id, &r.expires, &r.reward, &r.own, &r.keys); err != nil {
			return nil, nil, err
		}
		r.addTo(t, u, tenant)
	}
	return t, u, rows.Err()
}

// addTo adds the row to the part of the facts that it belongs to.
func (r *factsRow) addTo(t *domain.TenantFacts, u *domain.UserFacts, tenant uuid.UUID) {
	switch r.kind {
	case kindRole, kindMember:
		addRole(t, r, tenant)
	case kindTeam:
		if t.Teams == nil {
			t.Teams = domain.Teams{}
		}
		t.Teams[string(r.a)] = r.b
	case kindBinding:
		u.Bound = append(u.Bound, domain.Bound{Scope: domain.Scope{Type: domain.ScopeType(r.a), ID: r.b}, Role: r.id, Expires: r.until(), Achievement: r.reward.UUID})
	case kindOverride:
		u.Overrides = append(u.Overrides, domain.Override{Effect: domain.Effect(r.a), Permission: r.b, Expires: r.until()})
	}
}

func addRole(t *domain.TenantFacts, r *factsRow, tenant uuid.UUID) {
	role := domain.Role{ID: r.id, Service: domain.Service(r.a), Name: r.b, Keys: r.keys}
	if r.own {
		role.Tenant = tenant
	}
	if t.Roles == nil {
		t.Roles = map[int64]domain.Role{}
	}
	t.Roles[r.id] = role
	if r.kind == kindMember {
		t.MemberRoles = append(t.MemberRoles, role)
	}
}
