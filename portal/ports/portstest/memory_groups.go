package portstest

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"

	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

type memoryGroups struct{ *Memory }

func (m memoryGroups) Find(ctx context.Context, scope domain.Scope) (place domain.Place, err error) {
	m.use(ctx, func(s *state) { place, err = s.place(ctx, scope) })
	return place, err
}

func (s *state) place(ctx context.Context, scope domain.Scope) (domain.Place, error) {
	g, ok := s.groups[scope.ID]
	if !ok || g.Data().TenantID != tenantOf(ctx) || g.Scope() != scope {
		if scope.Type == domain.ScopeTeam {
			return domain.Place{}, domain.ErrTeamNotFound
		}
		return domain.Place{}, domain.ErrCommunityNotFound
	}
	return domain.Place{Community: s.counted(s.groups[g.Data().CommunityID]), Group: s.counted(g)}, nil
}

func (s *state) counted(g domain.Group) domain.Group {
	d := g.Data()
	d.Members, d.Owners = s.count(d.ID, domain.Nobody), s.count(d.ID, domain.RoleOwner)
	return domain.RestoreGroup(d)
}

func (m memoryGroups) Lock(ctx context.Context, scope domain.Scope) (domain.Place, error) {
	if ctx.Value(inTx{}) == nil {
		return domain.Place{}, errLock
	}
	return m.Find(ctx, scope)
}

func (m memoryGroups) Add(ctx context.Context, group domain.Group) (err error) {
	m.use(ctx, func(s *state) { err = s.put(group) })
	return err
}

func (m memoryGroups) Update(ctx context.Context, group domain.Group) (err error) {
	m.use(ctx, func(s *state) {
		if _, err = s.place(ctx, group.Scope()); err == nil {
			err = s.put(group)
		}
	})
	return err
}

func (s *state) put(group domain.Group) error {
	d := group.Data()
	for id, other := range s.groups {
		o := other.Data()
		if id != d.ID && o.TenantID == d.TenantID && o.Kind == d.Kind && domain.Fold(o.Name) == domain.Fold(d.Name) &&
			(d.Kind == domain.ScopeCommunity || o.CommunityID == d.CommunityID) {
			return domain.ErrDuplicate
		}
	}
	s.groups[d.ID] = group
	return nil
}

func (m memoryGroups) Delete(ctx context.Context, scope domain.Scope) error {
	m.use(ctx, func(s *state) {
		if _, err := s.place(ctx, scope); err != nil {
			return
		}
		gone := func(group, community uuid.UUID) bool { return group == scope.ID || community == scope.ID }
		maps.DeleteFunc(s.groups, func(id uuid.UUID, g domain.Group) bool { return gone(id, g.Data().CommunityID) })
		maps.DeleteFunc(s.memberships, func(k membershipKey, v domain.Membership) bool { return gone(k.Scope.ID, v.Data().CommunityID) })
		maps.DeleteFunc(s.requests, func(_ uuid.UUID, v owned[domain.Request]) bool {
			return gone(v.value.Data().Scope.ID, v.value.Data().CommunityID)
		})
		maps.DeleteFunc(s.invites, func(_ uuid.UUID, v owned[domain.Invite]) bool {
			return gone(v.value.Data().Scope.ID, v.value.Data().CommunityID)
		})
		maps.DeleteFunc(s.links, func(_ uuid.UUID, v owned[domain.Link]) bool {
			return gone(v.value.Data().Scope.ID, v.value.Data().CommunityID)
		})
		maps.DeleteFunc(s.posts, func(_ ownKey, v storedPost) bool {
			return gone(v.post.Data().Place.TeamID, v.post.Data().Place.CommunityID)
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

func (m memoryGroups) List(ctx context.Context, search ports.GroupSearch, after ports.GroupKey, limit int) (found []domain.Group, err error) {
	m.use(ctx, func(s *state) {
		for _, g := range s.groups {
			if d := g.Data(); d.TenantID == tenantOf(ctx) && s.matches(g, search) && comparePlaces(ports.KeyOf(g), after) > 0 {
				found = append(found, s.counted(g))
			}
		}
	})
	slices.SortFunc(found, func(a, b domain.Group) int { return comparePlaces(ports.KeyOf(a), ports.KeyOf(b)) })
	return found[:min(limit, len(found))], nil
}

func (s *state) matches(g domain.Group, search ports.GroupSearch) bool {
	d := g.Data()
	member := ports.WalkKey{Scope: g.Scope(), User: search.Member}
	return (search.Kind == "" || d.Kind == search.Kind) &&
		(search.Within == uuid.Nil || d.CommunityID == search.Within) &&
		(search.Status == "" || d.Status == search.Status) &&
		(search.Member == uuid.Nil || s.memberships[membershipKey{d.TenantID, member}].Role() != domain.Nobody) &&
		strings.Contains(domain.Fold(d.Name+"\n"+d.Description), domain.Fold(strings.TrimSpace(search.Words)))
}

func comparePlaces(a, b ports.GroupKey) int {
	return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID.String(), b.ID.String()))
}

type memoryMemberships struct{ *Memory }

func (m memoryMemberships) Belonging(ctx context.Context, place domain.Place, user uuid.UUID) (b domain.Belonging, err error) {
	m.use(ctx, func(s *state) {
		b.User = user
		seat := func(g domain.Group) domain.Seat {
			return domain.Seat{Group: s.counted(g), Membership: s.memberships[membershipKey{tenantOf(ctx), ports.WalkKey{Scope: g.Scope(), User: user}}]}
		}
		b.Community = seat(s.groups[place.Community.ID()])
		for id, g := range s.groups {
			if g.Data().CommunityID != place.Community.ID() || id == place.Community.ID() {
				continue
			}
			if team := seat(g); id == place.Group.ID() || team.Membership.Role() != domain.Nobody {
				b.Teams = append(b.Teams, team)
			}
		}
	})
	slices.SortFunc(b.Teams, func(x, y domain.Seat) int { return strings.Compare(x.Group.ID().String(), y.Group.ID().String()) })
	return b, nil
}

func (m memoryMemberships) Store(ctx context.Context, memberships ...domain.Membership) (err error) {
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

func (m memoryMemberships) Find(ctx context.Context, scope domain.Scope, user uuid.UUID) (found domain.Membership, err error) {
	m.use(ctx, func(s *state) {
		found = s.memberships[membershipKey{tenantOf(ctx), ports.WalkKey{Scope: scope, User: user}}]
	})
	if found.Role() == domain.Nobody {
		return domain.Membership{}, domain.ErrMemberNotFound
	}
	return found, nil
}

func (m memoryMemberships) Roles(ctx context.Context, user uuid.UUID, groups ...uuid.UUID) (map[uuid.UUID]domain.Role, error) {
	roles := map[uuid.UUID]domain.Role{}
	for _, v := range m.active(ctx, func(v domain.Membership) bool {
		return v.Data().UserID == user && slices.Contains(groups, v.Data().Scope.ID)
	}) {
		roles[v.Data().Scope.ID] = v.Role()
	}
	return roles, nil
}

func (m memoryMemberships) List(ctx context.Context, search ports.MemberSearch, after ports.MemberKey, limit int) ([]domain.Membership, error) {
	order := func(a, b domain.Membership) int {
		return cmp.Or(a.Data().JoinedAt.Compare(b.Data().JoinedAt), strings.Compare(a.Data().UserID.String(), b.Data().UserID.String()))
	}
	words := domain.Fold(strings.TrimSpace(search.Words))
	found := m.active(ctx, func(v domain.Membership) bool {
		d := v.Data()
		return d.Scope == search.Scope && (search.Role == domain.Nobody || d.Role == search.Role) &&
			(words == "" || m.state.called(ctx, d.UserID, words)) &&
			(after.User == uuid.Nil || cmp.Or(d.JoinedAt.Compare(after.JoinedAt), strings.Compare(d.UserID.String(), after.User.String())) > 0)
	})
	slices.SortFunc(found, order)
	return found[:min(limit, len(found))], nil
}

func (m memoryMemberships) Of(ctx context.Context, user uuid.UUID) ([]domain.Membership, error) {
	return m.active(ctx, func(v domain.Membership) bool { return v.Data().UserID == user }), nil
}

func (m memoryMemberships) Check(ctx context.Context, pairs ...ports.Pair) ([]domain.Role, error) {
	roles := make([]domain.Role, len(pairs))
	for i, p := range pairs {
		found, err := m.Find(ctx, p.Scope, p.User)
		if err == nil {
			roles[i] = found.Role()
		}
	}
	return roles, nil
}

func (m memoryMemberships) Walk(ctx context.Context, after ports.WalkKey, limit int) ([]domain.Membership, error) {
	found := m.active(ctx, func(v domain.Membership) bool { return compareKeys(keyOf(v), after) > 0 })
	return found[:min(limit, len(found))], nil
}

// active lists memberships of the tenant in the order of their keys.
func (m memoryMemberships) active(ctx context.Context, keep func(domain.Membership) bool) (found []domain.Membership) {
	m.use(ctx, func(s *state) {
		for key, v := range s.memberships {
			if key.tenant == tenantOf(ctx) && v.Role() != domain.Nobody && keep(v) {
				found = append(found, v)
			}
		}
	})
	slices.SortFunc(found, func(a, b domain.Membership) int { return compareKeys(keyOf(a), keyOf(b)) })
	return found
}
