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
	kindMember   = 'm'
)

// Arguments: $1 tenant, $2 user, $3 now, $4 services, $5 and $6 the scopes'
// types and ids, $7 the teams among them. Every part is found by a unique
// index; facts_test.go holds it to that over many facts.
const (
	factsOfAsked = `
SELECT 'b'::"char" AS kind, rb.scope_type AS a, rb.scope_id AS b, r.id, r.service, r.name, r.tenant_id IS NOT NULL AS own, r.keys
FROM asked
JOIN role_bindings rb ON rb.tenant_id = $1 AND rb.user_id = $2 AND rb.scope_type = asked.type AND rb.scope_id = asked.id
JOIN roles r ON r.id = rb.role_id AND (r.tenant_id = $1 OR r.tenant_id IS NULL)
WHERE rb.expires_at IS NULL OR rb.expires_at > $3
UNION ALL
SELECT 'm', '', '', r.id, r.service, r.name, r.tenant_id IS NOT NULL, r.keys
FROM roles r
WHERE r.owner = ANY (ARRAY[$1, '00000000-0000-0000-0000-000000000000'::uuid]) AND r.service = ANY ($4) AND r.name = 'member'
UNION ALL
SELECT 'o', po.action, coalesce(po.permission_key, ''), 0, '', '', false, NULL
FROM policy_overrides po
WHERE po.tenant_id = $1 AND po.user_id = $2 AND (po.expires_at IS NULL OR po.expires_at > $3)`

	factsQuery = `/* facts */ WITH asked AS (SELECT * FROM unnest($5::text[], $6::text[]) AS s (type, id))` + factsOfAsked

	// a grant in the community of a team reaches the team
	factsQueryWithTeams = `/* facts with teams */ WITH parents AS MATERIALIZED (
	SELECT t.team_id, t.community_id FROM teams t WHERE t.tenant_id = $1 AND t.team_id = ANY ($7::text[])
), asked AS (
	SELECT * FROM unnest($5::text[], $6::text[]) AS s (type, id) UNION SELECT 'COMMUNITY', p.community_id FROM parents p
)` + factsOfAsked + `
UNION ALL
SELECT 't', p.team_id, p.community_id, 0, '', '', false, NULL FROM parents p`
)

// Load implements ports.Facts.
func (f *Facts) Load(ctx context.Context, s domain.Subject, need domain.Need, at time.Time) (*domain.Facts, error) {
	query, args := factsCall(s, need, at)
	var facts *domain.Facts
	err := f.pool.read(ctx, query, args, func(rows pgx.Rows) (err error) {
		facts, err = scanFacts(rows, s.Tenant)
		return err
	})
	if err != nil {
		return nil, err
	}
	return facts, nil
}

func factsCall(s domain.Subject, need domain.Need, at time.Time) (query string, args []any) {
	services := make([]string, len(need.Services))
	for i, service := range need.Services {
		services[i] = string(service)
	}
	types, ids := make([]string, len(need.Scopes)), make([]string, len(need.Scopes))
	var teams []string
	for i, scope := range need.Scopes {
		types[i], ids[i] = string(scope.Type), scope.ID
		if scope.Type == domain.Team {
			teams = append(teams, scope.ID)
		}
	}
	args = []any{uuidArg(s.Tenant), uuidArg(s.User), at, services, types, ids}
	if teams == nil {
		return factsQuery, args
	}
	return factsQueryWithTeams, append(args, teams)
}

func uuidArg(id uuid.UUID) pgtype.UUID { return pgtype.UUID{Bytes: id, Valid: true} }

func scanFacts(rows pgx.Rows, tenant uuid.UUID) (*domain.Facts, error) {
	facts := &domain.Facts{}
	var (
		kind                byte
		a, b, service, name string
		id                  int64
		own                 bool
		keys                []string
	)
	for rows.Next() {
		keys = nil
		if err := rows.Scan(&kind, &a, &b, &id, &service, &name, &own, &keys); err != nil {
			return nil, err
		}
		role := domain.Role{ID: id, Service: domain.Service(service), Name: name, Keys: keys}
		if own {
			role.Tenant = tenant
		}
		switch kind {
		case kindBinding:
			facts.Bindings = append(facts.Bindings, domain.Binding{Scope: domain.Scope{Type: domain.ScopeType(a), ID: b}, Role: role})
		case kindMember:
			facts.MemberRoles = append(facts.MemberRoles, role)
		case kindOverride:
			facts.Overrides = append(facts.Overrides, domain.Override{Effect: domain.Effect(a), Permission: b})
		case kindTeam:
			if facts.Teams == nil {
				facts.Teams = domain.Teams{}
			}
			facts.Teams[a] = b
		}
	}
	return facts, rows.Err()
}
