package gamification_test

import (
	"image/color"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/tools/devkit/testkit/service"
)

func (s *fixture) categories(by authz.Actor) (slugs []string) {
	s.T.Helper()
	r, err := s.As(by).ListCategoriesWithResponse(s.T.Context())
	for _, c := range service.OK(s.T, r, err).JSON200.Items {
		slugs = append(slugs, c.ID)
	}
	return slugs
}

func TestCategoriesAreNamedOrderedRetiredAndDeleted(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := s.As(s.admin)
	s.category("skill", 20)
	s.category("events", 10)
	s.category("a_b-c", 10)
	require.Equal(t, []string{"a_b-c", "events", "skill"}, s.categories(s.member))

	changed, err := c.UpdateCategoryWithResponse(t.Context(), "events", nil, gamificationapi.CategoryUpdate{
		NameI18N: some(map[string]string{"ru": " События ", "en": "Events"}), IsActive: some(false), Order: null[int32](),
	})
	got := *service.OK(t, changed, err).JSON200
	require.Equal(t, gamificationapi.Names{"ru": "События", "en": "Events"}, got.NameI18N)
	require.Equal(t, []any{false, int32(10), 2, `"2"`}, []any{got.IsActive, got.Order, got.Version, changed.HTTPResponse.Header.Get("ETag")})

	ordered, err := c.OrderCategoriesWithResponse(t.Context(), gamificationapi.CategoryOrder{Ids: []string{"skill", "a_b-c", "events"}})
	require.Len(t, service.OK(t, ordered, err).JSON200.Items, 3)
	require.Equal(t, []string{"skill", "a_b-c", "events"}, s.categories(s.member))
	for _, wrong := range [][]string{{"skill", "a_b-c"}, {"skill", "a_b-c", "events", "skill"}, {"skill", "a_b-c", "other"}, {}} {
		refused, err := c.OrderCategoriesWithResponse(t.Context(), gamificationapi.CategoryOrder{Ids: wrong})
		service.Invalid(t, refused, err, "ids")
	}

	gone, err := c.DeleteCategoryWithResponse(t.Context(), "events", nil)
	service.OK(t, gone, err)
	again, err := c.DeleteCategoryWithResponse(t.Context(), "events", nil)
	service.Refused(t, http.StatusNotFound, "CATEGORY_NOT_FOUND", again, err)
	require.Equal(t, []string{"skill", "a_b-c"}, s.categories(s.member))

	log, err := c.ListAuditWithResponse(t.Context(), &gamificationapi.ListAuditParams{})
	var actions []string
	for _, entry := range service.OK(t, log, err).JSON200.Items {
		actions = append(actions, entry.Action)
	}
	require.Equal(t, []string{"category.deleted", "categories.ordered", "category.updated", "category.created", "category.created", "category.created"}, actions)
}

func TestACategoryIsChangedInTheVersionThatWasSeen(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := s.As(s.admin)
	s.category("skill", 0)
	edit := gamificationapi.CategoryUpdate{Order: some(int32(1))}
	first, err := c.UpdateCategoryWithResponse(t.Context(), "skill", &gamificationapi.UpdateCategoryParams{IfMatch: new(`"1"`)}, edit)
	service.OK(t, first, err)
	stale, err := c.UpdateCategoryWithResponse(t.Context(), "skill", &gamificationapi.UpdateCategoryParams{IfMatch: new(`"1"`)}, edit)
	service.Refused(t, http.StatusConflict, "CATEGORY_CHANGED", stale, err)
	kept, err := c.DeleteCategoryWithResponse(t.Context(), "skill", &gamificationapi.DeleteCategoryParams{IfMatch: new("x")})
	service.Refused(t, http.StatusConflict, "CATEGORY_CHANGED", kept, err)
}

func TestACategoryIsRefusedWithTheField(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := s.As(s.admin)
	for field, body := range map[string]gamificationapi.CategoryCreate{
		"id":              {ID: "My Cat!", NameI18N: names("x")},
		"name_i18n":       {ID: "x", NameI18N: gamificationapi.Names{}},
		"name_i18n.en":    {ID: "x", NameI18N: names("\u200b")},
		"name_i18n.pt-BR": {ID: "x", NameI18N: gamificationapi.Names{"pt-BR": "\u202e"}},
		"order":           {ID: "x", NameI18N: names("x"), Order: new(int32(1_000_001))},
	} {
		r, err := c.CreateCategoryWithResponse(t.Context(), body)
		service.Invalid(t, r, err, field)
	}
	tag, err := c.CreateCategoryWithResponse(t.Context(), gamificationapi.CategoryCreate{ID: "x", NameI18N: gamificationapi.Names{"English": "x"}})
	service.Invalid(t, tag, err, "name_i18n")

	s.category("skill", 0)
	taken, err := c.CreateCategoryWithResponse(t.Context(), gamificationapi.CategoryCreate{ID: "skill", NameI18N: names("x")})
	service.Refused(t, http.StatusConflict, "ALREADY_EXISTS", taken, err)
}

func TestARepeatedCreateReturnsTheFirstCategory(t *testing.T) {
	t.Parallel()
	s := start(t)
	ctx, c := service.Request(s.admin), s.As(s.admin)
	for range 2 {
		r, err := c.CreateCategoryWithResponse(ctx, gamificationapi.CategoryCreate{ID: "skill", NameI18N: names("Skill")})
		require.Equal(t, "skill", service.OK(t, r, err).JSON201.ID)
	}
	require.Equal(t, []string{"skill"}, s.categories(s.admin))
}

func TestATenantHasABoundedNumberOfCategories(t *testing.T) {
	t.Parallel()
	s := start(t)
	for i := range 200 {
		s.category("c"+strconv.Itoa(i), 0)
	}
	r, err := s.As(s.admin).CreateCategoryWithResponse(t.Context(), gamificationapi.CategoryCreate{ID: "more", NameI18N: names("x")})
	service.Refused(t, http.StatusConflict, "TOO_MANY_CATEGORIES", r, err)
}

func TestWhatAnotherTenantOwnsDoesNotExist(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.group(authz.CommunityScope(uuid.New()), groups.Active)
	made := s.achievement(published, worth(10))
	s.running()
	grant := s.grant(made.ID, s.member)
	s.share(s.member, grant.ID)
	service.OK(t, s.pin(s.member, grant.ID), nil)
	require.NoError(t, s.lifecycle.CountHolders(t.Context()))
	s.Clock.Advance(48 * time.Hour)
	s.closeSeasons()
	s.belong(s.member, authz.CommunityScope(uuid.New()), 1, true)
	levels, err := s.As(s.admin).PutLevelsWithResponse(t.Context(), nil, gamificationapi.LevelsWrite{Levels: []gamificationapi.LevelWrite{{Points: 1, TitleI18N: names("Guest")}}})
	service.OK(t, levels, err)
	s.nominated(s.member, made.ID, s.maker)
	s.ruled(attendances(1))
	service.OK(t, s.putReward(s.chief(), made.ID, s.helpers("helpers")), nil)
	s.settleRewards()
	s.uploaded(drawing(t, 8, color.White))
	s.tell(attended(s.maker, uuid.New(), s.Clock.Now(), false))
	outsider := s.Outsider(adminKeys...)
	require.Empty(t, s.categories(outsider))
	r, err := s.As(outsider).UpdateCategoryWithResponse(t.Context(), "skill", nil, gamificationapi.CategoryUpdate{})
	service.Refused(t, http.StatusNotFound, "CATEGORY_NOT_FOUND", r, err)
	got, err := s.As(outsider).GetAchievementWithResponse(t.Context(), made.ID)
	service.Refused(t, http.StatusNotFound, "ACHIEVEMENT_NOT_FOUND", got, err)
	require.Empty(t, s.board(outsider, boardOf(nil, nil), 10))
	require.Zero(t, s.points(outsider).Points)
	season := s.seasons()[0].ID
	board, err := s.As(outsider).GetLeaderboardWithResponse(t.Context(), new(boardOf(nil, &season)))
	service.Invalid(t, board, err, "season_id")
	renamed, err := s.As(outsider).UpdateSeasonWithResponse(t.Context(), season, nil, gamificationapi.SeasonUpdate{})
	service.Refused(t, http.StatusNotFound, "SEASON_NOT_FOUND", renamed, err)
	service.Isolation(t, s.DB, s.Tenant)
}

// retire has a category take no achievements from now on.
func (s *fixture) retire(slug string) {
	s.T.Helper()
	r, err := s.As(s.admin).UpdateCategoryWithResponse(s.T.Context(), slug, nil, gamificationapi.CategoryUpdate{IsActive: some(false)})
	require.False(s.T, service.OK(s.T, r, err).JSON200.IsActive)
}
