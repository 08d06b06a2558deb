package app_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/events/app"
	"go.updspace.com/events/domain"
)

// Who waited and has got a seat is told once: a member by an event, a guest by mail.
func TestSeatsOfTheWaitingListAreToldOf(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	event := h.make(capacity(2))
	other, third := h.actor(memberKeys...), h.actor(memberKeys...)
	h.answer(h.maker, event, domain.AnswerGoing)
	h.answer(other, event, domain.AnswerGoing)
	require.True(t, h.answer(h.member, event, domain.AnswerGoing).Mine.Waiting)
	token := h.invited(event, "guest@example.com")
	_, err := h.links.Answer(t.Context(), app.AnswerInvitation{Token: token, Answer: domain.AnswerDraft{Status: domain.AnswerGoing}})
	require.NoError(t, err)
	require.True(t, h.answer(third, event, domain.AnswerGoing).Mine.Waiting)
	h.answer(h.maker, event, domain.AnswerNotGoing)
	h.answer(other, event, domain.AnswerWithdrawn)
	mails := len(h.memory.Asked())
	for range 2 {
		require.NoError(t, h.lifecycle.TellPromotions(t.Context()))
	}
	told := published[domain.WaitlistPromoted](h)
	require.Len(t, told, 1)
	require.Equal(t, []uuid.UUID{h.member.User, event.Occurrence.ID()}, []uuid.UUID{told[0].UserID, told[0].Occurrence.ID()})
	asked := h.memory.Asked()[mails:]
	require.Len(t, asked, 1)
	require.Equal(t, []any{domain.SeatFree, "guest@example.com", token}, []any{asked[0].InvitationMail.About, asked[0].Invitation.Address, asked[0].Invitation.Token})

	_, err = h.events.Update(h.as(h.maker), h.maker, app.ChangeEvent{ID: event.Event.ID()}, domain.EventEdit{Capacity: new(1)})
	require.ErrorIs(t, err, domain.ErrCapacityTaken)
	_, err = h.events.Update(h.as(h.maker), h.maker, app.ChangeEvent{ID: event.Event.ID()}, domain.EventEdit{Capacity: new(0)})
	require.NoError(t, err)
	require.NoError(t, h.lifecycle.TellPromotions(t.Context()))
	told = published[domain.WaitlistPromoted](h)
	require.Equal(t, third.User, told[len(told)-1].UserID, "an event without a capacity seats all")
}

// A seat that came to nothing before it was told of is not told of.
func TestSeatsThatCameToNothing(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(h *fixture, event app.EventView){
		"given up":  func(h *fixture, event app.EventView) { h.answer(h.member, event, domain.AnswerNotGoing) },
		"cancelled": func(h *fixture, event app.EventView) { h.cancel(event) },
		"over":      func(h *fixture, event app.EventView) { h.clock.Set(event.Occurrence.Data().Ends.Add(time.Second)) },
		"deleted": func(h *fixture, event app.EventView) {
			require.NoError(h.t, h.events.Delete(h.as(h.maker), h.maker, app.ChangeEvent{ID: event.Event.ID()}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newFixture(t)
			event := h.make(capacity(1))
			h.answer(h.maker, event, domain.AnswerGoing)
			h.answer(h.member, event, domain.AnswerGoing)
			h.answer(h.maker, event, domain.AnswerNotGoing)
			end(h, event)
			require.NoError(t, h.lifecycle.TellPromotions(t.Context()))
			require.Empty(t, published[domain.WaitlistPromoted](h))
			left, err := h.deps.Answers.ListPromotions(t.Context(), 10)
			require.NoError(t, err)
			require.Empty(t, left)
		})
	}
}

func (h *fixture) cancel(event app.EventView) {
	h.t.Helper()
	_, err := h.events.Cancel(h.as(h.maker), h.maker, app.ChangeEvent{ID: event.Event.ID()}, "")
	require.NoError(h.t, err)
}
