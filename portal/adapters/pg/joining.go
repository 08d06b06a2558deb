package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	groupsdomain "go.updspace.com/portal/groups/domain"
	groupsports "go.updspace.com/portal/groups/ports"
)

// JoinRequests is groupsports.JoinRequests.
type JoinRequests struct {
	db *pg.DB
}

// NewJoinRequests stores join requests in db.
func NewJoinRequests(db *pg.DB) *JoinRequests { return &JoinRequests{db: db} }

type joinRequestRow struct {
	bun.BaseModel `bun:"table:join_requests,alias:r"`
	pg.Tenanted
	joinRequestColumns
}

// joinRequestColumns is groupsdomain.JoinRequestData with the names of the columns.
type joinRequestColumns struct {
	ID          uuid.UUID                      `bun:"id,pk,type:uuid"`
	Scope       authz.Scope                    `bun:"embed:scope_"`
	CommunityID uuid.UUID                      `bun:"community_id,type:uuid"`
	UserID      uuid.UUID                      `bun:"user_id,type:uuid"`
	Message     string                         `bun:"message"`
	Status      groupsdomain.JoinRequestStatus `bun:"status"`
	CreatedAt   time.Time                      `bun:"created_at"`
	DecidedAt   time.Time                      `bun:"decided_at,nullzero"`
	DecidedBy   uuid.UUID                      `bun:"decided_by,type:uuid"`
}

func toRowJoinRequest(r groupsdomain.JoinRequest) *joinRequestRow {
	return &joinRequestRow{joinRequestColumns: joinRequestColumns(r.Data())}
}

func (r *joinRequestRow) toDomain() groupsdomain.JoinRequest {
	return groupsdomain.RestoreJoinRequest(groupsdomain.JoinRequestData(r.joinRequestColumns))
}

// Find returns a join request of a group.
func (r *JoinRequests) Find(ctx context.Context, group, id uuid.UUID) (groupsdomain.JoinRequest, error) {
	return pg.One(ctx, r.db, groupsdomain.ErrJoinRequestNotFound, (*joinRequestRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("r.id = ?", id).Where("r.scope_id = ?", group)
	})
}

// Add stores a new request.
func (r *JoinRequests) Add(ctx context.Context, request groupsdomain.JoinRequest) error {
	_, err := r.db.Conn(ctx).NewInsert().Model(toRowJoinRequest(request)).Exec(ctx)
	return pg.Taken(err, map[string]*errs.Error{"join_requests_one_pending": groupsdomain.ErrRequestPending})
}

// Update stores a decided request.
func (r *JoinRequests) Update(ctx context.Context, request groupsdomain.JoinRequest) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model(toRowJoinRequest(request)).Column("status", "decided_at", "decided_by").Where("id = ?", request.ID()).Exec(ctx)
	return pg.ChangedOne(result, err, groupsdomain.ErrJoinRequestNotFound)
}

// List returns a page of requests.
func (r *JoinRequests) List(ctx context.Context, search groupsports.JoinRequestSearch, after uuid.UUID, limit int) ([]groupsdomain.JoinRequest, error) {
	return pg.Many(ctx, r.db, (*joinRequestRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		q = of(of(q, "scope_id", search.Group), "user_id", search.User)
		if search.Status != "" {
			q = q.Where("r.status = ?", search.Status)
		}
		return pg.PageByID(q, after, limit)
	})
}

// of selects the rows with an id in a column, or with uuid.Nil all.
func of(q *bun.SelectQuery, column string, id uuid.UUID) *bun.SelectQuery {
	if id == uuid.Nil {
		return q
	}
	return q.Where("?TableAlias.? = ?", bun.Ident(column), id)
}

// Invites is groupsports.Invites.
type Invites struct {
	db *pg.DB
}

// NewInvites stores invitations in db.
func NewInvites(db *pg.DB) *Invites { return &Invites{db: db} }

type inviteRow struct {
	bun.BaseModel `bun:"table:invites,alias:i"`
	pg.Tenanted
	inviteColumns
}

// inviteColumns is groupsdomain.InviteData with the names of the columns.
type inviteColumns struct {
	ID          uuid.UUID                 `bun:"id,pk,type:uuid"`
	Scope       authz.Scope               `bun:"embed:scope_"`
	CommunityID uuid.UUID                 `bun:"community_id,type:uuid"`
	UserID      uuid.UUID                 `bun:"user_id,type:uuid"`
	Role        groupsdomain.Role         `bun:"role"`
	Status      groupsdomain.InviteStatus `bun:"status"`
	Maker       groupsdomain.Maker        `bun:"embed:maker_"`
	CreatedAt   time.Time                 `bun:"created_at"`
	ExpiresAt   time.Time                 `bun:"expires_at"`
	DecidedAt   time.Time                 `bun:"decided_at,nullzero"`
}

func toRowInvite(i groupsdomain.Invite) *inviteRow {
	return &inviteRow{inviteColumns: inviteColumns(i.Data())}
}

func (r *inviteRow) toDomain() groupsdomain.Invite {
	return groupsdomain.RestoreInvite(groupsdomain.InviteData(r.inviteColumns))
}

// Find returns an invitation.
func (r *Invites) Find(ctx context.Context, id uuid.UUID) (groupsdomain.Invite, error) {
	return pg.One(ctx, r.db, groupsdomain.ErrInviteNotFound, (*inviteRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("i.id = ?", id)
	})
}

// Add stores a new invitation.
func (r *Invites) Add(ctx context.Context, invite groupsdomain.Invite) error {
	_, err := r.db.Conn(ctx).NewInsert().Model(toRowInvite(invite)).Exec(ctx)
	return pg.Taken(err, map[string]*errs.Error{"invites_one_pending": groupsdomain.ErrInvitePending})
}

// Update stores a decided invitation.
func (r *Invites) Update(ctx context.Context, invite groupsdomain.Invite) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model(toRowInvite(invite)).Column("status", "decided_at").Where("id = ?", invite.ID()).Exec(ctx)
	return pg.ChangedOne(result, err, groupsdomain.ErrInviteNotFound)
}

// List returns a page of invitations.
func (r *Invites) List(ctx context.Context, search groupsports.InviteSearch, after uuid.UUID, limit int) ([]groupsdomain.Invite, error) {
	return pg.Many(ctx, r.db, (*inviteRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		q = of(of(q, "scope_id", search.Group), "user_id", search.User)
		if search.Pending || !search.PendingAt.IsZero() {
			q = q.Where("i.status = ?", groupsdomain.InvitePending)
		}
		if !search.PendingAt.IsZero() {
			q = q.Where("i.expires_at > ?", search.PendingAt)
		}
		return pg.PageByID(q, after, limit)
	})
}

// InviteLinks is groupsports.InviteLinks.
type InviteLinks struct {
	db *pg.DB
}

// NewInviteLinks stores invite links in db.
func NewInviteLinks(db *pg.DB) *InviteLinks { return &InviteLinks{db: db} }

type inviteLinkRow struct {
	bun.BaseModel `bun:"table:invite_links,alias:l"`
	pg.Tenanted
	inviteLinkColumns
}

// inviteLinkColumns is groupsdomain.InviteLinkData with the names of the columns.
type inviteLinkColumns struct {
	ID          uuid.UUID              `bun:"id,pk,type:uuid"`
	Scope       authz.Scope            `bun:"embed:scope_"`
	CommunityID uuid.UUID              `bun:"community_id,type:uuid"`
	TokenHash   groupsdomain.TokenHash `bun:"token_hash"`
	MaxUses     int                    `bun:"max_uses"`
	Uses        int                    `bun:"uses"`
	Maker       groupsdomain.Maker     `bun:"embed:maker_"`
	CreatedAt   time.Time              `bun:"created_at"`
	ExpiresAt   time.Time              `bun:"expires_at"`
	RevokedAt   time.Time              `bun:"revoked_at,nullzero"`
}

func toRowInviteLink(l groupsdomain.InviteLink) *inviteLinkRow {
	return &inviteLinkRow{inviteLinkColumns: inviteLinkColumns(l.Data())}
}

func (r *inviteLinkRow) toDomain() groupsdomain.InviteLink {
	return groupsdomain.RestoreInviteLink(groupsdomain.InviteLinkData(r.inviteLinkColumns))
}

// Find returns a link into a group.
func (r *InviteLinks) Find(ctx context.Context, group, id uuid.UUID) (groupsdomain.InviteLink, error) {
	return r.one(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("l.id = ?", id).Where("l.scope_id = ?", group)
	})
}

// ByToken returns the link of a token.
func (r *InviteLinks) ByToken(ctx context.Context, hash groupsdomain.TokenHash) (groupsdomain.InviteLink, error) {
	return r.one(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("l.token_hash = ?", hash) })
}

func (r *InviteLinks) one(ctx context.Context, query func(*bun.SelectQuery) *bun.SelectQuery) (groupsdomain.InviteLink, error) {
	return pg.One(ctx, r.db, groupsdomain.ErrInviteLinkNotFound, (*inviteLinkRow).toDomain, query)
}

// Add stores a new link.
func (r *InviteLinks) Add(ctx context.Context, link groupsdomain.InviteLink) error {
	_, err := r.db.Conn(ctx).NewInsert().Model(toRowInviteLink(link)).Exec(ctx)
	return pg.Error(err)
}

// Update stores a changed link.
func (r *InviteLinks) Update(ctx context.Context, link groupsdomain.InviteLink) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model(toRowInviteLink(link)).Column("token_hash", "uses", "revoked_at").Where("id = ?", link.ID()).Exec(ctx)
	return pg.ChangedOne(result, err, groupsdomain.ErrInviteLinkNotFound)
}

// List returns a page of the links into a group.
func (r *InviteLinks) List(ctx context.Context, group, after uuid.UUID, limit int) ([]groupsdomain.InviteLink, error) {
	return pg.Many(ctx, r.db, (*inviteLinkRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return pg.PageByID(q.Where("l.scope_id = ?", group), after, limit)
	})
}

// Pending is groupsports.Pending.
type Pending struct {
	db *pg.DB
}

// NewPending closes join requests and invitations in db.
func NewPending(db *pg.DB) *Pending { return &Pending{db: db} }

// Close cancels join requests and revokes invitations.
func (r *Pending) Close(ctx context.Context, group, user uuid.UUID, at time.Time) error {
	_, err := change(ctx, r.db, []string{
		"UPDATE join_requests SET status = 'cancelled', decided_by = ?3, decided_at = ?4" + pendingIn,
		"UPDATE invites SET status = 'revoked', decided_at = ?4" + pendingIn,
	}, group, user, uuid.Nil, at)
	return err
}

// pendingIn selects what is pending of the user ?2 in the group ?1, which may be zero.
const pendingIn = " WHERE tenant_id = ?0 AND user_id = ?2 AND status = 'pending' AND ?1 IN (scope_id, community_id, '00000000-0000-0000-0000-000000000000')"

// Settle approves a join request and accepts an invitation.
func (r *Pending) Settle(ctx context.Context, group, user, by uuid.UUID, at time.Time) error {
	const pending = " WHERE tenant_id = ?0 AND scope_id = ?1 AND user_id = ?2 AND status = 'pending'"
	_, err := change(ctx, r.db, []string{
		"UPDATE join_requests SET status = 'approved', decided_by = ?3, decided_at = ?4" + pending,
		"UPDATE invites SET status = 'accepted', decided_at = ?4" + pending + " AND expires_at > ?4",
	}, group, user, by, at)
	return err
}
