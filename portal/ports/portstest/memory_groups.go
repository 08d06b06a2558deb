package portstest

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/valid"
	groupsdomain "go.updspace.com/portal/groups/domain"
	groupsports "go.updspace.com/portal/groups/ports"
)

type memoryGroups struct{ *Memory }

func (m memoryGroups) Find(ctx context.Context, id uuid.UUID) (found groupsdomain.GroupInCommunity, err error) {
	m.use(ctx, func(s *state) { found, err = s.group(ctx, id) })
	return found, err
}

func (s *state) group(ctx context.Context, id uuid.UUID) (groupsdomain.GroupInCommunity, error) {
	g, ok := s.groups[id]
	if !ok || g.Data().TenantID != tenantOf(ctx) {
		return groupsdomain.GroupInCommunity{}, groupsdomain.ErrGroupNotFound
	}
	return groupsdomain.GroupInCommunity{Community: s.counted(s.groups[g.Data().CommunityID]), Group: s.counted(g)}, nil
}

func (s *state) counted(g groupsdomain.Group) groupsdomain.Group {
	d := g.Data()
	d.Members, d.Owners = s.count(d.ID, groupsdomain.RoleNone), s.count(d.ID, groupsdomain.RoleOwner)
	return groupsdomain.RestoreGroup(d)
}

func (m memoryGroups) Lock(ctx context.Context, id uuid.UUID) (groupsdomain.GroupInCommunity, error) {
	if ctx.Value(inTx{}) == nil {
		return groupsdomain.GroupInCommunity{}, errLock
	}
	return m.Find(ctx, id)
}

func (m memoryGroups) Add(ctx context.Context, group groupsdomain.Group) (err error) {
	m.use(ctx, func(s *state) { err = s.put(group) })
	return err
}

func (m memoryGroups) Update(ctx context.Context, group groupsdomain.Group) (err error) {
	m.use(ctx, func(s *state) {
		if _, err = s.group(ctx, group.ID()); err == nil {
			err = s.put(group)
		}
	})
	return err
}

func (s *state) put(group groupsdomain.Group) error {
	d := group.Data()
	for id, other := range s.groups {
		o := other.Data()
		if id != d.ID && o.TenantID == d.TenantID && o.Kind == d.Kind && valid.Fold(o.Name) == valid.Fold(d.Name) &&
			(d.Kind == authz.ScopeCommunity || o.CommunityID == d.CommunityID) {
			return groupsdomain.ErrNameTaken
		}
	}
	s.groups[d.ID] = group
	return nil
}

func (m memoryGroups) Delete(ctx context.Context, id uuid.UUID) error {
	m.use(ctx, func(s *state) {
		if _, err := s.group(ctx, id); err != nil {
			return
		}
		gone := func(group, community uuid.UUID) bool { return group == id || community == id }
		maps.DeleteFunc(s.groups, func(group uuid.UUID, g groupsdomain.Group) bool { return gone(group, g.Data().CommunityID) })
		maps.DeleteFunc(s.memberships, func(k membershipKey, v groupsdomain.Membership) bool { return gone(k.Scope.ID, v.Data().CommunityID) })
		maps.DeleteFunc(s.requests, func(_ uuid.UUID, v owned[groupsdomain.JoinRequest]) bool {
			return gone(v.value.Data().Scope.ID, v.value.Data().CommunityID)
		})
		maps.DeleteFunc(s.invites, func(_ uuid.UUID, v owned[groupsdomain.Invite]) bool {
			return gone(v.value.Data().Scope.ID, v.value.Data().CommunityID)
		})
		maps.DeleteFunc(s.links, func(_ uuid.UUID, v owned[groupsdomain.InviteLink]) bool {
			return gone(v.value.Data().Scope.ID, v.value.Data().CommunityID)
		})
		s.bans = slices.DeleteFunc(slices.Clone(s.bans), func(v owned[groupsdomain.Ban]) bool {
			return gone(v.value.Data().Scope.ID, v.value.Data().CommunityID)
		})
		maps.DeleteFunc(s.posts, func(_ ownKey, v storedPost) bool {
			return gone(v.post.Data().Scope.TeamID, v.post.Data().Scope.CommunityID)
		})
		s.detach()
	})
	return nil
}

func (m memoryGroups) Names(ctx context.Context, groups ...uuid.UUID) (map[uuid.UUID]string, error) {
	names := map[uuid.UUID]string{}
	m.use(ctx, func(s *state) {
		for _, id := range groups {
			if g, ok := s.groups[id]; ok && g.Data().TenantID == tenantOf(ctx) {
				names[id] = g.Data().Name
			}
		}
	})
	return names, nil
}

func (m memoryGroups) List(ctx context.Context, search groupsports.GroupSearch, after groupsports.GroupKey, limit int) (found []groupsdomain.Group, err error) {
	m.use(ctx, func(s *state) {
		for _, g := range s.groups {
			if d := g.Data(); d.TenantID == tenantOf(ctx) && s.matches(g, search) && comparePlaces(groupsports.GroupKeyOf(g), after) > 0 {
				found = append(found, s.counted(g))
			}
		}
	})
	slices.SortFunc(found, func(a, b groupsdomain.Group) int {
		return comparePlaces(groupsports.GroupKeyOf(a), groupsports.GroupKeyOf(b))
	})
	return found[:min(limit, len(found))], nil
}

func (s *state) matches(g groupsdomain.Group, search groupsports.GroupSearch) bool {
	d := g.Data()
	member := groupsports.MembershipKey{Scope: g.Scope(), User: search.Member}
	return (search.Kind == "" || d.Kind == search.Kind) &&
		(search.Community == uuid.Nil || d.CommunityID == search.Community) &&
		(search.Status == "" || d.Status == search.Status) &&
		(search.Member == uuid.Nil || s.memberships[membershipKey{d.TenantID, member}].Role() != groupsdomain.RoleNone) &&
		(search.Within == nil || search.Within.InTeam(d.CommunityID, d.ID) || search.Within.Tenant && d.Kind == authz.ScopeCommunity) &&
		strings.Contains(valid.Fold(d.Name+"\n"+d.Description), valid.Fold(strings.TrimSpace(search.Query)))
}

func comparePlaces(a, b groupsports.GroupKey) int {
	return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID.String(), b.ID.String()))
}

type memoryMemberships struct{ *Memory }

func (m memoryMemberships) OfUser(ctx context.Context, place groupsdomain.GroupInCommunity, user uuid.UUID) (b groupsdomain.UserMemberships, err error) {
	m.use(ctx, func(s *state) {
		b.User = user
		seat := func(g groupsdomain.Group) groupsdomain.GroupMembership {
			return groupsdomain.GroupMembership{Group: s.counted(g), Membership: s.memberships[membershipKey{tenantOf(ctx), groupsports.MembershipKey{Scope: g.Scope(), User: user}}]}
		}
		b.Community = seat(s.groups[place.Community.ID()])
		for id, g := range s.groups {
			if g.Data().CommunityID != place.Community.ID() || id == place.Community.ID() {
				continue
			}
			if team := seat(g); id == place.Group.ID() || team.Membership.Role() != groupsdomain.RoleNone {
				b.Teams = append(b.Teams, team)
			}
		}
		for _, ban := range s.bans {
			if d := ban.value.Data(); ban.tenant == tenantOf(ctx) && d.CommunityID == place.Community.ID() && d.UserID == user {
				b.Bans = append(b.Bans, ban.value)
			}
		}
	})
	slices.SortFunc(b.Teams, func(x, y groupsdomain.GroupMembership) int {
		return strings.Compare(x.Group.ID().String(), y.Group.ID().String())
	})
	return b, nil
}

func (m memoryMemberships) Store(ctx context.Context, memberships ...groupsdomain.Membership) (err error) {
	m.use(ctx, func(s *state) {
		for _, v := range memberships {
			key := membershipKey{tenantOf(ctx), keyOf(v)}
			if s.memberships[key].Data().Version != v.Data().Version-1 {
				err = errors.New("portstest: membership changed without the lock")
				return
			}
			s.memberships[key] = v
		}
	})
	return err
}

func (m memoryMemberships) Find(ctx context.Context, group, user uuid.UUID) (groupsdomain.Membership, error) {
	found := m.active(ctx, func(v groupsdomain.Membership) bool { return v.Data().Scope.ID == group && v.Data().UserID == user })
	if len(found) == 0 {
		return groupsdomain.Membership{}, groupsdomain.ErrMemberNotFound
	}
	return found[0], nil
}

func (m memoryMemberships) Roles(ctx context.Context, user uuid.UUID, groups ...uuid.UUID) (map[uuid.UUID]groupsdomain.Role, error) {
	roles := map[uuid.UUID]groupsdomain.Role{}
	for _, v := range m.active(ctx, func(v groupsdomain.Membership) bool {
		return v.Data().UserID == user && slices.Contains(groups, v.Data().Scope.ID)
	}) {
		roles[v.Data().Scope.ID] = v.Role()
	}
	return roles, nil
}

func (m memoryMemberships) List(ctx context.Context, search groupsports.MemberSearch, after groupsports.MemberKey, limit int) ([]groupsdomain.Membership, error) {
	order := func(a, b groupsdomain.Membership) int {
		return cmp.Or(a.Data().JoinedAt.Compare(b.Data().JoinedAt), strings.Compare(a.Data().UserID.String(), b.Data().UserID.String()))
	}
	words := valid.Fold(strings.TrimSpace(search.Query))
	found := m.active(ctx, func(v groupsdomain.Membership) bool {
		d := v.Data()
		return d.Scope.ID == search.Group && (search.Role == groupsdomain.RoleNone || d.Role == search.Role) &&
			(words == "" || m.state.called(ctx, d.UserID, words)) &&
			(after.User == uuid.Nil || cmp.Or(d.JoinedAt.Compare(after.JoinedAt), strings.Compare(d.UserID.String(), after.User.String())) > 0)
	})
	slices.SortFunc(found, order)
	return found[:min(limit, len(found))], nil
}

func (m memoryMemberships) All(ctx context.Context, user uuid.UUID) ([]groupsdomain.Membership, error) {
	return m.active(ctx, func(v groupsdomain.Membership) bool { return v.Data().UserID == user }), nil
}

func (m memoryMemberships) Check(ctx context.Context, keys ...groupsports.MembershipKey) (roles []groupsdomain.Role, err error) {
	m.use(ctx, func(s *state) {
		for _, k := range keys {
			roles = append(roles, s.memberships[membershipKey{tenantOf(ctx), k}].Role())
		}
	})
	return roles, nil
}

func (m memoryMemberships) Range(ctx context.Context, after groupsports.MembershipKey, limit int) ([]groupsdomain.Membership, error) {
	found := m.active(ctx, func(v groupsdomain.Membership) bool { return compareKeys(keyOf(v), after) > 0 })
	return found[:min(limit, len(found))], nil
}

// active lists memberships of the tenant in the order of their keys.
func (m memoryMemberships) active(ctx context.Context, keep func(groupsdomain.Membership) bool) (found []groupsdomain.Membership) {
	m.use(ctx, func(s *state) {
		for key, v := range s.memberships {
			if key.tenant == tenantOf(ctx) && v.Role() != groupsdomain.RoleNone && keep(v) {
				found = append(found, v)
			}
		}
	})
	slices.SortFunc(found, func(a, b groupsdomain.Membership) int { return compareKeys(keyOf(a), keyOf(b)) })
	return found
}

func (m memoryMemberships) Ranks(ctx context.Context, user uuid.UUID) (map[uuid.UUID]int, error) {
	ranks := map[uuid.UUID]int{}
	for _, v := range m.active(ctx, func(v groupsdomain.Membership) bool { return v.Data().UserID == user }) {
		ranks[v.Data().Scope.ID] = v.Role().Rank()
	}
	return ranks, nil
}

func keyOf(m groupsdomain.Membership) groupsports.MembershipKey {
	return groupsports.MembershipKey{Scope: m.Data().Scope, User: m.Data().UserID}
}

func compareKeys(a, b groupsports.MembershipKey) int {
	return cmp.Or(
		strings.Compare(string(a.Scope.Type), string(b.Scope.Type)),
		strings.Compare(a.Scope.ID.String(), b.Scope.ID.String()),
		strings.Compare(a.User.String(), b.User.String()),
	)
}
