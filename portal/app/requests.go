package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// Requests are the use cases around asking to be let into a group.
type Requests struct {
	*Desk
}

// NewRequests works at a desk.
func NewRequests(desk *Desk) *Requests { return &Requests{desk} }

// RequestView is a request as it is shown, with the name of the group.
type RequestView struct {
	Request domain.Request
	Group   string
}

// Ask makes a request of the caller.
func (s *Requests) Ask(ctx context.Context, by domain.Actor, scope domain.Scope, message string) (RequestView, error) {
	if err := s.gate.require(ctx, scope.Type.ToRead(), scope); err != nil {
		return RequestView{}, err
	}
	input := struct {
		Scope   domain.Scope
		Message string
	}{scope, message}
	id, err := s.create(ctx, "createRequest", input, scope, func(ctx context.Context, place domain.Place, now time.Time) (uuid.UUID, error) {
		b, err := s.members.Belonging(ctx, place, by.User)
		if err != nil {
			return uuid.Nil, err
		}
		request, err := b.Ask(scope, message, now)
		if err != nil {
			return uuid.Nil, err
		}
		if err := s.requests.Add(ctx, request); err != nil {
			return uuid.Nil, err
		}
		return request.ID(), s.journal.Write(ctx, domain.NewEntry(by.User, "request.created", scope, nil, now))
	})
	if err != nil {
		return RequestView{}, err
	}
	return s.view(ctx, scope, id)
}

// ListRequests says which requests to list.
type ListRequests struct {
	Status domain.RequestStatus // empty: all
	Paging
}

// Validate checks what can be told without looking anything up.
func (in ListRequests) Validate() error {
	fields := errs.Fields{}
	fields.Check(in.Status == "" || in.Status.Valid(), "status", "must be pending, approved, declined or cancelled")
	return fields.Err()
}

// List returns the requests for a group, oldest first, to those who decide on them.
func (s *Requests) List(ctx context.Context, scope domain.Scope, in ListRequests) (Page[RequestView], error) {
	if err := s.gate.require(ctx, scope.Type.ToManageMembers(), scope); err != nil {
		return Page[RequestView]{}, err
	}
	if _, err := s.groups.Find(ctx, scope); err != nil {
		return Page[RequestView]{}, err
	}
	return s.list(ctx, ports.RequestSearch{Scope: scope}, in)
}

// Mine returns the caller's requests, oldest first.
func (s *Requests) Mine(ctx context.Context, by domain.Actor, in ListRequests) (Page[RequestView], error) {
	return s.list(ctx, ports.RequestSearch{User: by.User}, in)
}

func (s *Requests) list(ctx context.Context, search ports.RequestSearch, in ListRequests) (Page[RequestView], error) {
	if err := in.Validate(); err != nil {
		return Page[RequestView]{}, err
	}
	search.Status = in.Status
	after, err := idKey(in.Cursor)
	if err != nil {
		return Page[RequestView]{}, err
	}
	last := func(v RequestView) string { return idCursor(v.Request.ID()) }
	return page(in.Paging, last, func(limit int) ([]RequestView, error) {
		found, err := s.requests.List(ctx, search, after, limit)
		if err != nil {
			return nil, err
		}
		return named(ctx, s.groups, found, func(r domain.Request) uuid.UUID { return r.Data().Scope.ID },
			func(r domain.Request, group string) RequestView { return RequestView{r, group} })
	})
}

// Approve lets in whoever asked.
func (s *Requests) Approve(ctx context.Context, by domain.Actor, scope domain.Scope, id uuid.UUID) (RequestView, error) {
	_, admits, err := s.receive(ctx, scope)
	if err != nil {
		return RequestView{}, err
	}
	return s.decide(ctx, by, scope, id, domain.RequestApproved, func(b domain.Belonging, now time.Time) ([]domain.Move, error) {
		return b.Enter(scope, domain.RoleMember, admits || b.Community.Group.Data().JoinPolicy == domain.JoinOpen, now)
	})
}

// Decline lets nobody in.
func (s *Requests) Decline(ctx context.Context, by domain.Actor, scope domain.Scope, id uuid.UUID) (RequestView, error) {
	if _, err := s.gate.hand(ctx, scope); err != nil {
		return RequestView{}, err
	}
	return s.decide(ctx, by, scope, id, domain.RequestDeclined, stay)
}

// Cancel takes back a request of the caller's own.
func (s *Requests) Cancel(ctx context.Context, by domain.Actor, scope domain.Scope, id uuid.UUID) (RequestView, error) {
	return s.decide(ctx, by, scope, id, domain.RequestCancelled, func(b domain.Belonging, _ time.Time) ([]domain.Move, error) {
		if b.User != by.User {
			return nil, domain.ErrRequestNotFound
		}
		return nil, nil
	})
}

func stay(domain.Belonging, time.Time) ([]domain.Move, error) { return nil, nil }

// decide brings a request to its end, with what follows for whoever asked.
func (s *Requests) decide(
	ctx context.Context, by domain.Actor, scope domain.Scope, id uuid.UUID, to domain.RequestStatus,
	follows func(domain.Belonging, time.Time) ([]domain.Move, error),
) (RequestView, error) {
	err := s.change(ctx, by, scope, func(ctx context.Context, place domain.Place, now time.Time) ([]domain.Move, error) {
		request, err := s.requests.Find(ctx, scope, id)
		if err != nil {
			return nil, err
		}
		b, err := s.members.Belonging(ctx, place, request.Data().UserID)
		if err != nil {
			return nil, err
		}
		moves, err := follows(b, now)
		if err != nil {
			return nil, err
		}
		if request, err = request.Decide(to, by.User, now); err != nil {
			return nil, err
		}
		if err := s.requests.Update(ctx, request); err != nil {
			return nil, err
		}
		return moves, s.journal.Write(ctx, domain.NewEntry(by.User, "request."+string(to), scope, nil, now))
	})
	if err != nil {
		return RequestView{}, err
	}
	return s.view(ctx, scope, id)
}

func (s *Requests) view(ctx context.Context, scope domain.Scope, id uuid.UUID) (RequestView, error) {
	request, err := s.requests.Find(ctx, scope, id)
	if err != nil {
		return RequestView{}, err
	}
	names, err := s.groups.Names(ctx, scope.ID)
	return RequestView{Request: request, Group: names[scope.ID]}, err
}

// named puts the names of groups to what belongs to them.
func named[A, B any](ctx context.Context, groups ports.Groups, list []A, group func(A) uuid.UUID, name func(A, string) B) ([]B, error) {
	ids := make([]uuid.UUID, len(list))
	for i, v := range list {
		ids[i] = group(v)
	}
	names, err := groups.Names(ctx, ids...)
	if err != nil {
		return nil, err
	}
	shown := make([]B, len(list))
	for i, v := range list {
		shown[i] = name(v, names[ids[i]])
	}
	return shown, nil
}
