package accessclient

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/api/accessapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

// What access accepts in one call about several users.
const (
	maxSubjects      = 32
	maxSubjectChecks = 16 // of one user
)

// question is what one request of this service asks about its user, with the answer.
type question struct {
	ctx       context.Context // of the request, which ends with its budget
	checks    []authz.Check
	decisions []accessapi.Decision
	err       error
}

// ask answers a question. Questions that come while access is asked wait, and go together in the next call, so that many requests at the same time cost
// access and this service little more than one. A question that finds nothing under way is not delayed.
func (c *Client) ask(ctx context.Context, checks []authz.Check) ([]accessapi.Decision, error) {
	q := &question{ctx: ctx, checks: checks}
	if subject := reqctx.From(ctx); len(checks) > maxSubjectChecks || subject.UserID == uuid.Nil || subject.TenantID == uuid.Nil {
		c.askAlone(ctx, q)
		return q.decisions, q.err
	}
	if err := c.questions.Do(ctx, struct{}{}, q); err != nil {
		return nil, errAway.Wrap(err) // the budget was over before the question was sent
	}
	return q.decisions, q.err
}

// askTogether is a batch of questions. When access refuses the call, each is asked alone, so that a wrong question fails no other.
func (c *Client) askTogether(ctx context.Context, _ struct{}, questions []*question) error {
	if len(questions) == 1 {
		c.askAlone(questions[0].ctx, questions[0])
		return nil
	}
	ctx, cancel := context.WithDeadline(ctx, latest(questions))
	defer cancel()
	body := accessapi.SubjectsCheck{Subjects: make([]accessapi.SubjectChecks, len(questions))}
	for i, q := range questions {
		subject := reqctx.From(q.ctx)
		body.Subjects[i] = accessapi.SubjectChecks{
			TenantID: subject.TenantID, UserID: subject.UserID, Flags: accessapi.SubjectFlags(subject.Flags), Checks: wire.Each(q.checks, toAPICheck),
		}
	}
	// The call is made for no user: whom it is about is in its body.
	ctx = reqctx.With(ctx, reqctx.Context{RequestID: reqctx.From(ctx).RequestID})
	resp, err := call(ctx, c, "checking for several users", func(ctx context.Context) (*accessapi.CheckSubjectsResponse, error) {
		return c.api.CheckSubjectsWithResponse(ctx, body)
	})
	switch {
	case err != nil:
		for _, q := range questions {
			q.err = err
		}
	case resp.JSON200 == nil || !answersAll(resp.JSON200.Subjects, questions):
		var group sync.WaitGroup
		for _, q := range questions {
			group.Go(func() { c.askAlone(q.ctx, q) })
		}
		group.Wait()
	default:
		for i, q := range questions {
			q.decisions = resp.JSON200.Subjects[i].Decisions
		}
	}
	return nil
}

// latest is when the budget of all questions is over.
func latest(questions []*question) (end time.Time) {
	for _, q := range questions {
		if deadline, _ := q.ctx.Deadline(); deadline.After(end) {
			end = deadline
		}
	}
	return end
}

func answersAll(answers []accessapi.DecisionBatch, questions []*question) bool {
	if len(answers) != len(questions) {
		return false
	}
	for i, q := range questions {
		if len(answers[i].Decisions) != len(q.checks) {
			return false
		}
	}
	return true
}

// askAlone asks about the user of one request. A single check takes the cheaper operation.
func (c *Client) askAlone(ctx context.Context, q *question) {
	if len(q.checks) == 1 {
		resp, err := call(ctx, c, "checking "+string(q.checks[0].Permission), func(ctx context.Context) (*accessapi.CheckPermissionResponse, error) {
			return c.api.CheckPermissionWithResponse(ctx, toAPICheck(q.checks[0]))
		})
		switch {
		case err != nil:
			q.err = err
		case resp.JSON200 == nil:
			q.err = unexpected("check", resp.StatusCode())
		default:
			q.decisions = []accessapi.Decision{*resp.JSON200}
		}
		return
	}
	resp, err := call(ctx, c, "checking a batch", func(ctx context.Context) (*accessapi.CheckPermissionsResponse, error) {
		return c.api.CheckPermissionsWithResponse(ctx, accessapi.CheckBatch{Checks: wire.Each(q.checks, toAPICheck)})
	})
	switch {
	case err != nil:
		q.err = err
	case resp.JSON200 == nil || len(resp.JSON200.Decisions) != len(q.checks):
		q.err = unexpected("batch check", resp.StatusCode())
	default:
		q.decisions = resp.JSON200.Decisions
	}
}
