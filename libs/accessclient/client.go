// Package accessclient is the HTTP client of the access service. Client implements authz.Checker. It fails closed: when
// access does not answer, the error is of kind Unavailable, so a caller can tell a denial from an outage.
package accessclient

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/circuitbreaker"
	"github.com/failsafe-go/failsafe-go/retrypolicy"

	"go.updspace.com/api/accessapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/batch"
	"go.updspace.com/libs/errs"
)

// Config is the address of access and the time limit of a decision.
type Config struct {
	URL string `env:"ACCESS_URL"` // where access is
	// Budget is the time limit of one call of a method, its retry and all its batches included.
	Budget time.Duration `env:"ACCESS_BUDGET" envDefault:"300ms"`
}

const (
	defaultBudget    = 300 * time.Millisecond
	retries          = 1
	breakerFailures  = 20 // of breakerWindow calls open the circuit
	breakerWindow    = 40
	breakerDelay     = 2 * time.Second
	maxIdlePerHost   = 256
	attemptsOfBudget = 3 // one attempt may use 2 of 3 parts of the budget, so that the retry has time left
)

// Client calls access over HTTP.
type Client struct {
	api       *accessapi.ClientWithResponses
	budget    time.Duration
	guard     failsafe.Executor[any]
	questions *batch.Group[struct{}, *question]
}

var _ authz.Checker = (*Client)(nil)

// errAway is the error of every call that gets no answer.
var errAway = errs.New(errs.Unavailable, "", "Permissions cannot be checked right now. Try again in a moment.").WithRetryAfter(breakerDelay)

// New returns a client. sign wraps the transport so that it signs requests as the calling service
// (signing.Signer.Transport).
func New(cfg Config, sign func(http.RoundTripper) http.RoundTripper) (*Client, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost = maxIdlePerHost, maxIdlePerHost
	api, err := accessapi.NewClientWithResponses(cfg.URL, accessapi.WithHTTPClient(&http.Client{Transport: sign(transport)}))
	if err != nil {
		return nil, fmt.Errorf("making the client of access: %w", err)
	}
	budget := cfg.Budget
	if budget == 0 {
		budget = defaultBudget
	}
	away := func(_ any, err error) bool { return errors.Is(err, errAway) }
	c := &Client{api: api, budget: budget, guard: failsafe.With(
		retrypolicy.NewBuilder[any]().HandleIf(away).AbortOnErrors(circuitbreaker.ErrOpen).WithMaxRetries(retries).ReturnLastFailure().Build(),
		circuitbreaker.NewBuilder[any]().HandleIf(away).WithFailureThresholdRatio(breakerFailures, breakerWindow).WithDelay(breakerDelay).Build(),
	)}
	c.questions = batch.New(maxSubjects, budget, c.askTogether)
	return c, nil
}

// call makes one call to access within the budget, with the retry and the circuit breaker. what names the call in errors.
func call[R interface {
	comparable
	StatusCode() int
}](ctx context.Context, c *Client, what string, send func(context.Context) (R, error)) (R, error) {
	ctx, cancel := context.WithTimeout(ctx, c.budget)
	defer cancel()
	answer, err := c.guard.WithContext(ctx).Get(func() (any, error) {
		attempt, cancel := context.WithTimeout(ctx, c.budget*(attemptsOfBudget-1)/attemptsOfBudget)
		defer cancel()
		resp, err := send(attempt)
		if err != nil {
			return nil, errAway.Wrap(fmt.Errorf("%s: %w", what, err))
		}
		if status := resp.StatusCode(); status >= http.StatusInternalServerError || status == http.StatusTooManyRequests {
			return nil, errAway.Wrap(fmt.Errorf("%s: access answered %d", what, status))
		}
		return resp, nil
	})
	var none R
	if err != nil {
		if !errors.Is(err, errAway) { // from the circuit breaker, or a cancelled context
			err = errAway.Wrap(fmt.Errorf("%s: %w", what, err))
		}
		return none, err
	}
	resp, ok := answer.(R)
	if !ok {
		return none, errAway.Wrap(fmt.Errorf("%s: no answer", what))
	}
	return resp, nil
}

// unexpected is the error for an answer that the contract does not have. It is a defect on one of the two sides, so it
// is not retried.
func unexpected(what string, status int) error {
	return errs.Internalf("access answered %s with %d", what, status)
}
