package portstest

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	"go.updspace.com/voting/domain"
)

// filled is a ballot with the selection it was filled for.
type filled struct {
	ballot    domain.Ballot
	selection domain.Selection
}

func (s Store) fill(t testing.TB, ctx context.Context, voter authz.Actor, poll domain.Poll, option domain.Option, at time.Time) filled {
	t.Helper()
	selection, err := s.Ballots.Selection(ctx, poll.ID(), option.Data().QuestionID, option.ID(), true)
	require.NoError(t, err)
	mine, err := s.Ballots.ListByUser(ctx, poll.ID(), voter.User)
	require.NoError(t, err)
	ballot, err := selection.NewBallot(voter, uuid.NewString(), at, mine...)
	require.NoError(t, err)
	return filled{ballot, selection}
}

func (s Store) cast(t testing.TB, ctx context.Context, f filled) bool {
	t.Helper()
	cast, err := s.Ballots.Cast(ctx, f.ballot, f.selection.Poll)
	require.NoError(t, err)
	return cast
}

func selection(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	poll, questionnaire := s.active(t, ctx, by, 3, 2)
	first, second := questionnaire.Questions()[0].ID(), questionnaire.Questions()[1].ID()
	option := questionnaire.OptionsOf(first)[1].ID()
	for name, c := range map[string]struct {
		question, option uuid.UUID
		maxVotes         int
		offered          bool
	}{
		"all there":                  {first, option, 2, true},
		"option of another question": {second, option, 1, false},
		"no such option":             {first, uuid.New(), 2, false},
		"no such question":           {uuid.New(), option, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := s.Ballots.Selection(ctx, poll.ID(), c.question, c.option, true)
			require.NoError(t, err)
			require.Equal(t, domain.Selection{Poll: poll, QuestionID: c.question, OptionID: c.option, MaxVotes: c.maxVotes, Offered: c.offered}, got)
		})
	}
	_, err := s.Ballots.Selection(ctx, uuid.New(), first, option, true)
	require.ErrorIs(t, err, domain.ErrPollNotFound)
	elsewhere, _ := s.active(t, ctx, by, 1)
	got, err := s.Ballots.Selection(ctx, elsewhere.ID(), first, option, true)
	require.NoError(t, err)
	require.Zero(t, got.MaxVotes, "a question of another poll")
}

func oneBallot(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	poll, questionnaire := s.active(t, ctx, by, 3)
	f, again := s.fill(t, ctx, by, poll, questionnaire.Options()[0], Noon), s.fill(t, ctx, by, poll, questionnaire.Options()[0], Noon)
	require.True(t, s.cast(t, ctx, f))
	require.False(t, s.cast(t, ctx, again))
	found, err := s.Ballots.Find(ctx, f.ballot.ID())
	require.NoError(t, err)
	same(t, f.ballot.Data(), found.Data())
	mine, err := s.Ballots.ListByUser(ctx, poll.ID(), by.User)
	require.NoError(t, err)
	require.Equal(t, []domain.Ballot{f.ballot}, mine)
	_, err = s.Ballots.Find(ctx, uuid.New())
	require.ErrorIs(t, err, domain.ErrBallotNotFound)
}

func limit(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	poll, questionnaire := s.active(t, ctx, by, 3, 2) // two votes in the first, one in the second
	options := questionnaire.Options()
	rival := s.fill(t, ctx, by, poll, options[2], Noon) // filled before the voter has cast anything
	var want []domain.Ballot
	for i, option := range []int{0, 1, 3} {
		f := s.fill(t, ctx, by, poll, options[option], Noon.Add(time.Duration(i)*time.Second))
		require.True(t, s.cast(t, ctx, f), "vote %d", i)
		want = append(want, f.ballot)
	}
	require.False(t, s.cast(t, ctx, rival))
	beyond := rival.ballot.Data() // a slot that the question does not have
	beyond.Slot = 3
	require.False(t, s.cast(t, ctx, filled{domain.RestoreBallot(beyond), rival.selection}))
	mine, err := s.Ballots.ListByUser(ctx, poll.ID(), by.User)
	require.NoError(t, err)
	require.Equal(t, want, mine, "oldest first")
	// a ballot taken back makes room
	require.True(t, s.takeBack(t, ctx, want[0], poll))
	require.True(t, s.cast(t, ctx, s.fill(t, ctx, by, poll, options[2], Noon)))
}

func stale(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	poll, questionnaire := s.active(t, ctx, by, 2)
	mine := s.fill(t, ctx, by, poll, questionnaire.Options()[0], Noon)
	other := SameTenantActor(by)
	require.True(t, s.cast(t, ctx, s.fill(t, ctx, other, poll, questionnaire.Options()[0], Noon)))
	theirs, err := s.Ballots.ListByUser(ctx, poll.ID(), other.User)
	require.NoError(t, err)

	closed := Move(t, poll, domain.StatusClosed, questionnaire)
	require.NoError(t, s.update(ctx, closed))
	require.False(t, s.cast(t, ctx, mine))
	require.False(t, s.takeBack(t, ctx, theirs[0], poll))
	totals, err := s.Ballots.Totals(ctx, poll)
	require.NoError(t, err)
	require.EqualValues(t, 1, totals[poll.ID()])
}

func (s Store) takeBack(t testing.TB, ctx context.Context, b domain.Ballot, poll domain.Poll) (revoked bool) {
	t.Helper()
	require.NoError(t, s.Tx.Do(ctx, func(ctx context.Context) (err error) {
		revoked, err = s.Ballots.Revoke(ctx, b, poll)
		return err
	}))
	return revoked
}

func revoke(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	poll, questionnaire := s.active(t, ctx, by, 3)
	kept := s.fill(t, ctx, by, poll, questionnaire.Options()[0], Noon)
	require.True(t, s.cast(t, ctx, kept))
	back := s.fill(t, ctx, by, poll, questionnaire.Options()[1], Noon)
	require.True(t, s.cast(t, ctx, back))
	elsewhere, _ := s.active(t, ctx, by, 1)
	require.False(t, s.takeBack(t, ctx, back.ballot, elsewhere), "a ballot of another poll")
	require.True(t, s.takeBack(t, ctx, back.ballot, poll))
	require.False(t, s.takeBack(t, ctx, back.ballot, poll), "twice")
	mine, err := s.Ballots.ListByUser(ctx, poll.ID(), by.User)
	require.NoError(t, err)
	require.Equal(t, []domain.Ballot{kept.ballot}, mine)
}

func tally(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	poll, questionnaire := s.active(t, ctx, by, 3)
	unloved, _ := s.active(t, ctx, by, 1)
	options := questionnaire.Options()
	for _, option := range []domain.Option{options[0], options[0], options[2]} {
		voter := SameTenantActor(by)
		require.True(t, s.cast(t, ctx, s.fill(t, ctx, voter, poll, option, Noon)))
	}
	counts, err := s.Ballots.Tally(ctx, poll.ID())
	require.NoError(t, err)
	require.Equal(t, domain.Tally{options[0].ID(): 2, options[2].ID(): 1}, counts)
	totals, err := s.Ballots.Totals(ctx, poll, unloved)
	require.NoError(t, err)
	require.EqualValues(t, 3, totals[poll.ID()])
	require.Zero(t, totals[unloved.ID()])
	for poll, want := range map[uuid.UUID]bool{poll.ID(): true, unloved.ID(): false} {
		found, err := s.Ballots.Exists(ctx, poll)
		require.NoError(t, err)
		require.Equal(t, want, found)
	}
	none, err := s.Ballots.Totals(ctx)
	require.NoError(t, err)
	require.Empty(t, none)
}
