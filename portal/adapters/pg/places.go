package pg

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"go.updspace.com/libs/pg"
	"go.updspace.com/portal/domain"
)

// Places is ports.Places, over the groups.
type Places struct {
	db *pg.DB
}

// NewPlaces looks into db.
func NewPlaces(db *pg.DB) *Places { return &Places{db: db} }

// Open finds the place of a group that is in use. A team is in use as long as its community is. The share lock of the
// community keeps it, its teams, and who belongs to either as they are until the post is written: see Groups.Lock. The
// team's own row is not locked, because whoever changes it holds the community already and would wait for the post that
// waits for him.
func (r *Places) Open(ctx context.Context, scope domain.Scope) (domain.PostPlace, error) {
	var community groupRow
	err := r.db.Conn(ctx).NewSelect().Model(&community).
		Join("JOIN groups AS asked ON asked.tenant_id = g.tenant_id AND asked.community_id = g.id").
		Where("asked.id = ?", scope.ID).Where("asked.kind = ?", scope.Type).For("SHARE OF g").Scan(ctx)
	if err != nil {
		return domain.PostPlace{}, orMissing(err, missing(scope))
	}
	group, at := community, domain.PostPlace{CommunityID: community.ID}
	if scope.Type == domain.ScopeTeam { // as it is now that its community is locked
		group, at.TeamID = groupRow{}, scope.ID
		if err := r.db.Conn(ctx).NewSelect().Model(&group).Where("g.id = ?", scope.ID).Scan(ctx); err != nil {
			return domain.PostPlace{}, orMissing(err, missing(scope))
		}
	}
	if group.Status != string(domain.StatusActive) || community.Status != string(domain.StatusActive) {
		return domain.PostPlace{}, domain.ErrArchived
	}
	return at, nil
}

// CommunityOf finds the community of a team.
func (r *Places) CommunityOf(ctx context.Context, team uuid.UUID) (community uuid.UUID, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		var row groupRow
		err := r.db.Conn(ctx).NewSelect().Model(&row).Column("community_id").
			Where("g.id = ?", team).Where("g.kind = ?", domain.ScopeTeam).Scan(ctx)
		community = row.CommunityID
		err = orMissing(err, domain.ErrTeamNotFound)
		if errors.Is(err, domain.ErrTeamNotFound) {
			return nil
		}
		return err
	})
	return community, err
}
