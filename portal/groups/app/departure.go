package app

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/portal/groups/domain"
	"go.updspace.com/portal/groups/ports"
)

// Departures end what a user is in the groups of a tenant: because identity disabled the user's tenant membership, or
// because the user's data is erased. Both work inside Tx.Do.
type Departures struct{ Deps }

// Departure counts what ended, and the groups that no longer name their maker.
type Departure struct {
	CommunityMemberships, TeamMemberships int64
	Communities, Teams                    int64
}

// eraseBatch is how many communities are read at once.
const eraseBatch = 100

// LeaveTenant ends the memberships of a user who is no longer a member of the tenant, and closes the user's join requests
// and invitations.
func (s Departures) LeaveTenant(ctx context.Context, user uuid.UUID) error {
	memberships, err := s.Members.All(ctx, user)
	if err != nil {
		return err
	}
	for _, m := range memberships { // communities come first, in the order of their ids
		if d := m.Data(); d.Scope.Type == authz.ScopeCommunity {
			if err := s.leave(ctx, d.CommunityID, user, new(Departure)); err != nil {
				return err
			}
		}
	}
	return s.Pending.Close(ctx, uuid.Nil, user, s.Clock.Now())
}

// Erase ends the memberships of a user and removes the user from everything else in groups. It goes through the communities
// in the order of their ids, so that two erasures do not wait for each other.
func (s Departures) Erase(ctx context.Context, user uuid.UUID) (done Departure, err error) {
	erased := map[uuid.UUID]bool{}
	for {
		communities, err := s.Traces.Communities(ctx, user, eraseBatch)
		if err != nil || len(communities) == 0 {
			return done, err
		}
		for _, community := range communities {
			if erased[community] {
				return done, errs.Internalf("portal: data of user %s remains in community %s", user, community)
			}
			erased[community] = true
			if err := s.leave(ctx, community, user, &done); err != nil {
				return done, err
			}
			communities, teams, err := s.Traces.Erase(ctx, community, user)
			if err != nil {
				return done, err
			}
			done.Communities += communities
			done.Teams += teams
		}
	}
}

// leave ends the memberships of a user in a community and its teams. Groups without another owner get a successor.
func (s Departures) leave(ctx context.Context, community, user uuid.UUID, done *Departure) error {
	locked, err := s.Groups.Lock(ctx, community)
	if errors.Is(err, domain.ErrGroupNotFound) {
		return nil // deleted meanwhile
	}
	if err != nil {
		return err
	}
	m, err := s.Members.OfUser(ctx, locked, user)
	if err != nil {
		return err
	}
	by, now := authz.Actor{Tenant: reqctx.From(ctx).TenantID}, s.Clock.Now()
	for _, group := range m.SoleOwned() {
		if err := s.transferOwnership(ctx, by, domain.GroupInCommunity{Community: locked.Community, Group: group}, now); err != nil {
			return err
		}
	}
	if m, err = s.Members.OfUser(ctx, locked, user); err != nil { // with the successors
		return err
	}
	changes, err := m.RemoveAll(now)
	if err != nil {
		return err
	}
	for _, change := range changes {
		if change.Group.Scope().Type == authz.ScopeTeam {
			done.TeamMemberships++
		} else {
			done.CommunityMemberships++
		}
	}
	return s.apply(ctx, by, changes)
}

// transferOwnership makes the longest-standing moderator the owner of a group, or else the longest-standing member. A group
// without other members is archived.
func (s Departures) transferOwnership(ctx context.Context, by authz.Actor, g domain.GroupInCommunity, now time.Time) error {
	for _, role := range []domain.Role{domain.RoleModerator, domain.RoleMember} {
		found, err := s.Members.List(ctx, ports.MemberSearch{Group: g.Group.ID(), Role: role}, ports.MemberKey{}, 1)
		if err != nil {
			return err
		}
		if len(found) > 0 {
			return s.makeOwner(ctx, by, g, found[0].Data().UserID, now)
		}
	}
	_, err := s.setStatus(ctx, by, g, domain.StatusArchived, now)
	return err
}
