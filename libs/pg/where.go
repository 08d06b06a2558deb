package pg

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/uptrace/bun"

	"go.updspace.com/libs/errs"
)

// A tenant filter is one more condition joined with AND, and AND binds tighter
// than OR: in `a OR b AND tenant_id = x` the rows of a are everybody's. bun
// does not tell whether a query has such an OR, so this file looks at its
// conditions by reflection. It only reads, and a bun that keeps them elsewhere
// stops the program at start.
var (
	selectWhere = readerOf(bun.SelectQuery{})
	updateWhere = readerOf(bun.UpdateQuery{})
	deleteWhere = readerOf(bun.DeleteQuery{})
)

const tenantCondition = "?TableAlias.tenant_id = ?"

type whereReader struct{ conditions, keys []int }

func readerOf(query any) whereReader {
	t := reflect.TypeOf(query)
	conditions, ok1 := t.FieldByName("where")
	keys, ok2 := t.FieldByName("whereFields")
	if !ok1 || !ok2 || conditions.Type.Kind() != reflect.Slice || keys.Type.Kind() != reflect.Slice {
		panic(fmt.Sprintf("pg: this version of bun keeps the conditions of %s elsewhere", t))
	}
	return whereReader{conditions: conditions.Index, keys: keys.Index}
}

// of reads the conditions of a query, a pointer to the type the reader is for.
func (r whereReader) of(query any) where {
	v := reflect.ValueOf(query).Elem()
	list := v.FieldByIndex(r.conditions)
	w := where{empty: list.Len() == 0 && v.FieldByIndex(r.keys).Len() == 0}
	depth := 0
	for i := range list.Len() {
		entry := list.Index(i) // schema.QueryWithSep
		text, sep, args := entry.FieldByName("Query").String(), entry.FieldByName("Sep").String(), entry.FieldByName("Args")
		if depth == 0 && i > 0 && strings.Contains(strings.ToUpper(sep), "OR") {
			w.or = true
		}
		switch {
		case text == "" && sep == "(":
			depth++
		case text == "" && sep == ")":
			depth--
		case depth > 0:
		case text == tenantCondition:
			w.tenant = true
		case args.Len() == 1 && args.Index(0).Elem().Type() == reflect.TypeFor[*filter]():
			w.tenant = true
		}
	}
	return w
}

// where is what the tenant hooks need to know of a query's conditions.
type where struct {
	empty  bool // no condition at all
	or     bool // an OR outside of any group
	tenant bool // the tenant filter is in
}

// check returns an error where the tenant filter cannot be relied on.
func (w where) check(s scope, table string) error {
	switch {
	case w.reliable(s):
		return nil
	case s.tenant == noTenant:
		return errNoTenant(table)
	default:
		return errTopLevelOr(table)
	}
}

func (w where) reliable(s scope) bool { return s.across() || s.tenant != noTenant && !w.or }

// checkChange is check for UPDATE and DELETE, and keeps bun's rule that they
// say which rows they mean: the filter alone does not count.
func (w where) checkChange(s scope, table string) error {
	if w.empty {
		return errs.Internalf("pg: an UPDATE or DELETE of %s has no condition of its own", table)
	}
	return w.check(s, table)
}
