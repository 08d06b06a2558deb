package app_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/testkit"
	"go.updspace.com/voting/app"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports/portstest"
)

// What the roles of the platform's templates come to.
var (
	memberKeys = []domain.Permission{domain.PermissionPollRead, domain.PermissionVoteCast, domain.PermissionVoteReadOwn, domain.PermissionResultsRead}
	adminKeys  = append([]domain.Permission{domain.PermissionPollCreate, domain.PermissionPollsAdmin}, memberKeys...)
)

// house is voting with everything around it faked: one tenant with an admin, another maker of polls, and a member.
type house struct {
	t         *testing.T
	memory    *portstest.Memory
	access    *portstest.Access
	clock     *testkit.Clock
	polls     *app.Polls
	questions *app.Questions
	ballots   *app.Ballots
	results   *app.Results

	admin, maker, member domain.Actor
}

func open(t *testing.T) *house {
	m, access, clock := portstest.NewMemory(), &portstest.Access{}, testkit.NewClock()
	h := &house{
		t: t, memory: m, access: access, clock: clock,
		polls:     app.NewPolls(access, m.Polls(), m.Papers(), m.Ballots(), m, m, m, clock),
		questions: app.NewQuestions(access, m.Polls(), m.Papers(), m, m),
		ballots:   app.NewBallots(access, m.Polls(), m.Ballots(), &portstest.Choices{}, m, m, clock),
		results:   app.NewResults(access, m.Polls(), m.Papers(), m.Ballots()),
		admin:     portstest.Someone(),
	}
	h.maker, h.member = portstest.Colleague(h.admin), portstest.Colleague(h.admin)
	access.Grant(h.admin.User, adminKeys)
	access.Grant(h.maker.User, append([]domain.Permission{domain.PermissionPollCreate}, memberKeys...))
	access.Grant(h.member.User, memberKeys)
	return h
}

func (h *house) as(a domain.Actor) context.Context { return portstest.As(h.t.Context(), a) }

// make creates a poll of the maker with one question per number, and publishes it when it has any.
func (h *house) make(change func(*app.CreatePoll), options ...int) app.PollInfo {
	h.t.Helper()
	in := app.CreatePoll{Poll: domain.PollDraft{Title: "poll"}}
	for _, n := range options {
		q := domain.QuestionDraft{Title: "question"}
		for range n {
			q.Options = append(q.Options, domain.OptionDraft{Title: "option"})
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
	o := info.Paper.Options()[option].Data()
	return app.CastBallot{PollID: o.PollID, QuestionID: o.QuestionID, OptionID: o.ID, RequestID: uuid.NewString()}
}

func (h *house) cast(voter domain.Actor, info app.PollInfo, option int) domain.Ballot {
	h.t.Helper()
	ballot, err := h.ballots.Cast(h.as(voter), voter, pick(info, option))
	require.NoError(h.t, err)
	return ballot
}

func (h *house) move(info app.PollInfo, to domain.Status) {
	h.t.Helper()
	_, err := h.polls.Update(h.as(h.maker), h.maker, info.Poll.ID(), app.UpdatePoll{Status: &to})
	require.NoError(h.t, err)
}

func ptr[T any](v T) *T { return &v }

// Every use case tells "nobody answers" from "no", and changes nothing when nobody does.
func TestWhenAccessIsAway(t *testing.T) {
	h := open(t)
	info := h.make(nil, 1)
	ballot := h.cast(h.maker, info, 0)
	before := len(h.memory.Events())
	away := errs.Unavailablef("away")
	h.access.Fail(away)
	ctx, by, id := h.as(h.maker), h.maker, info.Poll.ID()
	question, option := info.Paper.Questions()[0].ID(), info.Paper.Options()[0].ID()
	for name, try := range map[string]func() error{
		"list":   func() error { _, err := h.polls.List(ctx, by, app.ListPolls{}); return err },
		"create": func() error { _, err := h.polls.Create(ctx, by, app.CreatePoll{}); return err },
		"get":    func() error { _, err := h.polls.Get(ctx, by, id); return err },
		"info":   func() error { _, err := h.polls.Info(ctx, by, id); return err },
		"update": func() error { _, err := h.polls.Update(ctx, by, id, app.UpdatePoll{}); return err },
		"delete": func() error { return h.polls.Delete(ctx, by, id) },
		"add":    func() error { _, err := h.questions.Add(ctx, by, app.AddQuestion{PollID: id}); return err },
		"edit":   func() error { _, err := h.questions.Edit(ctx, by, id, question, domain.QuestionEdit{}); return err },
		"remove": func() error { return h.questions.Remove(ctx, by, id, question) },
		"add option": func() error {
			_, err := h.questions.AddOption(ctx, by, app.AddOption{PollID: id, QuestionID: question})
			return err
		},
		"edit option": func() error { _, err := h.questions.EditOption(ctx, by, id, option, domain.OptionEdit{}); return err },
		"drop option": func() error { return h.questions.RemoveOption(ctx, by, id, option) },
		"cast":        func() error { _, err := h.ballots.Cast(ctx, by, pick(info, 0)); return err },
		"revoke":      func() error { return h.ballots.Revoke(ctx, by, ballot.ID()) },
		"mine":        func() error { _, err := h.ballots.Mine(ctx, by, id); return err },
		"results":     func() error { _, err := h.results.Of(ctx, by, id); return err },
	} {
		t.Run(name, func(t *testing.T) { require.ErrorIs(t, try(), away) })
	}
	require.Len(t, h.memory.Events(), before)
}

func hour(n int) time.Duration { return time.Duration(n) * time.Hour }
