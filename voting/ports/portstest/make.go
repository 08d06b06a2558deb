package portstest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/voting/domain"
)

// Noon is a moment at which nothing in these tests has happened yet.
var Noon = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

// NewActor is a new user of a new tenant.
func NewActor() authz.Actor { return authz.Actor{Tenant: uuid.New(), User: uuid.New()} }

// SameTenantActor is a new user of the same tenant.
func SameTenantActor(of authz.Actor) authz.Actor {
	return authz.Actor{Tenant: of.Tenant, User: uuid.New()}
}

// As is the request context of an actor, who is a member of the tenant, with a request id of its own.
func As(ctx context.Context, a authz.Actor) context.Context {
	return reqctx.With(ctx, reqctx.Context{RequestID: uuid.NewString(), TenantID: a.Tenant, UserID: a.User, Flags: reqctx.Flags{MembershipStatus: "active"}})
}

// Draft is the input of a poll in the scope of the actor's tenant.
func Draft(by authz.Actor, title string) domain.PollDraft {
	return domain.PollDraft{Title: title, Scope: authz.TenantScope(by.Tenant)}
}

// NewPoll makes a poll.
func NewPoll(t testing.TB, by authz.Actor, draft domain.PollDraft, at time.Time) domain.Poll {
	t.Helper()
	poll, err := domain.NewPoll(by, draft, at)
	require.NoError(t, err)
	return poll
}

// NewQuestionnaire makes a questionnaire: one question per number, with that many options. A question takes one vote less
// than it has options, but at least one.
func NewQuestionnaire(t testing.TB, poll uuid.UUID, options ...int) domain.Questionnaire {
	t.Helper()
	drafts := make([]domain.QuestionDraft, len(options))
	for i, n := range options {
		drafts[i] = domain.QuestionDraft{Title: "question", MaxVotes: max(1, n-1), Options: make([]domain.OptionDraft, n)}
		for k := range n {
			drafts[i].Options[k].Title = fmt.Sprintf("option %d", k)
		}
	}
	questionnaire, err := domain.Questionnaire{}.AddAll(poll, drafts)
	require.NoError(t, err)
	return questionnaire
}

// Move brings a poll into a status.
func Move(t testing.TB, poll domain.Poll, to domain.Status, questionnaire domain.Questionnaire) domain.Poll {
	t.Helper()
	moved, changed, err := poll.Transition(to, questionnaire, Noon)
	require.NoError(t, err)
	require.True(t, changed)
	return moved
}
