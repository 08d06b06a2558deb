package events_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/api/eventsapi"
	"go.updspace.com/api/eventsevents"
	"go.updspace.com/api/mailevents"
	"go.updspace.com/events/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/ical"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/seal"
	"go.updspace.com/tools/devkit/testkit/service"
)

var sealKeys = seal.NewKey("test")

const (
	replyDomain = "reply.test"
	replySecret = "0123456789abcdef0123456789abcdef"
)

// invite invites to an event as its maker.
func (s *fixture) invite(event uuid.UUID, body eventsapi.InvitationsCreate) int {
	s.T.Helper()
	r, err := s.As(s.maker).CreateInvitationsWithResponse(s.T.Context(), event, body)
	return service.OK(s.T, r, err).JSON201.Invited
}

// asked are the mails that were asked for since the last call, after those of invitations that are due.
func (s *fixture) asked() (list []mailevents.MessageRequest) {
	s.T.Helper()
	require.NoError(s.T, s.lifecycle.MailInvitations(s.T.Context()))
	for _, e := range s.Events()[s.read:] {
		s.read++
		if e.Type == mailevents.TypeMessageRequested {
			var mail mailevents.MessageRequest
			require.NoError(s.T, json.Unmarshal(e.Data, &mail))
			list = append(list, mail)
		}
	}
	return list
}

// mails is asked without reminders, which a job sends when it comes to them.
func (s *fixture) mails() []mailevents.MessageRequest {
	s.T.Helper()
	return slices.DeleteFunc(s.asked(), func(mail mailevents.MessageRequest) bool { return mail.Kind != "events.invitation" })
}

// mailTo is the mail to an address, or to a user.
func mailTo(t testing.TB, list []mailevents.MessageRequest, to string) mailevents.MessageRequest {
	t.Helper()
	for _, mail := range list {
		if mail.ToAddress != nil && *mail.ToAddress == to || mail.ToUser != nil && mail.ToUser.String() == to {
			return mail
		}
	}
	require.Fail(t, "no mail to "+to)
	return mailevents.MessageRequest{}
}

// calendarIn is the calendar in a mail: its method, and its events.
func calendarIn(t testing.TB, mail mailevents.MessageRequest) (method string, events []ical.Component) {
	t.Helper()
	require.Len(t, mail.Attachments, 1)
	calendars, err := ical.Parse(bytes.NewReader(mail.Attachments[0].Content))
	require.NoError(t, err)
	p, _ := calendars[0].Property("METHOD")
	require.Equal(t, "text/calendar; method="+p.Value, mail.Attachments[0].ContentType)
	return p.Value, calendars[0].Children("VEVENT")
}

func value(c ical.Component, name string) string {
	p, _ := c.Property(name)
	return p.Value
}

func tokenIn(t testing.TB, mail mailevents.MessageRequest) string {
	t.Helper()
	_, rest, found := strings.Cut(mail.Contents[0].Text, "http://aef.localhost/invitation#")
	require.True(t, found, mail.Contents[0].Text)
	token, _, _ := strings.Cut(rest, ".")
	return token
}

func (s *fixture) byLink(token string, status eventsapi.InvitationAnswerStatus) eventsapi.InvitedEvent {
	s.T.Helper()
	r, err := s.With("bff", reqctx.Context{}).AnswerInvitationWithResponse(s.T.Context(), eventsapi.InvitationAnswer{Token: token, Status: status})
	return *service.OK(s.T, r, err).JSON200
}

func (s *fixture) invitations(event uuid.UUID) []eventsapi.Invitation {
	s.T.Helper()
	r, err := s.As(s.maker).ListInvitationsWithResponse(s.T.Context(), event, &eventsapi.ListInvitationsParams{})
	return service.OK(s.T, r, err).JSON200.Items
}

const guestAddress = "guest@example.com"

// A member and an address are invited to a private event with one seat: the member sees it, both answer by the links of their mails,
// and the organiser sees who is who.
func TestInvitedPeopleAnswerByTheirLinks(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event(capacity(1), func(b *eventsapi.EventCreate) { b.Visibility = some(commonapi.VisibilityPrivate) })
	hidden, err := s.As(s.member).GetEventWithResponse(t.Context(), event.ID, &eventsapi.GetEventParams{})
	service.Refused(t, http.StatusNotFound, "NOT_FOUND", hidden, err)

	body := eventsapi.InvitationsCreate{UserIds: []uuid.UUID{s.member.User, s.maker.User, s.member.User}, Addresses: []string{" Guest@Example.com ", guestAddress}}
	ctx := service.Request(s.maker)
	for range 2 { // the same request twice
		r, err := s.As(s.maker).CreateInvitationsWithResponse(ctx, event.ID, body)
		require.Equal(t, 2, service.OK(t, r, err).JSON201.Invited, "without the organiser")
	}
	require.Zero(t, s.invite(event.ID, body), "invited already")
	seen, err := s.As(s.member).GetEventWithResponse(t.Context(), event.ID, &eventsapi.GetEventParams{})
	service.OK(t, seen, err)
	list, err := s.As(s.member).ListEventsWithResponse(t.Context(), &eventsapi.ListEventsParams{})
	require.Equal(t, []uuid.UUID{event.ID}, ids(service.OK(t, list, err).JSON200.Items))

	mails := s.mails()
	require.Len(t, mails, 2)
	require.Empty(t, s.mails(), "each once")
	toGuest, toMember := mailTo(t, mails, guestAddress), mailTo(t, mails, s.member.User.String())
	require.Equal(t, "events.invitation", toGuest.Kind)
	require.Equal(t, []string{"Invitation: Game night", "Приглашение: Game night"}, []string{toGuest.Contents[0].Subject, toGuest.Contents[1].Subject})
	method, components := calendarIn(t, toGuest)
	require.Equal(t, "REQUEST", method)
	require.Len(t, components, 1)
	require.Equal(t, event.ID.String()+"@aef.updspace", value(components[0], "UID"))
	require.Equal(t, "0", value(components[0], "SEQUENCE"))
	attendee, _ := components[0].Property("ATTENDEE")
	require.Equal(t, []string{"TRUE", "NEEDS-ACTION"}, []string{attendee.Param("RSVP"), attendee.Param("PARTSTAT")})
	require.True(t, *toGuest.Attachments[0].Attendee, "identity fills in the address")
	require.Equal(t, "mailto:"+*toGuest.ReplyTo, value(components[0], "ORGANIZER"))
	token, ok := domain.ReplyToken(*toGuest.ReplyTo, replyDomain)
	require.True(t, ok)
	require.Equal(t, tokenIn(t, toGuest), string(token))
	require.Contains(t, *toGuest.Contents[1].HTML, string(token)+".not_going")

	sent := 0
	for _, e := range s.Events() {
		if e.Type == eventsevents.TypeInvitationSent {
			sent++
		}
	}
	require.Equal(t, 2, sent)

	preview, err := s.With("bff", reqctx.Context{}).PreviewInvitationWithResponse(t.Context(), eventsapi.InvitationToken{Token: tokenIn(t, toGuest)})
	shown := service.OK(t, preview, err).JSON200
	require.True(t, shown.Guest)
	require.True(t, shown.Event.MyRsvp.IsNull())
	require.False(t, shown.Event.CanManage)
	got := s.byLink(tokenIn(t, toGuest), eventsapi.InvitationAnswerStatusGoing)
	require.Equal(t, [5]int{1, 0, 0, 0, 1}, counts(got.Event))
	waits := s.byLink(tokenIn(t, toMember), eventsapi.InvitationAnswerStatusGoing)
	require.False(t, waits.Guest)
	require.True(t, waits.Event.MyAnswer.MustGet().Waiting, "the guest has the only seat")

	answers := func(by authz.Actor) []eventsapi.Answer {
		r, err := s.As(by).ListAnswersWithResponse(t.Context(), event.ID, &eventsapi.ListAnswersParams{})
		return service.OK(t, r, err).JSON200.Items
	}
	require.True(t, answers(s.maker)[0].Guest)
	require.Equal(t, guestAddress, answers(s.maker)[0].Address.MustGet())
	require.True(t, answers(s.member)[0].Guest)
	require.True(t, answers(s.member)[0].Address.IsNull(), "only those who manage the event see addresses")
	invited := s.invitations(event.ID)
	require.Len(t, invited, 2)
	for _, i := range invited {
		require.Equal(t, []any{eventsapi.InvitationDeliveryQueued, 0, i.UserID.IsNull()}, []any{i.Delivery, i.Sequence.MustGet(), i.Reply.MustGet().Status == "going" && !i.Reply.MustGet().Waiting})
	}

	s.byLink(tokenIn(t, toGuest), eventsapi.InvitationAnswerStatusNotGoing)
	require.Equal(t, []uuid.UUID{s.member.User}, s.list(s.maker, event.ID, eventsapi.ListAnswersParamsStatusGoing), "the seat passes on")
	s.byLink(tokenIn(t, toGuest), eventsapi.InvitationAnswerStatusGoing)
	s.answer(s.member, event.ID, eventsapi.RsvpSetStatusWithdrawn)
	require.NoError(t, s.lifecycle.TellPromotions(t.Context()))
	seat := mailTo(t, s.mails(), guestAddress)
	require.Equal(t, "You have a seat: Game night", seat.Contents[0].Subject, "a guest is told by mail")

	for _, wrong := range []string{"x", strings.ToUpper(tokenIn(t, toGuest)), tokenIn(t, toGuest) + "a"} {
		unknown, err := s.With("bff", reqctx.Context{}).PreviewInvitationWithResponse(t.Context(), eventsapi.InvitationToken{Token: wrong})
		service.Refused(t, http.StatusNotFound, "INVITATION_UNKNOWN", unknown, err)
	}
}

// A member answers by the link with the rights that the member has by then.
func TestALinkGivesAMemberNoRights(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event()
	reader := s.Actor(domain.PermissionEventRead)
	stranger := s.Actor()
	require.Equal(t, 2, s.invite(event.ID, eventsapi.InvitationsCreate{UserIds: []uuid.UUID{reader.User, stranger.User}}))
	mails := s.mails()
	for user, want := range map[uuid.UUID]struct {
		status int
		code   string
	}{reader.User: {http.StatusForbidden, "FORBIDDEN"}, stranger.User: {http.StatusNotFound, "NOT_FOUND"}} {
		token := tokenIn(t, mailTo(t, mails, user.String()))
		r, err := s.With("bff", reqctx.Context{}).AnswerInvitationWithResponse(t.Context(), eventsapi.InvitationAnswer{Token: token, Status: eventsapi.InvitationAnswerStatusGoing})
		service.Refused(t, want.status, want.code, r, err)
	}
}

// Changes, cancelled dates, the cancelled event and a withdrawn invitation are mailed as RFC 5546 wants them, each once.
func TestInvitedPeopleHearOfChanges(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event(weekly, func(b *eventsapi.EventCreate) { b.TimeZone = new("Europe/Moscow") })
	s.invite(event.ID, eventsapi.InvitationsCreate{Addresses: []string{guestAddress, "other@example.com"}})
	token := tokenIn(t, mailTo(t, s.mails(), guestAddress))
	one := func() (mailevents.MessageRequest, string, []ical.Component) {
		t.Helper()
		mails := s.mails()
		require.Len(t, mails, 2)
		mail := mailTo(t, mails, guestAddress)
		method, components := calendarIn(t, mail)
		return mail, method, components
	}

	answered := s.byLink(token, eventsapi.InvitationAnswerStatusGoing)
	require.Equal(t, eventsapi.EventMyRsvpGoing, answered.Event.MyRsvp.MustGet())
	for _, date := range s.dates(s.maker, event.ID) {
		require.Equal(t, 1, date.RsvpCounts.Going, "all dates")
	}
	for _, title := range []string{"Long night", "Longer night"} {
		updated, err := s.As(s.maker).UpdateEventWithResponse(t.Context(), event.ID, &eventsapi.UpdateEventParams{}, eventsapi.EventUpdate{Title: some(title)})
		service.OK(t, updated, err)
	}
	require.Empty(t, s.mails(), "several changes are one mail")
	s.Clock.Advance(time.Minute)
	mail, method, components := one()
	require.Equal(t, "Changed: Longer night", mail.Contents[0].Subject)
	require.Equal(t, []string{"REQUEST", "2", "Longer night"}, []string{method, value(components[0], "SEQUENCE"), value(components[0], "SUMMARY")})
	require.NotEmpty(t, value(components[0], "RRULE"))
	attendee, _ := components[0].Property("ATTENDEE")
	require.Equal(t, "ACCEPTED", attendee.Param("PARTSTAT"))
	require.Equal(t, token, tokenIn(t, mail), "the link stays the same")
	described, err := s.As(s.maker).UpdateEventWithResponse(t.Context(), event.ID, &eventsapi.UpdateEventParams{}, eventsapi.EventUpdate{Tags: some([]string{"chess"})})
	service.OK(t, described, err)
	s.Clock.Advance(time.Minute)
	require.Empty(t, s.mails(), "calendars need not hear of it")

	second := s.dates(s.maker, event.ID)[1]
	off, err := s.As(s.maker).CancelOccurrenceWithResponse(t.Context(), event.ID, second.OccurrenceID, &eventsapi.CancelOccurrenceParams{}, eventsapi.EventCancel{Reason: some("Storm")})
	service.OK(t, off, err)
	mail, method, components = one()
	require.Contains(t, mail.Contents[0].Text, "Storm")
	require.Equal(t, []string{"CANCEL", "CANCELLED", "3"}, []string{method, value(components[0], "STATUS"), value(components[0], "SEQUENCE")})
	at, _ := components[0].Property("RECURRENCE-ID")
	on, err := at.Time()
	require.NoError(t, err)
	moscow, err := time.LoadLocation("Europe/Moscow")
	require.NoError(t, err)
	require.Equal(t, ical.Local(second.StartsAt.In(moscow)), on)

	back, err := s.As(s.maker).RestoreOccurrenceWithResponse(t.Context(), event.ID, second.OccurrenceID, &eventsapi.RestoreOccurrenceParams{})
	service.OK(t, back, err)
	s.Clock.Advance(time.Minute)
	_, method, components = one()
	require.Equal(t, "REQUEST", method)
	require.Len(t, components, 2, "the series, and the date with a sequence of its own")
	require.Empty(t, components[0].All("EXDATE"))

	cancelled, err := s.As(s.maker).CancelEventWithResponse(t.Context(), event.ID, &eventsapi.CancelEventParams{}, eventsapi.EventCancel{})
	service.OK(t, cancelled, err)
	mail, method, components = one()
	require.Equal(t, "Cancelled: Longer night", mail.Contents[0].Subject)
	require.Equal(t, []string{"CANCEL", "CANCELLED"}, []string{method, value(components[0], "STATUS")})
	refused, err := s.As(s.maker).CreateInvitationsWithResponse(t.Context(), event.ID, eventsapi.InvitationsCreate{Addresses: []string{"late@example.com"}})
	service.Refused(t, http.StatusConflict, "EVENT_CANCELLED", refused, err)
	gone, err := s.As(s.maker).DeleteEventWithResponse(t.Context(), event.ID, &eventsapi.DeleteEventParams{})
	service.OK(t, gone, err)
	require.Empty(t, s.mails(), "the cancellation was told")
}

// A draft is not mailed before it is published; a deleted event is cancelled; a divided one invites to both parts.
func TestInvitationsFollowTheirEvent(t *testing.T) {
	t.Parallel()
	s := start(t)
	draft := s.event(func(b *eventsapi.EventCreate) { b.Status = new(eventsapi.EventCreateStatusDraft) })
	s.invite(draft.ID, eventsapi.InvitationsCreate{Addresses: []string{guestAddress}})
	require.Empty(t, s.mails())
	published, err := s.As(s.maker).PublishEventWithResponse(t.Context(), draft.ID, &eventsapi.PublishEventParams{})
	service.OK(t, published, err)
	require.Len(t, s.mails(), 1)
	deleted, err := s.As(s.maker).DeleteEventWithResponse(t.Context(), draft.ID, &eventsapi.DeleteEventParams{})
	service.OK(t, deleted, err)
	method, components := calendarIn(t, mailTo(t, s.mails(), guestAddress))
	require.Equal(t, []string{"CANCEL", "CANCELLED", "1"}, []string{method, value(components[0], "STATUS"), value(components[0], "SEQUENCE")})

	series := s.event(weekly)
	s.invite(series.ID, eventsapi.InvitationsCreate{Addresses: []string{guestAddress}})
	s.byLink(tokenIn(t, mailTo(t, s.mails(), guestAddress)), eventsapi.InvitationAnswerStatusGoing)
	third := s.dates(s.maker, series.ID)[2]
	split, err := s.As(s.maker).SplitEventWithResponse(t.Context(), series.ID, third.OccurrenceID, &eventsapi.SplitEventParams{}, eventsapi.EventUpdate{})
	following := service.OK(t, split, err).JSON201
	s.Clock.Advance(time.Minute)
	mails := s.mails()
	require.Len(t, mails, 2)
	uids := map[string]bool{}
	for _, mail := range mails {
		_, components := calendarIn(t, mail)
		uids[value(components[0], "UID")] = true
	}
	require.Len(t, uids, 2)
	invited := s.invitations(following.ID)
	require.Len(t, invited, 1)
	require.Equal(t, "going", string(invited[0].Reply.MustGet().Status), "the answers went along")
}

func TestWithdrawnAndResentInvitations(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event(capacity(1))
	s.invite(event.ID, eventsapi.InvitationsCreate{Addresses: []string{guestAddress}})
	mailTo(t, s.mails(), guestAddress)
	id := s.invitations(event.ID)[0].ID
	soon, err := s.As(s.maker).ResendInvitationWithResponse(t.Context(), event.ID, id)
	service.Refused(t, http.StatusTooManyRequests, "RATE_LIMITED", soon, err)
	s.Clock.Advance(time.Hour)
	event = s.event(capacity(1)) // the first is over by now
	s.invite(event.ID, eventsapi.InvitationsCreate{Addresses: []string{guestAddress}})
	token := tokenIn(t, mailTo(t, s.mails(), guestAddress))
	id = s.invitations(event.ID)[0].ID
	message := s.lastMessage()
	require.NoError(t, s.inTenant(func(ctx context.Context) error {
		return s.lifecycle.MailDone(ctx, message, domain.MailOutcome{Delivery: domain.DeliveryFailed, Failure: "unsubscribed"})
	}))
	failed := s.invitations(event.ID)[0]
	require.Equal(t, []any{eventsapi.InvitationDeliveryFailed, eventsapi.InvitationFailureUnsubscribed}, []any{failed.Delivery, failed.Failure.MustGet()})

	s.byLink(token, eventsapi.InvitationAnswerStatusGoing)
	s.answer(s.member, event.ID, eventsapi.RsvpSetStatusGoing)
	for range 2 {
		withdrawn, err := s.As(s.maker).WithdrawInvitationWithResponse(t.Context(), event.ID, id)
		service.OK(t, withdrawn, err)
	}
	require.Equal(t, []uuid.UUID{s.member.User}, s.list(s.maker, event.ID, eventsapi.ListAnswersParamsStatusGoing), "the seat is free")
	method, components := calendarIn(t, mailTo(t, s.mails(), guestAddress))
	require.Equal(t, []string{"CANCEL", ""}, []string{method, value(components[0], "STATUS")}, "the event takes place")
	used, err := s.With("bff", reqctx.Context{}).AnswerInvitationWithResponse(t.Context(), eventsapi.InvitationAnswer{Token: token, Status: eventsapi.InvitationAnswerStatusGoing})
	service.Refused(t, http.StatusGone, "INVITATION_WITHDRAWN", used, err)
	resent, err := s.As(s.maker).ResendInvitationWithResponse(t.Context(), event.ID, id)
	service.Refused(t, http.StatusGone, "INVITATION_WITHDRAWN", resent, err)
	require.Equal(t, 1, s.invite(event.ID, eventsapi.InvitationsCreate{Addresses: []string{guestAddress}}), "invited anew")
	require.Equal(t, token, tokenIn(t, mailTo(t, s.mails(), guestAddress)))
	missing, err := s.As(s.maker).WithdrawInvitationWithResponse(t.Context(), event.ID, uuid.New())
	service.Refused(t, http.StatusNotFound, "INVITATION_UNKNOWN", missing, err)
}

// lastMessage is the id of the mail that was asked for last.
func (s *fixture) lastMessage() (id uuid.UUID) {
	s.T.Helper()
	for _, e := range s.Events() {
		if e.Type == mailevents.TypeMessageRequested {
			var mail mailevents.MessageRequest
			require.NoError(s.T, json.Unmarshal(e.Data, &mail))
			id = mail.MessageID
		}
	}
	return id
}

func (s *fixture) inTenant(fn func(context.Context) error) error {
	ctx := reqctx.With(context.Background(), reqctx.Context{TenantID: s.Tenant})
	return s.lifecycle.Tx.Do(ctx, fn)
}

// A group stands for those who are its members then; who may not list them may not invite them.
func TestCommunitiesAndTeamsAreInvited(t *testing.T) {
	t.Parallel()
	s := start(t)
	chess, openings := authz.CommunityScope(uuid.New()), authz.TeamScope(uuid.New())
	s.group(chess, groups.Active)
	s.group(openings, groups.Active, chess.ID)
	a, b, left := uuid.New(), uuid.New(), uuid.New()
	require.NoError(t, s.inTenant(func(ctx context.Context) error {
		for _, m := range []struct {
			group  authz.Scope
			user   uuid.UUID
			member bool
		}{{chess, a, true}, {chess, b, true}, {chess, left, true}, {openings, b, true}, {chess, s.maker.User, true}, {chess, left, false}, {chess, a, true}} {
			if err := s.lifecycle.MembershipChanged(ctx, m.group, m.user, m.member); err != nil {
				return err
			}
		}
		return nil
	}))
	event := s.event()
	body := eventsapi.InvitationsCreate{Groups: []eventsapi.InvitedGroup{{ScopeType: "COMMUNITY", ScopeID: chess.ID}, {ScopeType: "TEAM", ScopeID: openings.ID}}}
	denied, err := s.As(s.maker).CreateInvitationsWithResponse(t.Context(), event.ID, body)
	service.Refused(t, http.StatusForbidden, "FORBIDDEN", denied, err)
	lister := s.Actor(append(adminKeys, "portal.communities.members.read", "portal.teams.members.read")...)
	r, err := s.As(lister).CreateInvitationsWithResponse(t.Context(), event.ID, body)
	require.Equal(t, 2, service.OK(t, r, err).JSON201.Invited, "each once, without the maker")
	s.group(chess, groups.Deleted)
	again, err := s.As(lister).CreateInvitationsWithResponse(t.Context(), s.event().ID, eventsapi.InvitationsCreate{Groups: body.Groups[:1]})
	require.Zero(t, service.OK(t, again, err).JSON201.Invited)
}

func TestInvitationsAreBounded(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event()
	create := func(body eventsapi.InvitationsCreate) (service.Answer, error) {
		return s.As(s.maker).CreateInvitationsWithResponse(t.Context(), event.ID, body)
	}
	none, err := create(eventsapi.InvitationsCreate{})
	service.Invalid(t, none, err, "userIds")
	for _, wrong := range []string{"guest", "a b@x.test", "<a@x.test>", "Ann <a@x.test>", "a@x.test\r\nBcc: b@x.test"} {
		r, err := create(eventsapi.InvitationsCreate{Addresses: []string{wrong}})
		service.Invalid(t, r, err, "addresses")
	}
	addresses := func(from, to int) (list []string) {
		for n := from; n < to; n++ {
			list = append(list, fmt.Sprintf("guest%d@example.com", n))
		}
		return list
	}
	require.Equal(t, 100, s.invite(event.ID, eventsapi.InvitationsCreate{Addresses: addresses(0, 100)}))
	event = s.event()
	require.Equal(t, 100, s.invite(event.ID, eventsapi.InvitationsCreate{Addresses: addresses(0, 100)}))
	limited, err := create(eventsapi.InvitationsCreate{Addresses: addresses(100, 101)})
	service.Refused(t, http.StatusTooManyRequests, "RATE_LIMITED", limited, err)
	s.Clock.Advance(24 * time.Hour)
	event = s.event()
	require.Equal(t, 1, s.invite(event.ID, eventsapi.InvitationsCreate{Addresses: addresses(100, 101)}), "the next day")

	users := make([]uuid.UUID, 200)
	for range 5 {
		for i := range users {
			users[i] = uuid.New()
		}
		full, err := create(eventsapi.InvitationsCreate{UserIds: users})
		require.NoError(t, err)
		if full.StatusCode() != http.StatusCreated {
			service.Refused(t, http.StatusConflict, "TOO_MANY_INVITATIONS", full, err)
			return
		}
	}
	require.Fail(t, "the event takes more than 1,000")
}

// Two instances mail at once: each person gets one mail.
func TestMailsOfInvitationsAreAskedForOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	other := startOn(t, func(testing.TB) pg.Config { return s.Database })
	event := s.event()
	users := make([]uuid.UUID, 120)
	for i := range users {
		users[i] = uuid.New()
	}
	require.Equal(t, 120, s.invite(event.ID, eventsapi.InvitationsCreate{UserIds: users}))
	var wg sync.WaitGroup
	for range 3 {
		for _, instance := range []*fixture{s, other} {
			wg.Go(func() {
				require.NoError(t, instance.lifecycle.MailInvitations(context.Background()))
			})
		}
	}
	wg.Wait()
	mailed := map[uuid.UUID]int{}
	for _, mail := range s.mails() {
		mailed[*mail.ToUser]++
	}
	for _, user := range users {
		require.Equal(t, 1, mailed[user])
	}
}

// Invitations are part of the data of the person who is invited and of the one who invited; addresses go some time after the event.
func TestPersonalDataOfInvitations(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event()
	s.invite(event.ID, eventsapi.InvitationsCreate{UserIds: []uuid.UUID{s.member.User}, Addresses: []string{guestAddress}})
	s.mails()
	bff := s.With("bff", reqctx.Context{TenantID: s.Tenant, TenantSlug: "aef"})
	export, err := bff.ExportPersonalDataWithResponse(t.Context(), s.member.User, &eventsapi.ExportPersonalDataParams{})
	items := service.OK(t, export, err).JSON200.Items
	require.Equal(t, event.ID.String(), items[0].Data["event_id"])
	for user, section := range map[uuid.UUID]string{s.member.User: "invitations", s.maker.User: "invitations_made"} {
		receipt, err := bff.ErasePersonalDataWithResponse(t.Context(), user)
		require.NotZero(t, service.OK(t, receipt, err).JSON200.Counts[section])
	}
	require.NoError(t, s.lifecycle.ForgetInvited(t.Context()))
	left, err := s.As(s.admin).ListInvitationsWithResponse(t.Context(), event.ID, &eventsapi.ListInvitationsParams{})
	items2 := service.OK(t, left, err).JSON200.Items
	require.Len(t, items2, 1)
	require.Equal(t, guestAddress, items2[0].Address.MustGet())
	require.Equal(t, uuid.Nil, items2[0].InvitedBy)
	s.Clock.Advance(100 * 24 * time.Hour)
	require.NoError(t, s.lifecycle.ForgetInvited(t.Context()))
	left, err = s.As(s.admin).ListInvitationsWithResponse(t.Context(), event.ID, &eventsapi.ListInvitationsParams{})
	require.True(t, service.OK(t, left, err).JSON200.Items[0].Address.IsNull())
}
