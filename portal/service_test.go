package portal_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signing"
	"go.updspace.com/libs/testkit"
	"go.updspace.com/portal"
	store "go.updspace.com/portal/adapters/pg"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
	"go.updspace.com/portal/ports/portstest"
)

// document is the service's spec, read once: that takes longer than most tests.
var document = sync.OnceValues(portalapi.GetSpec)

func TestMain(m *testing.M) { testkit.Main(m) }

// service is the whole service as it runs, on a database of its own, with access faked behind its real wire.
type service struct {
	t        testing.TB
	url      string
	access   *portstest.Access
	clock    *testkit.Clock
	database pg.Config
	db       *pg.DB
	cfg      portal.Config

	mu   sync.Mutex
	http map[string]http.RoundTripper // by caller

	admin, owner, member domain.Actor // of one tenant
}

func start(t testing.TB, change ...func(*portal.Config)) *service {
	t.Helper()
	s := &service{t: t, http: map[string]http.RoundTripper{}, access: portstest.NewAccess(), clock: testkit.NewClock(), database: testkit.Postgres(t, store.Migrations()), admin: portstest.Someone()}
	s.db = testkit.OpenDB(t, s.database)
	s.owner, s.member = s.colleague(), s.colleague()
	s.access.Admin(s.admin.User)
	server := httptest.NewServer(fakeAccess(s.access))
	t.Cleanup(server.Close)

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s.url = "http://" + listener.Addr().String()
	s.cfg = portal.Config{
		Config: servicefx.Config{
			Mode: servicefx.Development, Listener: listener, Log: io.Discard, Signing: signing.Config{Secret: testkit.Secret},
		},
		Database: s.database, Upkeep: time.Hour,
		Access: accessclient.Config{URL: server.URL, Budget: 10 * time.Second}, // a busy machine is not a failing service
	}
	for _, c := range change {
		c(&s.cfg)
	}
	app := fx.New(portal.Module(s.cfg), fx.Replace(fx.Annotate(s.clock, fx.As(new(ports.Clock)))))
	require.NoError(t, app.Err())
	require.NoError(t, app.Start(context.Background()))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		require.NoError(t, app.Stop(ctx))
	})
	return s
}

// colleague is a new user of the tenant, and known to be one.
func (s *service) colleague() domain.Actor {
	s.t.Helper()
	c := portstest.Colleague(s.admin)
	s.know(c)
	return c
}

// know is what is left when identity has told of somebody.
func (s *service) know(who domain.Actor) {
	s.t.Helper()
	profile := domain.NewProfile(who.Tenant, domain.Account{UserID: who.User}).Begun(s.clock.Now())
	require.NoError(s.t, s.db.Do(portstest.As(context.Background(), who), func(ctx context.Context) error { return store.NewProfiles(s.db).Save(ctx, profile) }))
}

// as is the generated client of a user, signing as the gateway does. Every answer is held against the document.
func (s *service) as(a domain.Actor) *portalapi.ClientWithResponses {
	s.t.Helper()
	return s.client("bff", reqctx.Context{TenantID: a.Tenant, TenantSlug: "aef", UserID: a.User})
}

// client signs as a service. The reading of the document, which takes its time, is done once for all clients.
func (s *service) client(caller string, rc reqctx.Context) *portalapi.ClientWithResponses {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.http[caller] == nil {
		spec, err := document()
		require.NoError(s.t, err)
		signer, err := testkit.Keyring().Signer(caller, "portal")
		require.NoError(s.t, err)
		base := http.DefaultTransport.(*http.Transport).Clone()
		base.MaxIdleConnsPerHost = 100
		s.t.Cleanup(base.CloseIdleConnections)
		s.http[caller] = testkit.Validating(s.t, s.url, spec, signer.Transport(base))
	}
	transport := s.http[caller]
	as := roundTripper(func(r *http.Request) (*http.Response, error) {
		here := rc
		if of := reqctx.From(r.Context()); of != (reqctx.Context{}) {
			here = of // a request of its own
		}
		if here.RequestID == "" {
			here.RequestID = uuid.NewString()
		}
		return transport.RoundTrip(r.WithContext(reqctx.With(r.Context(), here)))
	})
	api, err := portalapi.NewClientWithResponses(s.url, portalapi.WithHTTPClient(&http.Client{Transport: as}))
	require.NoError(s.t, err)
	return api
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// answer is what every generated response has in common.
type answer interface {
	StatusCode() int
	GetBody() []byte
}

// refused requires a failure with its code.
func refused(t testing.TB, status int, code string, r answer, err error) {
	t.Helper()
	require.NoError(t, err)
	require.Equal(t, status, r.StatusCode(), "%s", r.GetBody())
	require.Equal(t, code, codeOf(r), "%s", r.GetBody())
}

type envelope struct {
	Error struct {
		Code    string
		Details struct {
			Fields     map[string]string
			Permission string
			ScopeID    string `json:"scope_id"`
		}
	}
}

func envelopeOf(r answer) (e envelope) {
	if json.Unmarshal(r.GetBody(), &e) != nil {
		return envelope{}
	}
	return e
}

func codeOf(r answer) string { return envelopeOf(r).Error.Code }

// fine requires success.
func fine[R answer](t testing.TB, r R, err error) R {
	t.Helper()
	require.NoError(t, err)
	require.Less(t, r.StatusCode(), 300, "%s", r.GetBody())
	return r
}

// community makes one as the owner.
func (s *service) community(policy portalapi.JoinPolicy) portalapi.Community {
	s.t.Helper()
	s.access.Admin(s.owner.User) // makers of communities are administrators
	defer s.access.Dismiss(s.owner.User)
	r, err := s.as(s.owner).CreateCommunityWithResponse(s.t.Context(), portalapi.GroupCreate{Name: "Community " + uuid.NewString(), JoinPolicy: &policy})
	return *fine(s.t, r, err).JSON201
}

// team makes one in a community, as the owner.
func (s *service) team(community uuid.UUID, policy portalapi.JoinPolicy) portalapi.Team {
	s.t.Helper()
	r, err := s.as(s.owner).CreateTeamWithResponse(s.t.Context(), portalapi.TeamCreate{
		CommunityID: &community, Name: "Team " + uuid.NewString(), JoinPolicy: &policy,
	})
	return *fine(s.t, r, err).JSON201
}

// put makes somebody a member of a community with a role, as its owner.
func (s *service) put(community uuid.UUID, who domain.Actor, role portalapi.MyRole) {
	s.t.Helper()
	r, err := s.as(s.owner).ChangeCommunityMembersWithResponse(s.t.Context(), community, portalapi.MemberChange{UserID: &who.User, RoleHint: some(role)})
	fine(s.t, r, err)
}

// putTeam is put for a team.
func (s *service) putTeam(team uuid.UUID, who domain.Actor, role portalapi.MyRole) {
	s.t.Helper()
	r, err := s.as(s.owner).ChangeTeamMembersWithResponse(s.t.Context(), team, portalapi.MemberChange{UserID: &who.User, RoleHint: some(role)})
	fine(s.t, r, err)
}

func ptr[T any](v T) *T { return &v }
