package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/bff/app"
	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/tools/devkit/testkit"
)

var (
	aef  = domain.Tenant{ID: uuid.MustParse("00000000-0000-0000-0000-000000000001"), Slug: "aef"}
	user = uuid.MustParse("00000000-0000-4000-8000-000000000002")
	rule = domain.HostRule{Suffix: "localhost", APIPrefix: "api"}
)

// idService answers as it is told to and counts the questions.
type idService struct {
	ports.Identity // the rest is never asked
	questions      atomic.Int64
	away           atomic.Bool
	hold           chan struct{} // when set, answers wait for it

	mu        sync.Mutex
	principal domain.Principal
	unknown   bool // no user is known
}

func (s *idService) ask(ctx context.Context) error {
	s.questions.Add(1)
	if s.hold != nil {
		select {
		case <-s.hold:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if s.away.Load() {
		return errs.Unavailablef("away")
	}
	return nil
}

func (s *idService) Tenant(ctx context.Context, slug string) (domain.Tenant, error) {
	if err := s.ask(ctx); err != nil {
		return domain.Tenant{}, err
	}
	if slug == "closed" {
		return domain.Tenant{}, domain.ErrTenantClosed
	}
	if slug != aef.Slug {
		return domain.Tenant{}, domain.ErrTenantNotFound
	}
	return aef, nil
}

func (s *idService) Principal(ctx context.Context, _ domain.Tenant, id uuid.UUID) (domain.Principal, error) {
	if err := s.ask(ctx); err != nil {
		return domain.Principal{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if id != user || s.unknown {
		return domain.Principal{}, domain.ErrUnauthenticated
	}
	return s.principal, nil
}

func (s *idService) Profile(context.Context) (json.RawMessage, error) {
	return nil, errors.New("unused")
}

func TestTenantsAreRemembered(t *testing.T) {
	id, clock := &idService{}, testkit.NewClock()
	tenants, err := app.NewTenants(rule, id, clock)
	require.NoError(t, err)
	asked := func(host string, want error, questions int64) {
		t.Helper()
		before := id.questions.Load()
		_, err := tenants.ByHost(t.Context(), host)
		require.ErrorIs(t, err, want)
		require.Equal(t, questions, id.questions.Load()-before)
	}
	asked("aef.localhost:8080", nil, 1)
	asked("AEF.localhost", nil, 0)
	clock.Advance(59 * time.Second)
	asked("aef.localhost", nil, 0)
	clock.Advance(2 * time.Second)
	asked("aef.localhost", nil, 1)

	asked("closed.localhost", domain.ErrTenantClosed, 1)
	asked("closed.localhost", domain.ErrTenantClosed, 0)
	asked("nobody.localhost", domain.ErrTenantNotFound, 1)
	clock.Advance(4 * time.Second)
	asked("nobody.localhost", domain.ErrTenantNotFound, 0)
	clock.Advance(2 * time.Second)
	asked("nobody.localhost", domain.ErrTenantNotFound, 1)

	asked("id.localhost", domain.ErrTenantNotFound, 0) // reserved: identity is not even asked
	asked("evil.example", domain.ErrTenantNotFound, 0)
}

func TestKnownTenantsOutliveIdentity(t *testing.T) {
	id, clock := &idService{}, testkit.NewClock()
	tenants, err := app.NewTenants(rule, id, clock)
	require.NoError(t, err)
	_, err = tenants.ByHost(t.Context(), "aef.localhost")
	require.NoError(t, err)

	id.away.Store(true)
	clock.Advance(time.Hour)
	before := id.questions.Load()
	for range 10 {
		got, err := tenants.ByHost(t.Context(), "aef.localhost")
		require.NoError(t, err)
		require.Equal(t, aef, got)
	}
	require.Equal(t, int64(1), id.questions.Load()-before, "an identity that is away is not asked on every request")
	_, err = tenants.ByHost(t.Context(), "other.localhost")
	require.Equal(t, errs.Unavailable, errs.KindOf(err), "not known is not the same as not there")
}

func TestOneQuestionForManyRequests(t *testing.T) {
	id := &idService{hold: make(chan struct{})}
	tenants, err := app.NewTenants(rule, id, testkit.NewClock())
	require.NoError(t, err)
	const many = 50
	results := make(chan error, many)
	for range many {
		go func() {
			_, err := tenants.ByHost(context.Background(), "aef.localhost")
			results <- err
		}()
	}
	close(id.hold)
	for range many {
		require.NoError(t, <-results)
	}
	// those who came after the answer found it remembered
	require.Equal(t, int64(1), id.questions.Load())
}

func newPrincipals(t *testing.T) (*app.Principals, *idService, *testkit.Clock) {
	t.Helper()
	id, clock := &idService{principal: domain.Principal{UserID: user}}, testkit.NewClock()
	p, err := app.NewPrincipals(id, clock)
	require.NoError(t, err)
	return p, id, clock
}

func TestStandingIsAskedAgainEveryThirtySeconds(t *testing.T) {
	p, id, clock := newPrincipals(t)
	for range 3 {
		_, err := p.Of(t.Context(), aef, user)
		require.NoError(t, err)
	}
	require.Equal(t, int64(1), id.questions.Load())
	id.mu.Lock()
	id.principal.Flags.Suspended = true
	id.mu.Unlock()
	clock.Advance(29 * time.Second)
	got, err := p.Of(t.Context(), aef, user)
	require.NoError(t, err)
	require.False(t, got.Flags.Suspended)
	clock.Advance(time.Second)
	got, err = p.Of(t.Context(), aef, user)
	require.NoError(t, err)
	require.True(t, got.Flags.Suspended)
}

func TestStandingIsTrustedForAMinuteWhileIdentityIsAway(t *testing.T) {
	p, id, clock := newPrincipals(t)
	_, err := p.Of(t.Context(), aef, user)
	require.NoError(t, err)
	id.away.Store(true)
	for range 59 {
		clock.Advance(time.Second)
		_, err = p.Of(t.Context(), aef, user)
		require.NoError(t, err)
	}
	require.LessOrEqual(t, id.questions.Load(), int64(17), "asked every two seconds at most")
	clock.Advance(time.Second)
	_, err = p.Of(t.Context(), aef, user)
	require.Equal(t, errs.Unavailable, errs.KindOf(err), "after a minute no host passes")
	id.away.Store(false)
	_, err = p.Of(t.Context(), aef, user)
	require.NoError(t, err)
}

func TestForgottenStandingIsAskedAtOnce(t *testing.T) {
	p, id, _ := newPrincipals(t)
	_, err := p.Of(t.Context(), aef, user)
	require.NoError(t, err)
	p.Forget(uuid.New())
	_, err = p.Of(t.Context(), aef, user)
	require.NoError(t, err)
	require.Equal(t, int64(1), id.questions.Load(), "another user's change is none of ours")
	p.Forget(user)
	_, err = p.Of(t.Context(), aef, user)
	require.NoError(t, err)
	require.Equal(t, int64(2), id.questions.Load())
}

// An answer that was under way when the user's standing changed may be from
// before the change.
func TestAnswerFromBeforeTheChangeIsNotKept(t *testing.T) {
	p, id, _ := newPrincipals(t)
	id.hold = make(chan struct{})
	first := make(chan error, 1)
	go func() {
		_, err := p.Of(context.Background(), aef, user)
		first <- err
	}()
	require.Eventually(t, func() bool { return id.questions.Load() == 1 }, 5*time.Second, time.Millisecond)
	p.Forget(user)
	close(id.hold)
	require.NoError(t, <-first)
	_, err := p.Of(t.Context(), aef, user)
	require.NoError(t, err)
	require.Equal(t, int64(2), id.questions.Load())
}

// A sign-in asks anew, also while a question from before it is under way: the user may have been let in since.
func TestASignInAsksForTheStandingAnew(t *testing.T) {
	p, id, _ := newPrincipals(t)
	_, err := p.Ask(t.Context(), aef, user)
	require.NoError(t, err)
	_, err = p.Ask(t.Context(), aef, user)
	require.NoError(t, err)
	require.Equal(t, int64(2), id.questions.Load())

	p.ForgetAll()
	id.hold = make(chan struct{})
	answers := make(chan error, 2)
	go func() {
		_, err := p.Of(context.Background(), aef, user)
		answers <- err
	}()
	require.Eventually(t, func() bool { return id.questions.Load() == 3 }, 5*time.Second, time.Millisecond)
	go func() {
		_, err := p.Ask(context.Background(), aef, user)
		answers <- err
	}()
	require.Eventually(t, func() bool { return id.questions.Load() == 4 }, 5*time.Second, time.Millisecond)
	close(id.hold)
	require.NoError(t, <-answers)
	require.NoError(t, <-answers)
}

// A tenant that may have changed is asked for at once; those that are known stay known while the ID service is away.
func TestForgottenTenantsAreAskedForAtOnce(t *testing.T) {
	id, clock := &idService{}, testkit.NewClock()
	tenants, err := app.NewTenants(rule, id, clock)
	require.NoError(t, err)
	asked := func(questions int64) {
		t.Helper()
		require.Equal(t, questions == 0, tenants.Cached("aef.localhost"))
		before := id.questions.Load()
		got, err := tenants.ByHost(t.Context(), "aef.localhost")
		require.NoError(t, err)
		require.Equal(t, aef, got)
		require.Equal(t, questions, id.questions.Load()-before)
		require.True(t, tenants.Cached("aef.localhost"))
	}
	asked(1)
	tenants.Forget("other")
	asked(0)
	tenants.Forget("aef")
	asked(1)
	tenants.ForgetAll()
	asked(1)
	id.away.Store(true)
	tenants.ForgetAll()
	asked(1)
	require.True(t, tenants.Cached("id.localhost"), "a host of no tenant needs no question")

	id.away.Store(false)
	id.hold = make(chan struct{})
	tenants.Forget("aef")
	first, before := make(chan error, 1), id.questions.Load()
	go func() {
		_, err := tenants.ByHost(context.Background(), "aef.localhost")
		first <- err
	}()
	require.Eventually(t, func() bool { return id.questions.Load() > before }, 5*time.Second, time.Millisecond)
	tenants.ForgetAll()
	close(id.hold)
	require.NoError(t, <-first)
	asked(1)
}

func TestUnknownUsersAreNobody(t *testing.T) {
	p, _, _ := newPrincipals(t)
	_, err := p.Of(t.Context(), aef, uuid.New())
	require.ErrorIs(t, err, domain.ErrUnauthenticated)
}
