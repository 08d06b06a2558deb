package domain

import (
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// The bounds of seasons.
const (
	MaxSeasons     = 500 // of a tenant
	shortestSeason = time.Hour
	longestSeason  = 1_100 * 24 * time.Hour
)

// Season is a time in which points are counted for themselves. The zero Season is none; use NewSeason.
type Season struct{ data SeasonData }

// SeasonData is all data of a season, for showing and storing it.
type SeasonData struct {
	ID        uuid.UUID
	TenantID  uuid.UUID
	Names     Texts
	StartsAt  time.Time
	EndsAt    time.Time // the first moment after it
	ClosedAt  time.Time // when its last ranks were stored; zero before
	CreatedAt time.Time
	UpdatedAt time.Time
	Version   int // counts the changes
}

// SeasonDraft is what the creator of a season decides.
type SeasonDraft struct {
	Names            Texts
	StartsAt, EndsAt time.Time
}

// NewSeason makes a season that ends in the future. It may have begun.
func NewSeason(by authz.Actor, d SeasonDraft, now time.Time) (Season, error) {
	now = valid.Instant(now)
	return SeasonData{
		ID: valid.NewID(), TenantID: by.Tenant, Names: d.Names, StartsAt: valid.Instant(d.StartsAt), EndsAt: valid.Instant(d.EndsAt), CreatedAt: now, UpdatedAt: now, Version: 1,
	}.checked(errs.Fields{}, true, now)
}

// RestoreSeason returns a stored season. It is for repositories only.
func RestoreSeason(d SeasonData) Season { return Season{d} }

func (d SeasonData) checked(fields errs.Fields, newTime bool, now time.Time) (Season, error) {
	d.Names = names(fields, "name_i18n", d.Names)
	if newTime {
		fields.Check(valid.InRange(d.StartsAt), "starts_at", why.InvalidFormat("must be a time of this age"))
		length := d.EndsAt.Sub(d.StartsAt)
		fields.Check(valid.InRange(d.EndsAt) && shortestSeason <= length && length <= longestSeason, "ends_at",
			why.Mismatch("must be at least an hour and at most 1,100 days after the start"))
		fields.Check(d.EndsAt.After(now), "ends_at", why.Mismatch("must be in the future"))
	}
	if err := fields.Err(); err != nil {
		return Season{}, err
	}
	return Season{d}, nil
}

// SeasonEdit changes the fields that are not nil.
type SeasonEdit struct {
	Names            Texts
	StartsAt, EndsAt *time.Time
}

// Edit returns the changed season. The time of one that is over cannot be changed.
func (s Season) Edit(e SeasonEdit, now time.Time) (Season, error) {
	d := s.data
	if e.Names != nil {
		d.Names = e.Names
	}
	if e.StartsAt != nil {
		d.StartsAt = valid.Instant(*e.StartsAt)
	}
	if e.EndsAt != nil {
		d.EndsAt = valid.Instant(*e.EndsAt)
	}
	newTime := !s.SameTime(Season{d})
	if newTime && s.Over(now) {
		return Season{}, ErrSeasonOver
	}
	d.UpdatedAt, d.Version = valid.Instant(now), d.Version+1
	return d.checked(errs.Fields{}, newTime, now)
}

// Close notes that the last ranks were stored.
func (s Season) Close(now time.Time) Season {
	s.data.ClosedAt = valid.Instant(now)
	s.data.UpdatedAt, s.data.Version = s.data.ClosedAt, s.data.Version+1
	return s
}

// SameTime reports whether two seasons begin and end together.
func (s Season) SameTime(other Season) bool {
	return s.data.StartsAt.Equal(other.data.StartsAt) && s.data.EndsAt.Equal(other.data.EndsAt)
}

// Overlaps reports whether two seasons share time.
func (s Season) Overlaps(other Season) bool {
	return s.data.StartsAt.Before(other.data.EndsAt) && other.data.StartsAt.Before(s.data.EndsAt)
}

// Over reports whether the season has ended.
func (s Season) Over(now time.Time) bool { return !now.Before(s.data.EndsAt) }

// Runs reports whether points are counted for the season.
func (s Season) Runs(now time.Time) bool { return !now.Before(s.data.StartsAt) && !s.Over(now) }

// Closed reports whether the last ranks are stored.
func (s Season) Closed() bool { return !s.data.ClosedAt.IsZero() }

// Data returns all data of the season.
func (s Season) Data() SeasonData { return s.data }

// ID is the season's id.
func (s Season) ID() uuid.UUID { return s.data.ID }
