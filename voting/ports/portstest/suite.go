package portstest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
)

// Store is one implementation of the repositories, over one set of data.
type Store struct {
	Polls   ports.Polls
	Papers  ports.Papers
	Ballots ports.Ballots
	Tx      ports.Tx
}

// Suite is what every implementation of the repositories promises.
func Suite(t *testing.T, open func(*testing.T) Store) {
	for name, test := range map[string]func(*testing.T, Store){
		"a poll is found as it was stored":                  pollRoundTrip,
		"a poll is changed under its lock":                  pollUpdate,
		"what fails leaves nothing":                         rollback,
		"deleting a poll takes its paper along":             pollDelete,
		"a search finds what matches":                       search,
		"a viewer sees what he may":                         viewer,
		"pages do not overlap and are newest first":         pages,
		"a paper is found as it was stored":                 paperRoundTrip,
		"a paper is changed question by question":           paperChange,
		"two questions never share a place":                 paperPlaces,
		"what was chosen cannot be deleted":                 chosenStays,
		"a choice says what exists":                         choice,
		"one ballot for an option":                          oneBallot,
		"no more ballots than the question takes":           limit,
		"a changed poll refuses ballots decided before":     stale,
		"a ballot is taken back by name":                    revoke,
		"ballots are counted by option":                     tally,
		"what another tenant has does not exist":            strangers,
		"a hundred identical ballots at once leave one":     raceIdentical,
		"a user racing himself stays within the limit":      raceLimit,
		"no ballot lands after its poll has been closed":    raceClose,
		"different users do not get in each other's way":    raceUsers,
		"publishing waits for an editor of the paper":       raceEditors,
		"a ballot and its revoking leave one or no ballots": raceRevoke,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

// save stores a poll with its paper.
func (s Store) save(t testing.TB, ctx context.Context, poll domain.Poll, paper domain.Paper) {
	t.Helper()
	require.NoError(t, s.Tx.Do(ctx, func(ctx context.Context) error {
		return errors.Join(s.Polls.Add(ctx, poll), s.Papers.AddQuestions(ctx, paper.Questions()...), s.Papers.AddOptions(ctx, paper.Options()...))
	}))
}

// active stores a published poll.
func (s Store) active(t testing.TB, ctx context.Context, by domain.Actor, options ...int) (domain.Poll, domain.Paper) {
	t.Helper()
	poll := NewPoll(t, by, Draft(by, "active"), Noon)
	paper := NewPaper(t, poll.ID(), options...)
	poll = Move(t, poll, domain.StatusActive, paper)
	s.save(t, ctx, poll, paper)
	return poll, paper
}

func (s Store) update(ctx context.Context, poll domain.Poll) error {
	return s.Tx.Do(ctx, func(ctx context.Context) error {
		if _, err := s.Polls.Lock(ctx, poll.ID()); err != nil {
			return err
		}
		return s.Polls.Update(ctx, poll)
	})
}

func same(t testing.TB, want, got any) {
	t.Helper()
	require.Empty(t, cmp.Diff(want, got), "- wanted, + got")
}

func pollRoundTrip(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	full := NewPoll(t, by, domain.PollDraft{
		Title: "Все игры", Description: "line\nline", Scope: domain.Scope{Type: domain.ScopeTeam, ID: "team-1"}, Visibility: domain.VisibilityTeam,
		Template: "quick", Rules: domain.Rules{AllowRevoting: true, Anonymous: true, Results: domain.ResultsAdminsOnly},
		Settings: map[string]any{"theme": "dark", "deep": map[string]any{"n": 1.5, "list": []any{"a", nil, true}}},
		Schedule: domain.Schedule{Starts: Noon.Add(time.Microsecond), Ends: Noon.Add(time.Hour)},
	}, Noon)
	bare := NewPoll(t, by, Draft(by, "bare"), Noon)
	for _, poll := range []domain.Poll{full, bare} {
		s.save(t, ctx, poll, domain.Paper{})
		found, err := s.Polls.Find(ctx, poll.ID())
		require.NoError(t, err)
		same(t, poll.Data(), found.Data())
	}
	_, err := s.Polls.Find(ctx, uuid.New())
	require.ErrorIs(t, err, domain.ErrPollNotFound)
}

func pollUpdate(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	poll := NewPoll(t, by, domain.PollDraft{Title: "before", Scope: domain.TenantScope(by.Tenant), Schedule: domain.Schedule{Ends: Noon.Add(time.Hour)}}, Noon)
	s.save(t, ctx, poll, domain.Paper{})

	title, open := "after", time.Time{}
	changed, _, err := poll.Edit(domain.PollEdit{Title: &title, Ends: &open, Settings: map[string]any{"a": "b"}}, false, Noon.Add(time.Minute))
	require.NoError(t, err)
	require.NoError(t, s.update(ctx, changed))
	found, err := s.Polls.Find(ctx, poll.ID())
	require.NoError(t, err)
	same(t, changed.Data(), found.Data())

	require.Error(t, s.update(ctx, changed), "the same change twice is two changes from one state")
	require.ErrorIs(t, s.Tx.Do(ctx, func(ctx context.Context) error {
		_, err := s.Polls.Lock(ctx, uuid.New())
		return err
	}), domain.ErrPollNotFound)
}

func rollback(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	poll := NewPoll(t, by, Draft(by, "gone"), Noon)
	failed := errors.New("failed")
	require.ErrorIs(t, s.Tx.Do(ctx, func(ctx context.Context) error {
		return errors.Join(s.Polls.Add(ctx, poll), failed)
	}), failed)
	_, err := s.Polls.Find(ctx, poll.ID())
	require.ErrorIs(t, err, domain.ErrPollNotFound)
}

func pollDelete(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	poll := NewPoll(t, by, Draft(by, "draft"), Noon)
	s.save(t, ctx, poll, NewPaper(t, poll.ID(), 2, 3))
	require.NoError(t, s.Tx.Do(ctx, func(ctx context.Context) error { return s.Polls.Delete(ctx, poll.ID()) }))
	_, err := s.Polls.Find(ctx, poll.ID())
	require.ErrorIs(t, err, domain.ErrPollNotFound)
	paper, err := s.Papers.Find(ctx, poll.ID())
	require.NoError(t, err)
	require.Empty(t, paper.Questions())
	require.Empty(t, paper.Options())
}

func strangers(t *testing.T, s Store) {
	by := Someone()
	ctx, other := As(t.Context(), by), As(t.Context(), Someone())
	poll, paper := s.active(t, ctx, by, 2)
	ballot := s.fill(t, ctx, by, poll, paper.Options()[0], Noon)
	require.True(t, s.cast(t, ctx, ballot))

	_, err := s.Polls.Find(other, poll.ID())
	require.ErrorIs(t, err, domain.ErrPollNotFound)
	_, err = s.Ballots.Find(other, ballot.ballot.ID())
	require.ErrorIs(t, err, domain.ErrBallotNotFound)
	_, err = s.Ballots.Choice(other, poll.ID(), paper.Questions()[0].ID(), paper.Options()[0].ID())
	require.ErrorIs(t, err, domain.ErrPollNotFound)
	empty, err := s.Papers.Find(other, poll.ID())
	require.NoError(t, err)
	require.Empty(t, empty.Questions())
	mine, err := s.Ballots.Of(other, poll.ID(), by.User)
	require.NoError(t, err)
	require.Empty(t, mine)
	counts, err := s.Ballots.Tally(other, poll.ID())
	require.NoError(t, err)
	require.Empty(t, counts)
	places, err := s.Polls.Places(other, ports.PollSearch{})
	require.NoError(t, err)
	require.Empty(t, places)
	_, total, err := s.Polls.Page(other, ports.PollSearch{}, ports.Viewer{Manages: []domain.Scope{poll.Data().Scope}}, 10, 0)
	require.NoError(t, err)
	require.Zero(t, total)
	require.ErrorIs(t, s.update(other, poll), domain.ErrPollNotFound)
}
