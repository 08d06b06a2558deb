package portstest

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
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

// try casts in one of the instances, without failing the test, for goroutines.
func (s Store) try(ctx context.Context, f filled) (cast bool, err error) {
	instances := append([]ports.Ballots{s.Ballots}, s.Peers...)
	id := f.ballot.ID()
	return instances[int(id[len(id)-1])%len(instances)].Cast(ctx, f.ballot, f.selection.Poll)
}

func raceIdentical(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	poll, questionnaire := s.active(t, ctx, by, 3)
	ballots := make([]filled, crowd)
	for i := range ballots {
		ballots[i] = s.fill(t, ctx, by, poll, questionnaire.Options()[0], Noon)
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
	mine, err := s.Ballots.ListByUser(ctx, poll.ID(), by.User)
	require.NoError(t, err)
	require.Len(t, mine, 1)
}

func raceLimit(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	poll, questionnaire := s.active(t, ctx, by, 11) // ten votes for eleven options
	options := questionnaire.Options()
	selections := make([]domain.Selection, len(options))
	for i := range selections {
		selections[i] = s.fill(t, ctx, by, poll, options[i], Noon).selection
	}
	var won atomic.Int32
	var mu sync.Mutex
	var problems []error
	vote := func(selection domain.Selection) error {
		var mine []domain.Ballot
		for {
			ballot, refusal := selection.NewBallot(by, "", Noon, mine...)
			if refusal != nil {
				return nil //nolint:nilerr // being refused in the end is what most of the votes are for
			}
			cast, err := s.try(ctx, filled{ballot, selection})
			if err != nil {
				return err
			}
			if cast {
				won.Add(1)
				return nil
			}
			if mine, err = s.Ballots.ListByUser(ctx, poll.ID(), by.User); err != nil {
				return err
			}
		}
	}
	atOnce(len(options), func(i int) {
		if err := vote(selections[i]); err != nil {
			mu.Lock()
			defer mu.Unlock()
			problems = append(problems, err)
		}
	})
	require.Empty(t, problems)
	require.EqualValues(t, 10, won.Load())
	mine, err := s.Ballots.ListByUser(ctx, poll.ID(), by.User)
	require.NoError(t, err)
	require.Len(t, mine, 10)
}

func raceUsers(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	poll, questionnaire := s.active(t, ctx, by, 2)
	ballots := make([]filled, crowd)
	for i := range ballots {
		ballots[i] = s.fill(t, ctx, SameTenantActor(by), poll, questionnaire.Options()[i%2], Noon)
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
	require.Equal(t, domain.Tally{questionnaire.Options()[0].ID(): crowd / 2, questionnaire.Options()[1].ID(): crowd / 2}, counts)
}

func raceClose(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	poll, questionnaire := s.active(t, ctx, by, 2)
	ballots := make([]filled, crowd)
	for i := range ballots {
		ballots[i] = s.fill(t, ctx, SameTenantActor(by), poll, questionnaire.Options()[0], Noon)
	}
	closed := Move(t, poll, domain.StatusClosed, questionnaire)
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
				totals, err := s.Ballots.Totals(ctx, poll) // while the lock is held no vote is cast
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
	by := NewActor()
	ctx := As(t.Context(), by)
	poll := NewPoll(t, by, Draft(by, "draft"), Noon)
	s.save(t, ctx, poll, domain.Questionnaire{})
	var failed atomic.Int32
	atOnce(20, func(int) {
		if err := s.Tx.Do(ctx, func(ctx context.Context) error {
			if _, err := s.Polls.Lock(ctx, poll.ID()); err != nil {
				return err
			}
			questionnaire, err := s.Questionnaires.Find(ctx, poll.ID())
			if err != nil {
				return err
			}
			_, q, err := questionnaire.Add(poll.ID(), domain.QuestionDraft{Title: "q"})
			if err != nil {
				return err
			}
			return s.Questionnaires.AddQuestions(ctx, q)
		}); err != nil {
			failed.Add(1)
		}
	})
	require.Zero(t, failed.Load())
	questionnaire, err := s.Questionnaires.Find(ctx, poll.ID())
	require.NoError(t, err)
	for i, q := range questionnaire.Questions() {
		require.Equal(t, i, q.Data().SortOrder)
	}
	require.Len(t, questionnaire.Questions(), 20)
}

func raceRevoke(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	poll, questionnaire := s.active(t, ctx, by, 2)
	again := make([]filled, crowd)
	for i := range again {
		again[i] = s.fill(t, ctx, by, poll, questionnaire.Options()[0], Noon)
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
			mine, err := s.Ballots.ListByUser(ctx, poll.ID(), by.User)
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
	mine, err := s.Ballots.ListByUser(ctx, poll.ID(), by.User)
	require.NoError(t, err)
	require.LessOrEqual(t, len(mine), 1)
	require.EqualValues(t, len(mine), 1+cast.Load()-revoked.Load())
}
