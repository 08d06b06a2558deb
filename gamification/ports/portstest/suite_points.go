package portstest

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/valid"
	"go.updspace.com/tools/devkit/testkit"
)

// entry is an entry of a new grant.
func (w world) entry(t *testing.T, a domain.Achievement, person uuid.UUID, n int64, at time.Time) domain.PointEntry {
	t.Helper()
	g := w.grant(t, a, person, domain.GrantPublic)
	return domain.PointEntry{
		ID: valid.NewID(), TenantID: w.by.Tenant, Person: person, Kind: domain.EntryGrant, Points: n, GrantID: g.ID(), AchievementID: a.ID(), CreatedAt: at,
	}
}

func (w world) addPoints(t *testing.T, entries ...domain.PointEntry) (changes []ports.PointsChange) {
	t.Helper()
	w.do(t, func(ctx context.Context) (err error) {
		changes, err = w.Points.Add(ctx, entries...)
		return err
	})
	return changes
}

// repeatable is an achievement that a person can have many times.
func (w world) repeatable(t *testing.T) domain.Achievement {
	t.Helper()
	return w.achievement(t, w.category(t, "skill", 0), func(d *domain.AchievementData) { d.Rules.Kind = domain.KindRepeatable })
}

// join makes persons members who are on leaderboards.
func (w world) join(t *testing.T, persons ...uuid.UUID) {
	t.Helper()
	for _, person := range persons {
		w.do(t, func(ctx context.Context) error { return w.Members.Put(ctx, person, true) })
	}
}

func points(t *testing.T, w world) {
	a, member, stranger := w.repeatable(t), uuid.New(), uuid.New()
	w.join(t, member)
	first, other := w.entry(t, a, member, 10, Noon), w.entry(t, a, stranger, 3, Noon)
	testkit.Filled(t, first)
	require.ElementsMatch(t, []ports.PointsChange{
		{Person: member, After: domain.Total{Points: 10, Peak: 10}, Shown: true},
		{Person: stranger, After: domain.Total{Points: 3, Peak: 3}},
	}, w.addPoints(t, first, other))
	back := first.Reversal(Noon.Add(time.Hour))
	require.Equal(t, []ports.PointsChange{
		{Person: member, Before: domain.Total{Points: 10, Peak: 10}, After: domain.Total{Points: 0, Peak: 10}, Shown: true},
	}, w.addPoints(t, back))
	require.Error(t, w.Tx.Do(w.ctx, func(ctx context.Context) error {
		twice := first.Reversal(Noon)
		_, err := w.Points.Add(ctx, twice)
		return err
	}), "a grant is reversed once")
	third := w.entry(t, a, member, 5, Noon.Add(2*time.Hour))
	w.addPoints(t, third)

	found, ok, err := w.Points.Entry(w.ctx, first.GrantID)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, first, found)
	for ctx, grant := range map[context.Context]uuid.UUID{w.ctx: uuid.New(), w.another: first.GrantID} {
		_, ok, err = w.Points.Entry(ctx, grant)
		require.NoError(t, err)
		require.False(t, ok)
	}
	entries, err := w.Points.Entries(w.ctx, member, uuid.Nil, 2)
	require.NoError(t, err)
	require.Equal(t, []domain.PointEntry{third, back}, entries)
	entries, err = w.Points.Entries(w.ctx, member, back.ID, 2)
	require.NoError(t, err)
	require.Equal(t, []domain.PointEntry{first}, entries)
	for until, want := range map[time.Time]int64{Noon: 0, Noon.Add(time.Second): 10, Noon.Add(2 * time.Hour): 0, Noon.Add(3 * time.Hour): 5} {
		sum, err := w.Points.Sum(w.ctx, member, Noon, until)
		require.NoError(t, err)
		require.Equal(t, want, sum, until)
	}
	total, err := w.Points.Total(w.ctx, member, ports.Board{Scope: w.by.Tenant})
	require.NoError(t, err)
	require.Equal(t, domain.Total{Points: 5, Peak: 10}, total)
	none, err := w.Points.Total(w.another, member, ports.Board{Scope: w.by.Tenant})
	require.NoError(t, err)
	require.Zero(t, none)
}

// ranks are the ranks and persons of places.
func ranks(places []domain.Place) (ranks []int, persons []uuid.UUID) {
	for _, p := range places {
		ranks, persons = append(ranks, p.Rank), append(persons, p.Person)
	}
	return ranks, persons
}

// Whatever the size of a page, a board is the same, and so are the neighbours of each place.
func boards(t *testing.T, w world) {
	a, persons := w.repeatable(t), people(6)
	w.join(t, persons[:5]...)
	for i, n := range []int64{20, 30, 20, 10, 20, 99} { // the last is no member
		w.addPoints(t, w.entry(t, a, persons[i], n, Noon.Add(-time.Duration(i)*time.Minute)))
	}
	board := ports.Board{Scope: w.by.Tenant}
	wantRanks, want := []int{1, 2, 2, 2, 5}, []uuid.UUID{persons[1], persons[4], persons[2], persons[0], persons[3]} // of equal points the first to reach them is first
	for limit := 1; limit <= 6; limit++ {
		var all []domain.Place
		var after domain.Place
		for {
			page, err := w.Points.Page(w.ctx, board, after, limit)
			require.NoError(t, err)
			all = append(all, page...)
			if len(page) < limit {
				break
			}
			after = page[len(page)-1]
		}
		gotRanks, got := ranks(all)
		require.Equal(t, want, got)
		require.Equal(t, wantRanks, gotRanks)
		for i, place := range all {
			around, err := w.Points.Around(w.ctx, board, place.Person, limit)
			require.NoError(t, err)
			require.Equal(t, all[max(0, i-limit):min(len(all), i+limit+1)], around)
		}
	}
	around, err := w.Points.Around(w.ctx, board, persons[5], 3)
	require.NoError(t, err)
	require.Empty(t, around, "not on the board")
	w.do(t, func(ctx context.Context) error { return w.Members.SetRanked(ctx, persons[1], false) })
	w.do(t, func(ctx context.Context) error { return w.Points.Show(ctx, persons[1]) })
	page, err := w.Points.Page(w.ctx, board, domain.Place{}, 10)
	require.NoError(t, err)
	_, got := ranks(page)
	require.Equal(t, want[1:], got)
	none, err := w.Points.Page(w.another, board, domain.Place{}, 10)
	require.NoError(t, err)
	require.Empty(t, none)
}

func groupBoards(t *testing.T, w world) {
	a, chess := w.repeatable(t), uuid.New()
	persons := people(2)
	w.join(t, persons...)
	join := func(person uuid.UUID, version int64, active bool) {
		w.do(t, func(ctx context.Context) error { return w.Points.Join(ctx, person, chess, version, active) })
	}
	on := func() (persons []uuid.UUID) {
		page, err := w.Points.Page(w.ctx, ports.Board{Scope: chess}, domain.Place{}, 10)
		require.NoError(t, err)
		_, persons = ranks(page)
		return persons
	}
	w.addPoints(t, w.entry(t, a, persons[0], 10, Noon))
	join(persons[0], 2, true) // the points of before count
	join(persons[1], 2, true)
	require.Equal(t, persons[:1], on())
	w.addPoints(t, w.entry(t, a, persons[1], 20, Noon))
	require.Equal(t, []uuid.UUID{persons[1], persons[0]}, on())
	join(persons[1], 1, false) // comes late
	require.Len(t, on(), 2)
	join(persons[1], 3, false)
	require.Equal(t, persons[:1], on())
	join(persons[1], 4, true)
	require.Equal(t, []uuid.UUID{persons[1], persons[0]}, on())
	w.do(t, func(ctx context.Context) error { return w.Points.Drop(ctx, chess) })
	require.Empty(t, on())
	w.addPoints(t, w.entry(t, a, persons[1], 20, Noon))
	require.Empty(t, on())
}

// season stores one.
func (w world) season(t *testing.T, from time.Time, length time.Duration) domain.Season {
	t.Helper()
	season, err := domain.NewSeason(w.by, domain.SeasonDraft{Names: domain.Texts{"en": "Spring", "ru": "Весна"}, StartsAt: from, EndsAt: from.Add(length)}, from)
	require.NoError(t, err)
	w.do(t, func(ctx context.Context) error { return w.Seasons.Add(ctx, season) })
	return season
}

func seasons(t *testing.T, w world) {
	first, second := w.season(t, Noon, time.Hour), w.season(t, Noon.Add(time.Hour), time.Hour)
	list, err := w.Seasons.List(w.ctx)
	require.NoError(t, err)
	require.Equal(t, []domain.Season{second, first}, list)
	for at, want := range map[time.Time]domain.Season{
		Noon.Add(-time.Second): {}, Noon: first, Noon.Add(time.Hour): second, Noon.Add(2 * time.Hour): {},
	} {
		season, found, err := w.Seasons.Running(w.ctx, at)
		require.NoError(t, err)
		require.Equal(t, want.ID() != uuid.Nil, found)
		require.Equal(t, want, season)
	}
	due, err := w.Seasons.ToClose(w.ctx, Noon.Add(time.Hour), 10)
	require.NoError(t, err)
	require.Equal(t, []domain.Season{first}, due)
	closed := first.Close(Noon.Add(3 * time.Hour))
	testkit.Filled(t, closed.Data())
	w.do(t, func(ctx context.Context) error { return w.Seasons.Update(ctx, closed) })
	found, err := w.Seasons.Find(w.ctx, first.ID())
	require.NoError(t, err)
	require.Equal(t, closed, found)
	require.Error(t, w.Tx.Do(w.ctx, func(ctx context.Context) error { return w.Seasons.Update(ctx, first) }), "an older version")
	due, err = w.Seasons.ToClose(w.ctx, Noon.Add(time.Hour), 10)
	require.NoError(t, err)
	require.Empty(t, due)
	_, err = w.Seasons.Find(w.another, first.ID())
	require.ErrorIs(t, err, domain.ErrSeasonNotFound)
	for range 2 {
		err = w.Tx.Do(w.ctx, func(ctx context.Context) error { return w.Seasons.Delete(ctx, second.ID()) })
	}
	require.ErrorIs(t, err, domain.ErrSeasonNotFound)
}

func seasonBoards(t *testing.T, w world) {
	a, persons := w.repeatable(t), people(4)
	w.join(t, persons[:3]...)
	early := w.entry(t, a, persons[0], 50, Noon.Add(-time.Hour))
	w.addPoints(t, early, w.entry(t, a, persons[1], 5, Noon.Add(time.Minute)))
	season := w.season(t, Noon, time.Hour)
	board := ports.Board{Scope: w.by.Tenant, Season: season.ID()}
	w.do(t, func(ctx context.Context) error { return w.Points.CountSeason(ctx, season) })
	w.addPoints(t, w.entry(t, a, persons[0], 7, Noon.Add(2*time.Minute)), w.entry(t, a, persons[2], 7, Noon.Add(3*time.Minute)), w.entry(t, a, persons[3], 9, Noon))
	w.addPoints(t, w.entry(t, a, persons[2], 7, Noon.Add(time.Hour))) // after it
	for range 2 {
		page, err := w.Points.Page(w.ctx, board, domain.Place{}, 10)
		require.NoError(t, err)
		gotRanks, got := ranks(page)
		require.Equal(t, []uuid.UUID{persons[0], persons[2], persons[1]}, got)
		require.Equal(t, []int{1, 1, 3}, gotRanks)
		w.do(t, func(ctx context.Context) error { return w.Points.CountSeason(ctx, season) }) // from the ledger, the same
	}
	w.do(t, func(ctx context.Context) error { return w.Points.CloseSeason(ctx, season.ID()) })
	open, err := w.Points.Page(w.ctx, board, domain.Place{}, 10)
	require.NoError(t, err)
	require.Empty(t, open)
	all, err := w.Points.PageClosed(w.ctx, board, domain.Place{}, 2)
	require.NoError(t, err)
	rest, err := w.Points.PageClosed(w.ctx, board, all[1], 2)
	require.NoError(t, err)
	all = append(all, rest...)
	gotRanks, got := ranks(all)
	require.Equal(t, []uuid.UUID{persons[0], persons[2], persons[1]}, got)
	require.Equal(t, []int{1, 1, 3}, gotRanks)
	for i, place := range all {
		around, err := w.Points.AroundClosed(w.ctx, board, place.Person, 1)
		require.NoError(t, err)
		require.Equal(t, all[max(0, i-1):min(3, i+2)], around)
	}
	w.do(t, func(ctx context.Context) error { return w.Members.SetRanked(ctx, persons[0], false) })
	w.do(t, func(ctx context.Context) error { return w.Points.Show(ctx, persons[0]) })
	hidden, err := w.Points.PageClosed(w.ctx, board, domain.Place{}, 10)
	require.NoError(t, err)
	require.Equal(t, all[1:], hidden, "the ranks of the others stay")
	none, err := w.Points.PageClosed(w.another, board, domain.Place{}, 10)
	require.NoError(t, err)
	require.Empty(t, none)
}

func levels(t *testing.T, w world) {
	none, err := w.Levels.Get(w.ctx)
	require.NoError(t, err)
	require.Zero(t, none)
	list, err := domain.NewLevels([]domain.Level{{Points: 0, Titles: domain.Texts{"en": "Guest", "ru": "Гость"}}, {Points: 100, Titles: domain.Texts{"en": "Regular"}}})
	require.NoError(t, err)
	stored := ports.StoredLevels{Levels: list, UpdatedAt: Noon, Version: 1}
	put := func(l ports.StoredLevels) error {
		return w.Tx.Do(w.ctx, func(ctx context.Context) error { return w.Levels.Put(ctx, l) })
	}
	require.NoError(t, put(stored))
	require.ErrorIs(t, put(stored), domain.ErrLevelsChanged, "the version that is stored")
	stored.Version = 3
	require.ErrorIs(t, put(stored), domain.ErrLevelsChanged, "one is missing")
	stored.Version = 2
	require.NoError(t, put(stored))
	got, err := w.Levels.Get(w.ctx)
	require.NoError(t, err)
	require.Equal(t, stored, got)
	other, err := w.Levels.Get(w.another)
	require.NoError(t, err)
	require.Zero(t, other)
}
