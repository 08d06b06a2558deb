// Package quota limits what one user may do on an instance.
package quota

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/ratelimit"
)

var rules = []ratelimit.Rule{
	{Name: ports.RulePosts, Key: ratelimit.User, Burst: 30, Per: time.Hour},
	{Name: ports.RuleComments, Key: ratelimit.User, Burst: 20, Per: 2 * time.Minute},
	{Name: ports.RuleReactions, Key: ratelimit.User, Burst: 60, Per: time.Minute},
	{Name: ports.RuleReports, Key: ratelimit.User, Burst: 20, Per: time.Hour},
	{Name: ports.RulePreviews, Key: ratelimit.User, Burst: 60, Per: time.Minute},
}

// Quota is ports.Quota. Each instance counts alone: the gateway limits users across instances.
type Quota struct{ limiter *ratelimit.Limiter }

var _ ports.Quota = Quota{}

// New returns a quota of nothing used.
func New(clock ratelimit.Clock) (Quota, error) {
	limiter, err := ratelimit.New(nil, clock, rules...)
	return Quota{limiter}, err
}

var errTooMany = errs.New(errs.RateLimited, "", "You are doing this too often. Try again in a moment.")

// Take counts a use.
func (q Quota) Take(ctx context.Context, rule string, user uuid.UUID) error {
	if verdict := q.limiter.Take(ctx, rule, user.String(), 1); !verdict.Allowed {
		return errTooMany.WithRetryAfter(verdict.RetryAfter).WithDetails(map[string]any{"limit": verdict.Limit, "window": int(verdict.Window.Seconds())})
	}
	return nil
}
