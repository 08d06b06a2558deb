package importer

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/tools/internal/pgcopy"
)

// feedMemory is how far back the feed goes: activity forgets what is older.
const feedMemory = 2 * 365 * 24 * time.Hour

// item is an item of the feed, as activity would make it of an event. What members did about things, such as their votes and answers, is
// no news any more and has none.
type item struct {
	id                int64 // of the old system; zero: a new one
	tenant            uuid.UUID
	ref, kind         string
	actor             uuid.UUID
	at                time.Time
	title, visibility string
	scopeType, link   string
	scopeID           uuid.UUID
	payload           map[string]any
}

// feed stages an item.
func (r *run) feed(i item) error {
	if i.at.Before(r.now.Add(-feedMemory)) {
		return nil
	}
	if r.items == nil {
		if _, err := r.exec("activity", `CREATE TEMP TABLE import_items (id bigint, tenant_id uuid, source_ref text, type text, actor_id uuid, occurred_at timestamptz,
			title text, payload jsonb, visibility text, scope_type text, scope_id uuid, link text) ON COMMIT DROP`); err != nil {
			return err
		}
		r.items = pgCopy(r, "activity", "import_items", "id", "tenant_id", "source_ref", "type", "actor_id", "occurred_at", "title", "payload", "visibility", "scope_type",
			"scope_id", "link")
	}
	payload, err := json.Marshal(i.payload)
	if err != nil {
		return err
	}
	var id any
	if i.id != 0 {
		id = i.id
	}
	return r.items.Add(r.ctx, id, i.tenant, i.ref, i.kind, idOrNull(i.actor), i.at, beginning(i.title, 256), string(payload), i.visibility, i.scopeType, i.scopeID, i.link)
}

// storeItems inserts the items that are not there, those that had a number with it.
func (r *run) storeItems() error {
	if r.items == nil {
		return nil
	}
	if err := r.items.Flush(r.ctx); err != nil {
		return err
	}
	var before int64
	const kind = "items of the feed"
	if err := r.tx["activity"].QueryRow(r.ctx, `SELECT count(*) FROM import_items s WHERE EXISTS (SELECT FROM items i
		WHERE i.tenant_id = s.tenant_id AND i.source_ref = s.source_ref)`).Scan(&before); err != nil {
		return err
	}
	r.report.kind(kind).Present += before
	const columns = "tenant_id, source_ref, parent_ref, retracted, type, actor_id, occurred_at, changed_at, title, payload, visibility, scope_type, scope_id, link"
	const values = "tenant_id, source_ref, '', false, type, actor_id, occurred_at, occurred_at, title, payload, visibility, scope_type, scope_id, link"
	for _, statement := range []string{
		"INSERT INTO items (id, " + columns + ") OVERRIDING SYSTEM VALUE SELECT id, " + values + " FROM import_items WHERE id IS NOT NULL ORDER BY id ON CONFLICT DO NOTHING",
		"SELECT setval(pg_get_serial_sequence('items', 'id'), greatest((SELECT max(id) FROM items), 0) + 1)",
		"INSERT INTO items (" + columns + ") SELECT " + values + " FROM import_items ORDER BY occurred_at, source_ref ON CONFLICT DO NOTHING",
	} {
		n, err := r.exec("activity", statement)
		if err != nil {
			return err
		}
		if statement[0] == 'I' {
			r.report.kind(kind).New += n
		}
	}
	return nil
}

// pgCopy writes to a table of a service as it is.
func pgCopy(r *run, service, table string, columns ...string) *pgcopy.Writer {
	return pgcopy.New(r.tx[service], table, columns...)
}

// groupItems are the items of communities and teams.
func (r *run) groupItem(g *madeGroup) error {
	id := g.group.id.String()
	i := item{tenant: g.tenant, ref: "community:" + id, kind: "community.created", actor: g.CreatedBy, at: g.CreatedAt, title: g.name, visibility: "public",
		scopeType: "COMMUNITY", scopeID: g.group.id, link: "/c/" + id, payload: map[string]any{"community_id": id}}
	if g.team {
		i.ref, i.kind, i.visibility, i.scopeType, i.link = "team:"+id, "team.created", "team", "TEAM", "/t/"+id
		i.payload = map[string]any{"community_id": g.community.String(), "team_id": id}
	}
	return r.feed(i)
}
