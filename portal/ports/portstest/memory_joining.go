package portstest

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/page"
	groupsdomain "go.updspace.com/portal/groups/domain"
	groupsports "go.updspace.com/portal/groups/ports"
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

func (m memoryRequests) Find(ctx context.Context, group, id uuid.UUID) (found groupsdomain.JoinRequest, err error) {
	m.use(ctx, func(s *state) {
		found, err = first(ctx, s.requests, groupsdomain.ErrJoinRequestNotFound, func(r groupsdomain.JoinRequest) bool { return r.ID() == id && r.Data().Scope.ID == group })
	})
	return found, err
}

func (m memoryRequests) open(ctx context.Context, scope authz.Scope, user uuid.UUID) (found groupsdomain.JoinRequest, err error) {
	m.use(ctx, func(s *state) {
		found, err = first(ctx, s.requests, groupsdomain.ErrJoinRequestNotFound, func(r groupsdomain.JoinRequest) bool {
			return r.Data().Scope == scope && r.Data().UserID == user && r.Data().Status == groupsdomain.RequestPending
		})
	})
	return found, err
}

func (m memoryRequests) Add(ctx context.Context, request groupsdomain.JoinRequest) (err error) {
	if _, open := m.open(ctx, request.Data().Scope, request.Data().UserID); open == nil {
		return groupsdomain.ErrRequestPending
	}
	m.use(ctx, func(s *state) { s.requests[request.ID()] = owned[groupsdomain.JoinRequest]{tenantOf(ctx), request} })
	return nil
}

func (m memoryRequests) Update(ctx context.Context, request groupsdomain.JoinRequest) (err error) {
	m.use(ctx, func(s *state) {
		err = replace(ctx, s.requests, request.ID(), request, groupsdomain.ErrJoinRequestNotFound)
	})
	return err
}

func (m memoryRequests) List(ctx context.Context, search groupsports.JoinRequestSearch, after uuid.UUID, limit int) (found []groupsdomain.JoinRequest, err error) {
	m.use(ctx, func(s *state) {
		found = listed(ctx, s.requests, after, limit, func(r groupsdomain.JoinRequest) bool {
			d := r.Data()
			return (search.Group == uuid.Nil || d.Scope.ID == search.Group) && (search.User == uuid.Nil || d.UserID == search.User) &&
				(search.Status == "" || d.Status == search.Status)
		})
	})
	return found, nil
}

type memoryInvites struct{ *Memory }

func (m memoryInvites) Find(ctx context.Context, id uuid.UUID) (found groupsdomain.Invite, err error) {
	m.use(ctx, func(s *state) {
		found, err = first(ctx, s.invites, groupsdomain.ErrInviteNotFound, func(i groupsdomain.Invite) bool { return i.ID() == id })
	})
	return found, err
}

func (m memoryInvites) open(ctx context.Context, scope authz.Scope, user uuid.UUID) (found groupsdomain.Invite, err error) {
	m.use(ctx, func(s *state) {
		found, err = first(ctx, s.invites, groupsdomain.ErrInviteNotFound, func(i groupsdomain.Invite) bool {
			return i.Data().Scope == scope && i.Data().UserID == user && i.Data().Status == groupsdomain.InvitePending
		})
	})
	return found, err
}

func (m memoryInvites) Add(ctx context.Context, invite groupsdomain.Invite) error {
	if _, open := m.open(ctx, invite.Data().Scope, invite.Data().UserID); open == nil {
		return groupsdomain.ErrInvitePending
	}
	m.use(ctx, func(s *state) { s.invites[invite.ID()] = owned[groupsdomain.Invite]{tenantOf(ctx), invite} })
	return nil
}

func (m memoryInvites) Update(ctx context.Context, invite groupsdomain.Invite) (err error) {
	m.use(ctx, func(s *state) { err = replace(ctx, s.invites, invite.ID(), invite, groupsdomain.ErrInviteNotFound) })
	return err
}

func (m memoryInvites) List(ctx context.Context, search groupsports.InviteSearch, after uuid.UUID, limit int) (found []groupsdomain.Invite, err error) {
	m.use(ctx, func(s *state) {
		found = listed(ctx, s.invites, after, limit, func(i groupsdomain.Invite) bool {
			d := i.Data()
			return (search.Group == uuid.Nil || d.Scope.ID == search.Group) && (search.User == uuid.Nil || d.UserID == search.User) &&
				(!search.Pending || d.Status == groupsdomain.InvitePending) && (search.PendingAt.IsZero() || i.Status(search.PendingAt) == groupsdomain.InvitePending)
		})
	})
	return found, nil
}

type memoryLinks struct{ *Memory }

func (m memoryLinks) Find(ctx context.Context, group, id uuid.UUID) (found groupsdomain.InviteLink, err error) {
	m.use(ctx, func(s *state) {
		found, err = first(ctx, s.links, groupsdomain.ErrInviteLinkNotFound, func(l groupsdomain.InviteLink) bool { return l.ID() == id && l.Data().Scope.ID == group })
	})
	return found, err
}

func (m memoryLinks) ByToken(ctx context.Context, hash groupsdomain.TokenHash) (found groupsdomain.InviteLink, err error) {
	m.use(ctx, func(s *state) {
		found, err = first(ctx, s.links, groupsdomain.ErrInviteLinkNotFound, func(l groupsdomain.InviteLink) bool { return bytes.Equal(l.Data().TokenHash, hash) })
	})
	return found, err
}

func (m memoryLinks) Add(ctx context.Context, link groupsdomain.InviteLink) error {
	m.use(ctx, func(s *state) { s.links[link.ID()] = owned[groupsdomain.InviteLink]{tenantOf(ctx), link} })
	return nil
}

func (m memoryLinks) Update(ctx context.Context, link groupsdomain.InviteLink) (err error) {
	m.use(ctx, func(s *state) { err = replace(ctx, s.links, link.ID(), link, groupsdomain.ErrInviteLinkNotFound) })
	return err
}

func (m memoryLinks) List(ctx context.Context, group, after uuid.UUID, limit int) (found []groupsdomain.InviteLink, err error) {
	m.use(ctx, func(s *state) {
		found = listed(ctx, s.links, after, limit, func(l groupsdomain.InviteLink) bool { return l.Data().Scope.ID == group })
	})
	return found, nil
}

type memoryBans struct{ *Memory }

func (m memoryBans) Put(ctx context.Context, ban groupsdomain.Ban) error {
	_ = m.Delete(ctx, ban.Data().Scope.ID, ban.Data().UserID)
	m.use(ctx, func(s *state) { s.bans = append(s.bans, owned[groupsdomain.Ban]{tenantOf(ctx), ban}) })
	return nil
}

func (m memoryBans) Delete(ctx context.Context, group, user uuid.UUID) (err error) {
	m.use(ctx, func(s *state) {
		kept := slices.DeleteFunc(slices.Clone(s.bans), func(v owned[groupsdomain.Ban]) bool {
			return v.tenant == tenantOf(ctx) && v.value.Data().Scope.ID == group && v.value.Data().UserID == user
		})
		if len(kept) == len(s.bans) {
			err = groupsdomain.ErrBanNotFound
		}
		s.bans = kept
	})
	return err
}

func (m memoryBans) List(ctx context.Context, group, after uuid.UUID, limit int) ([]groupsdomain.Ban, error) {
	var found []groupsdomain.Ban
	m.use(ctx, func(s *state) {
		for _, v := range s.bans {
			if v.tenant == tenantOf(ctx) && v.value.Data().Scope.ID == group {
				found = append(found, v.value)
			}
		}
	})
	return byID(found, func(b groupsdomain.Ban) uuid.UUID { return b.Data().UserID }, after, limit), nil
}

type memoryPending struct{ *Memory }

// each decides on the requests and invitations of a user that are pending.
func (m memoryPending) each(
	ctx context.Context, user uuid.UUID, here func(scope authz.Scope, community uuid.UUID) bool,
	request func(groupsdomain.JoinRequest) (groupsdomain.JoinRequest, error), invite func(groupsdomain.Invite) (groupsdomain.Invite, error),
) error {
	m.use(ctx, func(s *state) {
		for id, v := range s.requests {
			if d := v.value.Data(); v.tenant == tenantOf(ctx) && d.UserID == user && here(d.Scope, d.CommunityID) {
				if closed, err := request(v.value); err == nil {
					s.requests[id] = owned[groupsdomain.JoinRequest]{v.tenant, closed}
				}
			}
		}
		for id, v := range s.invites {
			if d := v.value.Data(); v.tenant == tenantOf(ctx) && d.UserID == user && here(d.Scope, d.CommunityID) {
				if closed, err := invite(v.value); err == nil {
					s.invites[id] = owned[groupsdomain.Invite]{v.tenant, closed}
				}
			}
		}
	})
	return nil
}

func (m memoryPending) Close(ctx context.Context, group, user uuid.UUID, at time.Time) error {
	return m.each(ctx, user, func(scope authz.Scope, community uuid.UUID) bool {
		return group == uuid.Nil || scope.ID == group || community == group
	}, func(r groupsdomain.JoinRequest) (groupsdomain.JoinRequest, error) {
		return r.Decide(groupsdomain.RequestCancelled, uuid.Nil, at)
	}, func(i groupsdomain.Invite) (groupsdomain.Invite, error) {
		return i.Decide(groupsdomain.InviteRevoked, at)
	})
}

func (m memoryPending) Settle(ctx context.Context, group, user, by uuid.UUID, at time.Time) error {
	return m.each(ctx, user, func(scope authz.Scope, _ uuid.UUID) bool { return scope.ID == group },
		func(r groupsdomain.JoinRequest) (groupsdomain.JoinRequest, error) {
			return r.Decide(groupsdomain.RequestApproved, by, at)
		}, func(i groupsdomain.Invite) (groupsdomain.Invite, error) {
			return i.Decide(groupsdomain.InviteAccepted, at)
		})
}

type memoryAudit struct{ *Memory }

func (m memoryAudit) Write(ctx context.Context, entries ...audit.Entry) error {
	if ctx.Value(inTx{}) == nil {
		return errLock
	}
	for _, e := range entries {
		m.state.entries = append(m.state.entries, e.Complete(ctx, uuid.New(), Noon))
	}
	return nil
}

func (m memoryAudit) List(ctx context.Context, filter audit.Filter, p page.Request) (page.Page[audit.Entry], error) {
	var at time.Time
	var id uuid.UUID
	further, err := page.Decode("audit", p.Cursor, &at, &id)
	if err != nil {
		return page.Page[audit.Entry]{}, err
	}
	newest := func(a, b audit.Entry) int {
		return cmp.Or(b.At.Compare(a.At), strings.Compare(b.ID.String(), a.ID.String()))
	}
	return page.Fetch(p.Limit, func(limit int) (found []audit.Entry, err error) {
		m.use(ctx, func(s *state) {
			for _, e := range s.entries {
				if e.Tenant == tenantOf(ctx) && (filter.Concerning == uuid.Nil || e.Concerns(filter.Concerning)) &&
					(!further || newest(e, audit.Entry{At: at, ID: id}) > 0) {
					found = append(found, e)
				}
			}
		})
		slices.SortFunc(found, newest)
		return found[:min(limit, len(found))], nil
	}, audit.Cursor)
}

func (m memoryAudit) RedactUser(ctx context.Context, user uuid.UUID, _ int) (n int, err error) {
	m.use(ctx, func(s *state) {
		entries := slices.Clone(s.entries)
		for i, e := range entries {
			if e.Tenant == tenantOf(ctx) && e.Concerns(user) {
				if e.Actor.ID == user {
					entries[i].Actor.ID = uuid.Nil
				}
				if e.About == user {
					entries[i].About = uuid.Nil
				}
				n++
			}
		}
		s.entries = entries
	})
	return n, nil
}
