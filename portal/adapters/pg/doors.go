package pg

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/pg"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// Requests is ports.Requests.
type Requests struct {
	db *pg.DB
}

// NewRequests keeps requests in db.
func NewRequests(db *pg.DB) *Requests { return &Requests{db: db} }

// Find returns a request.
func (r *Requests) Find(ctx context.Context, scope domain.Scope, id uuid.UUID) (domain.Request, error) {
	return one[requestRow, domain.Request](ctx, r.db, domain.ErrRequestNotFound, func(q *bun.SelectQuery) *bun.SelectQuery {
		return scoped(q, scope).Where("r.id = ?", id)
	})
}

// Open returns the open request of a user.
func (r *Requests) Open(ctx context.Context, scope domain.Scope, user uuid.UUID) (domain.Request, error) {
	return one[requestRow, domain.Request](ctx, r.db, domain.ErrRequestNotFound, func(q *bun.SelectQuery) *bun.SelectQuery {
		return scoped(q, scope).Where("r.user_id = ?", user).Where("r.status = ?", domain.RequestPending)
	})
}

// Add stores a new request.
func (r *Requests) Add(ctx context.Context, request domain.Request) error {
	_, err := r.db.Conn(ctx).NewInsert().Model(toRowRequest(request)).Exec(ctx)
	return orTaken(err, domain.ErrRequestPending, "join_requests_one_pending")
}

// Update stores a decided request.
func (r *Requests) Update(ctx context.Context, request domain.Request) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model(toRowRequest(request)).Column("status", "decided_at", "decided_by").Where("id = ?", request.ID()).Exec(ctx)
	return changedOne(result, err, domain.ErrRequestNotFound)
}

// List returns a page of requests.
func (r *Requests) List(ctx context.Context, search ports.RequestSearch, after uuid.UUID, limit int) ([]domain.Request, error) {
	return many[requestRow, domain.Request](ctx, r.db, func(q *bun.SelectQuery) *bun.SelectQuery {
		q = scoped(q, search.Scope)
		if search.User != uuid.Nil {
			q = q.Where("r.user_id = ?", search.User)
		}
		if search.Status != "" {
			q = q.Where("r.status = ?", search.Status)
		}
		return pageByID(q, after, limit)
	})
}

// Invites is ports.Invites.
type Invites struct {
	db *pg.DB
}

// NewInvites keeps invitations in db.
func NewInvites(db *pg.DB) *Invites { return &Invites{db: db} }

// Find returns an invitation.
func (r *Invites) Find(ctx context.Context, id uuid.UUID) (domain.Invite, error) {
	return one[inviteRow, domain.Invite](ctx, r.db, domain.ErrInviteNotFound, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("i.id = ?", id)
	})
}

// Open returns the pending invitation of a user.
func (r *Invites) Open(ctx context.Context, scope domain.Scope, user uuid.UUID) (domain.Invite, error) {
	return one[inviteRow, domain.Invite](ctx, r.db, domain.ErrInviteNotFound, func(q *bun.SelectQuery) *bun.SelectQuery {
		return scoped(q, scope).Where("i.user_id = ?", user).Where("i.status = ?", domain.InvitePending)
	})
}

// Add stores a new invitation.
func (r *Invites) Add(ctx context.Context, invite domain.Invite) error {
	_, err := r.db.Conn(ctx).NewInsert().Model(toRowInvite(invite)).Exec(ctx)
	return orTaken(err, domain.ErrInvitePending, "invites_one_pending")
}

// Update stores a decided invitation.
func (r *Invites) Update(ctx context.Context, invite domain.Invite) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model(toRowInvite(invite)).Column("status", "decided_at").Where("id = ?", invite.ID()).Exec(ctx)
	return changedOne(result, err, domain.ErrInviteNotFound)
}

// List returns a page of invitations.
func (r *Invites) List(ctx context.Context, search ports.InviteSearch, after uuid.UUID, limit int) ([]domain.Invite, error) {
	return many[inviteRow, domain.Invite](ctx, r.db, func(q *bun.SelectQuery) *bun.SelectQuery {
		q = scoped(q, search.Scope)
		if search.User != uuid.Nil {
			q = q.Where("i.user_id = ?", search.User)
		}
		if !search.PendingAt.IsZero() {
			q = q.Where("i.status = ?", domain.InvitePending).Where("i.expires_at > ?", search.PendingAt)
		}
		return pageByID(q, after, limit)
	})
}

// Links is ports.Links.
type Links struct {
	db *pg.DB
}

// NewLinks keeps links in db.
func NewLinks(db *pg.DB) *Links { return &Links{db: db} }

// Find returns a link.
func (r *Links) Find(ctx context.Context, scope domain.Scope, id uuid.UUID) (domain.Link, error) {
	return one[linkRow, domain.Link](ctx, r.db, domain.ErrLinkNotFound, func(q *bun.SelectQuery) *bun.SelectQuery {
		return scoped(q, scope).Where("l.id = ?", id)
	})
}

// ByToken returns the link that a token opens.
func (r *Links) ByToken(ctx context.Context, hash domain.TokenHash) (domain.Link, error) {
	return one[linkRow, domain.Link](ctx, r.db, domain.ErrLinkNotFound, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("l.token_hash = ?", hash[:])
	})
}

// Add stores a new link.
func (r *Links) Add(ctx context.Context, link domain.Link) error {
	_, err := r.db.Conn(ctx).NewInsert().Model(toRowLink(link)).Exec(ctx)
	return pg.Error(err)
}

// Update stores a changed link.
func (r *Links) Update(ctx context.Context, link domain.Link) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model(toRowLink(link)).Column("token_hash", "uses", "revoked_at").Where("id = ?", link.ID()).Exec(ctx)
	return changedOne(result, err, domain.ErrLinkNotFound)
}

// List returns a page of the links into a group.
func (r *Links) List(ctx context.Context, scope domain.Scope, after uuid.UUID, limit int) ([]domain.Link, error) {
	return many[linkRow, domain.Link](ctx, r.db, func(q *bun.SelectQuery) *bun.SelectQuery {
		return pageByID(scoped(q, scope), after, limit)
	})
}
