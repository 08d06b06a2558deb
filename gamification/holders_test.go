package gamification_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/tools/devkit/testkit/service"
)

// How many hold an achievement is counted by members, and lists are sorted by it.
func TestHoldersAreCounted(t *testing.T) {
	t.Parallel()
	s := start(t)
	people := s.people(7) // ten members with those of the fixture
	many := s.achievement(named("many"), published)
	few := s.achievement(named("few"), published, func(b *gamificationapi.AchievementCreate) { b.Kind = new(gamificationapi.AchievementKindRepeatable) })
	none := s.achievement(named("none"), published)
	for _, person := range people[:4] {
		s.grant(many.ID, person)
	}
	s.grant(few.ID, people[0])
	s.grant(few.ID, people[0], private)
	service.OK(t, s.revoke(s.admin, s.grant(none.ID, people[0]).ID, ""), nil)
	shown := func() map[string]float64 {
		require.NoError(t, s.lifecycle.CountHolders(t.Context()))
		r, err := s.As(s.member).ListAchievementsWithResponse(t.Context(), &gamificationapi.ListAchievementsParams{})
		shares := map[string]float64{}
		for _, a := range service.OK(t, r, err).JSON200.Items {
			one, err := s.As(s.member).GetAchievementWithResponse(t.Context(), a.ID)
			got := service.OK(t, one, err).JSON200
			require.Equal(t, []any{a.Holders, a.HeldBy}, []any{got.Holders, got.HeldBy})
			shares[a.NameI18N["en"]] = a.HeldBy
			require.InDelta(t, float64(a.Holders)/10, a.HeldBy, 1e-9)
		}
		return shares
	}
	require.Equal(t, map[string]float64{"many": 0.4, "few": 0.1, "none": 0}, shown())
	s.Clock.Advance(time.Second)
	last := s.achievement(named("last"), published)
	require.Zero(t, last.Holders)
	sorted := func(limit int) (names []string) {
		p := gamificationapi.ListAchievementsParams{Sort: new(gamificationapi.ListAchievementsParamsSortRarest), Limit: &limit}
		for {
			r, err := s.As(s.member).ListAchievementsWithResponse(t.Context(), &p)
			page := service.OK(t, r, err).JSON200
			for _, a := range page.Items {
				names = append(names, a.NameI18N["en"])
			}
			if page.NextCursor.IsNull() {
				return names
			}
			p.Cursor = new(page.NextCursor.MustGet())
		}
	}
	for _, limit := range []int{1, 2, 20} {
		require.Equal(t, []string{"last", "none", "few", "many"}, sorted(limit))
	}
	s.members(false, people[0], people[1])
	require.NoError(t, s.lifecycle.CountHolders(t.Context()))
	r, err := s.As(s.member).GetAchievementWithResponse(t.Context(), many.ID)
	got := service.OK(t, r, err).JSON200
	require.Equal(t, 2, got.Holders, "who has left counts no more")
	require.InDelta(t, 0.25, got.HeldBy, 1e-9)
}
