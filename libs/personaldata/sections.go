package personaldata

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
)

// ByKey makes the Read of a section whose objects are listed in the order of a key, from the first after a given key, which is
// empty at the beginning.
func ByKey[T any](
	list func(ctx context.Context, user uuid.UUID, after string, limit int) ([]T, error), key func(T) string, data func(T) map[string]any,
) func(context.Context, uuid.UUID, string, int) ([]Item, error) {
	return func(ctx context.Context, user uuid.UUID, after string, limit int) ([]Item, error) {
		found, err := list(ctx, user, after, limit)
		if err != nil {
			return nil, err
		}
		items := make([]Item, len(found))
		for i, t := range found {
			items[i] = Item{Key: key(t), Data: data(t)}
		}
		return items, nil
	}
}

// ByID is ByKey for objects that are listed in the order of their ids. The zero id is the beginning.
func ByID[T any](
	list func(ctx context.Context, user, after uuid.UUID, limit int) ([]T, error), id func(T) uuid.UUID, data func(T) map[string]any,
) func(context.Context, uuid.UUID, string, int) ([]Item, error) {
	return ByKey(func(ctx context.Context, user uuid.UUID, after string, limit int) ([]T, error) {
		var from uuid.UUID
		if after != "" {
			var err error
			if from, err = uuid.Parse(after); err != nil {
				return nil, errs.Fields{"cursor": why.InvalidFormat("names no item")}.Err()
			}
		}
		return list(ctx, user, from, limit)
	}, func(t T) string { return id(t).String() }, data)
}

// Single makes the Read of a section that is one object, or none when find returns an error of kind NotFound.
func Single[T any](
	find func(ctx context.Context, user uuid.UUID) (T, error), data func(T) map[string]any,
) func(context.Context, uuid.UUID, string, int) ([]Item, error) {
	return func(ctx context.Context, user uuid.UUID, after string, _ int) ([]Item, error) {
		if after != "" {
			return nil, nil
		}
		found, err := find(ctx, user)
		if err != nil {
			if errs.KindOf(err) == errs.NotFound {
				err = nil
			}
			return nil, err
		}
		return []Item{{Key: "1", Data: data(found)}}, nil
	}
}

// Counted makes the Erase of a section that erases everything at once.
func Counted(erase func(ctx context.Context, user uuid.UUID) (int64, error)) func(context.Context, uuid.UUID) (Erased, error) {
	return func(ctx context.Context, user uuid.UUID) (Erased, error) {
		n, err := erase(ctx, user)
		return Erased{Count: n}, err
	}
}

// Statements makes the Erase of a section from SQL statements, whose arguments are the tenant (?0), the user (?1) and the zero
// UUID (?2). It counts the rows of the last one.
func Statements(db *pg.DB, statements ...string) func(context.Context, uuid.UUID) (Erased, error) {
	return Counted(func(ctx context.Context, user uuid.UUID) (n int64, err error) {
		for _, statement := range statements {
			result, err := db.Conn(ctx).NewRaw(statement, reqctx.From(ctx).TenantID, user, uuid.Nil).Exec(ctx)
			if err != nil {
				return 0, pg.Error(err)
			}
			if n, err = result.RowsAffected(); err != nil {
				return 0, pg.Error(err)
			}
		}
		return n, nil
	})
}

// Rows makes the Read of a section from a query that returns the columns key (text, unique) and data (jsonb). Its arguments are the tenant (?0), the
// user (?1), the key to go on after (?2) and a number of rows (?3), in the order of keys.
func Rows(db *pg.DB, query string) func(context.Context, uuid.UUID, string, int) ([]Item, error) {
	return func(ctx context.Context, user uuid.UUID, after string, limit int) ([]Item, error) {
		var found []struct {
			Key  string         `bun:"key"`
			Data map[string]any `bun:"data,type:jsonb"`
		}
		err := db.Read(ctx, func(ctx context.Context) error {
			return pg.Error(db.Conn(ctx).NewRaw("SELECT * FROM ("+query+") AS found WHERE key > ?2 ORDER BY key LIMIT ?3",
				reqctx.From(ctx).TenantID, user, after, limit).Scan(ctx, &found))
		})
		items := make([]Item, len(found))
		for i, row := range found {
			items[i] = Item{row.Key, row.Data}
		}
		return items, err
	}
}

// Kit lists what the kit stores about a user in the tables of every service. A service has it among its own sections. A service whose data belongs to
// no tenant erases without one (?0 is zero), and in all tenants.
func Kit(db *pg.DB) []Section {
	return []Section{{
		Name: "sent_events", Columns: []string{"outbox.event", "outbox.subject"}, Reason: "They tell of what the other sections have.",
		Erase: Statements(db, "DELETE FROM outbox WHERE ?0 IN (tenant_id, ?2) AND published_at IS NOT NULL AND strpos(event, ?1::text) > 0"),
		// What others wrote is a copy as well. An escape must not look like the letter before a name.
		Scrub: ScrubStatement(db, `DELETE FROM outbox WHERE ?0 IN (tenant_id, ?2) AND published_at IS NOT NULL AND regexp_replace(event, '\\[bfnrt]', ' ', 'g') ~ ?1`),
	}, {
		Name: "requests", Columns: []string{"idempotency.user_id", "idempotency.request_id"}, Reason: "They name what the other sections have, for a week.",
		Erase: Statements(db, "DELETE FROM idempotency WHERE ?0 IN (tenant_id, ?2) AND user_id = ?1"),
	}, {
		Name: "reasons_in_audit", Reason: "They are about others. Names are removed from them.",
		Scrub: Scrubbed(db, "audit_entries", "reason"),
	}}
}

// redactAtOnce bounds how many audit entries one erasure changes; another request changes the rest.
const redactAtOnce = 10_000

func auditSection(log Log) Section {
	return Section{
		Name: "audit",
		Columns: []string{
			"audit_entries.actor_id", "audit_entries.about", "audit_entries.target_id", "audit_entries.reason", "audit_entries.ip", "audit_entries.metadata",
		},
		Read: func(ctx context.Context, user uuid.UUID, after string, limit int) ([]Item, error) {
			var items []Item
			for len(items) < limit {
				p, err := log.List(ctx, audit.Filter{Concerning: user}, page.Request{Limit: limit - len(items), Cursor: after})
				if err != nil {
					return nil, err
				}
				for _, e := range p.Items {
					items = append(items, Item{Key: audit.Cursor(e), Data: auditData(e)})
				}
				if after = p.Next; after == "" {
					break
				}
			}
			return items, nil
		},
		Erase: func(ctx context.Context, user uuid.UUID) (Erased, error) {
			n, err := log.RedactUser(ctx, user, redactAtOnce)
			return Erased{Count: int64(n), More: n == redactAtOnce}, err
		},
	}
}

func auditData(e audit.Entry) map[string]any {
	return map[string]any{
		"id": e.ID.String(), "created_at": e.At.UTC().Format(time.RFC3339Nano), "actor_type": string(e.Actor.Type), "action": e.Action,
		"target_type": e.TargetType, "target_id": e.TargetID, "reason": e.Reason, "ip": e.IP, "request_id": e.RequestID, "metadata": e.Metadata,
	}
}
