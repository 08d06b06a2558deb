package app_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/events/app"
	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports/portstest"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/page"
)

func (h *fixture) invite(event app.EventView, invitees domain.Invitees) int {
	h.t.Helper()
	made, err := h.invitations.Create(h.as(h.maker), h.maker, app.CreateInvitations{Event: event.Event.ID(), Invitees: invitees})
	require.NoError(h.t, err)
	return made.Count
}

// mails are those of invitations that were asked for since the last call.
func (h *fixture) mails() []portstest.AskedMail {
	h.t.Helper()
	before := len(h.memory.Asked())
	for range 2 {
		require.NoError(h.t, h.lifecycle.MailInvitations(h.t.Context()))
	}
	return h.memory.Asked()[before:]
}

// invited invites an address, and returns the token that its mail has.
func (h *fixture) invited(event app.EventView, address string) domain.InvitationToken {
	h.t.Helper()
	require.Equal(h.t, 1, h.invite(event, domain.Invitees{Addresses: []string{address}}))
	mails := h.mails()
	require.Len(h.t, mails, 1)
	require.Equal(h.t, []any{domain.Invited, address}, []any{mails[0].InvitationMail.About, mails[0].Invitation.Address})
	return mails[0].Invitation.Token
}

func (h *fixture) listed(event app.EventView) []domain.Invitation {
	h.t.Helper()
	list, err := h.invitations.List(h.as(h.maker), h.maker, event.Event.ID(), page.Request{Limit: 100})
	require.NoError(h.t, err)
	return list.Items
}

func TestWhoIsInvited(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	event := h.make(private)
	chess, a, b := authz.CommunityScope(uuid.New()), uuid.New(), uuid.New()
	h.inTenant(func(ctx context.Context) error {
		for _, user := range []uuid.UUID{a, b, h.maker.User} {
			if err := h.lifecycle.MembershipChanged(ctx, chess, user, true); err != nil {
				return err
			}
		}
		return nil
	})
	all := domain.Invitees{Users: []uuid.UUID{a, h.member.User, uuid.Nil}, Groups: []authz.Scope{chess}, Addresses: []string{"Guest@example.com", "guest@example.com"}}
	create := func(by authz.Actor, invitees domain.Invitees) error {
		_, err := h.invitations.Create(h.as(by), by, app.CreateInvitations{Event: event.Event.ID(), Invitees: invitees})
		return err
	}
	require.Equal(t, errs.Forbidden, errs.KindOf(create(h.maker, all)), "who may not list the members of a group may not invite them")
	require.ErrorIs(t, create(h.member, domain.Invitees{Users: []uuid.UUID{a}}), domain.ErrEventNotFound)
	require.Equal(t, errs.Invalid, errs.KindOf(create(h.maker, domain.Invitees{})))
	require.Equal(t, errs.Invalid, errs.KindOf(create(h.maker, domain.Invitees{Addresses: []string{"no address"}})))
	h.access.Member(h.maker, append([]authz.Permission{domain.PermissionListMembers[authz.ScopeCommunity]}, makerKeys...)...)
	require.Equal(t, 4, h.invite(event, all), "each once, without the organiser")
	require.Zero(t, h.invite(event, all))
	require.Len(t, h.mails(), 4)
	require.Len(t, published[domain.InvitationSent](h), 4)
	view, err := h.events.Get(h.as(h.member), h.member, event.Event.ID(), nil)
	require.NoError(t, err)
	require.False(t, view.CanManage, "a guest sees the event and no more")
	for _, i := range h.listed(event) {
		require.Equal(t, []any{domain.DeliveryQueued, 0, domain.InvitationToken("")}, []any{i.Delivery, i.Told, i.Token})
	}
}

func TestInvitationsAreBounded(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	event := h.make()
	create := func(event app.EventView, invitees domain.Invitees) error {
		_, err := h.invitations.Create(h.as(h.maker), h.maker, app.CreateInvitations{Event: event.Event.ID(), Invitees: invitees})
		return err
	}
	users := make([]uuid.UUID, domain.MaxInvitations)
	for i := range users {
		users[i] = uuid.New()
	}
	require.ErrorIs(t, create(event, domain.Invitees{Users: append([]uuid.UUID{uuid.New()}, users...)}), domain.ErrTooManyInvitations)
	require.NoError(t, create(event, domain.Invitees{Users: users}))
	require.ErrorIs(t, create(event, domain.Invitees{Users: []uuid.UUID{uuid.New()}}), domain.ErrTooManyInvitations)
	addresses := make([]string, domain.MaxAddresses)
	for i := range addresses {
		addresses[i] = fmt.Sprintf("guest%d@example.com", i)
	}
	other := h.make()
	require.NoError(t, create(other, domain.Invitees{Addresses: addresses}))
	require.Equal(t, errs.RateLimited, errs.KindOf(create(h.make(), domain.Invitees{Addresses: []string{"one@example.com"}})), "of all events together")
	h.clock.Advance(domain.AddressesPer)
	require.NoError(t, create(h.make(), domain.Invitees{Addresses: []string{"one@example.com"}}))
	h.cancel(other)
	require.ErrorIs(t, create(other, domain.Invitees{Users: []uuid.UUID{uuid.New()}}), domain.ErrEventCancelled)
}

// Several changes are one mail; what calendars need not hear of is none; a deleted event is called off.
func TestInvitedPeopleHearOfChanges(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	event := h.make(weekly)
	h.invited(event, "guest@example.com")
	about := func() (list []domain.MailReason) {
		t.Helper()
		for _, m := range h.mails() {
			list = append(list, m.InvitationMail.About)
		}
		return list
	}
	edit := func(e domain.EventEdit) {
		t.Helper()
		_, err := h.events.Update(h.as(h.maker), h.maker, app.ChangeEvent{ID: event.Event.ID()}, e)
		require.NoError(t, err)
	}
	edit(domain.EventEdit{Title: new("A")})
	edit(domain.EventEdit{Title: new("B")})
	require.Empty(t, about(), "a change waits for more of them")
	h.clock.Advance(time.Minute)
	require.Equal(t, []domain.MailReason{domain.EventChanged}, about())
	edit(domain.EventEdit{Tags: new([]string{"chess"})})
	h.clock.Advance(time.Minute)
	require.Empty(t, about())
	dates, err := h.deps.Occurrences.List(h.as(h.maker), event.Event.ID())
	require.NoError(t, err)
	_, err = h.occurrences.Cancel(h.as(h.maker), h.maker, app.ChangeOccurrence{Event: event.Event.ID(), ID: dates[1].ID()}, "Storm")
	require.NoError(t, err)
	require.Equal(t, []domain.MailReason{domain.DatesCancelled}, about(), "at once")
	require.NoError(t, h.events.Delete(h.as(h.maker), h.maker, app.ChangeEvent{ID: event.Event.ID()}))
	asked := h.memory.Asked()
	require.Equal(t, domain.EventOff, asked[len(asked)-1].InvitationMail.About, "in the transaction that deletes it")
	require.Empty(t, about())

	event = h.make()
	h.invited(event, "guest@example.com")
	h.cancel(event)
	require.Equal(t, []domain.MailReason{domain.EventOff}, about())
	told := len(h.memory.Asked())
	require.NoError(t, h.events.Delete(h.as(h.maker), h.maker, app.ChangeEvent{ID: event.Event.ID()}))
	require.Len(t, h.memory.Asked(), told, "the cancellation was told")
}

// A withdrawn invitation takes the answers of its person along; it can be made anew, and not sent again.
func TestInvitationsAreWithdrawn(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	event := h.make(capacity(1))
	token := h.invited(event, "guest@example.com")
	going := app.AnswerInvitation{Token: token, Answer: domain.AnswerDraft{Status: domain.AnswerGoing}}
	shown, err := h.links.Answer(t.Context(), going)
	require.NoError(t, err)
	require.True(t, shown.Guest)
	require.False(t, shown.Mine.Waiting)
	require.True(t, h.answer(h.member, event, domain.AnswerGoing).Mine.Waiting)
	id := h.listed(event)[0].ID
	resend := func() error {
		_, err := h.invitations.Resend(h.as(h.maker), h.maker, event.Event.ID(), id)
		return err
	}
	require.Equal(t, errs.RateLimited, errs.KindOf(resend()))
	h.clock.Advance(domain.ResendPause)
	require.NoError(t, resend())
	require.Len(t, h.mails(), 1)
	withdraw := func(by authz.Actor) error { return h.invitations.Withdraw(h.as(by), by, event.Event.ID(), id) }
	require.Equal(t, errs.Forbidden, errs.KindOf(withdraw(h.member)))
	for range 2 {
		require.NoError(t, withdraw(h.maker))
	}
	view, err := h.events.Get(h.as(h.member), h.member, event.Event.ID(), nil)
	require.NoError(t, err)
	require.False(t, view.Mine.Waiting, "the seat is free")
	mails := h.mails()
	require.Len(t, mails, 1)
	require.Equal(t, domain.Uninvited, mails[0].InvitationMail.About)
	_, err = h.links.Show(t.Context(), token)
	require.ErrorIs(t, err, domain.ErrInvitationWithdrawn)
	_, err = h.links.Answer(t.Context(), going)
	require.ErrorIs(t, err, domain.ErrInvitationWithdrawn)
	require.ErrorIs(t, resend(), domain.ErrInvitationWithdrawn)
	require.Equal(t, token, h.invited(event, "guest@example.com"), "anew, with the same link")
}

// A link shows and changes nothing but what it is for, and gives a member no rights.
func TestLinksOfInvitations(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	event := h.make(private, weekly)
	token := h.invited(event, "guest@example.com")
	_, err := h.links.Show(t.Context(), token+"a")
	require.ErrorIs(t, err, domain.ErrInvitationUnknown)
	shown, err := h.links.Show(t.Context(), token)
	require.NoError(t, err)
	require.Equal(t, []any{event.Event.ID(), true, false}, []any{shown.Event.ID(), shown.Guest, shown.CanManage})
	require.Nil(t, shown.Mine)
	_, err = h.links.Answer(t.Context(), app.AnswerInvitation{Token: token, Answer: domain.AnswerDraft{Status: domain.AnswerGoing}})
	require.NoError(t, err)
	dates, err := h.deps.Occurrences.List(h.as(h.maker), event.Event.ID())
	require.NoError(t, err)
	for _, o := range dates {
		require.Equal(t, 1, o.Data().Counts.Going, "all dates to come of a series")
	}
	changed := published[domain.RSVPChanged](h)
	require.True(t, changed[len(changed)-1].Answer.Guest)

	reader := h.actor(domain.PermissionEventRead)
	h.invite(event, domain.Invitees{Users: []uuid.UUID{reader.User}})
	mails := h.mails()
	require.Len(t, mails, 1)
	_, err = h.links.Answer(t.Context(), app.AnswerInvitation{Token: mails[0].Invitation.Token, Answer: domain.AnswerDraft{Status: domain.AnswerGoing}})
	require.Equal(t, errs.Forbidden, errs.KindOf(err))
	h.access.Forget(reader)
	_, err = h.links.Show(t.Context(), mails[0].Invitation.Token)
	require.ErrorIs(t, err, domain.ErrEventNotFound)
}

// A mail counts once, for the event and the person of its invitation, and not after the person was told of something newer.
func TestRepliesByMail(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	event := h.make()
	token := h.invited(event, "guest@example.com")
	reply := func(id string, status domain.AnswerStatus, sequence int, change ...func(*domain.MailReply)) (app.Received, error) {
		r := domain.MailReply{
			MessageID: id, Token: token, UID: event.Event.Data().ICalUID, From: "guest@example.com", Attendee: "guest@example.com",
			Answers: []domain.MailAnswer{{Status: status, Sequence: sequence}},
		}
		for _, c := range change {
			c(&r)
		}
		return h.links.Reply(t.Context(), r)
	}
	is := func() domain.AnswerStatus { return h.listed(event)[0].Reply.Status }
	got, err := reply("1", domain.AnswerGoing, 0)
	require.NoError(t, err)
	require.Equal(t, app.Received{Answered: true}, got)
	got, err = reply("1", domain.AnswerNotGoing, 0)
	require.NoError(t, err)
	require.Equal(t, app.Received{Reason: "duplicate"}, got)
	for name, c := range map[string]struct {
		change func(*domain.MailReply)
		want   error
	}{
		"another event":       {func(r *domain.MailReply) { r.UID = "other" }, domain.ErrOtherEvent},
		"another person":      {func(r *domain.MailReply) { r.From, r.Attendee = "friend@example.com", "friend@example.com" }, domain.ErrOtherAttendee},
		"another sender":      {func(r *domain.MailReply) { r.From = "friend@example.com" }, domain.ErrOtherAttendee},
		"no sender":           {func(r *domain.MailReply) { r.From = "" }, domain.ErrOtherAttendee},
		"a date that is none": {func(r *domain.MailReply) { r.Answers[0].On = &domain.DateName{At: portstest.Noon} }, domain.ErrOccurrenceNotFound},
	} {
		_, err = reply("2", domain.AnswerNotGoing, 0, c.change)
		require.ErrorIs(t, err, c.want, name)
	}
	require.Equal(t, domain.AnswerGoing, is())
	_, err = h.events.Update(h.as(h.maker), h.maker, app.ChangeEvent{ID: event.Event.ID()}, domain.EventEdit{Title: new("Later")})
	require.NoError(t, err)
	h.clock.Advance(time.Minute)
	require.Len(t, h.mails(), 1)
	got, err = reply("3", domain.AnswerNotGoing, 0)
	require.NoError(t, err)
	require.Equal(t, app.Received{Reason: "outdated"}, got)
	got, err = reply("4", domain.AnswerInterested, 1)
	require.NoError(t, err)
	require.True(t, got.Answered)
	require.Equal(t, domain.AnswerInterested, is())
}

// The address of a member is known by the digest that identity tells when it has sent the mail.
func TestAMembersReplyComesFromTheAddressOfTheMail(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	event := h.make()
	h.invite(event, domain.Invitees{Users: []uuid.UUID{h.member.User}})
	mail := h.mails()[0]
	reply := func(id, from, digest string) error {
		_, err := h.links.Reply(t.Context(), domain.MailReply{
			MessageID: id, Token: mail.Invitation.Token, UID: event.Event.Data().ICalUID, From: from, Attendee: "member@example.com", Digest: digest,
			Answers: []domain.MailAnswer{{Status: domain.AnswerGoing}},
		})
		return err
	}
	require.ErrorIs(t, reply("1", "friend@example.com", "a"), domain.ErrOtherAttendee)
	require.NoError(t, reply("1", "member@example.com", "a"), "not told yet")
	h.inTenant(func(ctx context.Context) error {
		return h.lifecycle.MailDone(ctx, mail.ID, domain.MailOutcome{Delivery: domain.DeliverySent, Recipient: "a"})
	})
	require.ErrorIs(t, reply("2", "member@example.com", "b"), domain.ErrOtherAttendee)
	require.NoError(t, reply("2", "member@example.com", "a"))
}

func TestAddressesAreForgotten(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	event := h.make()
	token := h.invited(event, "guest@example.com")
	h.clock.Set(event.Occurrence.Data().Ends.Add(90 * 24 * time.Hour))
	require.NoError(t, h.lifecycle.ForgetInvited(t.Context()))
	require.Equal(t, "guest@example.com", h.listed(event)[0].Address)
	h.clock.Advance(time.Second)
	require.NoError(t, h.lifecycle.ForgetInvited(t.Context()))
	require.Empty(t, h.listed(event)[0].Address)
	_, err := h.links.Show(t.Context(), token)
	require.ErrorIs(t, err, domain.ErrInvitationUnknown)
}
