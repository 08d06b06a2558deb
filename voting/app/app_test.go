package app_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/authz/authztest"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/voting/adapters/cache"
	"go.updspace.com/voting/app"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports/portstest"
)

// The permissions that the platform's roles have.
var (
	memberKeys = []authz.Permission{domain.PermissionPollRead, domain.PermissionVoteCast, domain.PermissionVoteReadOwn, domain.PermissionResultsRead}
	adminKeys  = append([]authz.Permission{domain.PermissionPollCreate, domain.PermissionPollsAdmin}, memberKeys...)
)

// fixture is the use cases on ports in memory: one tenant with an administrator, a maker of polls and a member.
type fixture struct {
	t            *testing.T
	memory       *portstest.Memory
	access       *authztest.Access
	clock        *testkit.Clock
	polls        *app.Polls
	questions    *app.Questions
	participants *app.Participants
	invites      *app.Invites
	ballots      *app.Ballots
	results      *app.Results
	audit        *app.Audit
	lifecycle    *app.Lifecycle

	admin, maker, member authz.Actor
}

func newFixture(t *testing.T) *fixture {
	m, access, clock := portstest.NewMemory(), &authztest.Access{}, testkit.NewClock()
	cached, err := cache.NewBallots(m.Ballots(), clock)
	require.NoError(t, err)
	deps := app.Deps{
		Access: access, Polls: m.Polls(), Questionnaires: m.Questionnaires(), Participants: m.Participants(), Invites: m.Invites(), Ballots: cached, Groups: m.Groups(),
		Events: m, Audit: m, Tx: m, Once: m, Clock: clock,
	}
	h := &fixture{
		t: t, memory: m, access: access, clock: clock,
		polls: &app.Polls{Deps: deps}, questions: &app.Questions{Deps: deps}, participants: &app.Participants{Deps: deps}, invites: &app.Invites{Deps: deps}, ballots: &app.Ballots{Deps: deps},
		results: &app.Results{Deps: deps}, audit: &app.Audit{Deps: deps}, lifecycle: app.NewLifecycle(deps),
		admin: portstest.NewActor(),
	}
	h.maker, h.member = portstest.SameTenantActor(h.admin), portstest.SameTenantActor(h.admin)
	access.Member(h.admin, adminKeys...)
	access.Member(h.maker, append([]authz.Permission{domain.PermissionPollCreate}, memberKeys...)...)
	access.Member(h.member, memberKeys...)
	return h
}

// group makes a community or a team known and changes its state.
func (h *fixture) group(scope authz.Scope, community uuid.UUID, state groups.State) {
	h.t.Helper()
	ctx := reqctx.With(h.t.Context(), reqctx.Context{TenantID: h.admin.Tenant})
	require.NoError(h.t, h.memory.Do(ctx, func(ctx context.Context) error {
		return h.lifecycle.GroupChanged(ctx, groups.Group{Scope: scope, Community: community, State: state})
	}))
}

// join makes a user a member of a community or team.
func (h *fixture) join(a authz.Actor, scope authz.Scope) {
	h.access.SetMembership(a.Tenant, accessclient.Membership{
		MembershipKey: accessclient.MembershipKey{Scope: scope, UserID: a.User}, CommunityID: scope.ID, Role: accessclient.Member, Version: 1,
	})
}

func (h *fixture) as(a authz.Actor) context.Context { return portstest.As(h.t.Context(), a) }

// make creates a poll of the maker with one question per number, and publishes it when it has any.
func (h *fixture) make(change func(*app.CreatePoll), options ...int) app.PollInfo {
	h.t.Helper()
	in := app.CreatePoll{Poll: domain.PollDraft{Title: "poll"}}
	for _, n := range options {
		q := domain.QuestionDraft{Title: "question"}
		for range n {
			q.Options = append(q.Options, domain.OptionDraft{Title: fmt.Sprintf("option %d", len(q.Options))})
		}
		in.Questions, in.Status = append(in.Questions, q), domain.StatusActive
	}
	if change != nil {
		change(&in)
	}
	poll, err := h.polls.Create(h.as(h.maker), h.maker, in)
	require.NoError(h.t, err)
	info, err := h.polls.Info(h.as(h.maker), h.maker, poll.Poll.ID())
	require.NoError(h.t, err)
	return info
}

func pick(info app.PollInfo, option int) app.CastBallot {
	o := info.Questionnaire.Options()[option].Data()
	return app.CastBallot{PollID: o.PollID, QuestionID: o.QuestionID, OptionID: o.ID, RequestID: uuid.NewString()}
}

func (h *fixture) cast(voter authz.Actor, info app.PollInfo, option int) domain.Ballot {
	h.t.Helper()
	ballot, err := h.ballots.Cast(h.as(voter), voter, pick(info, option))
	require.NoError(h.t, err)
	return ballot
}

func (h *fixture) move(info app.PollInfo, to domain.Status) {
	h.t.Helper()
	_, err := h.polls.Update(h.as(h.maker), h.maker, info.Poll.ID(), app.UpdatePoll{Status: &to})
	require.NoError(h.t, err)
}

func ptr[T any](v T) *T { return &v }

// Without an answer of access every use case fails with the error of the call, and changes nothing.
func TestWhenAccessIsAway(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	info := h.make(nil, 1)
	ballot := h.cast(h.maker, info, 0)
	before := len(h.memory.Published())
	away := errs.Unavailablef("away")
	h.access.Fail(away)
	ctx, by, id := h.as(h.maker), h.maker, info.Poll.ID()
	question, option := info.Questionnaire.Questions()[0].ID(), info.Questionnaire.Options()[0].ID()
	for name, try := range map[string]func() error{
		"list":       func() error { _, err := h.polls.List(ctx, by, app.ListPolls{}); return err },
		"mine to do": func() error { _, err := h.polls.ListMine(ctx, by, app.ListMyPolls{}); return err },
		"copy":       func() error { _, err := h.polls.Copy(ctx, by, app.CopyPoll{PollID: id}); return err },
		"export":     func() error { _, err := h.results.Export(ctx, by, id); return err },
		"create":     func() error { _, err := h.polls.Create(ctx, by, app.CreatePoll{}); return err },
		"get":        func() error { _, err := h.polls.Get(ctx, by, id); return err },
		"info":       func() error { _, err := h.polls.Info(ctx, by, id); return err },
		"update":     func() error { _, err := h.polls.Update(ctx, by, id, app.UpdatePoll{}); return err },
		"delete":     func() error { return h.polls.Delete(ctx, by, id) },
		"add":        func() error { _, err := h.questions.Add(ctx, by, app.AddQuestion{PollID: id}); return err },
		"edit":       func() error { _, err := h.questions.Edit(ctx, by, id, question, domain.QuestionEdit{}); return err },
		"remove":     func() error { return h.questions.Remove(ctx, by, id, question) },
		"add option": func() error {
			_, err := h.questions.AddOption(ctx, by, app.AddOption{PollID: id, QuestionID: question})
			return err
		},
		"edit option":  func() error { _, err := h.questions.EditOption(ctx, by, id, option, domain.OptionEdit{}); return err },
		"drop option":  func() error { return h.questions.RemoveOption(ctx, by, id, option) },
		"cast":         func() error { _, err := h.ballots.Cast(ctx, by, pick(info, 0)); return err },
		"revoke":       func() error { return h.ballots.Revoke(ctx, by, ballot.ID()) },
		"mine":         func() error { _, err := h.ballots.Mine(ctx, by, id); return err },
		"participants": func() error { _, err := h.participants.List(ctx, by, id); return err },
		"put participant": func() error {
			_, err := h.participants.Put(ctx, by, id, h.member.User, domain.RoleAdmin, false)
			return err
		},
		"remove participant": func() error { return h.participants.Remove(ctx, by, id, h.member.User) },
		"audit":              func() error { _, err := h.audit.List(ctx, by, audit.Filter{}, page.Request{}); return err },
		"results":            func() error { _, err := h.results.Get(ctx, by, id); return err },
	} {
		t.Run(name, func(t *testing.T) { require.ErrorIs(t, try(), away) })
	}
	require.Len(t, h.memory.Published(), before)
}

func hour(n int) time.Duration { return time.Duration(n) * time.Hour }
