package importer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

type oldGroup struct {
	ID          uuid.UUID `db:"id"`
	Tenant      uuid.UUID `db:"tenant_id"`
	Community   uuid.UUID `db:"community_id"`
	Name        string    `db:"name"`
	Description string    `db:"description"`
	Status      string    `db:"status"`
	CreatedBy   uuid.UUID `db:"created_by"`
	CreatedAt   time.Time `db:"created_at"`
	UpdatedAt   time.Time `db:"updated_at"`
}

// madeGroup is a group that is being made: its members come after it, and its status depends on them.
type madeGroup struct {
	oldGroup
	group
	name, description string
	joined            map[uuid.UUID]time.Time
}

func (g *madeGroup) which() string { return g.name + " " + g.group.id.String() }

// join makes a user a member, or gives a member a higher role.
func (g *madeGroup) join(user uuid.UUID, role string, at time.Time) {
	if _, is := g.joined[user]; !is {
		g.joined[user] = at
		g.roles[user] = role
		return
	}
	if rank[role] > rank[g.roles[user]] {
		g.roles[user] = role
	}
}

var rank = map[string]int{"member": 1, "moderator": 2, "owner": 3}

// owned reports whether the group has an owner.
func (g *madeGroup) owned() bool {
	for _, role := range g.roles {
		if role == "owner" {
			return true
		}
	}
	return false
}

// first is the member to become the owner of a group without one: a moderator before a member, and the longest in it.
func (g *madeGroup) first() (user uuid.UUID, ok bool) {
	all := make([]uuid.UUID, 0, len(g.joined))
	for u := range g.joined {
		all = append(all, u)
	}
	if len(all) == 0 {
		return user, false
	}
	return slices.MinFunc(all, func(a, b uuid.UUID) int {
		return cmp.Or(cmp.Compare(rank[g.roles[b]], rank[g.roles[a]]), g.joined[a].Compare(g.joined[b]), cmp.Compare(a.String(), b.String()))
	}), true
}

// groupsAndMembers takes communities and teams with their members. A group has an owner, and the members of a team are members of its
// community: where the old system had it otherwise, it is made so.
func (r *run) groupsAndMembers() error {
	made := map[uuid.UUID]*madeGroup{}
	var order []*madeGroup
	names := map[string]bool{}
	for _, list := range []struct {
		table, kind string
	}{{"portal_community", kindCommunities}, {"portal_team", kindTeams}} {
		err := each(r.ctx, r.old["portal"], list.table, "", "created_at, id", func(o oldGroup) error {
			g := r.group(list.kind, o, made, names)
			if g != nil {
				made[o.ID] = g
				order = append(order, g)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for _, list := range []struct{ table, column string }{{"portal_community_membership", "community_id"}, {"portal_team_membership", "team_id"}} {
		if err := r.joinGroups(list.table, made); err != nil {
			return err
		}
	}
	r.ownGroups(order, made)
	return r.storeGroups(order)
}

// group is a group of the old system in the form that it has here, or nil.
func (r *run) group(kind string, o oldGroup, made map[uuid.UUID]*madeGroup, names map[string]bool) *madeGroup {
	which := o.Name + " " + o.ID.String()
	home, ok := r.home(kind, o.Tenant, which)
	if !ok {
		return nil
	}
	g := &madeGroup{oldGroup: o, group: group{tenant: home, id: o.ID, community: o.ID, team: kind == kindTeams, roles: map[uuid.UUID]string{}}, joined: map[uuid.UUID]time.Time{}}
	if g.team {
		parent := made[o.Community]
		switch {
		case parent == nil:
			r.report.refuse(kind, noParent, which)
			return nil
		case parent.tenant != home:
			r.report.refuse(kind, otherTenant, which)
			return nil
		}
		g.community, g.archived = o.Community, o.Status == "archived"
		if o.Status != "active" && o.Status != "archived" {
			r.report.change(kind, "its status is none that there is: it is active", which+": "+o.Status)
		}
	}
	g.name, g.description = r.line(kind, which, "name", o.Name, 128), r.text(kind, which, "description", o.Description, 10_000)
	if g.name == "" {
		g.name = "№ " + o.ID.String()[:8]
		r.report.change(kind, "it had no name", which)
	}
	place := home.String()
	if g.team {
		place = g.community.String()
	}
	free := g.name
	for n := 2; names[place+fold(free)]; n++ {
		free = fmt.Sprintf("%s (%d)", beginning(g.name, 120), n)
	}
	if free != g.name {
		r.report.change(kind, "another one has the same name, but for upper and lower case", which+" is "+free)
		g.name = free
	}
	names[place+fold(free)] = true
	return g
}

// joinGroups takes the members of groups.
func (r *run) joinGroups(table string, made map[uuid.UUID]*madeGroup) error {
	type oldMember struct {
		Tenant    uuid.UUID `db:"tenant_id"`
		Community uuid.UUID `db:"community_id"`
		Team      uuid.UUID `db:"team_id"`
		User      uuid.UUID `db:"user_id"`
		Hint      string    `db:"role_hint"`
		CreatedAt time.Time `db:"created_at"`
	}
	return each(r.ctx, r.old["portal"], table, "", "created_at, id", func(o oldMember) error {
		id := o.Community
		if table == "portal_team_membership" {
			id = o.Team
		}
		which := o.User.String() + " in " + id.String()
		home, ok := r.home(kindInGroups, o.Tenant, which)
		if !ok {
			return nil
		}
		g := made[id]
		switch {
		case g == nil:
			r.report.refuse(kindInGroups, noParent, which)
		case g.tenant != home:
			r.report.refuse(kindInGroups, otherTenant, which)
		case r.users[o.User] == nil:
			r.report.refuse(kindInGroups, noPerson, which)
		default:
			role := "member"
			switch strings.ToLower(strings.TrimSpace(o.Hint)) {
			case "owner":
				role = "owner"
			case "moderator", "admin":
				role = "moderator"
			}
			g.join(o.User, role, timeOr(o.CreatedAt, g.CreatedAt))
		}
		return nil
	})
}

// ownGroups gives each group an owner, teams first: their members become members of the community.
func (r *run) ownGroups(order []*madeGroup, made map[uuid.UUID]*madeGroup) {
	for _, team := range []bool{true, false} {
		for _, g := range order {
			if g.team != team {
				continue
			}
			if !g.owned() {
				r.findOwner(g)
			}
			if !team {
				continue
			}
			community := made[g.community]
			for _, user := range sorted(g.joined) {
				at := g.joined[user]
				if _, in := community.joined[user]; !in {
					r.report.change(kindInGroups, "it was a member of a team and not of its community: it is of both", user.String()+" in "+g.which())
					community.join(user, "member", at)
				}
			}
		}
	}
}

func (r *run) findOwner(g *madeGroup) {
	kind := kindCommunities
	if g.team {
		kind = kindTeams
	}
	if r.users[g.CreatedBy] != nil {
		g.join(g.CreatedBy, "owner", g.CreatedAt)
		return
	}
	if user, ok := g.first(); ok {
		r.report.change(kind, "its founder is not known: its first moderator or member owns it", g.which())
		g.join(user, "owner", g.CreatedAt)
		return
	}
	r.report.change(kind, "it has no members: it is archived", g.which())
	g.archived = true
}

func (r *run) storeGroups(order []*madeGroup) error {
	groups, err := r.into("portal", "groups", kindCommunities+" and "+kindTeams, "tenant_id, id", "tenant_id", "id", "kind", "community_id", "name", "description", "join_policy",
		"status", "created_by", "created_at", "updated_at", "folded_name", "folded")
	if err != nil {
		return err
	}
	members, err := r.into("portal", "memberships", kindInGroups, "tenant_id, scope_type, scope_id, user_id", "tenant_id", "scope_type", "scope_id", "community_id", "user_id",
		"role", "status", "version", "joined_at", "updated_at")
	if err != nil {
		return err
	}
	members.requires = "EXISTS (SELECT FROM groups g WHERE g.tenant_id = s.tenant_id AND g.community_id = s.community_id AND g.id = s.scope_id)"
	for _, g := range order {
		status := "active"
		if g.archived {
			status = "archived"
		}
		// Who could join was for administrators to decide; a request asks them.
		err := groups.add(g.tenant, g.group.id, g.scopeType(), g.community, g.name, g.description, "request", status, g.CreatedBy, g.CreatedAt, timeOr(g.UpdatedAt, g.CreatedAt),
			fold(g.name), fold(g.name+"\n"+g.description))
		if err != nil {
			return err
		}
		for _, user := range sorted(g.joined) {
			at := g.joined[user]
			if err := members.add(g.tenant, g.scopeType(), g.group.id, g.community, user, g.roles[user], "active", 1, at, at); err != nil {
				return err
			}
			if err := r.fact(joinedGroup(g.group, user, at)); err != nil {
				return err
			}
		}
		r.groups[g.group.id] = g.group
		if err := r.groupItem(g); err != nil {
			return err
		}
	}
	if err := groups.store(); err != nil {
		return err
	}
	return r.storeGroupMembers(members)
}

// storeGroupMembers counts the members of groups once, where the trigger would for each of them. Rules that constraint triggers hold are
// checked nevertheless.
func (r *run) storeGroupMembers(members *table) error {
	if _, err := r.exec("portal", "ALTER TABLE memberships DISABLE TRIGGER memberships_count"); err != nil {
		return err
	}
	if err := members.store(); err != nil {
		return err
	}
	for _, statement := range []string{
		"SET CONSTRAINTS memberships_team_within IMMEDIATE", // a table with triggers that wait cannot be altered
		"ALTER TABLE memberships ENABLE TRIGGER memberships_count",
		`UPDATE groups g SET members = c.members, owners = c.owners FROM (
			SELECT tenant_id, scope_id, count(*) AS members, count(*) FILTER (WHERE role = 'owner') AS owners FROM memberships WHERE status = 'active' GROUP BY 1, 2
		) AS c WHERE g.tenant_id = c.tenant_id AND g.id = c.scope_id AND (g.members, g.owners) IS DISTINCT FROM (c.members, c.owners)`,
	} {
		if _, err := r.exec("portal", statement); err != nil {
			return err
		}
	}
	return nil
}
