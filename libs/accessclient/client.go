// Package accessclient asks the access service for decisions. It fails closed:
// no answer is an error of kind Unavailable, never a permission and never a
// denial either, so that callers can tell "no" from "nobody home".
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
	"github.com/google/uuid"

	"go.updspace.com/api/accessapi"
	"go.updspace.com/libs/errs"
)

// The types a scope can have, widest first.
const (
	Global    = "GLOBAL"
	Tenant    = "TENANT"
	Community = "COMMUNITY"
	Team      = "TEAM"
	Service   = "SERVICE"
)

// MaxBatch is how many questions one batch may hold.
const MaxBatch = 100

// Scope is where a permission is asked for.
type Scope struct {
	Type string
	ID   string
}

// TenantScope is the scope of a whole tenant.
func TenantScope(id uuid.UUID) Scope { return Scope{Type: Tenant, ID: id.String()} }

// Question asks whether the subject of the request context may do something.
// Who the subject is travels in the signed context, never in the question.
type Question struct {
	Permission string
	Scope      Scope
	Visibility string    // of the resource, if it has one: public, community, team, private
	OwnerID    uuid.UUID // of the resource, if it has one
}

// Decision is the answer to a Question.
type Decision struct {
	Allowed bool
	Reason  string // a reason code of the access contract
}

// Effective is everything the subject may do in a scope.
type Effective struct {
	Permissions []string
	Roles       []string // service:name
}

// Config says where access is and how long an answer may take.
type Config struct {
	URL string `env:"ACCESS_URL"`
	// Budget bounds one question with its retry.
	Budget time.Duration `env:"ACCESS_BUDGET" envDefault:"300ms"`
}

const (
	retries          = 1
	breakerFailures  = 20 // of breakerWindow calls open the circuit
	breakerWindow    = 40
	breakerDelay     = 2 * time.Second
	maxIdlePerHost   = 256
	attemptsOfBudget = 3 // the first attempt may use 2 of 3 parts, so that a retry has time left
)

// Client asks access over HTTP.
type Client struct {
	api    *accessapi.ClientWithResponses
	budget time.Duration
	guard  failsafe.Executor[any]
}

// errAway is what any failure to get an answer becomes.
var errAway = errs.New(errs.Unavailable, "", "Permissions cannot be checked right now. Try again in a moment.").WithRetryAfter(breakerDelay)

// New returns a client. sign wraps the transport with the caller's signature
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
		budget = 300 * time.Millisecond
	}
	away := func(_ any, err error) bool { return errors.Is(err, errAway) }
	return &Client{api: api, budget: budget, guard: failsafe.With(
		retrypolicy.NewBuilder[any]().HandleIf(away).AbortOnErrors(circuitbreaker.ErrOpen).WithMaxRetries(retries).ReturnLastFailure().Build(),
		circuitbreaker.NewBuilder[any]().HandleIf(away).WithFailureThresholdRatio(breakerFailures, breakerWindow).WithDelay(breakerDelay).Build(),
	)}, nil
}

// Check answers one question.
func (c *Client) Check(ctx context.Context, q Question) (Decision, error) {
	resp, err := ask(ctx, c, "checking "+q.Permission, func(ctx context.Context) (*accessapi.CheckPermissionResponse, error) {
		return c.api.CheckPermissionWithResponse(ctx, toAPI(q))
	})
	if err != nil {
		return Decision{}, err
	}
	if resp.JSON200 == nil {
		return Decision{}, unexpected("check", resp.StatusCode())
	}
	return fromAPI(*resp.JSON200), nil
}

// CheckBatch answers up to MaxBatch questions in one call, in their order.
func (c *Client) CheckBatch(ctx context.Context, questions []Question) ([]Decision, error) {
	if len(questions) == 0 {
		return nil, nil
	}
	body := accessapi.CheckBatch{Checks: make([]accessapi.Check, len(questions))}
	for i, q := range questions {
		body.Checks[i] = toAPI(q)
	}
	resp, err := ask(ctx, c, "checking a batch", func(ctx context.Context) (*accessapi.CheckPermissionsResponse, error) {
		return c.api.CheckPermissionsWithResponse(ctx, body)
	})
	if err != nil {
		return nil, err
	}
	if resp.JSON200 == nil || len(resp.JSON200.Decisions) != len(questions) {
		return nil, unexpected("batch check", resp.StatusCode())
	}
	decisions := make([]Decision, len(questions))
	for i, d := range resp.JSON200.Decisions {
		decisions[i] = fromAPI(d)
	}
	return decisions, nil
}

// Require is Check for callers that need a yes: a no is an error of kind Forbidden.
func (c *Client) Require(ctx context.Context, q Question) error {
	d, err := c.Check(ctx, q)
	if err != nil {
		return err
	}
	if !d.Allowed {
		return errs.Forbiddenf("You may not do this.").Wrap(fmt.Errorf("%s: %s", q.Permission, d.Reason))
	}
	return nil
}

// Effective lists what the subject may do in a scope.
func (c *Client) Effective(ctx context.Context, scope Scope) (Effective, error) {
	resp, err := ask(ctx, c, "asking for effective permissions", func(ctx context.Context) (*accessapi.GetEffectivePermissionsResponse, error) {
		return c.api.GetEffectivePermissionsWithResponse(ctx, &accessapi.GetEffectivePermissionsParams{
			ScopeType: accessapi.ScopeType(scope.Type), ScopeID: &scope.ID,
		})
	})
	if err != nil {
		return Effective{}, err
	}
	if resp.JSON200 == nil {
		return Effective{}, unexpected("effective permissions", resp.StatusCode())
	}
	e := Effective{Permissions: resp.JSON200.Permissions, Roles: make([]string, len(resp.JSON200.Roles))}
	for i, role := range resp.JSON200.Roles {
		e.Roles[i] = role.Service + ":" + role.Name
	}
	return e, nil
}

// ask runs one call within the budget, behind the retry and the breaker.
func ask[R interface {
	comparable
	StatusCode() int
}](ctx context.Context, c *Client, what string, call func(context.Context) (R, error)) (R, error) {
	ctx, cancel := context.WithTimeout(ctx, c.budget)
	defer cancel()
	answer, err := c.guard.WithContext(ctx).Get(func() (any, error) {
		attempt, cancel := context.WithTimeout(ctx, c.budget*(attemptsOfBudget-1)/attemptsOfBudget)
		defer cancel()
		resp, err := call(attempt)
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
		if !errors.Is(err, errAway) { // the breaker's own word, or a cancelled context
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

// unexpected is an answer that our own contract does not foresee: a defect on
// one of the two sides, so no retry would help.
func unexpected(what string, status int) error {
	return errs.Internalf("access answered %s with %d", what, status)
}

func toAPI(q Question) accessapi.Check {
	check := accessapi.Check{Permission: q.Permission, Scope: accessapi.Scope{Type: accessapi.ScopeType(q.Scope.Type), ID: q.Scope.ID}}
	if q.Visibility != "" {
		v := accessapi.Visibility(q.Visibility)
		check.ResourceVisibility = &v
	}
	if q.OwnerID != uuid.Nil {
		check.ResourceOwnerID = &q.OwnerID
	}
	return check
}

func fromAPI(d accessapi.Decision) Decision {
	return Decision{Allowed: d.Allowed, Reason: string(d.ReasonCode)}
}
