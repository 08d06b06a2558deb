package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/portal/groups/domain"
)

// MembershipsOf returns all memberships of a user to another service, which acts on no user's behalf, so that no permission
// is checked.
func (s Members) MembershipsOf(ctx context.Context, user uuid.UUID) ([]WithGroup[domain.Membership], error) {
	found, err := s.Members.All(ctx, user)
	if err != nil {
		return nil, err
	}
	return withGroups(ctx, s.Deps, found...)
}
