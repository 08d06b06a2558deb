package app

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/valid"
)

// Seasons are the use cases around seasons and levels. Who changes seasons has locked the tenant alone, so that no entry of the ledger is
// added meanwhile.
type Seasons struct{ Deps }

// Levels returns the levels of the tenant.
func (s *Seasons) Levels(ctx context.Context, by authz.Actor) (ports.StoredLevels, error) {
	if err := s.require(ctx, by, domain.PermissionRead); err != nil {
		return ports.StoredLevels{}, err
	}
	return s.Deps.Levels.Get(ctx)
}

// PutLevels changes the levels of the tenant. version is the one that the change is made to; nil is any.
func (s *Seasons) PutLevels(ctx context.Context, by authz.Actor, version *int, list []domain.Level) (stored ports.StoredLevels, err error) {
	if err := s.require(ctx, by, domain.PermissionManagePoints); err != nil {
		return stored, err
	}
	levels, err := domain.NewLevels(list)
	if err != nil {
		return stored, err
	}
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		before, err := s.Deps.Levels.Get(ctx)
		if err != nil {
			return err
		}
		if version != nil && *version != before.Version {
			return domain.ErrLevelsChanged
		}
		stored = ports.StoredLevels{Levels: levels, UpdatedAt: valid.Instant(s.Clock.Now()), Version: before.Version + 1}
		if err := s.Deps.Levels.Put(ctx, stored); err != nil {
			return err
		}
		return s.Audit.Write(ctx, audit.Entry{
			Action: "levels.changed", TargetType: "levels", TargetID: by.Tenant.String(), Metadata: map[string]any{"levels": len(list), "version": stored.Version},
		})
	})
	return stored, err
}

// List lists all seasons, the latest first.
func (s *Seasons) List(ctx context.Context, by authz.Actor) ([]domain.Season, error) {
	if err := s.require(ctx, by, domain.PermissionRead); err != nil {
		return nil, err
	}
	return s.Seasons.List(ctx)
}

// Create makes a season. The points that members have got in its time count.
func (s *Seasons) Create(ctx context.Context, by authz.Actor, draft domain.SeasonDraft) (domain.Season, error) {
	if err := s.require(ctx, by, domain.PermissionManagePoints); err != nil {
		return domain.Season{}, err
	}
	return idempotency.Once(ctx, s.Once, "createSeason", draft, func(ctx context.Context) (season domain.Season, err error) {
		if err := s.Facts.LockTenant(ctx, true); err != nil {
			return season, err
		}
		if season, err = domain.NewSeason(by, draft, s.Clock.Now()); err != nil {
			return season, err
		}
		all, err := s.requireFree(ctx, season)
		if err != nil {
			return season, err
		}
		if len(all) >= domain.MaxSeasons {
			return season, domain.ErrTooManySeasons
		}
		if err := s.Seasons.Add(ctx, season); err != nil {
			return season, err
		}
		if err := s.Points.CountSeason(ctx, season); err != nil {
			return season, err
		}
		return season, s.Audit.Write(ctx, seasonEntry("season.created", season))
	}, domain.Season.ID, s.Seasons.Find)
}

// requireFree refuses a season that shares time with another one.
func (s *Seasons) requireFree(ctx context.Context, season domain.Season) ([]domain.Season, error) {
	all, err := s.Seasons.List(ctx)
	if err != nil {
		return nil, err
	}
	for _, other := range all {
		if other.ID() != season.ID() && other.Overlaps(season) {
			return nil, domain.ErrSeasonsOverlap.WithDetails(map[string]any{"season_id": other.ID()})
		}
	}
	return all, nil
}

// ChangeSeason names the season of a change, and the version that the change is made to; nil is any.
type ChangeSeason struct {
	ID      uuid.UUID
	Version *int
}

func (s *Seasons) change(ctx context.Context, by authz.Actor, in ChangeSeason, fn func(ctx context.Context, season domain.Season) error) error {
	if err := s.require(ctx, by, domain.PermissionManagePoints); err != nil {
		return err
	}
	return s.Tx.Do(ctx, func(ctx context.Context) error {
		if err := s.Facts.LockTenant(ctx, true); err != nil {
			return err
		}
		season, err := s.Seasons.Find(ctx, in.ID)
		if err != nil {
			return err
		}
		if in.Version != nil && *in.Version != season.Data().Version {
			return domain.ErrSeasonChanged
		}
		return fn(ctx, season)
	})
}

// Update renames a season, or changes its time.
func (s *Seasons) Update(ctx context.Context, by authz.Actor, in ChangeSeason, edit domain.SeasonEdit) (changed domain.Season, err error) {
	err = s.change(ctx, by, in, func(ctx context.Context, before domain.Season) error {
		if changed, err = before.Edit(edit, s.Clock.Now()); err != nil {
			return err
		}
		if err := s.Seasons.Update(ctx, changed); err != nil {
			return err
		}
		if !changed.SameTime(before) {
			if _, err := s.requireFree(ctx, changed); err != nil {
				return err
			}
			if err := s.Points.CountSeason(ctx, changed); err != nil {
				return err
			}
		}
		return s.Audit.Write(ctx, seasonEntry("season.updated", changed))
	})
	return changed, err
}

// Delete deletes a season that is not over.
func (s *Seasons) Delete(ctx context.Context, by authz.Actor, in ChangeSeason) error {
	return s.change(ctx, by, in, func(ctx context.Context, season domain.Season) error {
		if season.Over(s.Clock.Now()) {
			return domain.ErrSeasonOver
		}
		if err := s.Points.DropSeason(ctx, in.ID); err != nil {
			return err
		}
		if err := s.Seasons.Delete(ctx, in.ID); err != nil {
			return err
		}
		return s.Audit.Write(ctx, seasonEntry("season.deleted", season))
	})
}

func seasonEntry(action string, season domain.Season) audit.Entry {
	d := season.Data()
	return audit.Entry{
		Action: action, TargetType: "season", TargetID: d.ID.String(),
		Metadata: map[string]any{"names": d.Names, "starts_at": d.StartsAt, "ends_at": d.EndsAt, "version": d.Version},
	}
}

const (
	seasonsAtOnce = 100 // of one run
	firstTold     = 3   // of a season that is over
)

// CloseSeasons stores the last ranks of the seasons of all tenants that are over.
func (s *Lifecycle) CloseSeasons(ctx context.Context) error {
	seasons, err := s.Seasons.ToClose(ctx, s.Clock.Now(), seasonsAtOnce)
	if err != nil {
		return err
	}
	var failed []error
	for _, season := range seasons {
		ctx := asService(reqctx.With(ctx, reqctx.Context{TenantID: season.Data().TenantID}))
		failed = append(failed, s.Tx.Do(ctx, func(ctx context.Context) error { return s.closeSeason(ctx, season.ID()) }))
	}
	return errors.Join(failed...)
}

func (s *Lifecycle) closeSeason(ctx context.Context, id uuid.UUID) error {
	if err := s.Facts.LockTenant(ctx, true); err != nil {
		return err
	}
	season, err := s.Seasons.Find(ctx, id)
	if err != nil || season.Closed() || !season.Over(s.Clock.Now()) {
		return err
	}
	if err := s.Points.CloseSeason(ctx, id); err != nil {
		return err
	}
	season = season.Close(s.Clock.Now())
	if err := s.Seasons.Update(ctx, season); err != nil {
		return err
	}
	first, err := s.Points.PageClosed(ctx, ports.Board{Scope: season.Data().TenantID, Season: id}, domain.Place{}, firstTold)
	if err != nil {
		return err
	}
	if err := s.Events.Publish(ctx, domain.SeasonClosed{Season: season, First: first}); err != nil {
		return err
	}
	return s.Audit.Write(ctx, seasonEntry("season.closed", season))
}
