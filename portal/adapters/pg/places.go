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

// Open finds the place of a group that is in use. A team is in use as long as its community is. The share lock keeps
// both from being archived until the post is written.
func (r *Places) Open(ctx context.Context, scope domain.Scope) (domain.PostPlace, error) {
	missing := domain.ErrCommunityNotFound
	if scope.Type == domain.ScopeTeam {
		missing = domain.ErrTeamNotFound
	}
	var row groupRow
	if err := r.db.Conn(ctx).NewSelect().Model(&row).Where("g.id = ?", scope.ID).Where("g.kind = ?", scope.Type).For("SHARE").Scan(ctx); err != nil {
		return domain.PostPlace{}, orMissing(err, missing)
	}
	if row.Status != string(domain.StatusActive) {
		return domain.PostPlace{}, domain.ErrArchived
	}
	if scope.Type == domain.ScopeCommunity {
		return domain.PostPlace{CommunityID: row.ID}, nil
	}
	if _, err := r.Open(ctx, domain.CommunityScope(row.CommunityID)); err != nil {
		return domain.PostPlace{}, err
	}
	return domain.PostPlace{CommunityID: row.CommunityID, TeamID: row.ID}, nil
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
