package portstest

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/tools/devkit/testkit/memory"
)

// Memory keeps everything in memory. It passes the same suite as PostgreSQL does.
type Memory struct {
	*memory.DB

	changes       *memory.Table[string, domain.Change]
	subscriptions *memory.Table[uuid.UUID, domain.Subscription]
	reads         *memory.Table[uuid.UUID, time.Time]
	groups        *memory.Table[authz.Scope, groups.Group]
	last          int64
}

// NewMemory is empty.
func NewMemory() *Memory {
	db := memory.New()
	return &Memory{
		DB: db, changes: memory.NewTable[string, domain.Change](db), subscriptions: memory.NewTable[uuid.UUID, domain.Subscription](db),
		reads: memory.NewTable[uuid.UUID, time.Time](db), groups: memory.NewTable[authz.Scope, groups.Group](db),
	}
}

// Store is the memory as the repositories.
func (m *Memory) Store() Store {
	return Store{Items: memoryItems{m}, Readers: memoryReaders{m}, Groups: memoryGroups{m}, Tx: m}
}

type memoryItems struct{ *Memory }

func (m memoryItems) Apply(ctx context.Context, changes ...domain.Change) error {
	for _, change := range changes {
		ref := change.Item().Data().SourceRef
		var id int64
		if stored, ok := m.changes.Get(ctx, ref); ok {
			id, change = stored.Item().Data().ID, change.After(stored)
		} else {
			m.last++
			id = m.last
		}
		d := change.Item().Data()
		d.ID = id
		m.changes.Put(ctx, ref, domain.RestoreChange(domain.RestoreItem(d), change.Retracted()))
	}
	return nil
}

func (m memoryItems) BySource(ctx context.Context, sourceRef string) (domain.Item, error) {
	change, ok := m.changes.Get(ctx, sourceRef)
	if !ok || change.Retracted() {
		return domain.Item{}, domain.ErrItemNotFound
	}
	return change.Item(), nil
}

func (memoryItems) LockSources(context.Context, ...string) error { return nil }

func (m memoryItems) ShownOf(ctx context.Context, sourceRefs ...string) (map[string]domain.Shown, error) {
	shown := map[string]domain.Shown{}
	for _, ref := range sourceRefs {
		change, ok := m.changes.Get(ctx, ref)
		if !ok || change.Retracted() {
			continue
		}
		var parent *domain.Item
		if about, ok := m.changes.Get(ctx, change.Item().Data().Parent); ok {
			if about.Retracted() {
				continue
			}
			parent = new(about.Item())
		}
		shown[ref] = domain.NewShown(change.Item(), parent)
	}
	return shown, nil
}

func (m memoryItems) LastID(ctx context.Context) (last int64, err error) {
	for _, change := range m.changes.All(ctx, nil) {
		last = max(last, change.Item().Data().ID)
	}
	return last, nil
}

func (m memoryItems) Page(ctx context.Context, viewer domain.Viewer, filter domain.Filter, after domain.Key, limit int) ([]domain.Item, error) {
	found := []domain.Item{}
	for _, change := range m.changes.All(ctx, nil) {
		item := change.Item()
		if !change.Retracted() && m.matches(ctx, filter, item) && m.seen(ctx, viewer, item) && (after == domain.Key{} || compare(item.Key(), after) > 0) {
			found = append(found, item)
		}
	}
	slices.SortFunc(found, func(a, b domain.Item) int { return compare(a.Key(), b.Key()) })
	if filter.Grouped {
		found = slices.DeleteFunc(found, func(item domain.Item) bool { return !m.isLatest(ctx, viewer, filter, item) })
	}
	return found[:min(limit, len(found))], nil
}

// isLatest reports whether an item is the latest of its group.
func (m memoryItems) isLatest(ctx context.Context, viewer domain.Viewer, filter domain.Filter, item domain.Item) bool {
	return item.GroupKey() == domain.GroupKey{} || !slices.ContainsFunc(m.group(ctx, viewer, filter, item.GroupKey()), func(other domain.Item) bool {
		return compare(other.Key(), item.Key()) < 0
	})
}

func (m memoryItems) group(ctx context.Context, viewer domain.Viewer, filter domain.Filter, key domain.GroupKey) (items []domain.Item) {
	for _, change := range m.changes.All(ctx, nil) {
		if item := change.Item(); !change.Retracted() && item.GroupKey() == key && m.matches(ctx, filter, item) && m.seen(ctx, viewer, item) {
			items = append(items, item)
		}
	}
	slices.SortFunc(items, func(a, b domain.Item) int { return compare(a.Key(), b.Key()) })
	return items
}

func (m memoryItems) Groups(ctx context.Context, viewer domain.Viewer, filter domain.Filter, of []domain.GroupKey) (map[domain.GroupKey]domain.Group, error) {
	groups := map[domain.GroupKey]domain.Group{}
	for _, key := range of {
		var actors []uuid.UUID
		for _, item := range m.group(ctx, viewer, filter, key) {
			if !slices.Contains(actors, item.Data().Actor) {
				actors = append(actors, item.Data().Actor)
			}
		}
		if len(actors) > 1 {
			groups[key] = domain.Group{Count: len(actors), Actors: actors[:min(len(actors), domain.MaxGroupActors)]}
		}
	}
	return groups, nil
}

// compare compares the positions of items in the feed.
func compare(a, b domain.Key) int {
	return cmp.Or(b.OccurredAt.Compare(a.OccurredAt), cmp.Compare(b.ID, a.ID))
}

func (m memoryItems) Count(ctx context.Context, viewer domain.Viewer, filter domain.Filter, most int) (int, error) {
	found, err := m.Page(ctx, viewer, filter, domain.Key{}, most)
	return len(found), err
}

func (m memoryItems) Forget(ctx context.Context, happened, retracted time.Time) error {
	gone := map[string]bool{}
	for _, change := range m.changes.AllTenants(ctx, func(c domain.Change) bool { return c.Retracted() && c.Item().Data().ChangedAt.Before(retracted) }) {
		d := change.Item().Data()
		gone[d.TenantID.String()+d.SourceRef] = true
	}
	tenants := map[uuid.UUID]bool{}
	for _, change := range m.changes.AllTenants(ctx, nil) {
		tenants[change.Item().Data().TenantID] = true
	}
	for tenant := range tenants {
		m.changes.Delete(in(tenant), func(c domain.Change) bool {
			d := c.Item().Data()
			return gone[tenant.String()+d.SourceRef] || gone[tenant.String()+d.Parent] || d.OccurredAt.Before(happened)
		})
	}
	return nil
}

func (m memoryItems) matches(ctx context.Context, f domain.Filter, item domain.Item) bool {
	d := item.Data()
	return (!f.Grouped || d.ID <= f.Until) && slices.Contains(f.Types, d.Type) && (f.From.IsZero() || !d.OccurredAt.Before(f.From)) && (f.To.IsZero() || !d.OccurredAt.After(f.To)) &&
		(f.After.IsZero() || d.OccurredAt.After(f.After)) && (f.NotBy == uuid.Nil || d.Actor != f.NotBy) &&
		(len(f.Scopes) == 0 || slices.ContainsFunc(f.Scopes, func(s authz.Scope) bool {
			return s == d.Scope || !f.Exactly && (s.Type == authz.ScopeTenant || d.Scope.Type == authz.ScopeTeam && s == authz.CommunityScope(m.community(ctx, d.Scope)))
		}))
}

func (m memoryItems) community(ctx context.Context, scope authz.Scope) uuid.UUID {
	group, _ := m.groups.Get(ctx, scope)
	return group.Community
}

func (m memoryItems) seen(ctx context.Context, viewer domain.Viewer, item domain.Item) bool {
	judge := func(item domain.Item) bool {
		group, _ := m.groups.Get(ctx, item.Data().Scope)
		return group.State != groups.Deleted && viewer.Sees(item, group.Community)
	}
	parent, ok := m.changes.Get(ctx, item.Data().Parent)
	return judge(item) && (!ok || !parent.Retracted() && judge(parent.Item()))
}

type memoryReaders struct{ *Memory }

func (m memoryReaders) Subscription(ctx context.Context, user uuid.UUID) (domain.Subscription, bool, error) {
	s, ok := m.subscriptions.Get(ctx, user)
	return s, ok, nil
}

func (m memoryReaders) PutSubscription(ctx context.Context, s domain.Subscription) (domain.Subscription, error) {
	if stored, ok := m.subscriptions.Get(ctx, s.User); ok {
		s.ID = stored.ID
	} else {
		m.last++
		s.ID = m.last
	}
	m.subscriptions.Put(ctx, s.User, s)
	return s, nil
}

func (m memoryReaders) ReadTo(ctx context.Context, user uuid.UUID) (time.Time, error) {
	at, _ := m.reads.Get(ctx, user)
	return at, nil
}

func (m memoryReaders) MarkRead(ctx context.Context, user uuid.UUID, to time.Time) error {
	if at, _ := m.reads.Get(ctx, user); at.Before(to) {
		m.reads.Put(ctx, user, to)
	}
	return nil
}

type memoryGroups struct{ *Memory }

func (m memoryGroups) FindShared(ctx context.Context, scope authz.Scope) (groups.Group, error) {
	group, ok := m.groups.Get(ctx, scope)
	if !ok {
		return group, groups.ErrUnknown
	}
	return group, nil
}

func (m memoryGroups) Put(ctx context.Context, group groups.Group) error {
	if stored, ok := m.groups.Get(ctx, group.Scope); ok && stored.State == groups.Deleted {
		group.State = groups.Deleted
	}
	m.groups.Put(ctx, group.Scope, group)
	if group.State == groups.Deleted && group.Scope.Type == authz.ScopeCommunity {
		for _, team := range m.groups.All(ctx, func(g groups.Group) bool { return g.Community == group.Scope.ID }) {
			team.State = groups.Deleted
			m.groups.Put(ctx, team.Scope, team)
		}
	}
	return nil
}
