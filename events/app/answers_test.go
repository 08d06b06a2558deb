package app_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/events/app"
	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/page"
)

func TestWhoMayAnswer(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	event, hidden := h.make(), h.make(private)
	reader, stranger := h.actor(domain.PermissionEventRead), h.actor()
	of := func(user authz.Actor) func(*app.SetAnswer) { return func(in *app.SetAnswer) { in.User = user.User } }
	for name, c := range map[string]struct {
		by     authz.Actor
		event  app.EventView
		change func(*app.SetAnswer)
		want   errs.Kind
	}{
		"without the permission to answer":    {reader, event, of(reader), errs.Forbidden},
		"for another member":                  {h.member, event, of(reader), errs.Forbidden},
		"what is not seen":                    {h.member, hidden, of(h.member), errs.NotFound},
		"without a role":                      {stranger, event, of(stranger), errs.NotFound},
		"a series and a date":                 {h.member, event, func(in *app.SetAnswer) { in.Series, in.Occurrence = true, new(uuid.New()) }, errs.Invalid},
		"a date of another event":             {h.member, event, func(in *app.SetAnswer) { in.Occurrence = new(hidden.Occurrence.ID()) }, errs.NotFound},
		"more people than the event lets one": {h.member, event, func(in *app.SetAnswer) { in.Answer.PlusOnes = 1 }, errs.Invalid},
	} {
		_, err := h.set(c.by, c.event, domain.AnswerGoing, c.change)
		require.Equal(t, c.want, errs.KindOf(err), name)
	}
	require.Empty(t, published[domain.RSVPChanged](h))
	h.answer(h.maker, hidden, domain.AnswerGoing, of(h.member))
	require.Equal(t, h.maker.User, h.answer(h.member, hidden, domain.AnswerInterested).Event.Data().CreatedBy, "who was answered for is a guest")
}

// stale is a cache of answerable events that are out of date, and counts how often it was passed by.
type stale struct {
	ports.Answers
	cached  *ports.Answerable // nil once it is not to be given any more
	outcome ports.Outcome     // of every answer, unless empty
	fresh   int
}

func (s *stale) Answerable(ctx context.Context, event uuid.UUID, occurrence *uuid.UUID, now time.Time, fresh bool) (ports.Answerable, error) {
	if s.cached != nil && !fresh {
		return *s.cached, nil
	}
	s.fresh++
	return s.Answers.Answerable(ctx, event, occurrence, now, fresh)
}

func (s *stale) Set(ctx context.Context, event domain.Event, o domain.Occurrence, a domain.Answer) (ports.Outcome, domain.Counts, error) {
	if s.outcome != "" {
		return s.outcome, domain.Counts{}, nil
	}
	return s.Answers.Set(ctx, event, o, a)
}

// What a cache has can accept an answer and never refuse one, and an answer is stored for the version that it was decided on only.
func TestAnswersAreDecidedAnew(t *testing.T) {
	t.Parallel()
	answers := &stale{}
	h := newFixture(t, func(d *app.Deps) {
		answers.Answers = d.Answers
		d.Answers = answers
	})
	event := h.make()
	cache := func(e domain.Event) {
		answers.cached = &ports.Answerable{Dated: ports.Dated{Event: e, Occurrence: event.Occurrence}, Cached: true}
	}

	cancelled, _, err := event.Event.Cancel("", h.clock.Now())
	require.NoError(t, err)
	cache(cancelled)
	require.NotNil(t, h.answer(h.member, event, domain.AnswerGoing).Mine, "it takes place")
	require.Equal(t, 1, answers.fresh)

	_, err = h.events.Update(h.as(h.maker), h.maker, app.ChangeEvent{ID: event.Event.ID()}, domain.EventEdit{Title: new("Long night")})
	require.NoError(t, err)
	cache(event.Event)
	require.Equal(t, "Long night", h.answer(h.member, event, domain.AnswerInterested).Event.Data().Details.Title, "its version is another")
	require.Equal(t, 2, answers.fresh)

	_, err = h.events.Cancel(h.as(h.maker), h.maker, app.ChangeEvent{ID: event.Event.ID()}, "")
	require.NoError(t, err)
	_, err = h.set(h.member, event, domain.AnswerGoing)
	require.ErrorIs(t, err, domain.ErrEventCancelled, "after a look that is fresh")

	next := h.make()
	answers.cached, answers.outcome, answers.fresh = nil, ports.OutcomeStale, 0
	_, err = h.set(h.member, next, domain.AnswerGoing)
	require.ErrorIs(t, err, domain.ErrEventChanged)
	require.Equal(t, 5, answers.fresh, "it is tried so often and no more")
}

func TestAnAnswerAboutASeriesIsAllOrNothing(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	event := h.make(weekly, capacity(2), func(d *domain.EventDraft) { d.Answers.PlusOnes = 1 })
	series := func(in *app.SetAnswer) { in.Series = true }
	two := func(in *app.SetAnswer) { in.Answer.PlusOnes = 1 }
	dates, err := h.occurrences.List(h.as(h.maker), h.maker, event.Event.ID(), "", page.Request{})
	require.NoError(t, err)
	require.Len(t, dates.Items, 3)
	h.answer(h.maker, event, domain.AnswerGoing, func(in *app.SetAnswer) { in.Occurrence = new(dates.Items[1].Occurrence.ID()) })
	h.answer(h.member, event, domain.AnswerGoing, series)
	told := len(published[domain.RSVPChanged](h))
	_, err = h.set(h.member, event, domain.AnswerGoing, series, two)
	require.ErrorIs(t, err, domain.ErrNoSeats, "on the second date one seat is left")
	require.Len(t, published[domain.RSVPChanged](h), told)
	dates, err = h.occurrences.List(h.as(h.member), h.member, event.Event.ID(), "", page.Request{})
	require.NoError(t, err)
	for _, d := range dates.Items {
		require.Zero(t, d.Mine.PlusOnes, "no date has changed")
	}
	h.answer(h.member, event, domain.AnswerGoing, series)
	require.Len(t, published[domain.RSVPChanged](h), told, "the same answer is told of once")
	h.clock.Set(dates.Items[2].Occurrence.Data().Ends)
	_, err = h.set(h.member, event, domain.AnswerGoing, series)
	require.ErrorIs(t, err, domain.ErrAnswersClosed, "no date is to come")
}

func TestWhatIsShownOfAnswers(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	event := h.make()
	other := h.actor(memberKeys...)
	says := func(comment string) func(*app.SetAnswer) {
		return func(in *app.SetAnswer) { in.Answer.Comment = comment }
	}
	h.answer(h.member, event, domain.AnswerGoing, says("late"))
	h.clock.Advance(time.Second)
	h.answer(other, event, domain.AnswerNotGoing, says("ill"))
	token := h.invited(event, "guest@example.com")
	_, err := h.links.Answer(t.Context(), app.AnswerInvitation{Token: token, Answer: domain.AnswerDraft{Status: domain.AnswerInterested, Comment: "perhaps"}})
	require.NoError(t, err)
	for by, want := range map[authz.Actor][][3]string{
		h.maker:  {{"going", "late", ""}, {"interested", "perhaps", "guest@example.com"}, {"not_going", "ill", ""}},
		h.member: {{"going", "late", ""}, {"interested", "", ""}},
		other:    {{"going", "", ""}, {"interested", "", ""}},
	} {
		var got [][3]string
		in := app.ListAnswers{Event: event.Event.ID(), Request: page.Request{Limit: 1}}
		for {
			list, err := h.answers.List(h.as(by), by, in)
			require.NoError(t, err)
			for _, a := range list.Items {
				got = append(got, [3]string{string(a.Status), a.Comment, a.Address})
			}
			if in.Cursor = list.Next; in.Cursor == "" {
				break
			}
		}
		require.Equal(t, want, got)
	}
}
