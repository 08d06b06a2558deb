package voting_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/api/votingapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/tools/devkit/testkit/service"
)

func TestPersonalDataIsExportedAndErased(t *testing.T) {
	t.Parallel()
	s := start(t)
	poll := s.poll(nil, 2)
	other := s.poll(nil, 1)
	s.vote(s.maker, poll, 0)
	s.vote(s.member, poll, 0)
	s.vote(s.maker, other, 0)
	put, err := s.As(s.maker).PutParticipantWithResponse(t.Context(), poll.Poll.ID, votingapi.ParticipantPut{UserID: s.member.User, Role: "observer"})
	service.OK(t, put, err)
	export := func(user uuid.UUID) map[string]int {
		t.Helper()
		sections := map[string]int{}
		params := &votingapi.ExportPersonalDataParams{Limit: ptr(2)}
		for {
			r, err := s.AsService("bff").ExportPersonalDataWithResponse(t.Context(), user, params)
			page := service.OK(t, r, err).JSON200
			for _, item := range page.Items {
				sections[item.Section]++
			}
			cursor, err := page.NextCursor.Get()
			if err != nil {
				return sections
			}
			params.Cursor = &cursor
		}
	}
	counted := s.results(poll)
	before := export(s.maker.User)
	require.Equal(t, map[string]int{"votes": 2, "roles": 2, "polls": 2, "audit": 5}, before)
	require.Equal(t, 1, export(s.member.User)["votes"])

	r, err := s.AsService("bff").ErasePersonalDataWithResponse(t.Context(), s.maker.User)
	receipt := service.OK(t, r, err).JSON200
	require.True(t, receipt.Complete)
	delete(receipt.Counts, "requests")
	require.Equal(t, map[string]int64{"votes": 2, "sent_events": 0, "roles": 2, "roles_given": 1, "invites": 0, "invites_made": 0, "images": 0, "polls": 2, "audit": 5}, receipt.Counts)
	require.Empty(t, export(s.maker.User))
	require.Equal(t, 1, export(s.member.User)["votes"], "the data of others stays")
	got, err := s.As(s.admin).GetPollInfoWithResponse(t.Context(), poll.Poll.ID)
	require.Equal(t, uuid.Nil, service.OK(t, got, err).JSON200.Poll.CreatedBy)
	results, err := s.As(s.admin).GetResultsWithResponse(t.Context(), poll.Poll.ID)
	require.Equal(t, counted, votesOf(*service.OK(t, results, err).JSON200), "the votes stay counted")
	again, err := s.AsService("bff").ErasePersonalDataWithResponse(t.Context(), s.maker.User)
	require.Zero(t, service.OK(t, again, err).JSON200.Counts["votes"])

	asUser, err := s.As(s.admin).ExportPersonalDataWithResponse(t.Context(), s.member.User, &votingapi.ExportPersonalDataParams{})
	service.Refused(t, http.StatusForbidden, "FORBIDDEN", asUser, err)
	_, err = s.As(s.maker).GetPollWithResponse(t.Context(), poll.Poll.ID)
	require.NoError(t, err)
	update, err := s.As(s.maker).UpdatePollWithResponse(t.Context(), poll.Poll.ID, votingapi.PollUpdate{Settings: &map[string]any{"a": 1}})
	service.Refused(t, http.StatusForbidden, "FORBIDDEN", update, err)
}

func TestTheAuditLogOverHTTP(t *testing.T) {
	t.Parallel()
	s := start(t)
	poll := s.poll(nil, 1)
	s.setStatus(poll.Poll.ID, votingapi.PollStatusClosed)
	list := func(p votingapi.ListAuditParams) commonapi.AuditPage {
		t.Helper()
		r, err := s.As(s.admin).ListAuditWithResponse(t.Context(), &p)
		return *service.OK(t, r, err).JSON200
	}
	page := list(votingapi.ListAuditParams{Limit: ptr(2)})
	require.Len(t, page.Items, 2)
	require.Equal(t, "poll.closed", page.Items[0].Action)
	require.Equal(t, poll.Poll.ID.String(), page.Items[0].TargetID)
	require.Equal(t, some(s.maker.User), page.Items[0].ActorID)
	require.NotEmpty(t, page.Items[0].RequestID)
	cursor, err := page.NextCursor.Get()
	require.NoError(t, err)
	require.Equal(t, "poll.created", list(votingapi.ListAuditParams{Cursor: &cursor}).Items[0].Action)
	require.Len(t, list(votingapi.ListAuditParams{Action: ptr("poll.published")}).Items, 1)
	require.Empty(t, list(votingapi.ListAuditParams{ActorID: &s.member.User}).Items)
}

// A misspelled field is refused instead of ignored, except the two that old clients send.
func TestUnknownFieldsAreRefused(t *testing.T) {
	t.Parallel()
	s := start(t)
	draft := s.poll(func(b *votingapi.PollCreate) { b.Nominations = some([]votingapi.NominationCreate{nomination(1)}) })
	id, nid, oid := draft.Poll.ID, draft.Nominations[0].ID, draft.Options[0].ID
	c := s.As(s.maker)
	const kind = "application/json"
	body := func(v map[string]any) *bytes.Reader {
		text, err := json.Marshal(v)
		require.NoError(t, err)
		return bytes.NewReader(text)
	}
	for name, try := range map[string]func(map[string]any) (service.Answer, error){
		"createPoll": func(v map[string]any) (service.Answer, error) {
			return c.CreatePollWithBodyWithResponse(t.Context(), kind, body(v))
		},
		"updatePoll": func(v map[string]any) (service.Answer, error) {
			return c.UpdatePollWithBodyWithResponse(t.Context(), id, kind, body(v))
		},
		"createNomination": func(v map[string]any) (service.Answer, error) {
			return c.CreateNominationWithBodyWithResponse(t.Context(), id, kind, body(v))
		},
		"updateNomination": func(v map[string]any) (service.Answer, error) {
			return c.UpdateNominationWithBodyWithResponse(t.Context(), id, nid, kind, body(v))
		},
		"createOption": func(v map[string]any) (service.Answer, error) {
			return c.CreateOptionWithBodyWithResponse(t.Context(), id, nid, kind, body(v))
		},
		"updateOption": func(v map[string]any) (service.Answer, error) {
			return c.UpdateOptionWithBodyWithResponse(t.Context(), id, oid, kind, body(v))
		},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := try(map[string]any{"title": name, "visiblity": "private"})
			require.NoError(t, err)
			require.Equal(t, http.StatusUnprocessableEntity, r.StatusCode(), "%s", r.GetBody())
			r, err = try(map[string]any{"title": name})
			service.OK(t, r, err)
		})
	}
	made, err := c.CreatePollWithBodyWithResponse(t.Context(), kind, body(map[string]any{"title": "t", "scopeType": "TENANT", "scopeId": "x"}))
	service.OK(t, made, err)
}

func TestAmendmentsAreShownToVoters(t *testing.T) {
	t.Parallel()
	s := start(t)
	info := s.poll(func(b *votingapi.PollCreate) { b.EndsAt = some(s.Clock.Now().Add(time.Hour)) }, 1)
	s.vote(s.member, info, 0)
	update := func(b votingapi.PollUpdate) (service.Answer, error) {
		return s.As(s.maker).UpdatePollWithResponse(t.Context(), info.Poll.ID, b)
	}
	r, err := update(votingapi.PollUpdate{Title: ptr("Poll")})
	service.Refused(t, http.StatusConflict, "AMENDMENT_REASON_REQUIRED", r, err)
	r, err = update(votingapi.PollUpdate{Visibility: ptr(commonapi.VisibilityPrivate)})
	service.Refused(t, http.StatusConflict, "POLL_LOCKED", r, err)
	r, err = update(votingapi.PollUpdate{EndsAt: some(s.Clock.Now().Add(time.Minute))})
	service.Refused(t, http.StatusConflict, "POLL_LOCKED", r, err)
	r, err = update(votingapi.PollUpdate{Title: ptr("Poll"), AmendmentReason: ptr("a typo")})
	service.OK(t, r, err)
	got, err := s.As(s.member).GetPollWithResponse(t.Context(), info.Poll.ID)
	require.Equal(t, []votingapi.Amendment{{AmendedAt: s.Clock.Now(), Reason: "a typo", PreviousTitle: ptr("poll")}}, service.OK(t, got, err).JSON200.Amendments)
}

// The literal path of the templates is not taken for the id of a poll.
func TestTemplatesAndParticipantsOverHTTP(t *testing.T) {
	t.Parallel()
	s := start(t)
	templates, err := s.As(s.member).ListTemplatesWithResponse(t.Context())
	require.Len(t, *service.OK(t, templates, err).JSON200, 5)
	quick := (*templates.JSON200)[0]
	require.Equal(t, "quick", quick.Slug)
	require.Equal(t, votingapi.TemplateSettings{ResultsVisibility: votingapi.ResultsVisibilityAlways}, quick.Settings)
	require.EqualValues(t, 1, quick.Questions[0].MaxVotes)

	require.Equal(t, votingapi.LocalizedText{Ru: quick.Title, En: "Quick poll"}, quick.TitleI18N)
	english := s.poll(func(b *votingapi.PollCreate) {
		b.Template, b.Language = some("multi"), ptr(votingapi.PollCreateLanguageEn)
	})
	require.Equal(t, (*templates.JSON200)[1].Questions[0].TitleI18N.En, english.Nominations[0].Title)
	require.True(t, english.Poll.AllowRevoting, "the presets are rules of the poll")

	info := s.poll(func(b *votingapi.PollCreate) { b.Visibility = ptr(commonapi.VisibilityPrivate) }, 1)
	id := info.Poll.ID
	hidden, err := s.As(s.member).GetPollWithResponse(t.Context(), id)
	service.Refused(t, http.StatusNotFound, "NOT_FOUND", hidden, err)
	put, err := s.As(s.maker).PutParticipantWithResponse(t.Context(), id, votingapi.ParticipantPut{UserID: s.member.User, Role: "participant"})
	want := votingapi.Participant{
		UserID: s.member.User, Role: votingapi.ParticipantRoleParticipant, InvitedBy: s.maker.User, Status: votingapi.ParticipantStatusAccepted,
	}
	require.Equal(t, want, *service.OK(t, put, err).JSON200)
	s.vote(s.member, info, 0)
	list, err := s.As(s.maker).ListParticipantsWithResponse(t.Context(), id)
	require.Len(t, *service.OK(t, list, err).JSON200, 2)
	require.Contains(t, *list.JSON200, want)
	wrong, err := s.As(s.maker).PutParticipantWithResponse(t.Context(), id, votingapi.ParticipantPut{UserID: s.member.User, Role: "king"})
	service.Refused(t, http.StatusBadRequest, "INVALID_ROLE", wrong, err)
	removed, err := s.As(s.maker).RemoveParticipantWithResponse(t.Context(), id, s.member.User)
	require.True(t, service.OK(t, removed, err).JSON200.Ok)
	hidden, err = s.As(s.member).GetPollWithResponse(t.Context(), id)
	service.Refused(t, http.StatusNotFound, "NOT_FOUND", hidden, err)
	s.Access.Member(s.member, authz.Permission("voting.votings.admin"))
	managed, err := s.As(s.member).GetPollWithResponse(t.Context(), id)
	service.OK(t, managed, err)
}
