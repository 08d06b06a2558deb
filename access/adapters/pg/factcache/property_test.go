package factcache_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/access/adapters/pg/factcache"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports/portstest"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
)

// slow is a source whose loads can be held up after they have read.
type slow struct {
	*portstest.Memory
	loads int
}

var _ factcache.Source = (*slow)(nil)

// heldUp is in the context of a load that waits between reading and returning.
type heldUp struct {
	once       sync.Once
	read, goOn chan struct{}
}

type heldUpKey struct{}

func (s *slow) wait(ctx context.Context) {
	h, ok := ctx.Value(heldUpKey{}).(*heldUp)
	if !ok {
		s.loads++
		return
	}
	h.once.Do(func() { close(h.read) })
	<-h.goOn
}

func (s *slow) Load(ctx context.Context, subject domain.Subject, at time.Time) (*domain.Facts, error) {
	f, err := s.Memory.Load(ctx, subject, at)
	s.wait(ctx)
	return f, err
}

func (s *slow) LoadUser(ctx context.Context, subject domain.Subject, at time.Time) (*domain.UserFacts, error) {
	u, err := s.Memory.LoadUser(ctx, subject, at)
	s.wait(ctx)
	return u, err
}

func (s *slow) LoadWithTenant(ctx context.Context, subject domain.Subject, at time.Time) (*domain.TenantFacts, *domain.UserFacts, error) {
	t, u, err := s.Memory.LoadWithTenant(ctx, subject, at)
	s.wait(ctx)
	return t, u, err
}

const lease = time.Minute

// machine is a store beside the truth, with everything that can happen to it.
type machine struct {
	source *slow
	store  *factcache.Cache
	leases *testkit.Clock // the store's
	facts  *testkit.Clock // of the questions
	roles  []domain.Role
	held   []*held // loads under way
	missed bool    // the lease ran out, and changes went on
}

type held struct {
	*heldUp
	done    chan struct{}
	subject domain.Subject
	at      time.Time
	got     *domain.Facts
	truths  []*domain.Facts // all since it began
}

func newMachine(t *rapid.T, most int) *machine {
	m := &machine{source: &slow{Memory: &portstest.Memory{}}, leases: testkit.NewClock(), facts: testkit.NewClock()}
	m.store = factcache.New(m.source, most, m.leases.Now, factcache.NewMetrics(prometheus.NewRegistry()))
	for range rapid.IntRange(1, 5).Draw(t, "roles") {
		m.addRole(t)
	}
	return m
}

func (m *machine) addRole(t *rapid.T) domain.Role {
	r := m.source.AddRole(portstest.Role().Draw(t, "role"))
	m.roles = append(m.roles, r)
	return r
}

func within(tenant uuid.UUID) context.Context {
	return reqctx.With(context.Background(), reqctx.Context{TenantID: tenant})
}

// change changes something and, as long as the lease lasts, has the store forget
// whom it concerns before it counts as done.
func (m *machine) change(t *rapid.T) {
	user := portstest.User().Draw(t, "user")
	var expires time.Time
	if rapid.Bool().Draw(t, "expires") {
		expires = m.facts.Now().Add(rapid.SampledFrom([]time.Duration{time.Nanosecond, time.Second, time.Hour}).Draw(t, "in"))
	}
	tenant, concerned := portstest.Tenant, user
	switch rapid.IntRange(0, 5).Draw(t, "change") {
	case 0:
		m.source.AddOverride(portstest.Tenant, user, portstest.Override().Draw(t, "override"), expires)
	case 1:
		community := rapid.SampledFrom([]string{"c1", "c2"}).Draw(t, "community")
		m.source.AddTeam(portstest.Tenant, rapid.SampledFrom([]string{"t1", "t2"}).Draw(t, "team"), community)
		concerned = uuid.Nil
	case 2:
		concerned = uuid.Nil
		if m.addRole(t).Template() {
			tenant = uuid.Nil
		}
	case 3:
		keys := rapid.SliceOfDistinct(rapid.SampledFrom([]string{"voting.poll.read", "portal.posts.read", "events.event.read"}), rapid.ID[string]).Draw(t, "keys")
		role := rapid.SampledFrom(m.roles).Draw(t, "which")
		m.source.SetKeys(role.ID, keys)
		concerned = uuid.Nil
		if role.Template() {
			tenant = uuid.Nil
		}
	default:
		g := domain.Grant{User: user, Role: rapid.SampledFrom(m.roles).Draw(t, "granted").ID, Scope: portstest.Scope().Draw(t, "scope"), Expires: expires}
		_, _, err := m.source.Grant(within(portstest.Tenant), g)
		require.NoError(t, err)
	}
	for _, h := range m.held {
		h.truths = append(h.truths, m.truth(t, h.subject, h.at))
	}
	if !m.missed {
		m.store.Invalidate(tenant, concerned)
	}
}

func (m *machine) truth(t *rapid.T, s domain.Subject, at time.Time) *domain.Facts {
	f, err := m.source.Memory.Load(within(s.Tenant), s, at)
	require.NoError(t, err)
	return f
}

// begin starts a load that has read and does not return yet.
func (m *machine) begin(t *rapid.T) {
	h := &held{heldUp: &heldUp{read: make(chan struct{}), goOn: make(chan struct{})}, done: make(chan struct{})}
	h.subject, h.at = portstest.Subject().Draw(t, "loading"), m.facts.Now()
	h.truths = append(h.truths, m.truth(t, h.subject, h.at))
	go func() {
		defer close(h.done)
		var err error
		h.got, err = m.store.Load(context.WithValue(within(h.subject.Tenant), heldUpKey{}, h.heldUp), h.subject, h.at)
		if err != nil {
			panic(err)
		}
	}()
	select {
	case <-h.read:
		m.held = append(m.held, h)
	case <-h.done: // it was remembered
	}
}

// finish lets a load go on. Its answer must have been true at one time since it began, as a whole.
func (m *machine) finish(t *rapid.T) {
	if len(m.held) == 0 {
		return
	}
	i := rapid.IntRange(0, len(m.held)-1).Draw(t, "which")
	h := m.held[i]
	close(h.goOn)
	<-h.done
	m.held = append(m.held[:i], m.held[i+1:]...)
	require.True(t, slices.ContainsFunc(h.truths, func(f *domain.Facts) bool {
		return portstest.Same(portstest.Relevant(*f), portstest.Relevant(*h.got))
	}), "%+v is none of %+v", h.got, h.truths)
}

// ask compares the store with the truth.
func (m *machine) ask(t *rapid.T) {
	s := portstest.Subject().Draw(t, "asking")
	got, err := m.store.Load(within(s.Tenant), s, m.facts.Now())
	require.NoError(t, err)
	want, err := m.source.Memory.Load(within(s.Tenant), s, m.facts.Now())
	require.NoError(t, err)
	portstest.RequireSame(t, *want, portstest.Relevant(*got)) // a grant that expired leaves its teams behind
	for range 3 {
		q := portstest.Check().Draw(t, "question")
		require.Equal(t, domain.Platform.Decide(s, q, want), domain.Platform.Decide(s, q, got))
	}
}

func TestWhatIsRememberedIsWhatIsTrue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := newMachine(t, rapid.SampledFrom([]int{1 << 20, 30_000}).Draw(t, "most"))
		t.Repeat(map[string]func(*rapid.T){
			"change": m.change,
			"begin":  m.begin,
			"finish": m.finish,
			"ask":    m.ask,
			"ask more": func(t *rapid.T) {
				m.ask(t)
				m.ask(t)
			},
			"renew": func(*rapid.T) {
				m.store.SetValidUntil(m.leases.Now().Add(lease))
				m.missed = false
			},
			"the lease runs out": func(*rapid.T) {
				m.leases.Advance(lease)
				m.missed = true
			},
			"the lease is lost": func(*rapid.T) {
				m.store.SetValidUntil(time.Time{})
				m.missed = true
			},
			"time goes by": func(t *rapid.T) {
				m.facts.Advance(rapid.SampledFrom([]time.Duration{time.Nanosecond, time.Second, time.Hour}).Draw(t, "how much"))
			},
		})
		for len(m.held) > 0 {
			m.finish(t)
		}
		m.ask(t)
	})
}
