package gamification_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
)

func (s *fixture) list(by authz.Actor, p gamificationapi.ListAchievementsParams) (names []string) {
	s.T.Helper()
	r, err := s.As(by).ListAchievementsWithResponse(s.T.Context(), &p)
	for _, a := range service.OK(s.T, r, err).JSON200.Items {
		names = append(names, a.NameI18N["en"])
	}
	return names
}

func (s *fixture) update(by authz.Actor, id uuid.UUID, body gamificationapi.AchievementUpdate) *gamificationapi.UpdateAchievementResponse {
	s.T.Helper()
	r, err := s.As(by).UpdateAchievementWithResponse(s.T.Context(), id, nil, body)
	require.NoError(s.T, err)
	return r
}

func (s *fixture) move(by authz.Actor, id uuid.UUID, to gamificationapi.AchievementUpdateStatus) *gamificationapi.UpdateAchievementResponse {
	s.T.Helper()
	return s.update(by, id, gamificationapi.AchievementUpdate{Status: some(to)})
}

func named(name string) func(*gamificationapi.AchievementCreate) {
	return func(b *gamificationapi.AchievementCreate) { b.NameI18N = names(name) }
}

func inCategory(slug string) func(*gamificationapi.AchievementCreate) {
	return func(b *gamificationapi.AchievementCreate) { b.Category = slug }
}

func secret(b *gamificationapi.AchievementCreate) { b.Secret = new(true) }

// Every field of an achievement is shown as it was given.
func TestAnAchievementIsShownAsItWasMade(t *testing.T) {
	t.Parallel()
	s := start(t)
	first := s.achievement()
	body := s.draft(published, func(b *gamificationapi.AchievementCreate) {
		b.NameI18N = gamificationapi.Names{"ru": "Знаток дебютов", "en": " Opening expert "}
		b.Description, b.DescriptionI18N = some("Won ten games."), &gamificationapi.Descriptions{"ru": "Десять партий."}
		b.Images = &gamificationapi.ImagesWrite{Small: some("https://example.com/s.png"), Medium: some("https://example.com/m.png"), Large: some("https://example.com/l.png")}
		b.ImageAltI18N = &gamificationapi.ImageAlts{"ru": " Конь "}
		b.ImageAlt, b.Tier, b.Rarity = new("A knight"), new(gamificationapi.TierGold), new(gamificationapi.RarityRare)
		b.Secret, b.Kind, b.MaxGrants = new(true), new(gamificationapi.AchievementKindLimited), some(3)
		b.IssuerDailyLimit, b.ExpiresAfterDays, b.Prerequisites, b.Points = some(5), some(30), []uuid.UUID{first.ID}, new(50)
	})
	r, err := s.As(s.admin).CreateAchievementWithResponse(t.Context(), body)
	made := *service.OK(t, r, err).JSON201
	require.Equal(t, `"1"`, r.HTTPResponse.Header.Get("ETag"))
	now := s.Clock.Now().UTC()
	want := gamificationapi.Achievement{
		ID: made.ID, NameI18N: gamificationapi.Names{"ru": "Знаток дебютов", "en": "Opening expert"}, Description: some("Won ten games."),
		DescriptionI18N: gamificationapi.Descriptions{"ru": "Десять партий."}, Category: "skill", Status: gamificationapi.AchievementStatusPublished,
		Images:   some(gamificationapi.Images{Small: some("https://example.com/s.png"), Medium: some("https://example.com/m.png"), Large: some("https://example.com/l.png")}),
		ImageAlt: "A knight", ImageAltI18N: gamificationapi.ImageAlts{"ru": "Конь"}, Tier: gamificationapi.TierGold, Rarity: gamificationapi.RarityRare, Secret: true, Kind: gamificationapi.AchievementKindLimited,
		MaxGrants: some(3), IssuerDailyLimit: some(5), ExpiresAfterDays: some(30), Prerequisites: []uuid.UUID{first.ID}, Points: 50,
		ScopeType: gamificationapi.AchievementScopeTENANT, ScopeID: s.Tenant, CreatedBy: s.admin.User, CreatedAt: now, UpdatedAt: now, PublishedAt: some(now),
		Version: 1, CanEdit: true, CanPublish: false, CanHide: true, CanAssign: true, CanRevoke: true, CanViewPrivate: true,
	}
	testkit.Filled(t, want, "CanPublish", "Holders", "HeldBy", "HasRule")
	require.Equal(t, want, made)
	got, err := s.As(s.admin).GetAchievementWithResponse(t.Context(), made.ID)
	require.Equal(t, want, *service.OK(t, got, err).JSON200)

	bare := first
	require.True(t, bare.Images.IsNull() && bare.Description.IsNull() && bare.MaxGrants.IsNull() && bare.PublishedAt.IsNull())
}

func TestAnAchievementIsChangedFieldByField(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.category("events", 0)
	made := s.achievement()
	changed := *service.OK(t, s.update(s.admin, made.ID, gamificationapi.AchievementUpdate{
		NameI18N: some(map[string]string{"en": "Endgame expert"}), Description: some("New."), Category: some("events"), Images: picture,
		Kind: new(gamificationapi.AchievementKindLimited), MaxGrants: some(2), Tier: new(gamificationapi.TierSilver), Points: new(10),
	}), nil).JSON200
	require.Equal(t, []any{"Endgame expert", "events", 2, gamificationapi.TierSilver, 10, 2},
		[]any{changed.NameI18N["en"], changed.Category, changed.MaxGrants.MustGet(), changed.Tier, changed.Points, changed.Version})
	same := *service.OK(t, s.update(s.admin, made.ID, gamificationapi.AchievementUpdate{
		NameI18N: null[map[string]string](), Description: null[string](), Category: null[string](), Status: null[gamificationapi.AchievementUpdateStatus](),
	}), nil).JSON200
	require.Equal(t, changed.NameI18N, same.NameI18N)
	require.Equal(t, changed.Description, same.Description)
	cleared := *service.OK(t, s.update(s.admin, made.ID, gamificationapi.AchievementUpdate{
		Description: some(""), Category: some(""), Kind: new(gamificationapi.AchievementKindOnce),
	}), nil).JSON200
	require.True(t, cleared.Description.IsNull() && cleared.MaxGrants.IsNull())
	require.Equal(t, "events", cleared.Category)

	stale, err := s.As(s.admin).UpdateAchievementWithResponse(t.Context(), made.ID, &gamificationapi.UpdateAchievementParams{IfMatch: new(`"1"`)}, gamificationapi.AchievementUpdate{})
	service.Refused(t, http.StatusConflict, "ACHIEVEMENT_CHANGED", stale, err)
}

func TestAnAchievementIsRefusedWithTheField(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.category("retired", 0)
	s.retire("retired")
	made := s.achievement()
	for field, change := range map[string]func(*gamificationapi.AchievementCreate){
		"name_i18n.en": named("\u200b"),
		"description":  func(b *gamificationapi.AchievementCreate) { b.Description = some("\u202e") },
		"images":       func(b *gamificationapi.AchievementCreate) { published(b); b.Images = nil },
		"images.small": func(b *gamificationapi.AchievementCreate) {
			b.Images = &gamificationapi.ImagesWrite{Small: some("http://example.com/s.png")}
		},
		"images.large": func(b *gamificationapi.AchievementCreate) {
			b.Images = &gamificationapi.ImagesWrite{Large: some("javascript:x")}
		},
		"category":      inCategory("retired"),
		"max_grants":    func(b *gamificationapi.AchievementCreate) { b.Kind = new(gamificationapi.AchievementKindLimited) },
		"prerequisites": func(b *gamificationapi.AchievementCreate) { b.Prerequisites = []uuid.UUID{uuid.New()} },
		"points":        func(b *gamificationapi.AchievementCreate) { b.Points = new(10_001) },
		"scope_id":      in(authz.CommunityScope(uuid.New())),
		"description_i18n": func(b *gamificationapi.AchievementCreate) {
			b.DescriptionI18N = &gamificationapi.Descriptions{"x": "y"}
		},
	} {
		r, err := s.As(s.admin).CreateAchievementWithResponse(t.Context(), s.draft(change))
		service.Invalid(t, r, err, field)
	}
	body := s.draft()
	body.Category = "unknown"
	r, err := s.As(s.admin).CreateAchievementWithResponse(t.Context(), body)
	service.Invalid(t, r, err, "category")
	service.Invalid(t, s.update(s.admin, made.ID, gamificationapi.AchievementUpdate{Prerequisites: []uuid.UUID{made.ID}}), nil, "prerequisites")
	for _, category := range []string{"retired", "unknown"} {
		service.Invalid(t, s.update(s.admin, made.ID, gamificationapi.AchievementUpdate{Category: some(category)}), nil, "category")
	}
	shown := s.achievement(published)
	service.Invalid(t, s.update(s.admin, shown.ID, gamificationapi.AchievementUpdate{Images: &gamificationapi.ImagesWrite{}}), nil, "images")
}

// Retiring a category is about new achievements: those that are in it stay and are changed as before.
func TestAchievementsOfARetiredCategoryStay(t *testing.T) {
	t.Parallel()
	s := start(t)
	made := s.achievement(published)
	s.retire("skill")
	changed := service.OK(t, s.update(s.admin, made.ID, gamificationapi.AchievementUpdate{Category: some("skill"), Points: new(5)}), nil)
	require.Equal(t, []any{"skill", 5}, []any{changed.JSON200.Category, changed.JSON200.Points})
	s.grant(made.ID, s.member)
}

func TestStatusesFollowOneAnother(t *testing.T) {
	t.Parallel()
	s := start(t)
	id := s.achievement(func(b *gamificationapi.AchievementCreate) { b.Images = picture }).ID
	const draft, shown, hidden, archived = gamificationapi.AchievementUpdateStatusDraft, gamificationapi.AchievementUpdateStatusPublished,
		gamificationapi.AchievementUpdateStatusHidden, gamificationapi.AchievementUpdateStatusArchived
	refused := func(statuses ...gamificationapi.AchievementUpdateStatus) {
		for _, status := range statuses {
			service.Refused(t, http.StatusConflict, "STATUS_NOT_ALLOWED", s.move(s.admin, id, status), nil)
		}
	}
	refused(hidden, archived)
	service.OK(t, s.move(s.admin, id, shown), nil)
	refused(draft)
	service.OK(t, s.move(s.admin, id, hidden), nil)
	refused(draft)
	service.OK(t, s.move(s.admin, id, shown), nil)
	service.OK(t, s.move(s.admin, id, archived), nil)
	refused(draft, shown)
	service.OK(t, s.move(s.admin, id, hidden), nil)
	var types []string
	for _, e := range s.Events() {
		types = append(types, e.Type)
	}
	require.Equal(t, []string{"gamification.achievement.published"}, types, "only the first time")

	kept, err := s.As(s.admin).DeleteAchievementWithResponse(t.Context(), id, nil)
	service.Refused(t, http.StatusConflict, "ACHIEVEMENT_NOT_DRAFT", kept, err)
	other := s.achievementOf(s.maker).ID
	gone, err := s.As(s.maker).DeleteAchievementWithResponse(t.Context(), other, nil)
	service.OK(t, gone, err)
	again, err := s.As(s.maker).GetAchievementWithResponse(t.Context(), other)
	service.Refused(t, http.StatusNotFound, "ACHIEVEMENT_NOT_FOUND", again, err)
}

// Publishing and hiding need their own permissions, also at creation.
func TestPublishingAndHidingNeedTheirPermissions(t *testing.T) {
	t.Parallel()
	s := start(t)
	r, err := s.As(s.maker).CreateAchievementWithResponse(t.Context(), s.draft(published))
	service.Refused(t, http.StatusForbidden, "FORBIDDEN", r, err)
	r, err = s.As(s.maker).CreateAchievementWithResponse(t.Context(), s.draft(func(b *gamificationapi.AchievementCreate) {
		b.Status = new(gamificationapi.AchievementStatusHidden)
	}))
	service.Refused(t, http.StatusForbidden, "FORBIDDEN", r, err)

	own := s.achievementOf(s.maker, func(b *gamificationapi.AchievementCreate) { b.Images = picture })
	require.Equal(t, []bool{true, false, false}, []bool{own.CanEdit, own.CanPublish, own.CanHide})
	service.Refused(t, http.StatusForbidden, "FORBIDDEN", s.move(s.maker, own.ID, gamificationapi.AchievementUpdateStatusPublished), nil)
	service.OK(t, s.move(s.admin, own.ID, gamificationapi.AchievementUpdateStatusPublished), nil)
	service.Refused(t, http.StatusForbidden, "FORBIDDEN", s.update(s.maker, own.ID, gamificationapi.AchievementUpdate{}), nil)
}

// Drafts, hidden and secret achievements are seen by their author and by those who see private ones; for others they do not exist.
func TestWhoSeesWhichAchievement(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.achievementOf(s.maker, named("draft"))
	s.achievement(named("secret"), published, secret)
	hidden := s.achievement(named("hidden"), published)
	service.OK(t, s.move(s.admin, hidden.ID, gamificationapi.AchievementUpdateStatusHidden), nil)
	public := s.achievement(named("public"), published)
	all := gamificationapi.ListAchievementsParams{}
	require.Equal(t, []string{"public"}, s.list(s.member, all))
	require.Empty(t, s.list(s.member, gamificationapi.ListAchievementsParams{ID: []uuid.UUID{hidden.ID}}))
	require.Equal(t, []string{"public", "draft"}, s.list(s.maker, all))
	require.Equal(t, []string{"public", "hidden", "secret", "draft"}, s.list(s.admin, all))
	r, err := s.As(s.member).GetAchievementWithResponse(t.Context(), hidden.ID)
	service.Refused(t, http.StatusNotFound, "ACHIEVEMENT_NOT_FOUND", r, err)

	for want, p := range map[string]gamificationapi.ListAchievementsParams{
		"public secret":              {Status: []string{"published"}},
		"hidden draft":               {Status: []string{"draft,hidden", "active"}},
		"public hidden secret draft": {CreatedBy: new(gamificationapi.ListAchievementsParamsCreatedByAny)},
		"public hidden secret":       {CreatedBy: new(gamificationapi.ListAchievementsParamsCreatedByMe)},
		"hidden":                     {Q: new("HIDD")},
		"public hidden":              {ID: []uuid.UUID{hidden.ID, uuid.New(), public.ID}},
		"":                           {Category: []string{"unknown"}},
	} {
		got := ""
		for i, name := range s.list(s.admin, p) {
			if i > 0 {
				got += " "
			}
			got += name
		}
		require.Equal(t, want, got)
	}
}

func TestAchievementsOfACommunityAreForItsMembers(t *testing.T) {
	t.Parallel()
	s := start(t)
	chess := authz.CommunityScope(uuid.New())
	s.group(chess, groups.Active)
	made := s.achievement(named("chess"), published, in(chess))
	require.Empty(t, s.list(s.member, gamificationapi.ListAchievementsParams{}))
	s.join(s.member, chess)
	require.Equal(t, []string{"chess"}, s.list(s.member, gamificationapi.ListAchievementsParams{}))
	require.Empty(t, s.list(s.member, gamificationapi.ListAchievementsParams{ScopeType: new(gamificationapi.AchievementScopeTENANT)}))

	s.group(chess, groups.Archived)
	r, err := s.As(s.admin).CreateAchievementWithResponse(t.Context(), s.draft(in(chess)))
	service.Refused(t, http.StatusConflict, "SCOPE_ARCHIVED", r, err)
	s.group(chess, groups.Deleted)
	require.Empty(t, s.list(s.member, gamificationapi.ListAchievementsParams{}))
	got, err := s.As(s.admin).GetAchievementWithResponse(t.Context(), made.ID)
	service.OK(t, got, err)
}

func TestPagesOfAchievementsNeitherSkipNorRepeat(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, name := range []string{"1", "2", "3", "4", "5"} {
		s.achievement(named(name), published)
	}
	var seen []string
	p := gamificationapi.ListAchievementsParams{Limit: new(2)}
	for {
		r, err := s.As(s.member).ListAchievementsWithResponse(t.Context(), &p)
		for _, a := range service.OK(t, r, err).JSON200.Items {
			seen = append(seen, a.NameI18N["en"])
		}
		s.achievement(named("new"), published)
		next, err := r.JSON200.NextCursor.Get()
		if err != nil {
			break
		}
		p.Cursor = &next
	}
	require.Equal(t, []string{"5", "4", "3", "2", "1"}, seen)
}

func TestACategoryInUseIsMergedNotDeleted(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.category("events", 0)
	made := s.achievement()
	kept, err := s.As(s.admin).DeleteCategoryWithResponse(t.Context(), "skill", nil)
	service.Refused(t, http.StatusConflict, "CATEGORY_IN_USE", kept, err)
	s.category("retired", 0)
	s.retire("retired")
	for _, wrong := range []string{"skill", "unknown", "retired"} {
		r, err := s.As(s.admin).MergeCategoryWithResponse(t.Context(), "skill", gamificationapi.CategoryMerge{Into: wrong})
		service.Invalid(t, r, err, "into")
	}
	r, err := s.As(s.admin).MergeCategoryWithResponse(t.Context(), "skill", gamificationapi.CategoryMerge{Into: "events"})
	require.Equal(t, "events", service.OK(t, r, err).JSON200.ID)
	require.Equal(t, []string{"events", "retired"}, s.categories(s.admin))
	got, err := s.As(s.admin).GetAchievementWithResponse(t.Context(), made.ID)
	require.Equal(t, []any{"events", 2}, []any{service.OK(t, got, err).JSON200.Category, got.JSON200.Version})
}

func TestARepeatedCreateReturnsTheFirstAchievement(t *testing.T) {
	t.Parallel()
	s := start(t)
	ctx, body := service.Request(s.admin), s.draft()
	var ids []uuid.UUID
	for range 2 {
		r, err := s.As(s.admin).CreateAchievementWithResponse(ctx, body)
		ids = append(ids, service.OK(t, r, err).JSON201.ID)
	}
	require.Equal(t, ids[0], ids[1])
}
