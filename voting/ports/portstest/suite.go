package portstest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
)

// Store is one implementation of the repositories, over one set of data.
type Store struct {
	Polls          ports.Polls
	Questionnaires ports.Questionnaires
	Ballots        ports.Ballots
	Participants   ports.Participants
	Invites        ports.Invites
	Groups         groups.Store
	Tx             ports.Tx
	Peers          []ports.Ballots // of other instances of the service on the same data, for the races
}

// Suite is what every implementation of the repositories promises.
func Suite(t *testing.T, open func(*testing.T) Store) {
	for name, test := range map[string]func(*testing.T, Store){
		"a poll is found as it was stored":                    pollRoundTrip,
		"a poll is changed under its lock":                    pollUpdate,
		"what fails leaves nothing":                           rollback,
		"deleting a poll deletes everything below it":         pollDelete,
		"a search finds what matches":                         search,
		"a viewer sees what the answers of access allow":      viewer,
		"pages do not overlap and are newest first":           pages,
		"a viewer's polls are ordered by what is to do":       viewedPolls,
		"voters are counted once":                             voters,
		"a questionnaire is found as it was stored":           questionnaireRoundTrip,
		"a questionnaire is changed question by question":     questionnaireChange,
		"two questions never share a sort order":              questionnaireSortOrders,
		"what was chosen cannot be deleted":                   chosenStays,
		"a selection says what exists":                        selection,
		"one ballot for an option":                            oneBallot,
		"no more ballots than the question takes":             limit,
		"a changed poll refuses ballots decided before":       stale,
		"a ballot is taken back by name":                      revoke,
		"ballots are counted by option":                       tally,
		"participants have roles in a poll":                   participants,
		"invites wait for an answer":                          invites,
		"observers see a poll":                                observers,
		"polls follow their groups":                           pollsOfGroups,
		"ended polls are found":                               ended,
		"amendments are kept in their order":                  amendments,
		"what another tenant has does not exist":              strangers,
		"a hundred identical ballots at once leave one":       raceIdentical,
		"votes of one user at once stay within the limit":     raceLimit,
		"no ballot lands after its poll has been closed":      raceClose,
		"different users do not get in each other's way":      raceUsers,
		"publishing waits for an editor of the questionnaire": raceEditors,
		"a ballot and its revoking leave one or no ballots":   raceRevoke,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

// save stores a poll with its questionnaire.
func (s Store) save(t testing.TB, ctx context.Context, poll domain.Poll, questionnaire domain.Questionnaire) {
	t.Helper()
	require.NoError(t, s.Tx.Do(ctx, func(ctx context.Context) error {
		return errors.Join(s.Polls.Add(ctx, poll), s.Questionnaires.AddQuestions(ctx, questionnaire.Questions()...),
			s.Questionnaires.AddOptions(ctx, questionnaire.Options()...), s.Participants.Put(ctx, domain.Creator(poll)))
	}))
}

// active stores a published poll.
func (s Store) active(t testing.TB, ctx context.Context, by authz.Actor, options ...int) (domain.Poll, domain.Questionnaire) {
	t.Helper()
	poll := NewPoll(t, by, Draft(by, "active"), Noon)
	questionnaire := NewQuestionnaire(t, poll.ID(), options...)
	poll = Move(t, poll, domain.StatusActive, questionnaire)
	s.save(t, ctx, poll, questionnaire)
	return poll, questionnaire
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
	by := NewActor()
	ctx := As(t.Context(), by)
	full := NewPoll(t, by, domain.PollDraft{
		Title: "Все игры", Description: "line\nline", Scope: authz.TeamScope(uuid.New()), Visibility: authz.VisibilityTeam,
		Template: "quick", Rules: domain.Rules{AllowRevoting: true, Anonymous: true, Results: domain.ResultsAdminsOnly},
		Settings: map[string]any{"theme": "dark", "deep": map[string]any{"n": 1.5, "list": []any{"a", nil, true}}},
		Schedule: domain.Schedule{Starts: Noon.Add(time.Microsecond), Ends: Noon.Add(time.Hour)},
	}, Noon)
	data, text := full.Data(), "before"
	data.Opened, data.Hidden, data.Amendments = true, true, []domain.Amendment{{At: Noon, Reason: "a typo", Title: &text, Description: &text}}
	testkit.Filled(t, data)
	full = domain.RestorePoll(data)
	bare := NewPoll(t, by, Draft(by, "bare"), Noon)
	for _, poll := range []domain.Poll{full, bare} {
		s.save(t, ctx, poll, domain.Questionnaire{})
		found, err := s.Polls.Find(ctx, poll.ID())
		require.NoError(t, err)
		same(t, poll.Data(), found.Data())
	}
	_, err := s.Polls.Find(ctx, uuid.New())
	require.ErrorIs(t, err, domain.ErrPollNotFound)
}

func pollUpdate(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	poll := NewPoll(t, by, domain.PollDraft{Title: "before", Scope: authz.TenantScope(by.Tenant), Schedule: domain.Schedule{Ends: Noon.Add(time.Hour)}}, Noon)
	s.save(t, ctx, poll, domain.Questionnaire{})

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
	by := NewActor()
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
	by := NewActor()
	ctx := As(t.Context(), by)
	poll, questionnaire := s.active(t, ctx, by, 2, 3)
	require.True(t, s.cast(t, ctx, s.fill(t, ctx, by, poll, questionnaire.Options()[0], Noon)))
	kept, _ := s.active(t, ctx, by, 1)
	require.NoError(t, s.Tx.Do(ctx, func(ctx context.Context) error { return s.Polls.Delete(ctx, poll.ID()) }))
	_, err := s.Polls.Find(ctx, poll.ID())
	require.ErrorIs(t, err, domain.ErrPollNotFound)
	_, err = s.Polls.Find(ctx, kept.ID())
	require.NoError(t, err)
	questionnaire, err = s.Questionnaires.Find(ctx, poll.ID())
	require.NoError(t, err)
	require.Empty(t, questionnaire.Questions())
	require.Empty(t, questionnaire.Options())
	tally, err := s.Ballots.Tally(ctx, poll.ID())
	require.NoError(t, err)
	require.Empty(t, tally)
	list, err := s.Participants.List(ctx, poll.ID())
	require.NoError(t, err)
	require.Empty(t, list)
}

func strangers(t *testing.T, s Store) {
	by := NewActor()
	ctx, other := As(t.Context(), by), As(t.Context(), NewActor())
	poll, questionnaire := s.active(t, ctx, by, 2)
	ballot := s.fill(t, ctx, by, poll, questionnaire.Options()[0], Noon)
	require.True(t, s.cast(t, ctx, ballot))

	_, err := s.Polls.Find(other, poll.ID())
	require.ErrorIs(t, err, domain.ErrPollNotFound)
	_, err = s.Ballots.Find(other, ballot.ballot.ID())
	require.ErrorIs(t, err, domain.ErrBallotNotFound)
	_, err = s.Ballots.Selection(other, poll.ID(), questionnaire.Questions()[0].ID(), questionnaire.Options()[0].ID(), true)
	require.ErrorIs(t, err, domain.ErrPollNotFound)
	empty, err := s.Questionnaires.Find(other, poll.ID())
	require.NoError(t, err)
	require.Empty(t, empty.Questions())
	mine, err := s.Ballots.ListByUser(other, poll.ID(), by.User)
	require.NoError(t, err)
	require.Empty(t, mine)
	counts, err := s.Ballots.Tally(other, poll.ID())
	require.NoError(t, err)
	require.Empty(t, counts)
	scopeVisibilities, err := s.Polls.Audiences(other, ports.PollFilter{})
	require.NoError(t, err)
	require.Empty(t, scopeVisibilities)
	scopes := []authz.Scope{poll.Data().Scope}
	total, err := s.Polls.Count(other, ports.PollFilter{}, managing(authz.Actor{}, scopes...))
	require.NoError(t, err)
	require.Zero(t, total)
	role, err := s.Participants.Role(other, poll.ID(), by.User)
	require.NoError(t, err)
	require.Equal(t, domain.RoleNone, role)
	participants, err := s.Participants.List(other, poll.ID())
	require.NoError(t, err)
	require.Empty(t, participants)
	require.ErrorIs(t, s.update(other, poll), domain.ErrPollNotFound)
}
