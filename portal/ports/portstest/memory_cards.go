package portstest

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/valid"
	contentdomain "go.updspace.com/portal/content/domain"
	contentports "go.updspace.com/portal/content/ports"
	groupsdomain "go.updspace.com/portal/groups/domain"
	groupsports "go.updspace.com/portal/groups/ports"
)

type memoryCards struct{ *Memory }

func (m memoryCards) Cards(ctx context.Context, viewer groupsports.CardViewer, groups ...uuid.UUID) (map[uuid.UUID]groupsdomain.Card, error) {
	cards := map[uuid.UUID]groupsdomain.Card{}
	m.use(ctx, func(s *state) {
		for _, id := range groups {
			if g, ok := s.groups[id]; ok && g.Data().TenantID == tenantOf(ctx) {
				cards[id] = s.card(g, viewer)
			}
		}
	})
	return cards, nil
}

func (s *state) card(g groupsdomain.Group, viewer groupsports.CardViewer) groupsdomain.Card {
	card := groupsdomain.Card{CommunityName: s.groups[g.Data().CommunityID].Data().Name}
	var members []groupsdomain.Membership
	for key, m := range s.memberships {
		if key.Scope != g.Scope() || m.Role() == groupsdomain.RoleNone {
			continue
		}
		members = append(members, m)
		if key.User == viewer.User {
			card.Role = m.Role()
		}
	}
	for id, r := range s.requests {
		if d := r.value.Data(); d.Scope == g.Scope() && d.UserID == viewer.User && d.Status == groupsdomain.RequestPending {
			card.JoinRequest = id
		}
	}
	for id, i := range s.invites {
		d := i.value.Data()
		if d.Scope == g.Scope() && d.UserID == viewer.User && d.Status == groupsdomain.InvitePending && d.ExpiresAt.After(viewer.At) {
			card.Invite = id
		}
	}
	if g.Scope().Type == authz.ScopeCommunity && !viewer.Faces || g.Scope().Type == authz.ScopeTeam && !viewer.TeamFaces {
		return card
	}
	slices.SortFunc(members, func(a, b groupsdomain.Membership) int {
		return cmp.Or(a.Data().JoinedAt.Compare(b.Data().JoinedAt), strings.Compare(a.Data().UserID.String(), b.Data().UserID.String()))
	})
	for _, m := range members[:min(len(members), groupsdomain.MaxFaces)] {
		user := m.Data().UserID
		p := s.profiles[ownKey{g.Data().TenantID, user}]
		card.Faces = append(card.Faces, groupsdomain.Face{User: user, Name: p.Name(), Avatar: p.Data().AvatarID})
	}
	return card
}

type memoryPeople struct{ *Memory }

func (m memoryPeople) Lookup(ctx context.Context, users []uuid.UUID) (people []contentdomain.Person, err error) {
	m.use(ctx, func(s *state) {
		for _, user := range users {
			if p, ok := s.profiles[ownKey{tenantOf(ctx), user}]; ok {
				people = append(people, personOf(p))
			}
		}
	})
	return people, nil
}

func (m memoryPeople) List(
	ctx context.Context, search contentports.PeopleSearch, after contentports.PersonKey, limit int,
) (found []contentports.ListedPerson, err error) {
	m.use(ctx, func(s *state) {
		for key, p := range s.profiles {
			listed := contentports.ListedPerson{Person: personOf(p), Key: contentports.PersonKey{Name: valid.Fold(p.Name()), User: key.id}}
			member := membershipKey{key.tenant, groupsports.MembershipKey{Scope: search.Group, User: key.id}}
			if key.tenant != tenantOf(ctx) || !listed.Member || !hasName(p, strings.TrimSpace(search.Query)) || comparePeople(listed.Key, after) <= 0 ||
				search.Group != (authz.Scope{}) && s.memberships[member].Role() == groupsdomain.RoleNone {
				continue
			}
			for of, v := range s.memberships {
				if of.tenant == key.tenant && of.User == key.id && of.Scope.Type == authz.ScopeCommunity && v.Role() != groupsdomain.RoleNone {
					listed.Communities++
				}
			}
			found = append(found, listed)
		}
	})
	slices.SortFunc(found, func(a, b contentports.ListedPerson) int { return comparePeople(a.Key, b.Key) })
	return found[:min(limit, len(found))], nil
}

func comparePeople(a, b contentports.PersonKey) int {
	return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.User.String(), b.User.String()))
}

func personOf(p contentdomain.Profile) contentdomain.Person {
	d := p.Data()
	return contentdomain.Person{User: d.UserID, Name: p.Name(), Username: d.Username, Avatar: d.AvatarID, Member: d.Member}
}
