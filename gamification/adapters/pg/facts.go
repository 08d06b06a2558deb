package pg

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"go.updspace.com/gamification/ports"
	"go.updspace.com/gamification/rule"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/valid"
)

// Facts is ports.Facts.
type Facts struct{ db *pg.DB }

// NewFacts stores facts in db.
func NewFacts(db *pg.DB) *Facts { return &Facts{db} }

type factRow struct {
	bun.BaseModel `bun:"table:facts,alias:f"`
	pg.Tenanted

	EventID    uuid.UUID         `bun:"event_id,pk,type:uuid"`
	Source     string            `bun:"source,pk"`
	Kind       string            `bun:"kind"`
	PersonID   uuid.UUID         `bun:"person_id,type:uuid"`
	Key        string            `bun:"key"`
	Object     string            `bun:"object"`
	ToldAt     time.Time         `bun:"told_at"`
	HappenedAt time.Time         `bun:"happened_at"`
	Undone     bool              `bun:"undone"`
	Fields     map[string]string `bun:"fields,type:jsonb"`
}

func (r *factRow) toDomain() rule.Fact {
	return rule.Fact{
		Event: r.EventID, At: valid.Instant(r.ToldAt), Kind: rule.Kind(r.Kind), Person: r.PersonID, Key: r.Key, Object: r.Object,
		When: valid.Instant(r.HappenedAt), Undone: r.Undone, Fields: r.Fields,
	}
}

// LockTenant takes an advisory lock, shared by those who add facts.
func (r *Facts) LockTenant(ctx context.Context, alone bool) error {
	function := bun.Safe("pg_advisory_xact_lock_shared")
	if alone {
		function = "pg_advisory_xact_lock"
	}
	_, err := r.db.Conn(ctx).NewRaw("SELECT ?(hashtextextended('facts of ' || ?::text, 0))", function, reqctx.From(ctx).TenantID.String()).Exec(ctx)
	return pg.Error(err)
}

// LockPersons takes advisory locks, in one order for all.
func (r *Facts) LockPersons(ctx context.Context, persons ...uuid.UUID) error {
	_, err := r.db.Conn(ctx).NewRaw(`
SELECT pg_advisory_xact_lock(key) FROM (
	SELECT hashtextextended('facts of ' || ?::text || ' ' || person::text, 0) AS key FROM unnest(?::uuid[]) AS person ORDER BY 1
) AS keys`, reqctx.From(ctx).TenantID.String(), pgdialect.Array(persons)).Exec(ctx)
	return pg.Error(err)
}

// Add stores facts once.
func (r *Facts) Add(ctx context.Context, told []ports.Told) ([]ports.Told, error) {
	if len(told) == 0 {
		return nil, nil
	}
	rows := make([]*factRow, len(told))
	for i, t := range told {
		f := t.Fact
		rows[i] = &factRow{
			EventID: f.Event, Source: t.Source, Kind: string(f.Kind), PersonID: f.Person, Key: f.Key, Object: f.Object, ToldAt: f.At, HappenedAt: f.When,
			Undone: f.Undone, Fields: f.Fields,
		}
		if f.Fields == nil {
			rows[i].Fields = map[string]string{}
		}
	}
	var stored []factRow
	err := r.db.Conn(ctx).NewInsert().Model(&rows).On("CONFLICT DO NOTHING").Returning("event_id, source").Scan(ctx, &stored)
	if err != nil {
		return nil, pg.Error(err)
	}
	return slices.DeleteFunc(slices.Clone(told), func(t ports.Told) bool {
		return !slices.ContainsFunc(stored, func(row factRow) bool { return row.EventID == t.Fact.Event && row.Source == t.Source })
	}), nil
}

// List lists facts in the order of persons.
func (r *Facts) List(ctx context.Context, q ports.FactQuery) ([]rule.Fact, error) {
	return pg.Many(ctx, r.db, (*factRow).toDomain, func(s *bun.SelectQuery) *bun.SelectQuery {
		if q.Persons != nil {
			first, last := slices.MinFunc(q.Persons, compareIDs), slices.MaxFunc(q.Persons, compareIDs) // so that the index is read between them only
			s = s.Where("f.person_id BETWEEN ? AND ?", first, last).Where("f.person_id = ANY (?)", pgdialect.Array(q.Persons))
		}
		if q.Scope != uuid.Nil {
			s = s.Where("(f.fields ->> 'scope' = ? OR f.kind = ?)", q.Scope.String(), rule.AchievementHeld)
		}
		return s.Where("f.kind IN ?", bun.Tuple(q.Kinds)).Where("(f.person_id, f.event_id) > (?, ?)", q.AfterPerson, q.AfterEvent).
			OrderExpr("f.person_id, f.event_id").Limit(int64(q.Limit))
	})
}

func compareIDs(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }

// Attendees lists who was present at an event: those of whom the latest fact is not taken back.
func (r *Facts) Attendees(ctx context.Context, event, occurrence uuid.UUID, limit int) (attendees []ports.Attendee, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		latest := r.db.Conn(ctx).NewSelect().Model((*factRow)(nil)).ColumnExpr("DISTINCT ON (f.person_id, f.key) f.person_id, f.undone, f.fields").
			Where("f.kind = ?", rule.EventAttended).Where("f.object = ?", event.String()).
			OrderExpr("f.person_id, f.key, f.told_at DESC, f.event_id DESC")
		if occurrence != uuid.Nil {
			latest = latest.Where("f.key = ?", occurrence.String())
		}
		var rows []struct {
			PersonID  uuid.UUID
			ScopeType string
			Scope     uuid.UUID
		}
		err := r.db.Conn(ctx).NewSelect().TableExpr("(?) AS l", latest).
			ColumnExpr("DISTINCT l.person_id, l.fields ->> 'scope_type' AS scope_type, (l.fields ->> 'scope')::uuid AS scope").
			Where("NOT l.undone").OrderExpr("l.person_id").Limit(int64(limit)).Scan(ctx, &rows)
		for _, row := range rows {
			scope := authz.Scope{Type: authz.ScopeType(row.ScopeType), ID: row.Scope}
			attendees = append(attendees, ports.Attendee{Person: row.PersonID, Scope: scope})
		}
		return pg.Error(err)
	})
	return attendees, err
}

// Persons lists persons that have facts.
func (r *Facts) Persons(ctx context.Context, kinds []rule.Kind, after uuid.UUID, limit int) ([]uuid.UUID, error) {
	return pg.Many(ctx, r.db, func(row *factRow) uuid.UUID { return row.PersonID }, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.ColumnExpr("DISTINCT f.person_id").Where("f.kind IN ?", bun.Tuple(kinds)).Where("f.person_id > ?", after).
			OrderExpr("f.person_id").Limit(int64(limit))
	})
}

const forgetAtOnce = 1000

// Forget deletes old facts, some at a time so that no lock is held for long.
func (r *Facts) Forget(ctx context.Context, before time.Time) error {
	ctx = pg.AcrossTenants(ctx, "retention of facts")
	for {
		var n int64
		err := r.db.Do(ctx, func(ctx context.Context) error {
			result, err := r.db.Conn(ctx).NewRaw(`
				DELETE FROM facts WHERE ctid = ANY (ARRAY(
					SELECT ctid FROM facts WHERE kind <> ? AND told_at < ? LIMIT ? FOR UPDATE SKIP LOCKED))`, rule.MemberJoined, before, forgetAtOnce).Exec(ctx)
			if err != nil {
				return pg.Error(err)
			}
			n, err = result.RowsAffected()
			return pg.Error(err)
		})
		if err != nil || n < forgetAtOnce {
			return err
		}
	}
}
