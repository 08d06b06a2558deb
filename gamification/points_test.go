package gamification_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
)

func worth(points int) func(*gamificationapi.AchievementCreate) {
	return func(b *gamificationapi.AchievementCreate) { b.Points = &points }
}

func repeatable(b *gamificationapi.AchievementCreate) {
	b.Kind = new(gamificationapi.AchievementKindRepeatable)
}

// nextSeason is a season after all there are.
func (s *fixture) nextSeason() gamificationapi.SeasonCreate {
	s.T.Helper()
	from := s.Clock.Now().Add(24 * time.Hour)
	for _, season := range s.seasons() {
		if season.EndsAt.After(from) {
			from = season.EndsAt
		}
	}
	return gamificationapi.SeasonCreate{NameI18N: names("Season"), StartsAt: from, EndsAt: from.Add(24 * time.Hour)}
}

func (s *fixture) seasons() []gamificationapi.Season {
	s.T.Helper()
	r, err := s.As(s.admin).ListSeasonsWithResponse(s.T.Context())
	return service.OK(s.T, r, err).JSON200.Items
}

func (s *fixture) season(body gamificationapi.SeasonCreate) gamificationapi.Season {
	s.T.Helper()
	r, err := s.As(s.admin).CreateSeasonWithResponse(s.T.Context(), body)
	return *service.OK(s.T, r, err).JSON201
}

// running is a season that began an hour ago and ends in a day.
func (s *fixture) running() gamificationapi.Season {
	now := s.Clock.Now()
	return s.season(gamificationapi.SeasonCreate{NameI18N: names("Running"), StartsAt: now.Add(-time.Hour), EndsAt: now.Add(24 * time.Hour)})
}

func (s *fixture) closeSeasons() {
	s.T.Helper()
	require.NoError(s.T, s.lifecycle.CloseSeasons(context.Background()))
}

func (s *fixture) points(of authz.Actor) gamificationapi.MyPoints {
	s.T.Helper()
	r, err := s.As(of).GetMyPointsWithResponse(s.T.Context())
	return *service.OK(s.T, r, err).JSON200
}

func (s *fixture) setRanked(of authz.Actor, ranked bool) {
	s.T.Helper()
	r, err := s.As(of).UpdateMyPointsWithResponse(s.T.Context(), gamificationapi.MyPointsUpdate{Ranked: ranked})
	require.Equal(s.T, ranked, service.OK(s.T, r, err).JSON200.Ranked)
}

// boardOf names a board; no scope is the tenant, no season all time.
func boardOf(scope *authz.Scope, season *uuid.UUID) gamificationapi.GetLeaderboardParams {
	p := gamificationapi.GetLeaderboardParams{SeasonID: season}
	if scope != nil {
		p.ScopeType, p.ScopeID = new(gamificationapi.AchievementScope(scope.Type)), &scope.ID
	}
	return p
}

// board walks a whole board by pages of some length.
func (s *fixture) board(by authz.Actor, p gamificationapi.GetLeaderboardParams, limit int) []gamificationapi.Ranked {
	s.T.Helper()
	all := []gamificationapi.Ranked{}
	p.Limit = &limit
	for {
		r, err := s.As(by).GetLeaderboardWithResponse(s.T.Context(), &p)
		list := service.OK(s.T, r, err).JSON200
		require.LessOrEqual(s.T, len(list.Items), limit)
		all = append(all, list.Items...)
		if list.NextCursor.IsNull() {
			return all
		}
		p.Cursor = new(list.NextCursor.MustGet())
	}
}

func (s *fixture) place(of authz.Actor, p gamificationapi.GetLeaderboardParams) gamificationapi.MyPlace {
	s.T.Helper()
	r, err := s.As(of).GetMyPlaceWithResponse(s.T.Context(), &gamificationapi.GetMyPlaceParams{ScopeType: p.ScopeType, ScopeID: p.ScopeID, SeasonID: p.SeasonID})
	return *service.OK(s.T, r, err).JSON200
}

// belong makes a user a member of a community or team, or ends that, as an event of portal does.
func (s *fixture) belong(a authz.Actor, scope authz.Scope, version int64, active bool) {
	s.T.Helper()
	ctx := reqctx.With(context.Background(), reqctx.Context{TenantID: s.Tenant})
	require.NoError(s.T, s.lifecycle.Tx.Do(ctx, func(ctx context.Context) error {
		return s.lifecycle.GroupMemberChanged(ctx, a.User, scope.ID, version, active)
	}))
}

func ranked(rank int, a authz.Actor, points int64) gamificationapi.Ranked {
	return gamificationapi.Ranked{Rank: rank, UserID: a.User, Points: points}
}

// A grant adds, a revocation takes off again, once; what an achievement is worth later changes nothing of that. A grant that expires keeps its points.
func TestGrantsAddPointsAndRevocationsTakeThemOff(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.achievement(published, worth(50), func(b *gamificationapi.AchievementCreate) { b.ExpiresAfterDays = some(1) })
	free := s.achievement(published, named("Free"))
	grant := s.grant(a.ID, s.member)
	s.grant(free.ID, s.member)
	require.EqualValues(t, 50, s.points(s.member).Points)
	service.OK(t, s.update(s.admin, a.ID, gamificationapi.AchievementUpdate{Points: new(70)}), nil)
	require.EqualValues(t, 50, s.points(s.member).Points)
	service.OK(t, s.revoke(s.admin, grant.ID, "no"), nil)
	service.OK(t, s.revoke(s.admin, grant.ID, "again"), nil)
	require.EqualValues(t, 0, s.points(s.member).Points)
	second := s.grant(a.ID, s.member)
	require.EqualValues(t, 70, s.points(s.member).Points)
	s.Clock.Advance(48 * time.Hour)
	require.NoError(t, s.lifecycle.ExpireGrants(context.Background()))
	require.EqualValues(t, 70, s.points(s.member).Points)

	var all []gamificationapi.PointEntry
	p := gamificationapi.ListMyPointEntriesParams{Limit: new(2)}
	for {
		r, err := s.As(s.member).ListMyPointEntriesWithResponse(t.Context(), &p)
		list := service.OK(t, r, err).JSON200
		all = append(all, list.Items...)
		if list.NextCursor.IsNull() {
			break
		}
		p.Cursor = new(list.NextCursor.MustGet())
	}
	require.Len(t, all, 3)
	for i, want := range []gamificationapi.PointEntry{
		{Kind: gamificationapi.PointEntryKindGrant, Points: 70, GrantID: second.ID, CreatedAt: s.Clock.Now().Add(-48 * time.Hour).UTC()},
		{Kind: gamificationapi.PointEntryKindRevocation, Points: -50, GrantID: grant.ID, CreatedAt: s.Clock.Now().Add(-48 * time.Hour).UTC()},
		{Kind: gamificationapi.PointEntryKindGrant, Points: 50, GrantID: grant.ID, CreatedAt: s.Clock.Now().Add(-48 * time.Hour).UTC()},
	} {
		want.ID, want.AchievementID, want.NameI18N = all[i].ID, a.ID, a.NameI18N
		testkit.Filled(t, want)
		require.Equal(t, want, all[i])
	}
}

// Bulk grants and nominations bring points as grants do.
func TestEveryWayToAnAchievementBringsItsPoints(t *testing.T) {
	t.Parallel()
	s := start(t)
	a, people := s.achievement(published, worth(10)), s.people(3)
	r, err := s.As(s.admin).CreateGrantsWithResponse(t.Context(), a.ID, gamificationapi.GrantsCreate{RecipientIds: []uuid.UUID{people[0].User, people[1].User}, DryRun: new(true)})
	require.Equal(t, 2, service.OK(t, r, err).JSON200.Granted)
	require.EqualValues(t, 0, s.points(people[0]).Points, "a dry run")
	r, err = s.As(s.admin).CreateGrantsWithResponse(t.Context(), a.ID, gamificationapi.GrantsCreate{RecipientIds: []uuid.UUID{people[0].User, people[1].User}})
	require.Equal(t, 2, service.OK(t, r, err).JSON200.Granted)
	nomination := s.nominated(s.member, a.ID, people[2])
	approved, err := s.As(s.admin).ApproveNominationWithResponse(t.Context(), nomination.ID, gamificationapi.NominationApprove{})
	service.OK(t, approved, err)
	for _, p := range people {
		require.EqualValues(t, 10, s.points(p).Points)
	}
}

// 100 racing grants of achievements to a few members, by hand and in bulk, give the sums all the same.
func TestRacingGrantsLoseNoPoints(t *testing.T) {
	t.Parallel()
	s := start(t)
	people := s.people(4)
	var ids []uuid.UUID
	for range people {
		ids = append(ids, s.achievement(published, repeatable, worth(3)).ID)
	}
	ok := make([]bool, 48)
	var group sync.WaitGroup
	for i := range ok {
		group.Go(func() {
			if i%4 == 0 { // lists in different orders
				list := []uuid.UUID{people[i/4%4].User, people[(i/4+1)%4].User, people[(i/4+2)%4].User, people[(i/4+3)%4].User}
				r, err := s.As(s.admin).CreateGrantsWithResponse(t.Context(), ids[i/4%4], gamificationapi.GrantsCreate{RecipientIds: list})
				ok[i] = err == nil && r.JSON200 != nil && r.JSON200.Granted == len(list)
				return
			}
			r, err := s.As(s.admin).CreateGrantWithResponse(t.Context(), ids[i%4], gamificationapi.GrantCreate{RecipientID: people[i/4%4].User})
			ok[i] = err == nil && r.JSON201 != nil
		})
	}
	group.Wait()
	require.NotContains(t, ok, false)
	for _, p := range people {
		require.EqualValues(t, 3*(12+9), s.points(p).Points)
	}
}

func TestLevelsAreChangedByVersionAndNamedByPoints(t *testing.T) {
	t.Parallel()
	s := start(t)
	mine := s.points(s.member)
	require.True(t, mine.Level.IsNull() && mine.Next.IsNull() && mine.Missing.IsNull())
	none, err := s.As(s.member).GetLevelsWithResponse(t.Context())
	require.Equal(t, gamificationapi.Levels{Levels: []gamificationapi.Level{}, UpdatedAt: null[time.Time]()}, *service.OK(t, none, err).JSON200)

	put := func(by authz.Actor, version *string, levels ...gamificationapi.LevelWrite) *gamificationapi.PutLevelsResponse {
		r, err := s.As(by).PutLevelsWithResponse(t.Context(), &gamificationapi.PutLevelsParams{IfMatch: version}, gamificationapi.LevelsWrite{Levels: levels})
		require.NoError(t, err)
		return r
	}
	at := func(points int64, title string) gamificationapi.LevelWrite {
		return gamificationapi.LevelWrite{Points: points, TitleI18N: gamificationapi.Names{"en": title, "ru": title}}
	}
	stored := service.OK(t, put(s.admin, new(`"0"`), at(10, "Guest"), at(50, "Regular"), at(100, "Veteran")), nil)
	require.Equal(t, `"1"`, stored.HTTPResponse.Header.Get("ETag"))
	require.Equal(t, gamificationapi.Level{Number: 2, Points: 50, TitleI18N: gamificationapi.Names{"en": "Regular", "ru": "Regular"}}, stored.JSON200.Levels[1])
	testkit.Filled(t, *stored.JSON200)
	service.Refused(t, http.StatusConflict, "LEVELS_CHANGED", put(s.admin, new(`"0"`), at(1, "x")), nil)
	service.Refused(t, http.StatusForbidden, "FORBIDDEN", put(s.maker, nil, at(1, "x")), nil)
	service.Invalid(t, put(s.admin, nil, at(5, "a"), at(5, "b")), nil, "levels.1.points")
	service.Invalid(t, put(s.admin, nil, gamificationapi.LevelWrite{TitleI18N: names("\u202e")}), nil, "levels.0.title_i18n.en")

	require.True(t, s.points(s.member).Level.IsNull())
	require.EqualValues(t, 10, s.points(s.member).Missing.MustGet())
	a := s.achievement(published, repeatable, worth(25))
	first := s.grant(a.ID, s.member)
	s.grant(a.ID, s.member)
	mine = s.points(s.member)
	require.Equal(t, []any{2, 3, int64(50)}, []any{mine.Level.MustGet().Number, mine.Next.MustGet().Number, mine.Missing.MustGet()})
	service.OK(t, s.revoke(s.admin, first.ID, ""), nil)
	require.Equal(t, 1, s.points(s.member).Level.MustGet().Number)
	s.grant(a.ID, s.member)
	s.grant(a.ID, s.member)
	s.grant(a.ID, s.member)
	mine = s.points(s.member)
	require.Equal(t, 3, mine.Level.MustGet().Number)
	require.True(t, mine.Next.IsNull() && mine.Missing.IsNull())
	var reached []string
	for _, e := range s.Events() {
		if strings.HasSuffix(e.Type, "level.reached") {
			reached = append(reached, e.Subject)
		}
	}
	require.Len(t, reached, 3, "each level once, also when points were lost meanwhile")

	other, err := s.As(s.maker).GetUserPointsWithResponse(t.Context(), s.member.User)
	of := *service.OK(t, other, err).JSON200
	require.Equal(t, gamificationapi.UserPoints{UserID: s.member.User, Points: some(int64(100)), Level: mine.Level}, of)
	testkit.Filled(t, of)
	s.setRanked(s.member, false)
	for _, user := range []uuid.UUID{s.member.User, uuid.New()} {
		other, err = s.As(s.maker).GetUserPointsWithResponse(t.Context(), user)
		of = *service.OK(t, other, err).JSON200
		require.True(t, of.Points.IsNull() && of.Level.IsNull())
	}
}

// Equal points share a rank; who reached them first stands first.
func TestEqualPointsShareARank(t *testing.T) {
	t.Parallel()
	s := start(t)
	people := s.people(5)
	ten, five := s.achievement(published, repeatable, worth(10)), s.achievement(published, repeatable, worth(5))
	for _, g := range []struct {
		what gamificationapi.Achievement
		to   int
	}{{ten, 3}, {five, 0}, {ten, 1}, {five, 0}, {ten, 2}, {ten, 2}, {five, 4}} {
		s.grant(g.what.ID, people[g.to])
		s.Clock.Advance(time.Minute)
	}
	want := []gamificationapi.Ranked{ranked(1, people[2], 20), ranked(2, people[3], 10), ranked(2, people[1], 10), ranked(2, people[0], 10), ranked(5, people[4], 5)}
	for limit := 1; limit <= 5; limit++ {
		require.Equal(t, want, s.board(s.member, boardOf(nil, nil), limit), "pages of %d", limit)
	}
	mine := s.place(people[4], boardOf(nil, nil))
	require.Equal(t, gamificationapi.MyPlace{Points: 5, Rank: some(5), Around: want[1:]}, mine)
	testkit.Filled(t, mine)
	mine = s.place(people[1], boardOf(nil, nil))
	require.Equal(t, gamificationapi.MyPlace{Points: 10, Rank: some(2), Around: want}, mine)
	require.Equal(t, gamificationapi.MyPlace{Rank: null[int](), Around: []gamificationapi.Ranked{}}, s.place(s.maker, boardOf(nil, nil)))

	cursor, err := s.As(s.member).GetLeaderboardWithResponse(t.Context(), &gamificationapi.GetLeaderboardParams{Limit: new(1)})
	season := s.running()
	foreign, err2 := s.As(s.member).GetLeaderboardWithResponse(t.Context(), &gamificationapi.GetLeaderboardParams{
		SeasonID: &season.ID, Cursor: new(service.OK(t, cursor, err).JSON200.NextCursor.MustGet()),
	})
	service.Invalid(t, foreign, err2, "cursor")
}

// Those who do not want to, who are suspended or have left are not ranked, neither live nor in what seasons left.
func TestOnlyThoseWhoWantToAreRanked(t *testing.T) {
	t.Parallel()
	s := start(t)
	season := s.running()
	people, a := s.people(3), s.achievement(published, worth(10))
	for _, p := range people {
		s.grant(a.ID, p)
		s.Clock.Advance(time.Second)
	}
	s.setRanked(people[0], false)
	s.members(false, people[1])
	for _, board := range []gamificationapi.GetLeaderboardParams{boardOf(nil, nil), boardOf(nil, &season.ID)} {
		require.Equal(t, []gamificationapi.Ranked{ranked(1, people[2], 10)}, s.board(s.member, board, 10))
		require.Equal(t, gamificationapi.MyPlace{Points: 10, Rank: null[int](), Around: []gamificationapi.Ranked{}}, s.place(people[0], board))
	}
	s.members(true, people[1])
	s.Clock.Advance(48 * time.Hour)
	s.closeSeasons()
	left := boardOf(nil, &season.ID)
	require.Equal(t, []gamificationapi.Ranked{ranked(1, people[1], 10), ranked(1, people[2], 10)}, s.board(s.member, left, 1))
	require.Equal(t, gamificationapi.MyPlace{Points: 10, Rank: null[int](), Around: []gamificationapi.Ranked{}}, s.place(people[0], left), "the own points are seen")
	s.setRanked(people[1], false)
	require.Equal(t, []gamificationapi.Ranked{ranked(1, people[2], 10)}, s.board(s.member, left, 10))
	s.setRanked(people[1], true)
	s.setRanked(people[0], true)
	require.Len(t, s.board(s.member, left, 10), 2, "a season that is over gets no new ranks")
	require.Len(t, s.board(s.member, boardOf(nil, nil), 10), 3)
}

// The board of a community ranks its members by all their points. It is there for members only.
func TestBoardsOfCommunitiesAndTeams(t *testing.T) {
	t.Parallel()
	s := start(t)
	chess, team := authz.CommunityScope(uuid.New()), authz.TeamScope(uuid.New())
	s.group(chess, groups.Active)
	s.group(team, groups.Active, chess.ID)
	season := s.running()
	people, a := s.people(3), s.achievement(published, repeatable, worth(10))
	s.belong(people[0], chess, 1, true)
	s.belong(people[0], team, 1, true)
	s.grant(a.ID, people[0])
	s.grant(a.ID, people[1])
	s.grant(a.ID, people[1])
	s.grant(a.ID, people[2])
	s.belong(people[1], chess, 1, true)
	s.join(s.member, chess)
	for _, season := range []*uuid.UUID{nil, &season.ID} {
		require.Equal(t, []gamificationapi.Ranked{ranked(1, people[1], 20), ranked(2, people[0], 10)}, s.board(s.member, boardOf(&chess, season), 10))
		require.Equal(t, []gamificationapi.Ranked{ranked(1, people[0], 10)}, s.board(s.admin, boardOf(&team, season), 10))
	}
	s.belong(people[0], chess, 3, false)
	s.belong(people[0], chess, 2, true) // an older event that comes late
	s.grant(a.ID, people[0])
	require.Equal(t, []gamificationapi.Ranked{ranked(1, people[1], 20)}, s.board(s.member, boardOf(&chess, nil), 10))
	require.Equal(t, []gamificationapi.Ranked{ranked(1, people[0], 20)}, s.board(s.admin, boardOf(&team, &season.ID), 10))

	other := s.people(1)[0]
	for _, p := range []gamificationapi.GetLeaderboardParams{boardOf(&chess, nil), boardOf(new(authz.CommunityScope(uuid.New())), nil)} {
		r, err := s.As(other).GetLeaderboardWithResponse(t.Context(), &p)
		service.Refused(t, http.StatusNotFound, "LEADERBOARD_NOT_FOUND", r, err)
	}
	unknown, err := s.As(s.member).GetLeaderboardWithResponse(t.Context(), new(boardOf(nil, new(uuid.New()))))
	service.Invalid(t, unknown, err, "season_id")

	s.group(team, groups.Deleted, chess.ID)
	require.Empty(t, s.board(s.admin, boardOf(&team, nil), 10))
}

// Two instances close a season once. Its ranks stay when grants are revoked later.
func TestASeasonLeavesItsRanks(t *testing.T) {
	t.Parallel()
	s := start(t)
	people, a := s.people(3), s.achievement(published, repeatable, worth(10))
	before := s.grant(a.ID, people[0])
	s.Clock.Advance(2 * time.Hour)
	season := s.running()
	grants := []gamificationapi.Grant{s.grant(a.ID, people[1]), s.grant(a.ID, people[1]), s.grant(a.ID, people[2])}
	service.OK(t, s.revoke(s.admin, before.ID, ""), nil)
	board := boardOf(nil, &season.ID)
	require.EqualValues(t, -10, s.place(people[0], board).Points, "entries in its time count")
	want := []gamificationapi.Ranked{ranked(1, people[1], 20), ranked(2, people[2], 10)}
	require.Equal(t, want, s.board(s.member, board, 10))
	s.closeSeasons()
	require.True(t, s.seasons()[0].ClosedAt.IsNull(), "it is not over")

	s.Clock.Advance(24 * time.Hour)
	var group sync.WaitGroup
	failed := make([]error, 8)
	for i := range failed {
		group.Go(func() { failed[i] = s.lifecycle.CloseSeasons(context.Background()) })
	}
	group.Wait()
	for _, err := range failed {
		require.NoError(t, err)
	}
	closed := s.seasons()[0]
	require.Equal(t, gamificationapi.SeasonStateOver, closed.State)
	testkit.Filled(t, closed)
	told := 0
	for _, e := range s.Events() {
		if strings.HasSuffix(e.Type, "season.closed") {
			told++
		}
	}
	require.Equal(t, 1, told)
	for _, g := range grants {
		service.OK(t, s.revoke(s.admin, g.ID, ""), nil)
	}
	require.Empty(t, s.board(s.member, boardOf(nil, nil), 10))
	require.Equal(t, want, s.board(s.member, board, 1))
	require.Equal(t, gamificationapi.MyPlace{Points: 10, Rank: some(2), Around: want}, s.place(people[2], board))

	over, err := s.As(s.admin).UpdateSeasonWithResponse(t.Context(), season.ID, nil, gamificationapi.SeasonUpdate{EndsAt: new(s.Clock.Now().Add(time.Hour))})
	service.Refused(t, http.StatusConflict, "SEASON_OVER", over, err)
	gone, err := s.As(s.admin).DeleteSeasonWithResponse(t.Context(), season.ID, nil)
	service.Refused(t, http.StatusConflict, "SEASON_OVER", gone, err)
	renamed, err := s.As(s.admin).UpdateSeasonWithResponse(t.Context(), season.ID, nil, gamificationapi.SeasonUpdate{NameI18N: new(names("Spring"))})
	require.Equal(t, names("Spring"), service.OK(t, renamed, err).JSON200.NameI18N)
}

func TestSeasonsAreCheckedAndCountedAnew(t *testing.T) {
	t.Parallel()
	s := start(t)
	people, a := s.people(1), s.achievement(published, repeatable, worth(10))
	now := s.Clock.Now()
	s.grant(a.ID, people[0])
	s.Clock.Advance(3 * time.Hour)
	s.grant(a.ID, people[0])
	for field, body := range map[string]gamificationapi.SeasonCreate{
		"ends_at":      {NameI18N: names("x"), StartsAt: now.Add(-48 * time.Hour), EndsAt: now},
		"name_i18n.en": {NameI18N: names("\u202e"), StartsAt: now, EndsAt: now.Add(48 * time.Hour)},
	} {
		r, err := s.As(s.admin).CreateSeasonWithResponse(t.Context(), body)
		service.Invalid(t, r, err, field)
	}
	season := s.season(gamificationapi.SeasonCreate{NameI18N: names("Now"), StartsAt: now.Add(time.Hour), EndsAt: now.Add(48 * time.Hour)})
	board := boardOf(nil, &season.ID)
	require.Equal(t, []gamificationapi.Ranked{ranked(1, people[0], 10)}, s.board(s.member, board, 10))
	require.Equal(t, gamificationapi.SeasonPoints{SeasonID: season.ID, Points: 10}, s.points(people[0]).Season.MustGet())
	testkit.Filled(t, s.points(people[0]), "Level", "Next", "Missing")
	clash, err := s.As(s.admin).CreateSeasonWithResponse(t.Context(), gamificationapi.SeasonCreate{NameI18N: names("x"), StartsAt: now.Add(47 * time.Hour), EndsAt: now.Add(99 * time.Hour)})
	service.Refused(t, http.StatusConflict, "SEASONS_OVERLAP", clash, err)
	next := s.season(gamificationapi.SeasonCreate{NameI18N: names("Next"), StartsAt: now.Add(48 * time.Hour), EndsAt: now.Add(96 * time.Hour)})
	require.Equal(t, gamificationapi.SeasonStateUpcoming, next.State)
	require.Empty(t, s.board(s.member, boardOf(nil, &next.ID), 10))
	require.Equal(t, []uuid.UUID{next.ID, season.ID}, []uuid.UUID{s.seasons()[0].ID, s.seasons()[1].ID})

	update := func(version string, edit gamificationapi.SeasonUpdate) *gamificationapi.UpdateSeasonResponse {
		r, err := s.As(s.admin).UpdateSeasonWithResponse(t.Context(), season.ID, &gamificationapi.UpdateSeasonParams{IfMatch: &version}, edit)
		require.NoError(t, err)
		return r
	}
	earlier := service.OK(t, update(`"1"`, gamificationapi.SeasonUpdate{StartsAt: &now}), nil)
	require.Equal(t, `"2"`, earlier.HTTPResponse.Header.Get("ETag"))
	require.Equal(t, []gamificationapi.Ranked{ranked(1, people[0], 20)}, s.board(s.member, board, 10))
	service.Refused(t, http.StatusConflict, "SEASON_CHANGED", update(`"1"`, gamificationapi.SeasonUpdate{}), nil)
	service.Refused(t, http.StatusConflict, "SEASONS_OVERLAP", update(`"2"`, gamificationapi.SeasonUpdate{EndsAt: new(now.Add(49 * time.Hour))}), nil)
	service.Invalid(t, update(`"2"`, gamificationapi.SeasonUpdate{EndsAt: new(now.Add(2 * time.Hour))}), nil, "ends_at")
	gone, err := s.As(s.admin).DeleteSeasonWithResponse(t.Context(), season.ID, nil)
	service.OK(t, gone, err)
	require.Len(t, s.seasons(), 1)
	require.EqualValues(t, 20, s.points(people[0]).Points)

	log, err := s.As(s.admin).ListAuditWithResponse(t.Context(), &gamificationapi.ListAuditParams{TargetID: new(season.ID.String())})
	var actions []string
	for _, e := range service.OK(t, log, err).JSON200.Items {
		actions = append(actions, e.Action)
	}
	require.Equal(t, []string{"season.deleted", "season.updated", "season.created"}, actions)
}

// What is in the ledger stays as it was written, also for the service itself.
func TestEntriesOfTheLedgerAreNotChanged(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.grant(s.achievement(published, worth(10)).ID, s.member)
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: s.Tenant})
	err := s.DB.Do(ctx, func(ctx context.Context) error {
		_, err := s.DB.Conn(ctx).NewRaw("UPDATE point_entries SET points = 1000").Exec(ctx)
		return err
	})
	require.ErrorContains(t, err, "entries of the ledger are not changed")
	require.EqualValues(t, 10, s.points(s.member).Points)
}

func TestARepeatedCreateReturnsTheFirstSeason(t *testing.T) {
	t.Parallel()
	s := start(t)
	ctx, body := service.Request(s.admin), s.nextSeason()
	var ids []uuid.UUID
	for range 2 {
		r, err := s.As(s.admin).CreateSeasonWithResponse(ctx, body)
		ids = append(ids, service.OK(t, r, err).JSON201.ID)
	}
	require.Equal(t, ids[0], ids[1])
	require.Len(t, s.seasons(), 1)
}
