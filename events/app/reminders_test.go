package app_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/events/app"
	"go.updspace.com/events/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
)

// remind runs the job at a time so long before the start of an event, twice.
func (h *fixture) remind(event app.EventView, before time.Duration) {
	h.t.Helper()
	h.clock.Set(event.Occurrence.Data().Starts.Add(-before))
	for range 2 {
		require.NoError(h.t, h.lifecycle.Remind(h.t.Context()))
	}
}

// reminded are the reminders of members, as minutes by user. Each has its mail.
func (h *fixture) reminded() map[uuid.UUID][]int {
	told, mails := map[uuid.UUID][]int{}, map[uuid.UUID][]int{}
	for _, r := range published[domain.ReminderDue](h) {
		told[r.UserID] = append(told[r.UserID], r.Minutes)
	}
	for _, m := range published[domain.ReminderMail](h) {
		if m.Guest == nil {
			mails[m.UserID] = append(mails[m.UserID], m.Minutes)
		}
	}
	require.Equal(h.t, told, mails)
	return told
}

const hour = time.Hour

func TestEachReminderIsToldOnce(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	event := h.make()
	own := h.actor(memberKeys...)
	for _, by := range []authz.Actor{h.member, own} {
		h.answer(by, event, domain.AnswerGoing)
	}
	choice, err := h.reminders.SetChoice(h.as(own), own, event.Event.ID(), new([]int{10, 120, 10}))
	require.NoError(t, err)
	require.Equal(t, domain.ReminderChoice{Own: new([]int{120, 10}), Otherwise: []int{1440, 60}}, choice)
	token := h.invited(event, "guest@example.com")
	_, err = h.links.Answer(t.Context(), app.AnswerInvitation{Token: token, Answer: domain.AnswerDraft{Status: domain.AnswerInterested}})
	require.NoError(t, err)
	h.remind(event, 25*hour)
	require.Empty(t, h.reminded())
	h.remind(event, 24*hour)
	require.Equal(t, map[uuid.UUID][]int{h.member.User: {1440}}, h.reminded())
	h.remind(event, 2*hour)
	h.remind(event, 5*time.Minute)
	require.Equal(t, map[uuid.UUID][]int{h.member.User: {1440, 60}, own.User: {120, 10}}, h.reminded(), "of several that are late the shortest")
	h.remind(event, 0)
	var guests []int
	for _, m := range published[domain.ReminderMail](h) {
		if m.Guest != nil {
			require.Equal(t, []any{"guest@example.com", token}, []any{m.Guest.Address, m.Guest.Token})
			guests = append(guests, m.Minutes)
		}
	}
	require.Equal(t, []int{1440, 60}, guests)
}

// A reminder that came to nothing between being found due and being told of is not told of.
func TestRemindersThatCameToNothing(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(h *fixture, event app.EventView){
		"withdrawn": func(h *fixture, event app.EventView) { h.answer(h.member, event, domain.AnswerWithdrawn) },
		"cancelled": func(h *fixture, event app.EventView) { h.cancel(event) },
		"moved": func(h *fixture, event app.EventView) {
			starts := event.Occurrence.Data().Starts.Add(100 * hour)
			_, err := h.events.Update(h.as(h.maker), h.maker, app.ChangeEvent{ID: event.Event.ID()}, domain.EventEdit{Starts: &starts})
			require.NoError(h.t, err)
		},
		"a member no more": func(h *fixture, _ app.EventView) { h.access.Forget(h.member) },
		"suspended": func(h *fixture, _ app.EventView) {
			h.inTenant(func(ctx context.Context) error { return h.lifecycle.AccountSuspended(ctx, h.member.User, true) })
		},
		"deleted": func(h *fixture, event app.EventView) {
			require.NoError(h.t, h.events.Delete(h.as(h.maker), h.maker, app.ChangeEvent{ID: event.Event.ID()}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newFixture(t)
			event := h.make()
			h.answer(h.member, event, domain.AnswerGoing)
			h.access.Fail(errs.Unavailablef("away"))
			h.clock.Set(event.Occurrence.Data().Starts.Add(-24 * hour))
			require.Equal(t, errs.Unavailable, errs.KindOf(h.lifecycle.Remind(t.Context())))
			due, err := h.deps.Reminders.ListDue(t.Context(), 10)
			require.NoError(t, err)
			require.Len(t, due, 1, "it waits for access")
			h.access.Fail(nil)
			end(h, event)
			require.NoError(t, h.lifecycle.Remind(t.Context()))
			require.Empty(t, h.reminded())
			due, err = h.deps.Reminders.ListDue(t.Context(), 10)
			require.NoError(t, err)
			require.Empty(t, due)
		})
	}
}

// A guest whose invitation was withdrawn is not reminded, even if an organiser answers for the guest afterwards.
func TestAGuestIsRemindedWhileInvited(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	event := h.make()
	h.invited(event, "guest@example.com")
	guest := h.listed(event)[0]
	going := func() {
		h.answer(h.maker, event, domain.AnswerGoing, func(in *app.SetAnswer) { in.User = guest.UserID })
	}
	going()
	h.remind(event, 24*hour)
	require.Len(t, published[domain.ReminderMail](h), 1)
	require.NoError(t, h.invitations.Withdraw(h.as(h.maker), h.maker, event.Event.ID(), guest.ID))
	going()
	h.remind(event, hour)
	require.Len(t, published[domain.ReminderMail](h), 1)
}

// Access is asked on behalf of the member, with what identity has told of the account.
func TestASystemAdministratorIsReminded(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	root := h.actor()
	event := h.make()
	h.answer(h.maker, event, domain.AnswerGoing, func(in *app.SetAnswer) { in.User = root.User })
	h.remind(event, 24*hour)
	require.Empty(t, h.reminded(), "who may not read events is not reminded")
	h.inTenant(func(ctx context.Context) error { return h.lifecycle.SystemAdminChanged(ctx, root.User, true) })
	h.remind(event, hour)
	require.Equal(t, map[uuid.UUID][]int{root.User: {60}}, h.reminded())
}

func TestWhatMembersChoose(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	hidden := h.make(private)
	_, err := h.reminders.SetSettings(h.as(h.member), h.member, new([]int{61}))
	require.Equal(t, errs.Invalid, errs.KindOf(err))
	_, err = h.reminders.SetChoice(h.as(h.member), h.member, hidden.Event.ID(), new([]int{61}))
	require.Equal(t, errs.Invalid, errs.KindOf(err))
	for _, fn := range []func() error{
		func() error { _, err := h.reminders.Choice(h.as(h.member), h.member, hidden.Event.ID()); return err },
		func() error {
			_, err := h.reminders.SetChoice(h.as(h.member), h.member, hidden.Event.ID(), new([]int{60}))
			return err
		},
	} {
		require.ErrorIs(t, fn(), domain.ErrEventNotFound)
	}
	event := h.make()
	settings, err := h.reminders.SetSettings(h.as(h.member), h.member, new([]int{}))
	require.NoError(t, err)
	require.Equal(t, new([]int{}), settings)
	choice, err := h.reminders.Choice(h.as(h.member), h.member, event.Event.ID())
	require.NoError(t, err)
	require.Equal(t, domain.ReminderChoice{Otherwise: []int{}}, choice)
	h.answer(h.member, event, domain.AnswerGoing)
	h.remind(event, 24*hour)
	require.Empty(t, h.reminded(), "none were chosen")
	settings, err = h.reminders.SetSettings(h.as(h.member), h.member, nil)
	require.NoError(t, err)
	require.Nil(t, settings)
	h.remind(event, hour)
	require.Equal(t, map[uuid.UUID][]int{h.member.User: {60}}, h.reminded())
}
