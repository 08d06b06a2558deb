package portstest

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/voting/domain"
)

const crowd = 100

// atOnce runs fn many times, all starting together.
func atOnce(n int, fn func(i int)) {
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-start
			fn(i)
		})
	}
	close(start)
	wg.Wait()
}

// try casts without failing the test, for goroutines.
func (s Store) try(ctx context.Context, f filled) (cast bool, err error) {
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		cast, err = s.Ballots.Cast(ctx, f.ballot, f.choice)
		return err
	})
	return cast, err
}

func raceIdentical(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	poll, paper := s.active(t, ctx, by, 3)
	ballots := make([]filled, crowd)
	for i := range ballots {
		ballots[i] = s.fill(t, ctx, by, poll, paper.Options()[0], Noon)
	}
	var won, failed atomic.Int32
	atOnce(crowd, func(i int) {
		cast, err := s.try(ctx, ballots[i])
		if err != nil {
			failed.Add(1)
		}
		if cast {
			won.Add(1)
		}
	})
	require.Zero(t, failed.Load())
	require.EqualValues(t, 1, won.Load())
	mine, err := s.Ballots.Of(ctx, poll.ID(), by.User)
	require.NoError(t, err)
	require.Len(t, mine, 1)
}

func raceLimit(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	poll, paper := s.active(t, ctx, by, 11) // ten votes for eleven options
	options := paper.Options()
	choices := make([]domain.Choice, len(options))
	for i := range choices {
		choices[i] = s.fill(t, ctx, by, poll, options[i], Noon).choice
	}
	var won atomic.Int32
	var mu sync.Mutex
	var problems []error
	vote := func(choice domain.Choice) error {
		var mine []domain.Ballot
		for {
			ballot, refusal := choice.Fill(by, "", Noon, mine...)
			if refusal != nil {
				return nil //nolint:nilerr // being refused in the end is what most of the votes are for
			}
			cast, err := s.try(ctx, filled{ballot, choice})
			if err != nil {
				return err
			}
			if cast {
				won.Add(1)
				return nil
			}
			if mine, err = s.Ballots.Of(ctx, poll.ID(), by.User); err != nil {
				return err
			}
		}
	}
	atOnce(len(options), func(i int) {
		if err := vote(choices[i]); err != nil {
			mu.Lock()
			defer mu.Unlock()
			problems = append(problems, err)
		}
	})
	require.Empty(t, problems)
	require.EqualValues(t, 10, won.Load())
	mine, err := s.Ballots.Of(ctx, poll.ID(), by.User)
	require.NoError(t, err)
	require.Len(t, mine, 10)
}

func raceUsers(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	poll, paper := s.active(t, ctx, by, 2)
	ballots := make([]filled, crowd)
	for i := range ballots {
		ballots[i] = s.fill(t, ctx, Colleague(by), poll, paper.Options()[i%2], Noon)
	}
	var won atomic.Int32
	atOnce(crowd, func(i int) {
		if cast, err := s.try(ctx, ballots[i]); cast && err == nil {
			won.Add(1)
		}
	})
	require.EqualValues(t, crowd, won.Load())
	counts, err := s.Ballots.Tally(ctx, poll.ID())
	require.NoError(t, err)
	require.Equal(t, domain.Tally{paper.Options()[0].ID(): crowd / 2, paper.Options()[1].ID(): crowd / 2}, counts)
}

func raceClose(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	poll, paper := s.active(t, ctx, by, 2)
	ballots := make([]filled, crowd)
	for i := range ballots {
		ballots[i] = s.fill(t, ctx, Colleague(by), poll, paper.Options()[0], Noon)
	}
	closed := Move(t, poll, domain.StatusClosed, paper)
	var won, after atomic.Int32
	var atClose int64
	var closeErr error
	var over atomic.Bool
	atOnce(crowd+1, func(i int) {
		if i == crowd/2 {
			closeErr = s.Tx.Do(ctx, func(ctx context.Context) error {
				if _, err := s.Polls.Lock(ctx, poll.ID()); err != nil {
					return err
				}
				if err := s.Polls.Update(ctx, closed); err != nil {
					return err
				}
				totals, err := s.Ballots.Totals(ctx, poll) // with the lock held nobody is voting
				atClose = totals[poll.ID()]
				return err
			})
			over.Store(true)
			return
		}
		late := over.Load()
		if cast, err := s.try(ctx, ballots[i%crowd]); cast && err == nil {
			won.Add(1)
			if late {
				after.Add(1)
			}
		}
	})
	require.NoError(t, closeErr)
	require.Zero(t, after.Load())
	require.EqualValues(t, atClose, won.Load())
	totals, err := s.Ballots.Totals(ctx, poll)
	require.NoError(t, err)
	require.Equal(t, atClose, totals[poll.ID()])
}

func raceEditors(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	poll := NewPoll(t, by, Draft(by, "draft"), Noon)
	s.save(t, ctx, poll, domain.Paper{})
	var failed atomic.Int32
	atOnce(20, func(int) {
		if err := s.Tx.Do(ctx, func(ctx context.Context) error {
			if _, err := s.Polls.Lock(ctx, poll.ID()); err != nil {
				return err
			}
			paper, err := s.Papers.Find(ctx, poll.ID())
			if err != nil {
				return err
			}
			_, q, err := paper.Add(poll.ID(), domain.QuestionDraft{Title: "q"})
			if err != nil {
				return err
			}
			return s.Papers.AddQuestions(ctx, q)
		}); err != nil {
			failed.Add(1)
		}
	})
	require.Zero(t, failed.Load())
	paper, err := s.Papers.Find(ctx, poll.ID())
	require.NoError(t, err)
	for i, q := range paper.Questions() {
		require.Equal(t, i, q.Data().SortOrder)
	}
	require.Len(t, paper.Questions(), 20)
}

func raceRevoke(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	poll, paper := s.active(t, ctx, by, 2)
	again := make([]filled, crowd)
	for i := range again {
		again[i] = s.fill(t, ctx, by, poll, paper.Options()[0], Noon)
	}
	require.True(t, s.cast(t, ctx, again[1])) // the odd ones are not cast below
	var cast, revoked atomic.Int32
	atOnce(crowd, func(i int) {
		if i%2 == 0 {
			if ok, err := s.try(ctx, again[i]); ok && err == nil {
				cast.Add(1)
			}
			return
		}
		_ = s.Tx.Do(ctx, func(ctx context.Context) error {
			mine, err := s.Ballots.Of(ctx, poll.ID(), by.User)
			if err != nil || len(mine) == 0 {
				return err
			}
			ok, err := s.Ballots.Revoke(ctx, mine[0], poll)
			if ok && err == nil {
				revoked.Add(1)
			}
			return err
		})
	})
	mine, err := s.Ballots.Of(ctx, poll.ID(), by.User)
	require.NoError(t, err)
	require.LessOrEqual(t, len(mine), 1)
	require.EqualValues(t, len(mine), 1+cast.Load()-revoked.Load())
}
