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
	Members     int       `bun:"members,scanonly"`
	CreatedBy   uuid.UUID `bun:"created_by,type:uuid"`
	CreatedAt   time.Time `bun:"created_at"`
	UpdatedAt   time.Time `bun:"updated_at"`
}

func (r *groupRow) toDomain() domain.Group {
	return domain.RestoreGroup(domain.GroupData{
		ID: r.ID, TenantID: r.TenantID, Kind: domain.ScopeType(r.Kind), CommunityID: r.CommunityID,
		Name: r.Name, Description: r.Description, JoinPolicy: domain.JoinPolicy(r.JoinPolicy), Status: domain.Status(r.Status),
		Members: r.Members, CreatedBy: r.CreatedBy, CreatedAt: domain.Instant(r.CreatedAt), UpdatedAt: domain.Instant(r.UpdatedAt),
	})
}
