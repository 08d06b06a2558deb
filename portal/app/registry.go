package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// Registry answers other services who belongs where. Nobody's permission is asked: they ask on nobody's behalf.
type Registry struct {
	groups  ports.Groups
	members ports.Memberships
}

// NewRegistry reads what is stored.
func NewRegistry(groups ports.Groups, members ports.Memberships) *Registry {
	return &Registry{groups: groups, members: members}
}

// MembershipView is a membership with the name of the group.
type MembershipView struct {
	Membership domain.Membership
	Group      string
}

// Of returns everything that a user belongs to.
func (s *Registry) Of(ctx context.Context, user uuid.UUID) ([]MembershipView, error) {
	found, err := s.members.Of(ctx, user)
	if err != nil {
		return nil, err
	}
	return named(ctx, s.groups, found, func(m domain.Membership) uuid.UUID { return m.Data().Scope.ID },
		func(m domain.Membership, group string) MembershipView { return MembershipView{m, group} })
}

// Check says what users are in groups, in the order asked.
func (s *Registry) Check(ctx context.Context, pairs []ports.Pair) ([]domain.Role, error) {
	return s.members.Check(ctx, pairs...)
}
