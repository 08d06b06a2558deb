package importer

import (
	"strings"

	"github.com/google/uuid"

	"go.updspace.com/tools/internal/pgcopy"
)

// derivedState is what other services would have learnt from events, and is collected on the way.
type derivedState struct {
	slugs  map[uuid.UUID]string // of tenants
	items  *pgcopy.Writer       // of the feed
	facts  *table
	coming []attendee
}

// attendee is a member who wants to come to something that is not over.
type attendee struct{ tenant, event, date, user uuid.UUID }

// groupsKnown writes the communities and teams that a service knows of.
func (r *run) groupsKnown(service string) error {
	t, err := r.into(service, "groups", "", "tenant_id, scope_type, scope_id", "tenant_id", "scope_type", "scope_id", "community_id", "state")
	if err != nil {
		return err
	}
	for _, g := range r.groups {
		state := "active"
		if g.archived {
			state = "archived"
		}
		if err := t.add(g.tenant, g.scopeType(), g.id, g.community, state); err != nil {
			return err
		}
	}
	return t.store()
}

// groupMembers writes a table of the members of communities and teams. columns are those of the scope type, the scope, the user and the
// community; an empty one is not there.
func (r *run) groupMembers(t *table, row func(g group, user uuid.UUID) []any) error {
	for _, g := range r.groups {
		for user := range g.roles {
			if err := t.add(row(g, user)...); err != nil {
				return err
			}
		}
	}
	return nil
}

// eventsKnow writes what the events service knows of members, groups and accounts.
func (r *run) eventsKnow() error {
	if err := r.groupsKnown("events"); err != nil {
		return err
	}
	if err := r.activeMembers("events", "tenant_members", "tenant_id, user_id"); err != nil {
		return err
	}
	members, err := r.into("events", "members", "", "tenant_id, scope_type, scope_id, user_id", "tenant_id", "scope_type", "scope_id", "user_id")
	if err != nil {
		return err
	}
	if err := r.groupMembers(members, func(g group, user uuid.UUID) []any { return []any{g.tenant, g.scopeType(), g.id, user} }); err != nil {
		return err
	}
	suspended, err := r.into("events", "suspended_accounts", "", "user_id", "user_id")
	if err != nil {
		return err
	}
	admins, err := r.into("events", "system_administrators", "", "user_id", "user_id")
	if err != nil {
		return err
	}
	for id, p := range r.users {
		if p.blocked {
			err = suspended.add(id)
		}
		if err == nil && p.admin {
			err = admins.add(id)
		}
		if err != nil {
			return err
		}
	}
	return store(members, suspended, admins)
}

// gamificationKnows writes what gamification knows of members, groups and tenants.
func (r *run) gamificationKnows() error {
	if err := r.groupsKnown("gamification"); err != nil {
		return err
	}
	if err := r.activeMembers("gamification", "members", "tenant_id, user_id"); err != nil {
		return err
	}
	members, err := r.into("gamification", "group_members", "", "tenant_id, user_id, scope_id", "tenant_id", "user_id", "scope_id", "version", "active")
	if err != nil {
		return err
	}
	if err := r.groupMembers(members, func(g group, user uuid.UUID) []any { return []any{g.tenant, user, g.id, 1, true} }); err != nil {
		return err
	}
	issuers, err := r.into("gamification", "issuers", "", "tenant_id", "tenant_id", "name", "badges")
	if err != nil {
		return err
	}
	for _, t := range r.tenantsByID() {
		if err := issuers.add(t.id, t.name, 0); err != nil {
			return err
		}
	}
	return store(members, issuers)
}

// tenantsByID are the tenants, each once.
func (r *run) tenantsByID() map[uuid.UUID]tenant {
	byID := map[uuid.UUID]tenant{}
	for _, t := range r.tenants {
		byID[t.id] = t
	}
	return byID
}

// notificationsKnow writes what notifications know of people.
func (r *run) notificationsKnow() error {
	if err := r.groupsKnown("activity"); err != nil {
		return err
	}
	tenants, err := r.into("activity", "notification_tenants", "", "tenant_id", "tenant_id", "slug")
	if err != nil {
		return err
	}
	for _, t := range r.tenantsByID() {
		if err := tenants.add(t.id, t.slug); err != nil {
			return err
		}
	}
	members, err := r.into("activity", "notification_members", "", "tenant_id, scope_type, scope_id, user_id", "tenant_id", "scope_type", "scope_id", "user_id", "community_id")
	if err != nil {
		return err
	}
	for m, active := range r.members {
		if active {
			if err := members.add(m.tenant, "TENANT", m.tenant, m.user, uuid.Nil); err != nil {
				return err
			}
		}
	}
	if err := r.groupMembers(members, func(g group, user uuid.UUID) []any { return []any{g.tenant, g.scopeType(), g.id, user, g.community} }); err != nil {
		return err
	}
	accounts, err := r.into("activity", "notification_accounts", "", "user_id", "user_id", "username", "blocked")
	if err != nil {
		return err
	}
	for id, p := range r.users {
		if err := accounts.add(id, beginning(strings.ToLower(p.username), 150), p.blocked); err != nil {
			return err
		}
	}
	coming, err := r.into("activity", "notification_attendees", "", "tenant_id, event_id, user_id, occurrence_id", "tenant_id", "event_id", "user_id", "occurrence_id")
	if err != nil {
		return err
	}
	for _, a := range r.coming {
		if err := coming.add(a.tenant, a.event, a.user, a.date); err != nil {
			return err
		}
	}
	return store(tenants, members, accounts, coming)
}
