package pg

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/schema"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
)

// The settings that the policies of updspace_protect read.
const (
	settingTenant = "updspace.tenant"
	settingAcross = "updspace.across"

	acrossOn   = "on"   // this transaction is a cross-tenant job
	acrossOff  = "off"  // this transaction belongs to one tenant
	acrossRead = "read" // this connection may read outside of a transaction
)

// scope is whose rows a query may touch: one tenant's, or everybody's for a
// named job.
type scope struct {
	tenant uuid.UUID
	job    string
}

var noTenant = uuid.Nil

type acrossKey struct{}

// AcrossTenants returns a context in which queries see and change the rows of
// every tenant. The job's name says who needs that, here and in errors. It is
// for relays, schedulers and the like, never for a request of a user: there is
// no way to narrow it down again.
//
// Inserted rows must bring their own TenantID.
func AcrossTenants(ctx context.Context, job string) context.Context {
	if job == "" {
		panic("pg: a cross-tenant job needs a name")
	}
	return context.WithValue(ctx, acrossKey{}, job)
}

func scopeOf(ctx context.Context) scope {
	if job, ok := ctx.Value(acrossKey{}).(string); ok {
		return scope{job: job}
	}
	return scope{tenant: reqctx.From(ctx).TenantID}
}

func (s scope) across() bool { return s.job != "" }

// settings is the SQL that binds a transaction to the scope. It is built from
// a parsed UUID and constants only.
func (s scope) settings() string {
	mode := acrossOff
	if s.across() {
		mode = acrossOn
	}
	return "SET LOCAL " + settingTenant + " = '" + s.tenant.String() + "'; SET LOCAL " + settingAcross + " = '" + mode + "'"
}

func (s scope) String() string {
	if s.across() {
		return "all tenants (" + s.job + ")"
	}
	return "tenant " + s.tenant.String()
}

func errNoTenant(table string) error {
	return errs.Internalf("pg: a query on %s has no tenant: the request context is missing, or the job must say AcrossTenants", table)
}

func errTopLevelOr(table string) error {
	return errs.Internalf("pg: a query on %s has OR at the top of its WHERE, which would slip past the tenant filter: use WhereGroup", table)
}

// Tenanted is embedded by the rows of tables that belong to tenants. Its bun
// hooks are the first lock on a tenant's data: see the package documentation.
//
// Raw queries and queries without a model pass the hooks by and have the
// database's policies alone to rely on; write the tenant into them.
type Tenanted struct {
	TenantID uuid.UUID `bun:"tenant_id,type:uuid,notnull"`
}

var (
	_ schema.BeforeAppendModelHook = (*Tenanted)(nil)
	_ bun.BeforeSelectHook         = (*Tenanted)(nil)
	_ bun.BeforeUpdateHook         = (*Tenanted)(nil)
	_ bun.BeforeDeleteHook         = (*Tenanted)(nil)
)

func (*Tenanted) tenanted() {}

func isTenanted(table *schema.Table) bool {
	_, ok := table.ZeroIface.(interface{ tenanted() })
	return ok
}

// BeforeAppendModel sets the tenant of a row that is inserted and refuses one
// that belongs to somebody else.
func (t *Tenanted) BeforeAppendModel(ctx context.Context, query schema.Query) error {
	switch query.(type) {
	case *bun.InsertQuery, *bun.UpdateQuery:
	default:
		return nil
	}
	s := scopeOf(ctx)
	switch {
	case s.across():
		if t.TenantID == uuid.Nil {
			return errs.Internalf("pg: a row of %s written across tenants must bring its tenant", query.GetTableName())
		}
	case s.tenant == noTenant:
		return errNoTenant(query.GetTableName())
	case t.TenantID == uuid.Nil:
		t.TenantID = s.tenant
	case t.TenantID != s.tenant:
		return errs.Internalf("pg: a row of %s for tenant %s written as %s", query.GetTableName(), t.TenantID, s)
	}
	return nil
}

// BeforeSelect refuses what cannot be filtered, and adds the filter to queries
// that were not built through [DB.Conn]: those by which bun itself loads
// has-many relations.
func (*Tenanted) BeforeSelect(ctx context.Context, q *bun.SelectQuery) error {
	s, where := scopeOf(ctx), selectWhere.of(q)
	if err := where.check(s, q.GetTableName()); err != nil {
		return err
	}
	if !where.tenant {
		q.Where("?", &filter{query: q, scope: s})
	}
	return nil
}

// BeforeUpdate adds the filter.
func (*Tenanted) BeforeUpdate(ctx context.Context, q *bun.UpdateQuery) error {
	s, where := scopeOf(ctx), updateWhere.of(q)
	if err := where.checkChange(s, q.GetTableName()); err != nil || s.across() || where.tenant {
		return err
	}
	q.Where(tenantCondition, s.tenant)
	return nil
}

// BeforeDelete adds the filter.
func (*Tenanted) BeforeDelete(ctx context.Context, q *bun.DeleteQuery) error {
	s, where := scopeOf(ctx), deleteWhere.of(q)
	if err := where.checkChange(s, q.GetTableName()); err != nil || s.across() || where.tenant {
		return err
	}
	q.Where(tenantCondition, s.tenant)
	return nil
}

// refusal is a condition on a table that no query has, named for the log.
const refusal = `"no tenant, or OR at the top of WHERE".refused`

// filter is the tenant condition of a SELECT. bun calls no hook for Count,
// Exists and subqueries, so the condition is put in when the query is created
// and becomes text only when the query's model is known.
type filter struct {
	query *bun.SelectQuery
	scope scope
}

func (f *filter) AppendQuery(_ schema.QueryGen, b []byte) ([]byte, error) {
	model, ok := f.query.GetModel().(bun.TableModel)
	if !ok || !isTenanted(model.Table()) || f.scope.across() {
		return append(b, "TRUE"...), nil
	}
	if !selectWhere.of(f.query).reliable(f.scope) {
		// An error would be lost here, and BeforeSelect has the better text
		// where bun calls it. This makes the server refuse the query.
		return append(b, refusal...), nil
	}
	b = append(b, model.Table().SQLAlias...)
	b = append(b, ".tenant_id = '"...)
	b = append(b, f.scope.tenant.String()...)
	return append(b, '\''), nil
}

// conn is what repositories get: bun on the pool or on the transaction, with
// the tenant filter in every SELECT and without a way around [DB.Do].
type conn struct {
	bun.IDB
	scope scope
}

func (c conn) NewSelect() *bun.SelectQuery {
	q := c.IDB.NewSelect()
	return q.Where("?", &filter{query: q, scope: c.scope})
}
