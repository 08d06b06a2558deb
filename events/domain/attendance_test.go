package domain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/events/domain"
)

func TestCheckInIsOpenAroundTheDate(t *testing.T) {
	t.Parallel()
	event, dates := made(t)
	d := dates[0].Data()
	for _, c := range []struct {
		at   time.Time
		want error
	}{
		{d.Starts.Add(-time.Hour - time.Second), domain.ErrCheckInClosed},
		{d.Starts.Add(-time.Hour), nil},
		{d.Ends.Add(time.Hour - time.Second), nil},
		{d.Ends.Add(time.Hour), domain.ErrCheckInClosed},
	} {
		require.ErrorIs(t, event.CanCheckIn(dates[0], c.at), c.want, c.at)
	}
	cancelled, _, err := event.Cancel("", now)
	require.NoError(t, err)
	require.ErrorIs(t, cancelled.CanCheckIn(dates[0], d.Starts), domain.ErrEventCancelled)
	draft, dates := made(t, func(d *domain.EventDraft) { d.Status = domain.StatusDraft })
	require.ErrorIs(t, draft.CanCheckIn(dates[0], d.Starts), domain.ErrCheckInClosed)
}

// A code is that of one event, date and member, and is read however it is written.
func TestCodesAreReadHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		secret, other := domain.CheckInSecret(rapid.SliceOfN(rapid.Byte(), 16, 32).Draw(t, "secret")), domain.CheckInSecret("another")
		date, users := uuid.New(), []uuid.UUID{uuid.New(), uuid.New(), uuid.New()}
		code := secret.DateCode(date)
		require.Len(t, code, 6)
		written := strings.ToLower(strings.NewReplacer("0", "O", "1", "l").Replace(code[:3] + "-" + code[3:] + " "))
		require.True(t, secret.IsDateCode(date, written))
		require.False(t, secret.IsDateCode(date, ""))
		require.False(t, secret.IsDateCode(uuid.New(), code))
		require.False(t, other.IsDateCode(date, code))
		member, ok := secret.FindMember(date, users, secret.MemberCode(date, users[1]))
		require.True(t, ok)
		require.Equal(t, users[1], member)
		_, ok = secret.FindMember(date, users, secret.MemberCode(date, uuid.New()))
		require.False(t, ok)
	})
}

func TestAnswersFollowTheRules(t *testing.T) {
	t.Parallel()
	user := uuid.New()
	going := domain.AnswerDraft{Status: domain.AnswerGoing}
	for _, c := range []struct {
		what      string
		change    func(*domain.EventDraft)
		draft     domain.AnswerDraft
		organiser bool
		before    time.Duration // ahead of the start
		want      string
	}{
		{"in time", nil, going, false, time.Minute, ""},
		{"while it is on", nil, going, false, -time.Hour, ""},
		{"when it is over", nil, going, true, -2 * time.Hour, "ANSWERS_CLOSED"},
		{"after the deadline", func(d *domain.EventDraft) { d.Answers.CloseMinutes = new(60) }, going, false, time.Hour, "ANSWERS_CLOSED"},
		{"after the deadline, by an organiser", func(d *domain.EventDraft) { d.Answers.CloseMinutes = new(60) }, going, true, time.Hour, ""},
		{"not coming after the deadline", func(d *domain.EventDraft) { d.Answers.CloseMinutes = new(60) }, domain.AnswerDraft{Status: domain.AnswerNotGoing}, false, time.Hour, ""},
		{"a draft", func(d *domain.EventDraft) { d.Status = domain.StatusDraft }, going, true, time.Hour, "ANSWERS_CLOSED"},
		{"with others where none may be brought", nil, domain.AnswerDraft{Status: domain.AnswerGoing, PlusOnes: 1}, false, time.Hour, "plusOnes"},
		{"a long comment", nil, domain.AnswerDraft{Status: domain.AnswerGoing, Comment: strings.Repeat("ы", 301)}, false, time.Hour, "comment"},
	} {
		var changes []func(*domain.EventDraft)
		if c.change != nil {
			changes = append(changes, c.change)
		}
		event, dates := made(t, changes...)
		at := dates[0].Data().Starts.Add(-c.before)
		answer, err := event.Answer(dates[0], user, maker.User, c.organiser, c.draft, at)
		if c.want != "" {
			require.ErrorContains(t, err, c.want, c.what)
			continue
		}
		require.NoError(t, err, c.what)
		require.Equal(t, domain.Answer{OccurrenceID: dates[0].ID(), UserID: user, Status: c.draft.Status, At: at, By: maker.User}, answer, c.what)
	}
	event, dates := made(t, func(d *domain.EventDraft) { d.Answers.PlusOnes = 2 })
	answer, err := event.Answer(dates[0], user, user, false, domain.AnswerDraft{Status: domain.AnswerInterested, PlusOnes: 2}, now)
	require.NoError(t, err)
	require.Zero(t, answer.PlusOnes, "who does not go brings nobody")
}
