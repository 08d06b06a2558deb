package portstest

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	groupsdomain "go.updspace.com/portal/groups/domain"
)

type memoryTraces struct{ *Memory }

// byID is a page of things in the order of their ids.
func byID[T any](all []T, id func(T) uuid.UUID, after uuid.UUID, limit int) []T {
	all = slices.DeleteFunc(all, func(v T) bool { return strings.Compare(id(v).String(), after.String()) <= 0 })
	slices.SortFunc(all, func(a, b T) int { return strings.Compare(id(a).String(), id(b).String()) })
	return all[:min(limit, len(all))]
}

func (m memoryTraces) Communities(ctx context.Context, user uuid.UUID, limit int) ([]uuid.UUID, error) {
	found := map[uuid.UUID]bool{}
	note := func(community uuid.UUID, who ...uuid.UUID) {
		if slices.Contains(who, user) {
			found[community] = true
		}
	}
	m.use(ctx, func(s *state) {
		for key, v := range s.memberships {
			if sees(ctx, key.tenant) && v.Role() != groupsdomain.RoleNone {
				note(v.Data().CommunityID, key.User)
			}
		}
		for _, g := range s.groups {
			if sees(ctx, g.Data().TenantID) {
				note(g.Data().CommunityID, g.Data().CreatedBy)
			}
		}
		for _, v := range s.requests {
			if d := v.value.Data(); sees(ctx, v.tenant) {
				note(d.CommunityID, d.UserID, d.DecidedBy)
			}
		}
		for _, v := range s.invites {
			if d := v.value.Data(); sees(ctx, v.tenant) {
				note(d.CommunityID, d.UserID, d.Maker.User)
			}
		}
		for _, v := range s.bans {
			if d := v.value.Data(); sees(ctx, v.tenant) {
				note(d.CommunityID, d.UserID, d.CreatedBy)
			}
		}
		for _, v := range s.links {
			if sees(ctx, v.tenant) {
				note(v.value.Data().CommunityID, v.value.Data().Maker.User)
			}
		}
	})
	return byID(slices.Collect(maps.Keys(found)), func(id uuid.UUID) uuid.UUID { return id }, uuid.Nil, limit), nil
}

func (m memoryTraces) Erase(ctx context.Context, community, user uuid.UUID) (communities, teams int64, err error) {
	anonymize := func(who *uuid.UUID) int {
		if *who != user {
			return 0
		}
		*who = uuid.Nil
		return 1
	}
	m.use(ctx, func(s *state) {
		maps.DeleteFunc(s.requests, func(_ uuid.UUID, v owned[groupsdomain.JoinRequest]) bool {
			d := v.value.Data()
			return sees(ctx, v.tenant) && d.CommunityID == community && d.UserID == user
		})
		maps.DeleteFunc(s.invites, func(_ uuid.UUID, v owned[groupsdomain.Invite]) bool {
			d := v.value.Data()
			return sees(ctx, v.tenant) && d.CommunityID == community && d.UserID == user
		})
		s.bans = slices.DeleteFunc(slices.Clone(s.bans), func(v owned[groupsdomain.Ban]) bool {
			d := v.value.Data()
			return sees(ctx, v.tenant) && d.CommunityID == community && d.UserID == user
		})
		for i, v := range s.bans {
			if d := v.value.Data(); sees(ctx, v.tenant) && d.CommunityID == community && anonymize(&d.CreatedBy) > 0 {
				s.bans[i] = owned[groupsdomain.Ban]{v.tenant, groupsdomain.RestoreBan(d)}
			}
		}
		for id, v := range s.requests {
			if d := v.value.Data(); sees(ctx, v.tenant) && d.CommunityID == community && anonymize(&d.DecidedBy) > 0 {
				s.requests[id] = owned[groupsdomain.JoinRequest]{v.tenant, groupsdomain.RestoreJoinRequest(d)}
			}
		}
		for id, v := range s.invites {
			if d := v.value.Data(); sees(ctx, v.tenant) && d.CommunityID == community && anonymize(&d.Maker.User) > 0 {
				s.invites[id] = owned[groupsdomain.Invite]{v.tenant, groupsdomain.RestoreInvite(d)}
			}
		}
		for id, v := range s.links {
			if d := v.value.Data(); sees(ctx, v.tenant) && d.CommunityID == community && anonymize(&d.Maker.User) > 0 {
				s.links[id] = owned[groupsdomain.InviteLink]{v.tenant, groupsdomain.RestoreInviteLink(d)}
			}
		}
		for id, g := range s.groups {
			d := g.Data()
			if !sees(ctx, d.TenantID) || d.CommunityID != community || anonymize(&d.CreatedBy) == 0 {
				continue
			}
			s.groups[id] = groupsdomain.RestoreGroup(d)
			if d.Kind == authz.ScopeTeam {
				teams++
			} else {
				communities++
			}
		}
	})
	return communities, teams, nil
}

// RemoveProfile is what an erasure does.
func (m *Memory) RemoveProfile(ctx context.Context, user uuid.UUID) error {
	m.use(ctx, func(s *state) { delete(s.profiles, ownKey{tenantOf(ctx), user}) })
	return nil
}
