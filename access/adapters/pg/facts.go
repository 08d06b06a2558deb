package pg

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun/dialect/pgdialect"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/pg"
)

// Facts reads facts with one statement.
//
// This is the hot path of the platform: every request to every service waits
// for it. So it goes around the ORM. The query is a call of access_facts (see
// its migration for why that is a function), the rows are scanned by hand, and
// the tenant is an argument instead of a hook's filter; row-level security
// holds all the same.
type Facts struct{ db *pg.DB }

var _ ports.Facts = (*Facts)(nil)

// NewFacts reads facts from db.
func NewFacts(db *pg.DB) *Facts { return &Facts{db: db} }

const factsQuery = `SELECT kind, a, b, id, service, name, own, keys FROM access_facts(?, ?, ?, ?, ?, ?, ?, ?)`

// Kinds of rows of access_facts.
const (
	kindOverride = "o"
	kindTeam     = "t"
	kindBinding  = "b"
	kindMember   = "m"
)

// Load implements ports.Facts.
func (f *Facts) Load(ctx context.Context, s domain.Subject, need domain.Need, at time.Time) (*domain.Facts, error) {
	var facts *domain.Facts
	err := f.db.Read(ctx, func(ctx context.Context) error {
		rows, err := f.db.Conn(ctx).QueryContext(ctx, factsQuery, factsArguments(s, need, at)...)
		if err != nil {
			return pg.Error(err)
		}
		defer rows.Close()
		facts, err = scanFacts(rows, s.Tenant)
		return pg.Error(err)
	})
	if err != nil {
		return nil, err
	}
	return facts, nil
}

func factsArguments(s domain.Subject, need domain.Need, at time.Time) []any {
	services := make([]string, len(need.Services))
	for i, service := range need.Services {
		services[i] = string(service)
	}
	types, ids, teams := make([]string, len(need.Scopes)), make([]string, len(need.Scopes)), []string{}
	for i, scope := range need.Scopes {
		types[i], ids[i] = string(scope.Type), scope.ID
		if scope.Type == domain.Team {
			teams = append(teams, scope.ID)
		}
	}
	var wanted any // NULL: all
	if need.Keys != nil {
		wanted = pgdialect.Array(need.Keys)
	}
	return []any{s.Tenant, s.User, at, wanted, pgdialect.Array(services), pgdialect.Array(types), pgdialect.Array(ids), pgdialect.Array(teams)}
}

func scanFacts(rows *sql.Rows, tenant uuid.UUID) (*domain.Facts, error) {
	facts := &domain.Facts{}
	var (
		kind                      string
		a, b, service, name, keys sql.NullString
		id                        sql.NullInt64
		own                       sql.NullBool
	)
	for rows.Next() {
		if err := rows.Scan(&kind, &a, &b, &id, &service, &name, &own, &keys); err != nil {
			return nil, err
		}
		if kind == kindOverride {
			facts.Overrides = append(facts.Overrides, domain.Override{Effect: domain.Effect(a.String), Permission: b.String})
			continue
		}
		if kind == kindTeam {
			if facts.Teams == nil {
				facts.Teams = domain.Teams{}
			}
			facts.Teams[a.String] = b.String
			continue
		}
		role := domain.Role{ID: id.Int64, Service: domain.Service(service.String), Name: name.String, Keys: strings.Fields(keys.String)}
		if own.Bool {
			role.Tenant = tenant
		}
		switch kind {
		case kindBinding:
			scope := domain.Scope{Type: domain.ScopeType(a.String), ID: b.String}
			facts.Bindings = append(facts.Bindings, domain.Binding{Scope: scope, Role: role})
		case kindMember:
			facts.MemberRoles = append(facts.MemberRoles, role)
		}
	}
	return facts, rows.Err()
}
