package snapshot_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/access/adapters/snapshot"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports/portstest"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/testkit"
)

// slow is a source whose loads can be held up after they have read.
type slow struct {
	*portstest.Memory
	loads int
}

// heldUp is in the context of a load that waits between reading and returning.
type heldUp struct{ read, goOn chan struct{} }

type heldUpKey struct{}

func (s *slow) Load(ctx context.Context, subject domain.Subject, at time.Time) (*domain.Facts, error) {
	f, err := s.Memory.Load(ctx, subject, at)
	if h, ok := ctx.Value(heldUpKey{}).(*heldUp); ok {
		close(h.read)
		<-h.goOn
		return f, err
	}
	s.loads++
	return f, err
}

const lease = time.Minute

// machine is a store beside the truth, with everything that can happen to it.
type machine struct {
	source *slow
	store  *snapshot.Store
	leases *testkit.Clock // the store's
	facts  *testkit.Clock // of the questions
	roles  []domain.Role
	held   []held // loads under way
	missed bool   // the lease ran out, and changes went on
}

type held struct {
	*heldUp
	done chan struct{}
}

func newMachine(t *rapid.T, most int) *machine {
	m := &machine{source: &slow{Memory: &portstest.Memory{}}, leases: testkit.NewClock(), facts: testkit.NewClock()}
	m.store = snapshot.New(m.source, most, m.leases.Now, snapshot.NewMetrics(prometheus.NewRegistry()))
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
	if !m.missed {
		m.store.Forget(tenant, concerned)
	}
}

// begin starts a load that has read and does not return yet.
func (m *machine) begin(t *rapid.T) {
	h := held{&heldUp{make(chan struct{}), make(chan struct{})}, make(chan struct{})}
	s := portstest.Subject().Draw(t, "loading")
	at := m.facts.Now()
	go func() {
		defer close(h.done)
		_, err := m.store.Load(context.WithValue(within(s.Tenant), heldUpKey{}, h.heldUp), s, at)
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

func (m *machine) finish(t *rapid.T) {
	if len(m.held) == 0 {
		return
	}
	i := rapid.IntRange(0, len(m.held)-1).Draw(t, "which")
	close(m.held[i].goOn)
	<-m.held[i].done
	m.held = append(m.held[:i], m.held[i+1:]...)
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
		q := portstest.Question().Draw(t, "question")
		require.Equal(t, domain.Platform.Decide(s, q, want), domain.Platform.Decide(s, q, got))
	}
}

func TestWhatIsRememberedIsWhatIsTrue(t *testing.T) {
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
				m.store.Rely(m.leases.Now().Add(lease))
				m.missed = false
			},
			"the lease runs out": func(*rapid.T) {
				m.leases.Advance(lease)
				m.missed = true
			},
			"the lease is lost": func(*rapid.T) {
				m.store.Rely(time.Time{})
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
