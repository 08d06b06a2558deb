package portstest

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/reqctx"
	"go.updspace.com/voting/domain"
)

// Noon is a moment at which nothing in these tests has happened yet.
var Noon = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

// Someone is a new user of a new tenant.
func Someone() domain.Actor { return domain.Actor{Tenant: uuid.New(), User: uuid.New()} }

// Colleague is a new user of the same tenant.
func Colleague(of domain.Actor) domain.Actor {
	return domain.Actor{Tenant: of.Tenant, User: uuid.New()}
}

// As is the request context of an actor, with a request id of its own.
func As(ctx context.Context, a domain.Actor) context.Context {
	return reqctx.With(ctx, reqctx.Context{RequestID: uuid.NewString(), TenantID: a.Tenant, UserID: a.User})
}

// Draft is a poll to be made in the scope of the actor's tenant.
func Draft(by domain.Actor, title string) domain.PollDraft {
	return domain.PollDraft{Title: title, Scope: domain.TenantScope(by.Tenant)}
}

// NewPoll makes a poll or fails the test.
func NewPoll(t testing.TB, by domain.Actor, draft domain.PollDraft, at time.Time) domain.Poll {
	t.Helper()
	poll, err := domain.NewPoll(by, draft, at)
	require.NoError(t, err)
	return poll
}

// NewPaper writes a paper: one question per number, with as many options, each question taking one vote less than it
// has options, but at least one.
func NewPaper(t testing.TB, poll uuid.UUID, options ...int) domain.Paper {
	t.Helper()
	drafts := make([]domain.QuestionDraft, len(options))
	for i, n := range options {
		drafts[i] = domain.QuestionDraft{Title: "question", MaxVotes: max(1, n-1), Options: make([]domain.OptionDraft, n)}
		for k := range n {
			drafts[i].Options[k].Title = "option"
		}
	}
	paper, err := domain.Paper{}.Write(poll, drafts)
	require.NoError(t, err)
	return paper
}

// Move brings a poll into a status or fails the test.
func Move(t testing.TB, poll domain.Poll, to domain.Status, paper domain.Paper) domain.Poll {
	t.Helper()
	moved, changed, err := poll.Move(to, paper, Noon)
	require.NoError(t, err)
	require.True(t, changed)
	return moved
}
