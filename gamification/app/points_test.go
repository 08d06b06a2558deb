package app_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/gamification/app"
	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/devkit/testkit/memory"
)

// ledger is a ledger in memory that notes what boards it was told to make.
type ledger struct {
	ports.Points
	entries []domain.PointEntry
	totals  map[uuid.UUID]domain.Total
	done    []string
}

func (l *ledger) Add(_ context.Context, entries ...domain.PointEntry) (changes []ports.PointsChange, err error) {
	for _, e := range entries {
		l.entries = append(l.entries, e)
		before := l.totals[e.Person]
		after := domain.Total{Points: before.Points + e.Points, Peak: max(before.Peak, before.Points+e.Points)}
		l.totals[e.Person] = after
		changes = append(changes, ports.PointsChange{Person: e.Person, Before: before, After: after, Shown: true})
	}
	return changes, nil
}

func (l *ledger) Entry(_ context.Context, grant uuid.UUID) (domain.PointEntry, bool, error) {
	i := slices.IndexFunc(l.entries, func(e domain.PointEntry) bool { return e.GrantID == grant && e.Kind == domain.EntryGrant })
	if i < 0 {
		return domain.PointEntry{}, false, nil
	}
	return l.entries[i], true, nil
}

func (l *ledger) note(what string) error {
	l.done = append(l.done, what)
	return nil
}

func (l *ledger) CountSeason(context.Context, domain.Season) error { return l.note("count") }
func (l *ledger) DropSeason(context.Context, uuid.UUID) error      { return l.note("drop") }
func (l *ledger) CloseSeason(context.Context, uuid.UUID) error     { return l.note("close") }

func (l *ledger) PageClosed(_ context.Context, _ ports.Board, _ domain.Place, limit int) ([]domain.Place, error) {
	return make([]domain.Place, limit), nil
}

// levels are those of the tenant.
type levels struct{ stored ports.StoredLevels }

func (l *levels) Get(context.Context) (ports.StoredLevels, error) { return l.stored, nil }

func (l *levels) Put(_ context.Context, s ports.StoredLevels) error {
	l.stored = s
	return nil
}

// seasons keeps seasons with the tenant of the test.
type seasons struct {
	*memory.Table[uuid.UUID, domain.Season]
}

func (s seasons) List(ctx context.Context) ([]domain.Season, error) { return s.All(ctx, nil), nil }

func (s seasons) Find(ctx context.Context, id uuid.UUID) (domain.Season, error) {
	if season, ok := s.Get(ctx, id); ok {
		return season, nil
	}
	return domain.Season{}, domain.ErrSeasonNotFound
}

func (s seasons) Running(ctx context.Context, now time.Time) (domain.Season, bool, error) {
	season, found := s.First(ctx, func(s domain.Season) bool { return s.Runs(now) })
	return season, found, nil
}

func (s seasons) ToClose(ctx context.Context, now time.Time, limit int) ([]domain.Season, error) {
	list := s.AllTenants(ctx, func(s domain.Season) bool { return s.Over(now) && !s.Closed() })
	return list[:min(limit, len(list))], nil
}

func (s seasons) Add(ctx context.Context, season domain.Season) error {
	s.Put(ctx, season.ID(), season)
	return nil
}

func (s seasons) Update(ctx context.Context, season domain.Season) error { return s.Add(ctx, season) }

func (s seasons) Delete(ctx context.Context, id uuid.UUID) error {
	s.Table.Delete(ctx, func(s domain.Season) bool { return s.ID() == id })
	return nil
}

// pointing gives the use cases a ledger, and a manager of points.
func (h *fixture) pointing() (*ledger, authz.Actor) {
	l := &ledger{totals: map[uuid.UUID]domain.Total{}}
	h.deps.Points, h.deps.Levels, h.deps.Seasons = l, &levels{}, seasons{memory.NewTable[uuid.UUID, domain.Season](h.memory)}
	return l, h.actor(domain.PermissionRead, domain.PermissionManagePoints)
}

func (h *fixture) seasons() *app.Seasons { return &app.Seasons{Deps: h.deps} }

func (h *fixture) season(by authz.Actor, from, until time.Duration) (domain.Season, error) {
	now := h.clock.Now()
	return h.seasons().Create(h.as(by), by, domain.SeasonDraft{Names: domain.Texts{"en": "Spring"}, StartsAt: now.Add(from), EndsAt: now.Add(until)})
}

// A level is told of when a member has more points than ever before and reaches a further one by them.
func TestALevelIsToldOfOnce(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	l, manager := h.pointing()
	_, err := h.seasons().PutLevels(h.as(manager), manager, nil, []domain.Level{
		{Points: 10, Titles: domain.Texts{"en": "Guest"}}, {Points: 25, Titles: domain.Texts{"en": "Regular"}}, {Points: 30, Titles: domain.Texts{"en": "Veteran"}},
	})
	require.NoError(t, err)
	a := h.made(h.admin, published, rules(domain.Rules{Kind: domain.KindRepeatable, Points: 9}))
	none := h.made(h.admin, published)
	reached := func() (numbers []int) {
		for _, e := range told[domain.LevelReached](h) {
			require.Equal(t, []any{h.member.User, h.admin.Tenant, true}, []any{e.User, e.Tenant, e.Ranked})
			numbers = append(numbers, e.Number)
		}
		return numbers
	}
	h.granted(none.ID(), h.member.User)
	first := h.granted(a.ID(), h.member.User) // 9
	require.Empty(t, reached())
	h.granted(a.ID(), h.member.User) // 18
	require.Equal(t, []int{1}, reached())
	_, err = h.granting().Revoke(h.as(h.admin), h.admin, first.ID(), "") // 9
	require.NoError(t, err)
	h.granted(a.ID(), h.member.User) // 18
	require.Equal(t, []int{1}, reached(), "got back and not reached anew")
	h.granted(a.ID(), h.member.User) // 27
	h.granted(a.ID(), h.member.User) // 36
	require.Equal(t, []int{1, 2, 3}, reached())
	require.EqualValues(t, 36, l.totals[h.member.User].Points)
	require.Equal(t, domain.EntryRevocation, l.entries[2].Kind)
	require.Len(t, l.entries, 6, "an achievement without points has no entry")
}

func TestLevelsAreChangedByVersion(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	_, manager := h.pointing()
	put := func(by authz.Actor, version *int, list ...domain.Level) error {
		_, err := h.seasons().PutLevels(h.as(by), by, version, list)
		return err
	}
	one := domain.Level{Points: 1, Titles: domain.Texts{"en": "One"}}
	denied(t, domain.PermissionManagePoints, put(h.admin, nil, one))
	require.ErrorContains(t, put(manager, nil, one, one), "levels.1.points")
	require.NoError(t, put(manager, new(int), one))
	require.ErrorIs(t, put(manager, new(int), one), domain.ErrLevelsChanged)
	require.NoError(t, put(manager, new(1)))
	found, err := h.seasons().Levels(h.as(h.member), h.member)
	require.NoError(t, err)
	require.Equal(t, 2, found.Version)
	require.Empty(t, found.All())
	stranger := h.actor()
	_, err = h.seasons().Levels(h.as(stranger), stranger)
	denied(t, domain.PermissionRead, err)
}

// Seasons do not share time. Their boards are counted anew when their time changes, and not when they are renamed.
func TestSeasonsAreCountedWhenTheirTimeChanges(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	l, manager := h.pointing()
	const day = 24 * time.Hour
	_, err := h.season(h.admin, 0, day)
	denied(t, domain.PermissionManagePoints, err)
	spring, err := h.season(manager, 0, 2*day)
	require.NoError(t, err)
	_, err = h.season(manager, day, 3*day)
	require.ErrorIs(t, err, domain.ErrSeasonsOverlap)
	summer, err := h.season(manager, 2*day, 4*day)
	require.NoError(t, err)
	require.Equal(t, []string{"count", "count"}, l.done)

	update := func(id uuid.UUID, version *int, e domain.SeasonEdit) error {
		_, err := h.seasons().Update(h.as(manager), manager, app.ChangeSeason{ID: id, Version: version}, e)
		return err
	}
	require.NoError(t, update(spring.ID(), new(1), domain.SeasonEdit{Names: domain.Texts{"en": "Early spring"}}))
	require.Len(t, l.done, 2)
	require.ErrorIs(t, update(spring.ID(), new(1), domain.SeasonEdit{}), domain.ErrSeasonChanged)
	require.ErrorIs(t, update(uuid.New(), nil, domain.SeasonEdit{}), domain.ErrSeasonNotFound)
	require.ErrorIs(t, update(spring.ID(), nil, domain.SeasonEdit{EndsAt: new(spring.Data().EndsAt.Add(time.Hour))}), domain.ErrSeasonsOverlap)
	require.NoError(t, update(spring.ID(), nil, domain.SeasonEdit{EndsAt: new(spring.Data().EndsAt.Add(-time.Hour))}))
	require.Equal(t, []string{"count", "count", "count"}, l.done)

	remove := func(by authz.Actor, id uuid.UUID) error {
		return h.seasons().Delete(h.as(by), by, app.ChangeSeason{ID: id})
	}
	denied(t, domain.PermissionManagePoints, remove(h.admin, summer.ID()))
	require.NoError(t, remove(manager, summer.ID()))
	require.Equal(t, "drop", l.done[3])
	require.Equal(t, "season.deleted", h.journal()[0])
	h.clock.Advance(2 * day)
	require.ErrorIs(t, remove(manager, spring.ID()), domain.ErrSeasonOver)
	list, err := h.seasons().List(h.as(h.member), h.member)
	require.NoError(t, err)
	require.Len(t, list, 1)
}

// A season that is over is closed once, and its first are told.
func TestASeasonIsClosedOnce(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	l, manager := h.pointing()
	made, err := h.season(manager, 0, time.Hour)
	require.NoError(t, err)
	lifecycle := app.NewLifecycle(h.deps)
	closeAll := func() { require.NoError(t, lifecycle.CloseSeasons(pg.AcrossTenants(t.Context(), "a test"))) }
	closeAll()
	h.clock.Advance(time.Hour - time.Second)
	closeAll()
	require.Empty(t, told[domain.SeasonClosed](h))
	h.clock.Advance(time.Second)
	closeAll()
	closeAll()
	events := told[domain.SeasonClosed](h)
	require.Len(t, events, 1)
	require.Equal(t, []any{made.ID(), 3, true}, []any{events[0].Season.ID(), len(events[0].First), events[0].Season.Closed()})
	require.Equal(t, []string{"count", "close"}, l.done)
	require.Equal(t, "season.closed", h.journal()[0])
}

func TestATenantHasSoManySeasons(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	_, manager := h.pointing()
	for n := range domain.MaxSeasons {
		_, err := h.season(manager, time.Duration(n)*time.Hour, time.Duration(n+1)*time.Hour)
		require.NoError(t, err)
	}
	_, err := h.season(manager, -2*time.Hour, -time.Hour)
	require.Equal(t, errs.Invalid, errs.KindOf(err), "it is over")
	_, err = h.season(manager, domain.MaxSeasons*time.Hour, (domain.MaxSeasons+1)*time.Hour)
	require.ErrorIs(t, err, domain.ErrTooManySeasons)
}
