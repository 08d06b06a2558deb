package portstest

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// listed is a page of the tenant's things, by id.
func listed[T any](ctx context.Context, all map[uuid.UUID]owned[T], after uuid.UUID, limit int, keep func(T) bool) []T {
	var ids []uuid.UUID
	for id, v := range all {
		if v.tenant == tenantOf(ctx) && keep(v.value) && strings.Compare(id.String(), after.String()) > 0 {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return strings.Compare(a.String(), b.String()) })
	found := make([]T, min(limit, len(ids)))
	for i := range found {
		found[i] = all[ids[i]].value
	}
	return found
}

// first is the only one of listed.
func first[T any](ctx context.Context, all map[uuid.UUID]owned[T], missing *errs.Error, keep func(T) bool) (T, error) {
	if found := listed(ctx, all, uuid.Nil, 1, keep); len(found) > 0 {
		return found[0], nil
	}
	var none T
	return none, missing
}

// replace changes what is there already.
func replace[T any](ctx context.Context, all map[uuid.UUID]owned[T], id uuid.UUID, value T, missing *errs.Error) error {
	if was, ok := all[id]; !ok || was.tenant != tenantOf(ctx) {
		return missing
	}
	all[id] = owned[T]{tenantOf(ctx), value}
	return nil
}

type memoryRequests struct{ *Memory }

func (m memoryRequests) Find(ctx context.Context, scope domain.Scope, id uuid.UUID) (found domain.Request, err error) {
	m.use(ctx, func(s *state) {
		found, err = first(ctx, s.requests, domain.ErrRequestNotFound, func(r domain.Request) bool { return r.ID() == id && r.Data().Scope == scope })
	})
	return found, err
}

func (m memoryRequests) Open(ctx context.Context, scope domain.Scope, user uuid.UUID) (found domain.Request, err error) {
	m.use(ctx, func(s *state) {
		found, err = first(ctx, s.requests, domain.ErrRequestNotFound, func(r domain.Request) bool {
			return r.Data().Scope == scope && r.Data().UserID == user && r.Data().Status == domain.RequestPending
		})
	})
	return found, err
}

func (m memoryRequests) Add(ctx context.Context, request domain.Request) (err error) {
	if _, open := m.Open(ctx, request.Data().Scope, request.Data().UserID); open == nil {
		return domain.ErrRequestPending
	}
	m.use(ctx, func(s *state) { s.requests[request.ID()] = owned[domain.Request]{tenantOf(ctx), request} })
	return nil
}

func (m memoryRequests) Update(ctx context.Context, request domain.Request) (err error) {
	m.use(ctx, func(s *state) { err = replace(ctx, s.requests, request.ID(), request, domain.ErrRequestNotFound) })
	return err
}

func (m memoryRequests) List(ctx context.Context, search ports.RequestSearch, after uuid.UUID, limit int) (found []domain.Request, err error) {
	m.use(ctx, func(s *state) {
		found = listed(ctx, s.requests, after, limit, func(r domain.Request) bool {
			d := r.Data()
			return (search.Scope == domain.Scope{} || d.Scope == search.Scope) && (search.User == uuid.Nil || d.UserID == search.User) &&
				(search.Status == "" || d.Status == search.Status)
		})
	})
	return found, nil
}

type memoryInvites struct{ *Memory }

func (m memoryInvites) Find(ctx context.Context, id uuid.UUID) (found domain.Invite, err error) {
	m.use(ctx, func(s *state) {
		found, err = first(ctx, s.invites, domain.ErrInviteNotFound, func(i domain.Invite) bool { return i.ID() == id })
	})
	return found, err
}

func (m memoryInvites) Open(ctx context.Context, scope domain.Scope, user uuid.UUID) (found domain.Invite, err error) {
	m.use(ctx, func(s *state) {
		found, err = first(ctx, s.invites, domain.ErrInviteNotFound, func(i domain.Invite) bool {
			return i.Data().Scope == scope && i.Data().UserID == user && i.Data().Status == domain.InvitePending
		})
	})
	return found, err
}

func (m memoryInvites) Add(ctx context.Context, invite domain.Invite) error {
	if _, open := m.Open(ctx, invite.Data().Scope, invite.Data().UserID); open == nil {
		return domain.ErrInvitePending
	}
	m.use(ctx, func(s *state) { s.invites[invite.ID()] = owned[domain.Invite]{tenantOf(ctx), invite} })
	return nil
}

func (m memoryInvites) Update(ctx context.Context, invite domain.Invite) (err error) {
	m.use(ctx, func(s *state) { err = replace(ctx, s.invites, invite.ID(), invite, domain.ErrInviteNotFound) })
	return err
}

func (m memoryInvites) List(ctx context.Context, search ports.InviteSearch, after uuid.UUID, limit int) (found []domain.Invite, err error) {
	m.use(ctx, func(s *state) {
		found = listed(ctx, s.invites, after, limit, func(i domain.Invite) bool {
			d := i.Data()
			return (search.Scope == domain.Scope{} || d.Scope == search.Scope) && (search.User == uuid.Nil || d.UserID == search.User) &&
				(search.PendingAt.IsZero() || i.Status(search.PendingAt) == domain.InvitePending)
		})
	})
	return found, nil
}

type memoryLinks struct{ *Memory }

func (m memoryLinks) Find(ctx context.Context, scope domain.Scope, id uuid.UUID) (found domain.Link, err error) {
	m.use(ctx, func(s *state) {
		found, err = first(ctx, s.links, domain.ErrLinkNotFound, func(l domain.Link) bool { return l.ID() == id && l.Data().Scope == scope })
	})
	return found, err
}

func (m memoryLinks) ByToken(ctx context.Context, hash domain.TokenHash) (found domain.Link, err error) {
	m.use(ctx, func(s *state) {
		found, err = first(ctx, s.links, domain.ErrLinkNotFound, func(l domain.Link) bool { return l.Data().TokenHash == hash })
	})
	return found, err
}

func (m memoryLinks) Add(ctx context.Context, link domain.Link) error {
	m.use(ctx, func(s *state) { s.links[link.ID()] = owned[domain.Link]{tenantOf(ctx), link} })
	return nil
}

func (m memoryLinks) Update(ctx context.Context, link domain.Link) (err error) {
	m.use(ctx, func(s *state) { err = replace(ctx, s.links, link.ID(), link, domain.ErrLinkNotFound) })
	return err
}

func (m memoryLinks) List(ctx context.Context, scope domain.Scope, after uuid.UUID, limit int) (found []domain.Link, err error) {
	m.use(ctx, func(s *state) {
		found = listed(ctx, s.links, after, limit, func(l domain.Link) bool { return l.Data().Scope == scope })
	})
	return found, nil
}

type memoryJournal struct{ *Memory }

func (m memoryJournal) Write(ctx context.Context, entries ...domain.Entry) error {
	if ctx.Value(inTx{}) == nil {
		return errLock
	}
	for _, e := range entries {
		e.RequestID = reqctx.From(ctx).RequestID
		if e.Metadata == nil {
			e.Metadata = map[string]any{}
		}
		m.state.entries = append(m.state.entries, owned[domain.Entry]{tenantOf(ctx), e})
	}
	return nil
}

func (m memoryJournal) List(ctx context.Context, search ports.EntrySearch, after uuid.UUID, limit int) (found []domain.Entry, err error) {
	m.use(ctx, func(s *state) {
		for _, v := range s.entries {
			e := v.value
			if v.tenant == tenantOf(ctx) && (search.Actor == uuid.Nil || e.ActorID == search.Actor) && (search.Action == "" || e.Action == search.Action) &&
				(search.Target == "" || e.TargetID == search.Target) && (after == uuid.Nil || strings.Compare(e.ID.String(), after.String()) < 0) {
				found = append(found, e)
			}
		}
	})
	slices.SortFunc(found, func(a, b domain.Entry) int { return cmp.Compare(b.ID.String(), a.ID.String()) })
	return found[:min(limit, len(found))], nil
}

func (m memoryJournal) Prune(ctx context.Context, before time.Time) (n int64, err error) {
	m.use(ctx, func(s *state) {
		kept := slices.DeleteFunc(slices.Clone(s.entries), func(v owned[domain.Entry]) bool { return v.value.At.Before(before) })
		n = int64(len(s.entries) - len(kept))
		s.entries = kept
	})
	return n, nil
}
