// Package quota limits what one user may ask of an instance.
package quota

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/ratelimit"
	contentports "go.updspace.com/portal/content/ports"
)

var rules = []ratelimit.Rule{
	{Name: contentports.RulePreviews, Key: ratelimit.User, Burst: 60, Per: time.Minute},
	{Name: contentports.RuleSearches, Key: ratelimit.User, Burst: 120, Per: time.Minute},
}

// Quota is contentports.Quota. Each instance counts alone: the gateway limits users across instances.
type Quota struct {
	limiter *ratelimit.Limiter
}

var _ contentports.Quota = Quota{}

// New returns a quota of nothing used.
func New(clock ratelimit.Clock) (Quota, error) {
	limiter, err := ratelimit.New(nil, clock, rules...)
	return Quota{limiter}, err
}

// Take counts a use.
func (q Quota) Take(ctx context.Context, rule string, user uuid.UUID) error {
	verdict := q.limiter.Take(ctx, rule, user.String(), 1)
	if verdict.Allowed {
		return nil
	}
	return errs.New(errs.RateLimited, "", "Too many requests. Try again in a moment.").WithRetryAfter(verdict.RetryAfter).
		WithDetails(map[string]any{"limit": verdict.Limit, "window": int(verdict.Window.Seconds())})
}
