package pg

import (
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/pg"
	"go.updspace.com/portal/domain"
)

type groupRow struct {
	bun.BaseModel `bun:"table:groups,alias:g"`
	pg.Tenanted

	ID          uuid.UUID `bun:"id,pk,type:uuid"`
	Kind        string    `bun:"kind"`
	CommunityID uuid.UUID `bun:"community_id,type:uuid"`
	Name        string    `bun:"name"`
	Description string    `bun:"description"`
	JoinPolicy  string    `bun:"join_policy"`
	Status      string    `bun:"status"`
	Members     int       `bun:"members"`
	Owners      int       `bun:"owners"`
	CreatedBy   uuid.UUID `bun:"created_by,type:uuid"`
	CreatedAt   time.Time `bun:"created_at"`
	UpdatedAt   time.Time `bun:"updated_at"`
	FoldedName  string    `bun:"folded_name"`
	Folded      string    `bun:"folded"`
}

func toRowGroup(g domain.Group) *groupRow {
	d := g.Data()
	return &groupRow{
		Tenanted: pg.Tenanted{TenantID: d.TenantID}, ID: d.ID, Kind: string(d.Kind), CommunityID: d.CommunityID,
		Name: d.Name, Description: d.Description, JoinPolicy: string(d.JoinPolicy), Status: string(d.Status),
		CreatedBy: d.CreatedBy, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt,
		FoldedName: domain.Fold(d.Name), Folded: domain.Fold(d.Name + "\n" + d.Description),
	}
}

func (r *groupRow) toDomain() domain.Group {
	return domain.RestoreGroup(domain.GroupData{
		ID: r.ID, TenantID: r.TenantID, Kind: domain.ScopeType(r.Kind), CommunityID: r.CommunityID,
		Name: r.Name, Description: r.Description, JoinPolicy: domain.JoinPolicy(r.JoinPolicy), Status: domain.Status(r.Status),
		Members: r.Members, Owners: r.Owners, CreatedBy: r.CreatedBy, CreatedAt: domain.Instant(r.CreatedAt), UpdatedAt: domain.Instant(r.UpdatedAt),
	})
}

// belongs names the group that a row is about.
type belongs struct {
	ScopeType   string    `bun:"scope_type"`
	ScopeID     uuid.UUID `bun:"scope_id,type:uuid"`
	CommunityID uuid.UUID `bun:"community_id,type:uuid"`
}

func toRowScope(s domain.Scope, community uuid.UUID) belongs {
	return belongs{ScopeType: string(s.Type), ScopeID: s.ID, CommunityID: community}
}

func (b belongs) scope() domain.Scope {
	return domain.Scope{Type: domain.ScopeType(b.ScopeType), ID: b.ScopeID}
}

const (
	statusActive  = "active"
	statusRemoved = "removed"
)

type membershipRow struct {
	bun.BaseModel `bun:"table:memberships,alias:m"`
	pg.Tenanted
	belongs

	UserID    uuid.UUID `bun:"user_id,type:uuid"`
	Role      string    `bun:"role"`
	Status    string    `bun:"status"`
	Version   int64     `bun:"version"`
	JoinedAt  time.Time `bun:"joined_at"`
	UpdatedAt time.Time `bun:"updated_at"`
}

func toRowMembership(m domain.Membership) *membershipRow {
	d := m.Data()
	row := &membershipRow{
		belongs: toRowScope(d.Scope, d.CommunityID), UserID: d.UserID, Role: string(d.Role), Status: statusRemoved,
		Version: d.Version, JoinedAt: d.JoinedAt, UpdatedAt: d.UpdatedAt,
	}
	if d.Active {
		row.Status = statusActive
	}
	return row
}

func (r *membershipRow) toDomain() domain.Membership {
	return domain.RestoreMembership(domain.MembershipData{
		Scope: r.scope(), CommunityID: r.CommunityID, UserID: r.UserID, Role: domain.Role(r.Role), Active: r.Status == statusActive,
		Version: r.Version, JoinedAt: domain.Instant(r.JoinedAt), UpdatedAt: domain.Instant(r.UpdatedAt),
	})
}

type requestRow struct {
	bun.BaseModel `bun:"table:join_requests,alias:r"`
	pg.Tenanted
	belongs

	ID        uuid.UUID `bun:"id,pk,type:uuid"`
	UserID    uuid.UUID `bun:"user_id,type:uuid"`
	Message   string    `bun:"message"`
	Status    string    `bun:"status"`
	CreatedAt time.Time `bun:"created_at"`
	DecidedAt time.Time `bun:"decided_at,nullzero"`
	DecidedBy uuid.UUID `bun:"decided_by,type:uuid,nullzero"`
}

func toRowRequest(r domain.Request) *requestRow {
	d := r.Data()
	return &requestRow{
		belongs: toRowScope(d.Scope, d.CommunityID), ID: d.ID, UserID: d.UserID, Message: d.Message, Status: string(d.Status),
		CreatedAt: d.CreatedAt, DecidedAt: d.DecidedAt, DecidedBy: d.DecidedBy,
	}
}

func (r *requestRow) toDomain() domain.Request {
	return domain.RestoreRequest(domain.RequestData{
		ID: r.ID, Scope: r.scope(), CommunityID: r.CommunityID, UserID: r.UserID, Message: r.Message, Status: domain.RequestStatus(r.Status),
		CreatedAt: domain.Instant(r.CreatedAt), DecidedAt: domain.Instant(r.DecidedAt), DecidedBy: r.DecidedBy,
	})
}

type inviteRow struct {
	bun.BaseModel `bun:"table:invites,alias:i"`
	pg.Tenanted
	belongs

	ID        uuid.UUID `bun:"id,pk,type:uuid"`
	UserID    uuid.UUID `bun:"user_id,type:uuid"`
	Role      string    `bun:"role"`
	Admits    bool      `bun:"admits"`
	Status    string    `bun:"status"`
	InvitedBy uuid.UUID `bun:"invited_by,type:uuid"`
	CreatedAt time.Time `bun:"created_at"`
	ExpiresAt time.Time `bun:"expires_at"`
	DecidedAt time.Time `bun:"decided_at,nullzero"`
}

func toRowInvite(i domain.Invite) *inviteRow {
	d := i.Data()
	return &inviteRow{
		belongs: toRowScope(d.Scope, d.CommunityID), ID: d.ID, UserID: d.UserID, Role: string(d.Role), Admits: d.Admits, Status: string(d.Status),
		InvitedBy: d.InvitedBy, CreatedAt: d.CreatedAt, ExpiresAt: d.ExpiresAt, DecidedAt: d.DecidedAt,
	}
}

func (r *inviteRow) toDomain() domain.Invite {
	return domain.RestoreInvite(domain.InviteData{
		ID: r.ID, Scope: r.scope(), CommunityID: r.CommunityID, UserID: r.UserID, Role: domain.Role(r.Role), Admits: r.Admits,
		Status: domain.InviteStatus(r.Status), InvitedBy: r.InvitedBy,
		CreatedAt: domain.Instant(r.CreatedAt), ExpiresAt: domain.Instant(r.ExpiresAt), DecidedAt: domain.Instant(r.DecidedAt),
	})
}

type linkRow struct {
	bun.BaseModel `bun:"table:links,alias:l"`
	pg.Tenanted
	belongs

	ID        uuid.UUID `bun:"id,pk,type:uuid"`
	TokenHash []byte    `bun:"token_hash"`
	Admits    bool      `bun:"admits"`
	MaxUses   int       `bun:"max_uses"`
	Uses      int       `bun:"uses"`
	CreatedBy uuid.UUID `bun:"created_by,type:uuid"`
	CreatedAt time.Time `bun:"created_at"`
	ExpiresAt time.Time `bun:"expires_at"`
	RevokedAt time.Time `bun:"revoked_at,nullzero"`
}

func toRowLink(l domain.Link) *linkRow {
	d := l.Data()
	return &linkRow{
		belongs: toRowScope(d.Scope, d.CommunityID), ID: d.ID, TokenHash: d.TokenHash[:], Admits: d.Admits, MaxUses: d.MaxUses, Uses: d.Uses,
		CreatedBy: d.CreatedBy, CreatedAt: d.CreatedAt, ExpiresAt: d.ExpiresAt, RevokedAt: d.RevokedAt,
	}
}

func (r *linkRow) toDomain() domain.Link {
	d := domain.LinkData{
		ID: r.ID, Scope: r.scope(), CommunityID: r.CommunityID, Admits: r.Admits, MaxUses: r.MaxUses, Uses: r.Uses, CreatedBy: r.CreatedBy,
		CreatedAt: domain.Instant(r.CreatedAt), ExpiresAt: domain.Instant(r.ExpiresAt), RevokedAt: domain.Instant(r.RevokedAt),
	}
	copy(d.TokenHash[:], r.TokenHash)
	return domain.RestoreLink(d)
}

type entryRow struct {
	bun.BaseModel `bun:"table:journal,alias:j"`
	pg.Tenanted

	ID         uuid.UUID      `bun:"id,pk,type:uuid"`
	ActorID    uuid.UUID      `bun:"actor_id,type:uuid"`
	Action     string         `bun:"action"`
	TargetType string         `bun:"target_type"`
	TargetID   string         `bun:"target_id"`
	Metadata   map[string]any `bun:"metadata,type:jsonb"`
	RequestID  string         `bun:"request_id"`
	CreatedAt  time.Time      `bun:"created_at"`
}

func toRowEntry(e domain.Entry, request string) *entryRow {
	if e.Metadata == nil {
		e.Metadata = map[string]any{}
	}
	return &entryRow{
		ID: e.ID, ActorID: e.ActorID, Action: e.Action, TargetType: e.TargetType, TargetID: e.TargetID,
		Metadata: e.Metadata, RequestID: request, CreatedAt: e.At,
	}
}

func (r *entryRow) toDomain() domain.Entry {
	return domain.Entry{
		ID: r.ID, ActorID: r.ActorID, Action: r.Action, TargetType: r.TargetType, TargetID: r.TargetID,
		Metadata: r.Metadata, RequestID: r.RequestID, At: domain.Instant(r.CreatedAt),
	}
}
