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

// scope says which rows a query may use: those of one tenant, or of all tenants for a named job.
type scope struct {
	tenant uuid.UUID
	job    string
}

var noTenant = uuid.Nil

type acrossKey struct{}

// AcrossTenants returns a context in which queries see and change the rows of every tenant. The name of the job is for readers
// and for errors. It is for relays, scheduled jobs and the like, never for a request of a user. It cannot be undone in a
// derived context. Inserted rows must have their TenantID set.
func AcrossTenants(ctx context.Context, job string) context.Context {
	if job == "" {
		panic("pg: a cross-tenant job needs a name")
	}
	return context.WithValue(ctx, acrossKey{}, job)
}

// IsAcrossTenants tells whether ctx came from [AcrossTenants].
func IsAcrossTenants(ctx context.Context) bool { return scopeOf(ctx).across() }

func scopeOf(ctx context.Context) scope {
	if job, ok := ctx.Value(acrossKey{}).(string); ok {
		return scope{job: job}
	}
	return scope{tenant: reqctx.From(ctx).TenantID}
}

func (s scope) across() bool { return s.job != "" }

// settings is the SQL that binds a transaction to the scope. It consists of a UUID and constants.
func (s scope) settings() string {
	mode := acrossOff
	if s.across() {
		mode = acrossOn
	}
	return "SET LOCAL " + settingTenant + " = '" + s.tenant.String() + "'; SET LOCAL " + settingAcross + " = '" + mode + "'"
}

// bindScope is settings as one statement with arguments, for batches.
const bindScope = "SELECT set_config('" + settingTenant + "', $1, true), set_config('" + settingAcross + "', $2, true)"

func (s scope) arguments() []any {
	mode := acrossOff
	if s.across() {
		mode = acrossOn
	}
	return []any{s.tenant.String(), mode}
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

// Tenanted is embedded by the rows of tables that belong to tenants. Its bun hooks are the first lock on a tenant's data: see
// the package documentation. They do not apply to raw queries and queries without a model, for which only the policies of the
// database hold: write the tenant into such queries.
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

// BeforeAppendModel sets the tenant of a row that is inserted and refuses a row of another tenant.
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

// BeforeSelect refuses queries that cannot be filtered, and adds the filter to queries that were not built through [DB.Conn]:
// bun's own for has-many relations.
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

// refusal is a condition on a table that does not exist; its name explains the error in the log.
const refusal = `"no tenant, or OR at the top of WHERE".refused`

// filter is the tenant condition of a SELECT. bun calls no hook for Count, Exists and subqueries, so the condition is added when
// the query is created, and becomes text when the model of the query is known.
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
		// An error would be lost here. BeforeSelect returns a better one where bun calls it; this makes the server refuse the query.
		return append(b, refusal...), nil
	}
	b = append(b, model.Table().SQLAlias...)
	b = append(b, ".tenant_id = '"...)
	b = append(b, f.scope.tenant.String()...)
	return append(b, '\''), nil
}

// conn is bun on the pool or on the transaction, with the tenant filter in every SELECT and without its own transactions.
type conn struct {
	bun.IDB
	scope scope
}

func (c conn) NewSelect() *bun.SelectQuery {
	q := c.IDB.NewSelect()
	return q.Where("?", &filter{query: q, scope: c.scope})
}
