package app

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/portal/domain"
)

// CreateTeam is what the maker of a team sends.
type CreateTeam struct {
	Community uuid.UUID
	Team      domain.GroupDraft
}

// Validate checks what can be told without looking anything up.
func (in CreateTeam) Validate() error {
	fields := errs.Fields{}
	fields.Check(in.Community != uuid.Nil, "community_id", "is required")
	return fields.Err()
}

// CreateCommunity makes a community. Its maker becomes its owner.
func (s *Groups) CreateCommunity(ctx context.Context, by domain.Actor, in domain.GroupDraft) (GroupView, error) {
	if err := s.gate.require(ctx, domain.PermissionCommunitiesCreate, domain.TenantScope(by.Tenant)); err != nil {
		return GroupView{}, err
	}
	var moves []domain.Move
	id, err := s.once.Once(ctx, "createCommunity", in, func(ctx context.Context) (uuid.UUID, error) {
		group, err := domain.NewCommunity(by, in, s.clock.Now())
		if err != nil {
			return uuid.Nil, err
		}
		moves, err = s.found(ctx, by, group, domain.Belonging{User: by.User})
		return group.ID(), err
	})
	if err != nil {
		return GroupView{}, err
	}
	s.tell(ctx, moves)
	return s.view(ctx, by, domain.CommunityScope(id))
}

// CreateTeam makes a team. Its maker becomes its owner, and a member of the community.
func (s *Groups) CreateTeam(ctx context.Context, by domain.Actor, in CreateTeam) (GroupView, error) {
	if err := in.Validate(); err != nil {
		return GroupView{}, err
	}
	community := domain.CommunityScope(in.Community)
	if err := s.gate.require(ctx, domain.PermissionTeamsCreate, community); err != nil {
		return GroupView{}, err
	}
	var moves []domain.Move
	id, err := s.create(ctx, "createTeam", in, community, func(ctx context.Context, place domain.Place, now time.Time) (uuid.UUID, error) {
		group, err := domain.NewTeam(by, place.Community, in.Team, now)
		if err != nil {
			return uuid.Nil, err
		}
		maker, err := s.members.Belonging(ctx, place, by.User)
		if err != nil {
			return uuid.Nil, err
		}
		moves, err = s.found(ctx, by, group, maker)
		return group.ID(), err
	})
	if err != nil {
		return GroupView{}, err
	}
	s.tell(ctx, moves)
	return s.view(ctx, by, domain.TeamScope(id))
}

// found stores a new group with its first owner.
func (s *Groups) found(ctx context.Context, by domain.Actor, group domain.Group, maker domain.Belonging) ([]domain.Move, error) {
	now := s.clock.Now()
	if err := s.groups.Add(ctx, group); err != nil {
		return nil, err
	}
	if err := s.said(ctx, by, group, "created", domain.GroupCreated{GroupEvent: domain.GroupEvent{Group: group, By: by.User}}, nil); err != nil {
		return nil, err
	}
	moves := group.Found(maker, now)
	return moves, s.apply(ctx, by, moves)
}

// Update changes a group.
func (s *Groups) Update(ctx context.Context, by domain.Actor, scope domain.Scope, edit domain.GroupEdit) (GroupView, error) {
	return s.rewrite(ctx, by, scope, func(ctx context.Context, place domain.Place, now time.Time) ([]domain.Move, error) {
		group, changed, err := place.Edit(edit, now)
		if err != nil || !changed {
			return nil, err
		}
		if err := s.groups.Update(ctx, group); err != nil {
			return nil, err
		}
		return nil, s.said(ctx, by, group, "updated", domain.GroupUpdated{GroupEvent: domain.GroupEvent{Group: group, By: by.User}}, editedFields(edit))
	})
}

// Put brings a group out of use or back. It may be there already. Who brings back one that nobody is left in becomes its
// owner.
func (s *Groups) Put(ctx context.Context, by domain.Actor, scope domain.Scope, to domain.Status) (GroupView, error) {
	return s.rewrite(ctx, by, scope, func(ctx context.Context, place domain.Place, now time.Time) ([]domain.Move, error) {
		group, changed, err := place.Put(to, now)
		if err != nil || !changed {
			return nil, err
		}
		if err := s.groups.Update(ctx, group); err != nil {
			return nil, err
		}
		happened := domain.GroupEvent{Group: group, By: by.User}
		if to == domain.StatusArchived {
			return nil, s.said(ctx, by, group, "archived", domain.GroupArchived{GroupEvent: happened}, nil)
		}
		if err := s.said(ctx, by, group, "restored", domain.GroupRestored{GroupEvent: happened}, nil); err != nil || group.Data().Owners > 0 {
			return nil, err
		}
		b, err := s.members.Belonging(ctx, place, by.User)
		if err != nil {
			return nil, err
		}
		return b.Enter(scope, domain.RoleOwner, true, now)
	})
}

func (s *Groups) rewrite(ctx context.Context, by domain.Actor, scope domain.Scope, fn decide) (GroupView, error) {
	if err := s.gate.require(ctx, scope.Type.ToManage(), scope); err != nil {
		return GroupView{}, err
	}
	if err := s.change(ctx, by, scope, fn); err != nil {
		return GroupView{}, err
	}
	return s.view(ctx, by, scope)
}

// Delete removes a group with everything in it.
func (s *Groups) Delete(ctx context.Context, by domain.Actor, scope domain.Scope) error {
	if err := s.gate.require(ctx, domain.PermissionAdminister, scope); err != nil {
		return err
	}
	return s.change(ctx, by, scope, func(ctx context.Context, place domain.Place, _ time.Time) ([]domain.Move, error) {
		if err := s.groups.Delete(ctx, scope); err != nil {
			return nil, err
		}
		happened := domain.GroupDeleted{GroupEvent: domain.GroupEvent{Group: place.Group, By: by.User}}
		return nil, s.said(ctx, by, place.Group, "deleted", happened, map[string]any{"members": place.Group.Data().Members})
	})
}

func editedFields(e domain.GroupEdit) map[string]any {
	var names []string
	for name, set := range map[string]bool{"name": e.Name != nil, "description": e.Description != nil, "join_policy": e.JoinPolicy != nil} {
		if set {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return map[string]any{"fields": names}
}
