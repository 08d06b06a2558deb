package voting_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/api/votingapi"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
	"go.updspace.com/voting/domain"
)

func ptr[T any](v T) *T { return &v }

func null[T any]() nullable.Nullable[T]    { return nullable.NewNullNullable[T]() }
func some[T any](v T) nullable.Nullable[T] { return nullable.NewNullableWithValue(v) }

// nomination is a question with so many options.
func nomination(options int) votingapi.NominationCreate {
	list := make([]votingapi.OptionCreate, options)
	for i := range list {
		list[i].Title = fmt.Sprintf("option %d", i)
	}
	return votingapi.NominationCreate{Title: "nomination", Options: some(list)}
}

// poll makes a poll of the maker, published when it has nominations.
func (s *fixture) poll(change func(*votingapi.PollCreate), options ...int) votingapi.PollInfo {
	s.T.Helper()
	body := votingapi.PollCreate{Title: "poll"}
	if len(options) > 0 {
		list := make([]votingapi.NominationCreate, len(options))
		for i, n := range options {
			list[i] = nomination(n)
		}
		body.Nominations, body.Status = some(list), ptr(votingapi.PollStatusActive)
	}
	if change != nil {
		change(&body)
	}
	client := s.As(s.maker)
	made, err := client.CreatePollWithResponse(s.T.Context(), body)
	service.OK(s.T, made, err)
	info, err := client.GetPollInfoWithResponse(s.T.Context(), made.JSON201.ID)
	return *service.OK(s.T, info, err).JSON200
}

func (s *fixture) setStatus(id uuid.UUID, to votingapi.PollStatus) {
	s.T.Helper()
	r, err := s.As(s.maker).UpdatePollWithResponse(s.T.Context(), id, votingapi.PollUpdate{Status: &to})
	service.OK(s.T, r, err)
}

func TestAPollIsShownAsItIsEverywhere(t *testing.T) {
	t.Parallel()
	s := start(t)
	maker := s.As(s.maker)
	starts, ends := time.Date(2026, 4, 1, 10, 0, 0, 0, time.UTC), time.Date(2026, 4, 2, 10, 0, 0, 123456000, time.UTC)
	draft := votingapi.PollCreate{
		Title: " Игра года ", Description: some("Какая?"), Template: some("awards"), Visibility: ptr(commonapi.VisibilityCommunity),
		ScopeType: ptr(votingapi.ScopeTypeTENANT), ScopeID: some(s.Tenant.String()), Status: ptr(votingapi.PollStatusDraft), Language: ptr(votingapi.PollCreateLanguageEn),
		AllowRevoting: ptr(true), Anonymous: ptr(true), ResultsVisibility: ptr(votingapi.ResultsVisibilityAdminsOnly),
		Settings: map[string]any{"theme": "dark", "total_votes": "nonsense"}, StartsAt: some(starts), EndsAt: some(ends),
		Nominations: some([]votingapi.NominationCreate{nomination(2)}),
	}
	testkit.Filled(t, draft, "IgnoredScopeID", "IgnoredScopeType")
	made, err := maker.CreatePollWithResponse(t.Context(), draft)
	service.OK(t, made, err)
	require.Equal(t, http.StatusCreated, made.StatusCode())
	id := made.JSON201.ID
	want := votingapi.Poll{
		ID: id, TenantID: s.maker.Tenant, Title: "Игра года", Description: "Какая?", Template: "awards", Status: votingapi.PollStatusDraft,
		ScopeType: votingapi.ScopeTypeTENANT, ScopeID: s.maker.Tenant.String(), Visibility: commonapi.VisibilityCommunity,
		AllowRevoting: true, Anonymous: true, ResultsVisibility: votingapi.ResultsVisibilityAdminsOnly,
		Settings:   votingapi.Poll_Settings{AdditionalProperties: map[string]any{"theme": "dark"}},
		Amendments: []votingapi.Amendment{}, CreatedBy: s.maker.User, StartsAt: some(starts), EndsAt: some(ends), CreatedAt: s.Clock.Now(), UpdatedAt: s.Clock.Now(),
		Phase: votingapi.PollPhaseDraft,
	}
	testkit.Filled(t, want, "Amendments", "Settings.TotalVotes") // of which other tests tell
	require.Equal(t, want, *made.JSON201)
	one, err := maker.GetPollWithResponse(t.Context(), id)
	require.Equal(t, want, *service.OK(t, one, err).JSON200)
	info, err := maker.GetPollInfoWithResponse(t.Context(), id)
	require.Equal(t, want, service.OK(t, info, err).JSON200.Poll)
	page, err := maker.ListPollsWithResponse(t.Context(), &votingapi.ListPollsParams{})
	require.Equal(t, []votingapi.Poll{want}, service.OK(t, page, err).JSON200.Items)

	s.Clock.Advance(time.Minute)
	edit := votingapi.PollUpdate{
		Title: ptr("Игра месяца"), Description: some("Какая из них?"), Visibility: ptr(commonapi.VisibilityPublic), AllowRevoting: ptr(false),
		Anonymous: ptr(false), ResultsVisibility: ptr(votingapi.ResultsVisibilityAlways), Settings: &map[string]any{"theme": "light"},
		StartsAt: some(starts.Add(time.Hour)), EndsAt: some(ends.Add(time.Hour)),
	}
	testkit.Filled(t, edit, "Status", "AmendmentReason")
	changed, err := maker.UpdatePollWithResponse(t.Context(), id, edit)
	want.Title, want.Description, want.Visibility, want.AllowRevoting, want.Anonymous = "Игра месяца", "Какая из них?", commonapi.VisibilityPublic, false, false
	want.ResultsVisibility, want.Settings.AdditionalProperties = votingapi.ResultsVisibilityAlways, map[string]any{"theme": "light"}
	want.StartsAt, want.EndsAt, want.UpdatedAt = edit.StartsAt, edit.EndsAt, s.Clock.Now()
	require.Equal(t, want, *service.OK(t, changed, err).JSON200)

	s.Clock.Advance(time.Minute)
	changed, err = maker.UpdatePollWithResponse(t.Context(), id, votingapi.PollUpdate{
		Description: null[string](), StartsAt: null[time.Time](), EndsAt: null[time.Time](), Settings: &map[string]any{},
	})
	want.Description, want.StartsAt, want.EndsAt, want.UpdatedAt = "", null[time.Time](), null[time.Time](), s.Clock.Now()
	want.Settings = votingapi.Poll_Settings{}
	require.Equal(t, want, *service.OK(t, changed, err).JSON200)
}

func TestTheLifeOfAPoll(t *testing.T) {
	t.Parallel()
	s := start(t)
	maker := s.As(s.maker)
	id := s.poll(nil).Poll.ID
	to := func(status votingapi.PollStatus) (service.Answer, error) {
		return maker.UpdatePollWithResponse(t.Context(), id, votingapi.PollUpdate{Status: &status})
	}
	refuse := func(status int, code string, r service.Answer, err error) {
		t.Helper()
		service.Refused(t, status, code, r, err)
	}

	r, err := to(votingapi.PollStatusActive)
	refuse(400, "NO_QUESTIONS", r, err)
	r, err = to(votingapi.PollStatusClosed)
	refuse(400, "INVALID_STATUS_TRANSITION", r, err)
	n, err := maker.CreateNominationWithResponse(t.Context(), id, votingapi.NominationCreate{Title: "n", Kind: ptr(votingapi.NominationKindGame), MaxVotes: ptr[int32](0)})
	nid := service.OK(t, n, err).JSON201.ID
	require.Equal(t, http.StatusCreated, n.StatusCode())
	require.EqualValues(t, 1, n.JSON201.MaxVotes, "0 counts as 1")
	r, err = to(votingapi.PollStatusActive)
	refuse(400, "NO_OPTIONS", r, err)
	game := uuid.New()
	o, err := maker.CreateOptionWithResponse(t.Context(), id, nid, votingapi.OptionCreate{Title: "o", GameID: some(game), MediaURL: some("https://example.org/o.png")})
	require.Equal(t, some(game), service.OK(t, o, err).JSON201.GameID)
	oid := o.JSON201.ID
	cleared, err := maker.UpdateOptionWithResponse(t.Context(), id, oid, votingapi.OptionUpdate{Title: ptr("new"), GameID: null[uuid.UUID](), MediaURL: null[string]()})
	require.Equal(t, votingapi.Option{ID: oid, NominationID: nid, Title: "new", GameID: null[uuid.UUID]()}, *service.OK(t, cleared, err).JSON200)
	edited, err := maker.UpdateNominationWithResponse(t.Context(), id, nid, votingapi.NominationUpdate{Title: ptr("new"), Description: null[string](), SortOrder: ptr[int32](7)})
	require.EqualValues(t, 7, service.OK(t, edited, err).JSON200.SortOrder)
	r, err = to(votingapi.PollStatusActive)
	service.OK(t, r, err)
	r, err = to(votingapi.PollStatusActive)
	service.OK(t, r, err)
	r, err = to(votingapi.PollStatusDraft)
	refuse(400, "INVALID_STATUS", r, err)

	r, err = maker.CreateNominationWithResponse(t.Context(), id, votingapi.NominationCreate{Title: "n"})
	refuse(409, "POLL_LOCKED", r, err)
	r, err = maker.UpdateNominationWithResponse(t.Context(), id, nid, votingapi.NominationUpdate{})
	refuse(409, "POLL_LOCKED", r, err)
	r, err = maker.DeleteNominationWithResponse(t.Context(), id, nid)
	refuse(409, "POLL_LOCKED", r, err)
	r, err = maker.CreateOptionWithResponse(t.Context(), id, nid, votingapi.OptionCreate{Title: "o"})
	refuse(409, "POLL_LOCKED", r, err)
	r, err = maker.UpdateOptionWithResponse(t.Context(), id, oid, votingapi.OptionUpdate{})
	refuse(409, "POLL_LOCKED", r, err)
	r, err = maker.DeleteOptionWithResponse(t.Context(), id, oid)
	refuse(409, "POLL_LOCKED", r, err)
	r, err = maker.DeletePollWithResponse(t.Context(), id)
	refuse(409, "POLL_LOCKED", r, err)

	r, err = to(votingapi.PollStatusClosed)
	service.OK(t, r, err)
	r, err = to(votingapi.PollStatusActive)
	refuse(400, "INVALID_STATUS_TRANSITION", r, err)

	draft := s.poll(func(b *votingapi.PollCreate) {
		b.Nominations = some([]votingapi.NominationCreate{nomination(2), nomination(1)})
	})
	gone, err := maker.DeleteOptionWithResponse(t.Context(), draft.Poll.ID, draft.Options[0].ID)
	require.True(t, service.OK(t, gone, err).JSON200.Ok)
	r, err = maker.DeleteOptionWithResponse(t.Context(), draft.Poll.ID, draft.Options[0].ID)
	refuse(404, "OPTION_NOT_FOUND", r, err)
	r, err = maker.DeleteNominationWithResponse(t.Context(), draft.Poll.ID, draft.Nominations[0].ID)
	service.OK(t, r, err)
	r, err = maker.DeleteNominationWithResponse(t.Context(), draft.Poll.ID, draft.Nominations[0].ID)
	refuse(404, "NOMINATION_NOT_FOUND", r, err)
	r, err = maker.CreateNominationWithResponse(t.Context(), draft.Poll.ID, votingapi.NominationCreate{Title: "n", SortOrder: some[int32](1)})
	refuse(409, "ALREADY_EXISTS", r, err)
	r, err = maker.DeletePollWithResponse(t.Context(), draft.Poll.ID)
	service.OK(t, r, err)
	r, err = maker.GetPollWithResponse(t.Context(), draft.Poll.ID)
	refuse(404, "NOT_FOUND", r, err)
}

func TestRefusedPolls(t *testing.T) {
	t.Parallel()
	s := start(t)
	beyond, err := time.Parse(time.RFC3339, "9999-12-31T23:59:59-14:00") // a day later in UTC
	require.NoError(t, err)
	maker := s.As(s.maker)
	for name, c := range map[string]struct {
		change func(*votingapi.PollCreate)
		status int
		code   string
		field  string
	}{
		"a blank title":       {func(b *votingapi.PollCreate) { b.Title = " " }, 422, "VALIDATION_ERROR", "title"},
		"a null in the title": {func(b *votingapi.PollCreate) { b.Title = "a\x00" }, 422, "VALIDATION_ERROR", "title"},
		"a community that is not a UUID": {func(b *votingapi.PollCreate) {
			b.ScopeType, b.ScopeID = ptr(votingapi.ScopeTypeCOMMUNITY), some("not-a-uuid")
		}, 422, "VALIDATION_ERROR", "scope_id"},
		"an unknown community": {func(b *votingapi.PollCreate) {
			b.ScopeType, b.ScopeID = ptr(votingapi.ScopeTypeCOMMUNITY), some(uuid.NewString())
		}, 422, "VALIDATION_ERROR", "scope_id"},
		"a start beyond the years": {func(b *votingapi.PollCreate) { b.StartsAt = some(beyond) }, 422, "VALIDATION_ERROR", "starts_at"},
		"an unknown template":      {func(b *votingapi.PollCreate) { b.Template = some("best-of") }, 422, "VALIDATION_ERROR", "template"},
		"published after its end": {func(b *votingapi.PollCreate) {
			b.Nominations, b.Status, b.EndsAt = some([]votingapi.NominationCreate{nomination(1)}), ptr(votingapi.PollStatusActive), some(s.Clock.Now().Add(-time.Hour))
		}, 422, "VALIDATION_ERROR", "ends_at"},
		"the same option twice": {func(b *votingapi.PollCreate) {
			b.Nominations = some([]votingapi.NominationCreate{{Title: "n", Options: some([]votingapi.OptionCreate{{Title: "Chess"}, {Title: "chess "}})}})
		}, 409, "ALREADY_EXISTS", ""},
		"a scope without an id":      {func(b *votingapi.PollCreate) { b.ScopeType = ptr(votingapi.ScopeTypeTEAM) }, 400, "SCOPE_REQUIRED", ""},
		"another tenant":             {func(b *votingapi.PollCreate) { b.ScopeID = some(uuid.NewString()) }, 422, "VALIDATION_ERROR", "scope_id"},
		"a visibility out of scope":  {func(b *votingapi.PollCreate) { b.Visibility = ptr(commonapi.VisibilityTeam) }, 422, "VALIDATION_ERROR", "visibility"},
		"an end before the start":    {func(b *votingapi.PollCreate) { b.StartsAt, b.EndsAt = some(s.Clock.Now()), some(s.Clock.Now()) }, 422, "VALIDATION_ERROR", "ends_at"},
		"created closed":             {func(b *votingapi.PollCreate) { b.Status = ptr(votingapi.PollStatusClosed) }, 400, "INVALID_STATUS", ""},
		"a nomination without title": {func(b *votingapi.PollCreate) { b.Nominations = some([]votingapi.NominationCreate{{}}) }, 400, "NOMINATION_TITLE_REQUIRED", ""},
		"an option without title": {func(b *votingapi.PollCreate) {
			b.Nominations = some([]votingapi.NominationCreate{{Title: "n", Options: some([]votingapi.OptionCreate{{}})}})
		}, 400, "OPTION_TITLE_REQUIRED", ""},
		"more votes than options": {func(b *votingapi.PollCreate) {
			b.Nominations, b.Status = some([]votingapi.NominationCreate{{Title: "n", MaxVotes: ptr[int32](2), Options: some([]votingapi.OptionCreate{{Title: "o"}})}}), ptr(votingapi.PollStatusActive)
		}, 422, "VALIDATION_ERROR", "nominations.0.max_votes"},
		"a picture that is a script": {func(b *votingapi.PollCreate) {
			b.Nominations = some([]votingapi.NominationCreate{{Title: "n", Options: some([]votingapi.OptionCreate{{Title: "o", MediaURL: some("javascript:x")}})}})
		}, 422, "VALIDATION_ERROR", "nominations.0.options.0.media_url"},
		"two with one sort order": {func(b *votingapi.PollCreate) {
			b.Nominations = some([]votingapi.NominationCreate{{Title: "n", SortOrder: some[int32](0)}, {Title: "n", SortOrder: some[int32](0)}})
		}, 409, "ALREADY_EXISTS", ""},
	} {
		t.Run(name, func(t *testing.T) {
			body := votingapi.PollCreate{Title: "poll"}
			c.change(&body)
			r, err := maker.CreatePollWithResponse(t.Context(), body)
			service.Refused(t, c.status, c.code, r, err)
			var got struct {
				Error struct {
					Details struct{ Fields map[string]string }
				}
			}
			require.NoError(t, json.Unmarshal(r.Body, &got))
			if c.field != "" {
				require.Contains(t, got.Error.Details.Fields, c.field)
			}
		})
	}
	page, err := maker.ListPollsWithResponse(t.Context(), &votingapi.ListPollsParams{})
	require.Zero(t, service.OK(t, page, err).JSON200.Pagination.Total, "no part of a refused poll is stored")
}

func TestTheListOverHTTP(t *testing.T) {
	t.Parallel()
	s := start(t)
	for range 9 {
		s.Clock.Advance(time.Minute)
		s.poll(nil, 1)
	}
	s.Clock.Advance(time.Minute)
	closed := s.poll(func(b *votingapi.PollCreate) { b.Title = "Closed one" }, 1)
	s.vote(s.member, closed, 0)
	s.setStatus(closed.Poll.ID, votingapi.PollStatusClosed)
	s.poll(nil) // a draft, which a member does not see
	list := func(p votingapi.ListPollsParams) votingapi.PollPage {
		t.Helper()
		r, err := s.As(s.member).ListPollsWithResponse(t.Context(), &p)
		return *service.OK(t, r, err).JSON200
	}
	first := list(votingapi.ListPollsParams{Limit: ptr[int32](3)})
	require.Len(t, first.Items, 3)
	require.Equal(t, closed.Poll.ID, first.Items[0].ID, "newest first")
	require.EqualValues(t, 1, first.Items[0].Settings.TotalVotes)
	require.Equal(t, [5]any{10, 3, 0, true, false}, [5]any{first.Pagination.Total, first.Pagination.Limit, first.Pagination.Offset, first.Pagination.HasNext, first.Pagination.HasPrev})
	cursor, err := first.NextCursor.Get()
	require.NoError(t, err)
	second := list(votingapi.ListPollsParams{Limit: ptr[int32](3), Cursor: &cursor})
	require.Equal(t, list(votingapi.ListPollsParams{Limit: ptr[int32](3), Offset: ptr[int32](3)}).Items, second.Items)
	last := list(votingapi.ListPollsParams{Limit: ptr[int32](3), Offset: ptr[int32](9)})
	require.Len(t, last.Items, 1)
	require.False(t, last.Pagination.HasNext)
	require.True(t, last.Pagination.HasPrev)
	require.Equal(t, 100, list(votingapi.ListPollsParams{Limit: ptr[int32](1000)}).Pagination.Limit)
	require.Equal(t, 1, list(votingapi.ListPollsParams{Limit: ptr[int32](-1)}).Pagination.Limit)
	require.Equal(t, 20, list(votingapi.ListPollsParams{}).Pagination.Limit)
	require.Equal(t, 1, list(votingapi.ListPollsParams{Status: ptr(votingapi.PollStatusClosed)}).Pagination.Total)
	require.Equal(t, 1, list(votingapi.ListPollsParams{Q: ptr("closed")}).Pagination.Total)

	none, err := s.As(s.member).ListPollsWithResponse(t.Context(), &votingapi.ListPollsParams{Status: ptr(votingapi.PollStatusDraft)})
	require.JSONEq(t, `{"items":[],"pagination":{"total":0,"limit":20,"offset":0,"has_next":false,"has_prev":false},"next_cursor":null}`, string(service.OK(t, none, err).Body))
	r, err := s.As(s.member).ListPollsWithResponse(t.Context(), &votingapi.ListPollsParams{ScopeID: ptr("x")})
	service.Refused(t, 422, "VALIDATION_ERROR", r, err)
	r, err = s.As(s.Actor()).ListPollsWithResponse(t.Context(), &votingapi.ListPollsParams{})
	service.Refused(t, 403, "FORBIDDEN", r, err)
}

func TestARepeatedRequestMakesOneThing(t *testing.T) {
	t.Parallel()
	s := start(t)
	maker, ctx := s.As(s.maker), service.Request(s.maker)
	body := votingapi.PollCreate{Title: "poll"}
	first, err := maker.CreatePollWithResponse(ctx, body)
	service.OK(t, first, err)
	again, err := maker.CreatePollWithResponse(ctx, body)
	require.Equal(t, first.JSON201, service.OK(t, again, err).JSON201)
	require.Equal(t, http.StatusCreated, again.StatusCode())
	body.Title = "another"
	r, err := maker.CreatePollWithResponse(ctx, body)
	service.Refused(t, 409, "IDEMPOTENCY_KEY_REUSED", r, err)

	id := first.JSON201.ID
	n, err := maker.CreateNominationWithResponse(ctx, id, nomination(1))
	service.OK(t, n, err)
	sameN, err := maker.CreateNominationWithResponse(ctx, id, nomination(1))
	require.Equal(t, n.JSON201, service.OK(t, sameN, err).JSON201)
	o, err := maker.CreateOptionWithResponse(ctx, id, n.JSON201.ID, votingapi.OptionCreate{Title: "o"})
	service.OK(t, o, err)
	sameO, err := maker.CreateOptionWithResponse(ctx, id, n.JSON201.ID, votingapi.OptionCreate{Title: "o"})
	require.Equal(t, o.JSON201, service.OK(t, sameO, err).JSON201)
	info, err := maker.GetPollInfoWithResponse(t.Context(), id)
	require.Len(t, service.OK(t, info, err).JSON200.Options, 2)
}

func TestAnotherTenantFindsNothing(t *testing.T) {
	t.Parallel()
	s := start(t)
	info := s.poll(nil, 1)
	vote := s.vote(s.member, info, 0)
	outsider := s.Outsider(adminKeys...)
	c, ctx, id := s.As(outsider), t.Context(), info.Poll.ID
	nid, oid := info.Nominations[0].ID, info.Options[0].ID
	for name, try := range map[string]func() (service.Answer, error){
		"get":    func() (service.Answer, error) { return c.GetPollWithResponse(ctx, id) },
		"info":   func() (service.Answer, error) { return c.GetPollInfoWithResponse(ctx, id) },
		"update": func() (service.Answer, error) { return c.UpdatePollWithResponse(ctx, id, votingapi.PollUpdate{}) },
		"delete": func() (service.Answer, error) { return c.DeletePollWithResponse(ctx, id) },
		"add":    func() (service.Answer, error) { return c.CreateNominationWithResponse(ctx, id, nomination(1)) },
		"edit": func() (service.Answer, error) {
			return c.UpdateNominationWithResponse(ctx, id, nid, votingapi.NominationUpdate{})
		},
		"remove": func() (service.Answer, error) { return c.DeleteNominationWithResponse(ctx, id, nid) },
		"option": func() (service.Answer, error) {
			return c.CreateOptionWithResponse(ctx, id, nid, votingapi.OptionCreate{Title: "o"})
		},
		"change": func() (service.Answer, error) {
			return c.UpdateOptionWithResponse(ctx, id, oid, votingapi.OptionUpdate{})
		},
		"drop":    func() (service.Answer, error) { return c.DeleteOptionWithResponse(ctx, id, oid) },
		"cast":    func() (service.Answer, error) { return c.CastVoteWithResponse(ctx, choose(info, 0)) },
		"revoke":  func() (service.Answer, error) { return c.RevokeVoteWithResponse(ctx, vote.ID) },
		"mine":    func() (service.Answer, error) { return c.ListMyVotesWithResponse(ctx, id) },
		"results": func() (service.Answer, error) { return c.GetResultsWithResponse(ctx, id) },
	} {
		t.Run(name, func(t *testing.T) {
			r, err := try()
			service.Refused(t, 404, "NOT_FOUND", r, err)
		})
	}
	page, err := c.ListPollsWithResponse(ctx, &votingapi.ListPollsParams{})
	require.Zero(t, service.OK(t, page, err).JSON200.Pagination.Total)
}

func TestAccessAwayIsNoDenial(t *testing.T) {
	t.Parallel()
	s := start(t)
	info := s.poll(nil, 1)
	s.Access.Fail(domain.ErrForbidden) // access never answers 403
	r, err := s.As(s.member).GetPollWithResponse(t.Context(), info.Poll.ID)
	require.NoError(t, err)
	require.Equal(t, http.StatusInternalServerError, r.StatusCode())
	require.Equal(t, "INTERNAL_ERROR", service.Code(r))
}
