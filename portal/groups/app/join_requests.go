package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/page"
	"go.updspace.com/portal/groups/domain"
	"go.updspace.com/portal/groups/ports"
)

// JoinRequests are the use cases of join requests.
type JoinRequests struct{ Deps }

// JoinRequest is a join request with the name of its group.
type JoinRequest = WithGroup[domain.JoinRequest]

// Create asks for the caller to become a member.
func (s JoinRequests) Create(ctx context.Context, by authz.Actor, group uuid.UUID, message string) (JoinRequest, error) {
	if err := s.require(ctx, by, group, domain.PermissionRead); err != nil {
		return JoinRequest{}, err
	}
	add := func(ctx context.Context, g domain.GroupInCommunity, now time.Time) (uuid.UUID, error) {
		m, err := s.Members.OfUser(ctx, g, by.User)
		if err != nil {
			return uuid.Nil, err
		}
		request, err := m.Request(g.Group.Scope(), message, now)
		if err != nil {
			return uuid.Nil, err
		}
		if err := s.JoinRequests.Add(ctx, request); err != nil {
			return uuid.Nil, err
		}
		return request.ID(), s.record(ctx, "join_request.created", g.Group.Scope(), nil)
	}
	id, err := s.create(ctx, "createJoinRequest", group, message, add)
	if err != nil {
		return JoinRequest{}, err
	}
	return s.load(ctx, group, id)
}

// ListJoinRequests selects the join requests of a list.
type ListJoinRequests struct {
	Status domain.JoinRequestStatus // empty means all
	page.Request
}

// Validate checks the input.
func (in ListJoinRequests) Validate() error {
	fields := errs.Fields{}
	fields.Check(in.Status == "" || in.Status.Valid(), "status", why.NotAllowed("must be pending, approved, declined or cancelled"))
	return fields.Err()
}

// List returns the join requests of a group, oldest first, to callers who decide on them.
func (s JoinRequests) List(ctx context.Context, by authz.Actor, group uuid.UUID, in ListJoinRequests) (page.Page[JoinRequest], error) {
	if err := s.require(ctx, by, group, domain.PermissionManageMembers); err != nil {
		return page.Page[JoinRequest]{}, err
	}
	return s.list(ctx, ports.JoinRequestSearch{Group: group}, in)
}

// Mine returns the caller's join requests, oldest first.
func (s JoinRequests) Mine(ctx context.Context, by authz.Actor, in ListJoinRequests) (page.Page[JoinRequest], error) {
	return s.list(ctx, ports.JoinRequestSearch{User: by.User}, in)
}

func (s JoinRequests) list(ctx context.Context, search ports.JoinRequestSearch, in ListJoinRequests) (page.Page[JoinRequest], error) {
	if err := in.Validate(); err != nil {
		return page.Page[JoinRequest]{}, err
	}
	search.Status = in.Status
	return listWithGroups(ctx, s.Deps, "join requests", in.Request, domain.JoinRequest.ID, func(after uuid.UUID, limit int) ([]domain.JoinRequest, error) {
		return s.JoinRequests.List(ctx, search, after, limit)
	})
}

// Approve makes the user a member who asked. The user must still be a member of the tenant.
func (s JoinRequests) Approve(ctx context.Context, by authz.Actor, group, id uuid.UUID) (JoinRequest, error) {
	caller, err := s.authorize(ctx, by, group)
	if err != nil {
		return JoinRequest{}, err
	}
	return s.decide(ctx, by, group, id, domain.RequestApproved, func(ctx context.Context, u userIn) (changes, error) {
		if err := s.requireStillTenantMember(ctx, u.User); err != nil {
			return nil, err
		}
		return u.Add(u.scope, domain.RoleMember, caller.intoCommunity || u.CommunityOpen(), u.now)
	})
}

// Decline refuses a join request.
func (s JoinRequests) Decline(ctx context.Context, by authz.Actor, group, id uuid.UUID) (JoinRequest, error) {
	if _, err := s.authorize(ctx, by, group); err != nil {
		return JoinRequest{}, err
	}
	return s.decide(ctx, by, group, id, domain.RequestDeclined, func(context.Context, userIn) (changes, error) { return nil, nil })
}

// Cancel withdraws a join request of the caller.
func (s JoinRequests) Cancel(ctx context.Context, by authz.Actor, group, id uuid.UUID) (JoinRequest, error) {
	return s.decide(ctx, by, group, id, domain.RequestCancelled, func(_ context.Context, u userIn) (changes, error) {
		if u.User != by.User {
			return nil, domain.ErrJoinRequestNotFound
		}
		return nil, nil
	})
}

// decide ends a join request, with the membership changes that go with it. What then refuses is answered before that the
// request is decided already.
func (s JoinRequests) decide(
	ctx context.Context, by authz.Actor, group, id uuid.UUID, to domain.JoinRequestStatus, then func(context.Context, userIn) (changes, error),
) (JoinRequest, error) {
	err := s.change(ctx, by, group, func(ctx context.Context, g domain.GroupInCommunity, now time.Time) (changes, error) {
		request, err := s.JoinRequests.Find(ctx, group, id)
		if err != nil {
			return nil, err
		}
		m, err := s.Members.OfUser(ctx, g, request.Data().UserID)
		if err != nil {
			return nil, err
		}
		changes, err := then(ctx, userIn{m, g.Group.Scope(), now})
		if err != nil {
			return nil, err
		}
		if request, err = request.Decide(to, by.User, now); err != nil {
			return nil, err
		}
		if err := s.JoinRequests.Update(ctx, request); err != nil {
			return nil, err
		}
		return changes, s.record(ctx, "join_request."+string(to), g.Group.Scope(), nil)
	})
	if err != nil {
		return JoinRequest{}, err
	}
	return s.load(ctx, group, id)
}

func (s JoinRequests) load(ctx context.Context, group, id uuid.UUID) (JoinRequest, error) {
	request, err := s.JoinRequests.Find(ctx, group, id)
	return withGroup(ctx, s.Deps, request, err)
}
