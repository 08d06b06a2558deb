package app

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/reqctx"
)

// lockPersons must come before any other lock of a transaction that grants, revokes or changes who is on which leaderboard. Locks are taken
// in this order: the tenant, persons, achievements.
func (d Deps) lockPersons(ctx context.Context, persons ...uuid.UUID) error {
	if err := d.Facts.LockTenant(ctx, false); err != nil {
		return err
	}
	return d.Facts.LockPersons(ctx, persons...)
}

// give stores new grants of an achievement to persons who are locked, each to another one, with the points and the reward that they bring,
// and tells of them. All grants are made here.
func (d Deps) give(ctx context.Context, a domain.Achievement, grants ...domain.Grant) error {
	if err := d.Grants.Add(ctx, grants...); err != nil {
		return err
	}
	events := make([]domain.Event, len(grants))
	var entries []domain.PointEntry
	for i, grant := range grants {
		events[i] = domain.GrantCreated{Grant: grant, Achievement: a}
		if entry, ok := domain.PointsOf(grant, a, d.Clock.Now()); ok {
			entries = append(entries, entry)
		}
	}
	if err := d.enter(ctx, entries...); err != nil {
		return err
	}
	if err := d.Events.Publish(ctx, events...); err != nil {
		return err
	}
	return d.giveReward(ctx, a, grants...)
}

// take stores that a grant of a person who is locked was revoked, takes the points and the reward that it brought, and tells of it.
func (d Deps) take(ctx context.Context, revoked domain.Grant, a domain.Achievement) error {
	if err := d.Grants.Update(ctx, revoked); err != nil {
		return err
	}
	entry, found, err := d.Points.Entry(ctx, revoked.ID())
	if err != nil {
		return err
	}
	if found {
		if err := d.enter(ctx, entry.Reversal(d.Clock.Now())); err != nil {
			return err
		}
	}
	if err := d.Events.Publish(ctx, domain.GrantRevoked{Grant: revoked, Achievement: a}); err != nil {
		return err
	}
	return d.takeReward(ctx, revoked)
}

// enter adds entries to the ledger, each of another person, and tells of levels that are reached for the first time.
func (d Deps) enter(ctx context.Context, entries ...domain.PointEntry) error {
	if len(entries) == 0 {
		return nil
	}
	changes, err := d.Points.Add(ctx, entries...)
	if err != nil {
		return err
	}
	changes = slices.DeleteFunc(changes, func(c ports.PointsChange) bool { return c.After.Points <= c.Before.Peak })
	if len(changes) == 0 {
		return nil
	}
	levels, err := d.Levels.Get(ctx)
	if err != nil {
		return err
	}
	var events []domain.Event
	for _, c := range changes {
		if number := levels.Number(c.After.Points); number > levels.Number(c.Before.Peak) {
			events = append(events, domain.LevelReached{
				Tenant: reqctx.From(ctx).TenantID, User: c.Person, Number: number, Level: levels.All()[number-1], Points: c.After.Points, Ranked: c.Shown,
			})
		}
	}
	return d.Events.Publish(ctx, events...)
}

// Points are the use cases around the points of members and leaderboards.
type Points struct{ Deps }

// LevelView is a level with its number.
type LevelView struct {
	domain.Level

	Number int
}

// levelAt is the level with a number, or nil.
func levelAt(levels domain.Levels, number int) *LevelView {
	if number < 1 || number > len(levels.All()) {
		return nil
	}
	return &LevelView{levels.All()[number-1], number}
}

// MyPoints is what a member sees of the own points.
type MyPoints struct {
	Points       int64
	Level, Next  *LevelView
	Season       uuid.UUID // that runs; zero for none
	SeasonPoints int64
	Ranked       bool
}

// Mine returns the points and the level of the caller.
func (s *Points) Mine(ctx context.Context, by authz.Actor) (MyPoints, error) {
	if err := s.require(ctx, by, domain.PermissionRead); err != nil {
		return MyPoints{}, err
	}
	return s.mine(ctx, by)
}

func (s *Points) mine(ctx context.Context, by authz.Actor) (mine MyPoints, err error) {
	total, err := s.Deps.Points.Total(ctx, by.User, ports.Board{Scope: by.Tenant})
	if err != nil {
		return mine, err
	}
	levels, err := s.Levels.Get(ctx)
	if err != nil {
		return mine, err
	}
	number := levels.Number(total.Points)
	mine = MyPoints{Points: total.Points, Level: levelAt(levels.Levels, number), Next: levelAt(levels.Levels, number+1)}
	season, found, err := s.Seasons.Running(ctx, s.Clock.Now())
	if err != nil {
		return mine, err
	}
	if found {
		total, err := s.Deps.Points.Total(ctx, by.User, ports.Board{Scope: by.Tenant, Season: season.ID()})
		if err != nil {
			return mine, err
		}
		mine.Season, mine.SeasonPoints = season.ID(), total.Points
	}
	mine.Ranked, _, err = s.Members.IsRanked(ctx, by.User)
	return mine, err
}

// SetRanked stores whether the caller wants to be on leaderboards.
func (s *Points) SetRanked(ctx context.Context, by authz.Actor, ranked bool) (mine MyPoints, err error) {
	if err := s.require(ctx, by, domain.PermissionRead); err != nil {
		return mine, err
	}
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		if err := s.lockPersons(ctx, by.User); err != nil {
			return err
		}
		if err := s.Members.SetRanked(ctx, by.User, ranked); err != nil {
			return err
		}
		if err := s.Deps.Points.Show(ctx, by.User); err != nil {
			return err
		}
		mine, err = s.mine(ctx, by)
		return err
	})
	return mine, err
}

// UserPoints is what a member shows to others. Shown is false for one who is not ranked.
type UserPoints struct {
	Shown  bool
	Points int64
	Level  *LevelView
}

// Of returns the points and the level of a member.
func (s *Points) Of(ctx context.Context, by authz.Actor, user uuid.UUID) (of UserPoints, err error) {
	if err := s.require(ctx, by, domain.PermissionRead); err != nil {
		return of, err
	}
	if _, of.Shown, err = s.Members.IsRanked(ctx, user); err != nil || !of.Shown {
		return of, err
	}
	total, err := s.Deps.Points.Total(ctx, user, ports.Board{Scope: by.Tenant})
	if err != nil {
		return of, err
	}
	levels, err := s.Levels.Get(ctx)
	of.Points, of.Level = total.Points, levelAt(levels.Levels, levels.Number(total.Points))
	return of, err
}

// EntryView is an entry with the names of its achievement.
type EntryView struct {
	domain.PointEntry

	Names domain.Texts
}

// Entries returns a page of the entries that the caller's points are the sum of, newest first.
func (s *Points) Entries(ctx context.Context, by authz.Actor, p page.Request) (page.Page[EntryView], error) {
	none := page.Page[EntryView]{}
	if err := s.require(ctx, by, domain.PermissionRead); err != nil {
		return none, err
	}
	var before uuid.UUID
	if _, err := page.Decode("point entries", p.Cursor, &before); err != nil {
		return none, err
	}
	list, err := page.Fetch(p.Limit, func(limit int) ([]domain.PointEntry, error) {
		return s.Deps.Points.Entries(ctx, by.User, before, limit)
	},
		func(last domain.PointEntry) string { return page.Encode("point entries", last.ID) })
	if err != nil {
		return none, err
	}
	ids := make([]uuid.UUID, len(list.Items))
	for i, e := range list.Items {
		ids[i] = e.AchievementID
	}
	achievements, err := s.Achievements.FindAll(ctx, ids)
	return page.Map(list, func(e domain.PointEntry) EntryView { return EntryView{e, achievements[e.AchievementID].Data().Names} }), err
}
