package memory

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/valid"
)

// Audit is audit.Log in memory.
type Audit struct {
	db      *DB
	entries *Table[uuid.UUID, audit.Entry]
}

// NewAudit adds an audit log to a DB.
func NewAudit(db *DB) *Audit { return &Audit{db: db, entries: NewTable[uuid.UUID, audit.Entry](db)} }

// Write is audit.Log.Write.
func (a *Audit) Write(ctx context.Context, entries ...audit.Entry) error {
	if len(entries) == 0 {
		return nil
	}
	if err := a.db.RequireTx(ctx, "Write"); err != nil {
		return err
	}
	for _, e := range entries {
		e = e.Complete(ctx, valid.NewID(), time.Now())
		e.At = valid.Instant(e.At)
		a.entries.Put(ctx, e.ID, e)
	}
	return nil
}

// List is audit.Log.List.
func (a *Audit) List(ctx context.Context, f audit.Filter, p page.Request) (page.Page[audit.Entry], error) {
	var at time.Time
	var id uuid.UUID
	after, err := page.Decode("audit", p.Cursor, &at, &id)
	if err != nil {
		return page.Page[audit.Entry]{}, err
	}
	found := a.entries.All(ctx, func(e audit.Entry) bool {
		return matches(f, e) && (!after || newest(audit.Entry{At: at, ID: id}, e) < 0)
	})
	slices.SortFunc(found, newest)
	return page.Fetch(p.Limit, func(limit int) ([]audit.Entry, error) { return found[:min(limit, len(found))], nil }, audit.Cursor)
}

// newest compares entries so that newer ones come first.
func newest(a, b audit.Entry) int {
	return cmp.Or(b.At.Compare(a.At), strings.Compare(b.ID.String(), a.ID.String()))
}

func matches(f audit.Filter, e audit.Entry) bool {
	return (f.Actor == uuid.Nil || e.Actor.ID == f.Actor) && (f.Action == "" || e.Action == f.Action) &&
		(f.TargetType == "" || e.TargetType == f.TargetType) && (f.TargetID == "" || e.TargetID == f.TargetID) &&
		(f.Concerning == uuid.Nil || e.Concerns(f.Concerning)) &&
		(f.From.IsZero() || !e.At.Before(f.From)) && (f.To.IsZero() || e.At.Before(f.To))
}

// RedactUser is audit.Log.RedactUser.
func (a *Audit) RedactUser(ctx context.Context, user uuid.UUID, limit int) (int, error) {
	found := a.entries.All(ctx, func(e audit.Entry) bool { return e.Concerns(user) })
	found = found[:min(limit, len(found))]
	for _, e := range found {
		if e.Actor.ID == user {
			e.Actor.ID = uuid.Nil
		}
		if e.About == user {
			e.About = uuid.Nil
		}
		e.Reason, e.IP = "", ""
		e.TargetID = strings.ReplaceAll(e.TargetID, user.String(), uuid.Nil.String())
		text, err := json.Marshal(e.Metadata)
		if err != nil {
			return 0, err
		}
		e.Metadata = nil
		if err := json.Unmarshal([]byte(strings.ReplaceAll(string(text), user.String(), uuid.Nil.String())), &e.Metadata); err != nil {
			return 0, err
		}
		a.entries.Put(ctx, e.ID, e)
	}
	return len(found), nil
}
