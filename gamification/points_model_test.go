package gamification_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit/service"
)

// modelEntry is an entry of the ledger as the model keeps it.
type modelEntry struct {
	person int
	points int64
	at     time.Time
}

// modelBoards is what leaderboards are by definition: sums over all entries, with no regard to cost.
type modelBoards struct {
	people  []authz.Actor
	entries []modelEntry
	out     []bool // does not want to be ranked
	left    []bool // the tenant
	in      []bool // the community
}

func (m *modelBoards) board(group bool, from, until time.Time) []gamificationapi.Ranked {
	type row struct {
		person  int
		points  int64
		reached int // the place of the last entry
	}
	rows := make([]row, len(m.people))
	for i, e := range m.entries {
		if !e.at.Before(from) && e.at.Before(until) {
			rows[e.person] = row{e.person, rows[e.person].points + e.points, i}
		}
	}
	rows = slices.DeleteFunc(rows, func(r row) bool {
		return r.points <= 0 || m.out[r.person] || m.left[r.person] || group && !m.in[r.person]
	})
	slices.SortFunc(rows, func(a, b row) int {
		if a.points != b.points {
			return int(b.points - a.points)
		}
		return a.reached - b.reached
	})
	places := make([]gamificationapi.Ranked, len(rows))
	for i, r := range rows {
		places[i] = ranked(i+1, m.people[r.person], r.points)
		if i > 0 && rows[i-1].points == r.points {
			places[i].Rank = places[i-1].Rank
		}
	}
	return places
}

// Whatever happens in whatever order, each board is what a model says that adds up all entries anew, and the sums of the ledger are the
// points of members.
func TestBoardsAreTheSumsOfTheLedger(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		s := start(t)
		random := rand.New(rand.NewPCG(seed, 7))
		chess := authz.CommunityScope(uuid.New())
		s.group(chess, groups.Active)
		achievements := []gamificationapi.Achievement{s.achievement(published, repeatable, worth(5)), s.achievement(published, repeatable, worth(10)), s.achievement(published, repeatable)}
		m := &modelBoards{people: s.people(5), out: make([]bool, 5), left: make([]bool, 5), in: make([]bool, 5)}
		season := s.running()
		versions := make([]int64, 5)
		var grants []gamificationapi.Grant
		given := map[uuid.UUID]modelEntry{}
		var closed []gamificationapi.Ranked
		began := s.Clock.Now().Add(-24 * time.Hour)
		for range 60 {
			s.Clock.Advance(30 * time.Minute)
			p := random.IntN(len(m.people))
			switch random.IntN(8) {
			case 0, 1, 2, 3:
				if m.left[p] {
					continue
				}
				a := achievements[random.IntN(3)]
				g := s.grant(a.ID, m.people[p])
				if grants = append(grants, g); a.Points > 0 {
					given[g.ID] = modelEntry{p, int64(a.Points), s.Clock.Now()}
					m.entries = append(m.entries, given[g.ID])
				}
			case 4:
				if len(grants) == 0 {
					continue
				}
				g := grants[random.IntN(len(grants))]
				service.OK(t, s.revoke(s.admin, g.ID, ""), nil)
				if e, ok := given[g.ID]; ok {
					m.entries = append(m.entries, modelEntry{e.person, -e.points, s.Clock.Now()})
					delete(given, g.ID)
				}
			case 5:
				m.out[p] = !m.out[p]
				s.setRanked(m.people[p], !m.out[p])
			case 6:
				m.left[p] = !m.left[p]
				s.members(!m.left[p], m.people[p])
			case 7:
				m.in[p] = !m.in[p]
				versions[p]++
				s.belong(m.people[p], chess, versions[p], m.in[p])
			}
			if over := !s.Clock.Now().Before(season.EndsAt); over && closed == nil {
				closed = m.board(false, season.StartsAt, season.EndsAt)
				s.closeSeasons()
				closed = slices.Clone(closed)
				require.Equal(t, closed, s.board(s.admin, boardOf(nil, &season.ID), 2), "when it was closed, seed %d", seed)
			} else if !over {
				require.Equal(t, m.board(false, season.StartsAt, season.EndsAt), s.board(s.admin, boardOf(nil, &season.ID), 3), "season, seed %d", seed)
			}
		}
		forever := s.Clock.Now().Add(time.Hour)
		want := m.board(false, began, forever)
		require.Equal(t, want, s.board(s.admin, boardOf(nil, nil), 2), "seed %d", seed)
		require.Equal(t, m.board(true, began, forever), s.board(s.admin, boardOf(&chess, nil), 2), "community, seed %d", seed)
		for i, place := range want {
			p := m.people[slices.IndexFunc(m.people, func(a authz.Actor) bool { return a.User == place.UserID })]
			mine := s.place(p, boardOf(nil, nil))
			require.Equal(t, []any{place.Points, place.Rank}, []any{mine.Points, mine.Rank.MustGet()})
			require.Equal(t, want[max(0, i-3):min(len(want), i+4)], mine.Around)
		}
		s.requireSums()
	}
}

// requireSums checks that all totals are the sums of the ledger.
func (s *fixture) requireSums() {
	s.T.Helper()
	var wrong int
	ctx := reqctx.With(context.Background(), reqctx.Context{TenantID: s.Tenant})
	require.NoError(s.T, s.DB.Read(ctx, func(ctx context.Context) error {
		return s.DB.Conn(ctx).NewRaw(`
			SELECT count(*) FROM (SELECT person_id, sum(points) AS points, max(created_at) AS reached_at FROM point_entries GROUP BY person_id) AS e
			FULL JOIN (SELECT * FROM point_totals WHERE season_id = '00000000-0000-0000-0000-000000000000') AS t ON t.person_id = e.person_id
			WHERE e.points IS DISTINCT FROM t.points OR e.reached_at IS DISTINCT FROM t.reached_at`).Scan(ctx, &wrong)
	}))
	require.Zero(s.T, wrong, "totals that are no sums of the ledger")
}
