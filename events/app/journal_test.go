package app_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/events/app"
	"go.updspace.com/events/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/page"
)

// The journal says of each change which date and which member it is about, and why.
func TestTheJournalSaysWhatAChangeIsAbout(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	event := h.make(weekly)
	date := h.date(event)
	in := app.ChangeOccurrence{Event: event.Event.ID(), ID: date.ID()}
	_, err := h.occurrences.Edit(h.as(h.maker), h.maker, in, domain.OccurrenceEdit{Title: new("Final")})
	require.NoError(t, err)
	_, err = h.occurrences.Cancel(h.as(h.maker), h.maker, in, "Storm")
	require.NoError(t, err)
	_, err = h.occurrences.Restore(h.as(h.maker), h.maker, in)
	require.NoError(t, err)
	attendance, on := &app.Attendance{Deps: h.deps}, app.DateOf{Event: event.Event.ID(), Occurrence: new(date.ID())}
	marked, err := attendance.Mark(h.as(h.maker), h.maker, on, h.member.User, h.maker.User, h.member.User)
	require.NoError(t, err)
	require.Equal(t, 2, marked)
	for range 2 {
		require.NoError(t, attendance.Unmark(h.as(h.maker), h.maker, on, h.member.User))
	}
	_, err = h.events.Cancel(h.as(h.maker), h.maker, app.ChangeEvent{ID: event.Event.ID()}, "Flood")
	require.NoError(t, err)

	type entry struct {
		action, reason string
		about          uuid.UUID
		date           any
	}
	var got []entry
	journal, err := h.memory.Audit.List(h.as(h.maker), audit.Filter{}, page.Request{Limit: 100})
	require.NoError(t, err)
	slices.Reverse(journal.Items) // it begins with the latest
	for _, e := range journal.Items {
		require.Equal(t, event.Event.ID().String(), e.TargetID)
		got = append(got, entry{e.Action, e.Reason, e.About, e.Metadata["occurrence_id"]})
	}
	users := []uuid.UUID{h.member.User, h.maker.User}
	if got[4].about == h.maker.User {
		users[0], users[1] = users[1], users[0]
	}
	id := any(date.ID().String())
	require.Equal(t, []entry{
		{"event.created", "", uuid.Nil, nil}, {"event.updated", "", uuid.Nil, id}, {"event.cancelled", "Storm", uuid.Nil, id},
		{"event.updated", "", uuid.Nil, id}, {"attendance.marked", "", users[0], id}, {"attendance.marked", "", users[1], id},
		{"attendance.unmarked", "", h.member.User, id}, {"event.cancelled", "Flood", uuid.Nil, nil},
	}, got)
	for i, e := range published[domain.AttendanceMarked](h) {
		require.Equal(t, users[i], e.Attendance.UserID)
	}
	require.Equal(t, h.member.User, published[domain.AttendanceUnmarked](h)[0].Attendance.UserID)
}

// date is the second date of a series.
func (h *fixture) date(event app.EventView) domain.Occurrence {
	h.t.Helper()
	dates, err := h.deps.Occurrences.List(h.as(h.maker), event.Event.ID())
	require.NoError(h.t, err)
	return dates[1]
}

// An event may have as many seats as are taken, and not one less.
func TestTheLeastCapacity(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	event := h.make(capacity(3))
	h.answer(h.maker, event, domain.AnswerGoing)
	h.answer(h.member, event, domain.AnswerGoing)
	in := app.ChangeEvent{ID: event.Event.ID()}
	_, err := h.events.Update(h.as(h.maker), h.maker, in, domain.EventEdit{Capacity: new(1)})
	require.ErrorIs(t, err, domain.ErrCapacityTaken)
	view, err := h.events.Update(h.as(h.maker), h.maker, in, domain.EventEdit{Capacity: new(2)})
	require.NoError(t, err)
	require.Equal(t, 2, view.Event.Data().Answers.Capacity)
}
