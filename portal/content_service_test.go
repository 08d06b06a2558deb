package portal_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"go.updspace.com/api/accessapi"
	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signing"
	"go.updspace.com/libs/testkit"
	"go.updspace.com/portal"
	store "go.updspace.com/portal/adapters/pg"
	"go.updspace.com/portal/app"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
	"go.updspace.com/portal/ports/portstest"
)

// readerKeys are what members of a tenant may around posts and profiles.
var readerKeys = []domain.Permission{
	domain.PermissionPostsRead, domain.PermissionPostsCreatePublic, domain.PermissionPostsCreateCommunity, domain.PermissionPostsCreateTeam,
	domain.PermissionPostsCreatePrivate, domain.PermissionProfileEdit, domain.PermissionProfilesRead,
}

// contentService is the whole service as it runs, on a database of its own, with access faked behind its real wire, and
// with a community and a team to write in.
type contentService struct {
	t        testing.TB
	url      string
	access   *portstest.Gatekeeper
	clock    *testkit.Clock
	database pg.Config
	db       *pg.DB
	janitor  *app.Janitor
	blobs    string

	member     domain.Actor // of the tenant and nothing else
	insider    domain.Actor // of the community and its team
	chess      domain.PostPlace
	openingsOf domain.PostPlace // a team of chess
	go_        domain.PostPlace // another community
}

func startContent(t testing.TB, change ...func(*portal.Config)) *contentService {
	t.Helper()
	s := &contentService{
		t: t, access: portstest.NewGatekeeper(), clock: testkit.NewClock(), database: testkit.Postgres(t, store.Migrations()),
		member: portstest.Someone(), blobs: t.TempDir(),
	}
	server := httptest.NewServer(contentAccess(s.access))
	t.Cleanup(server.Close)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s.url = "http://" + listener.Addr().String()
	cfg := portal.Config{
		Config: servicefx.Config{
			Mode: servicefx.Development, Listener: listener, Log: io.Discard, Signing: signing.Config{Secret: testkit.Secret},
		},
		Database: s.database,
		Access:   accessclient.Config{URL: server.URL, Budget: 10 * time.Second}, // a busy machine is not a failing service
		Blobs:    portal.BlobConfig{Dir: s.blobs}, Upkeep: time.Hour,
	}
	for _, c := range change {
		c(&cfg)
	}
	app := fx.New(portal.Module(cfg), fx.Replace(fx.Annotate(s.clock, fx.As(new(ports.Clock)))), fx.Populate(&s.janitor))
	require.NoError(t, app.Err())
	require.NoError(t, app.Start(context.Background()))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		require.NoError(t, app.Stop(ctx))
	})
	s.db = testkit.OpenDB(t, s.database)
	s.access.Member(s.member.User, readerKeys...)
	s.chess, s.go_ = s.community("Chess"), s.community("Go")
	s.openingsOf = s.team(s.chess, "Openings")
	s.insider = s.colleague()
	s.join(s.insider, s.chess)
	s.join(s.insider, s.openingsOf)
	return s
}

// colleague is a new member of the tenant.
func (s *contentService) colleague(keys ...domain.Permission) domain.Actor {
	c := portstest.Colleague(s.member)
	s.access.Member(c.User, append(keys, readerKeys...)...)
	return c
}

// join makes somebody belong to a place.
func (s *contentService) join(a domain.Actor, p domain.PostPlace) {
	s.access.Bind(a.User, p.Scope(a.Tenant), readerKeys...)
}

func (s *contentService) community(name string) domain.PostPlace {
	id := uuid.New()
	s.group(id, id, "COMMUNITY", name)
	place := domain.PostPlace{CommunityID: id}
	s.access.Place(place)
	return place
}

func (s *contentService) team(of domain.PostPlace, name string) domain.PostPlace {
	place := domain.PostPlace{CommunityID: of.CommunityID, TeamID: uuid.New()}
	s.group(place.TeamID, of.CommunityID, "TEAM", name)
	s.access.Place(place)
	return place
}

// group plants a community or a team, with its owner.
func (s *contentService) group(id, community uuid.UUID, kind, name string) {
	s.t.Helper()
	require.NoError(s.t, s.db.Do(portstest.As(context.Background(), s.member), func(ctx context.Context) error {
		_, err := s.db.Conn(ctx).NewRaw(`INSERT INTO groups (tenant_id, id, kind, community_id, name, description, join_policy, status, created_by, created_at, updated_at, folded_name, folded)
			VALUES (?, ?, ?, ?, ?, '', 'open', 'active', ?, now(), now(), lower(?), lower(?))`, s.member.Tenant, id, kind, community, name, s.member.User, name, name).Exec(ctx)
		if err != nil {
			return err
		}
		owner := uuid.New()
		for _, m := range []struct {
			kind string
			id   uuid.UUID
		}{{"COMMUNITY", community}, {kind, id}} {
			if _, err := s.db.Conn(ctx).NewRaw(`INSERT INTO memberships (tenant_id, scope_type, scope_id, community_id, user_id, role, status, version, joined_at, updated_at)
				VALUES (?, ?, ?, ?, ?, 'owner', 'active', 1, now(), now()) ON CONFLICT DO NOTHING`, s.member.Tenant, m.kind, m.id, community, owner).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	}))
}

// as is the generated client of a user, signing as the gateway does. Every answer is held against the document.
func (s *contentService) as(a domain.Actor, flags ...reqctx.Flags) *portalapi.ClientWithResponses {
	s.t.Helper()
	rc := reqctx.Context{TenantID: a.Tenant, TenantSlug: "aef", UserID: a.User}
	for _, f := range flags {
		rc.Flags = f
	}
	return s.client(rc)
}

func (s *contentService) client(rc reqctx.Context) *portalapi.ClientWithResponses {
	s.t.Helper()
	spec, err := document()
	require.NoError(s.t, err)
	client, err := portalapi.NewClientWithResponses(s.url, portalapi.WithHTTPClient(testkit.Client(s.t, s.url, "portal", rc, spec)))
	require.NoError(s.t, err)
	return client
}

// contentAccess answers the wire of access, for signed callers only.
func contentAccess(decide *portstest.Gatekeeper) http.Handler {
	verifier := testkit.Keyring().Verifier("access")
	mux := http.NewServeMux()
	serve := func(pattern string, answer func(ctx context.Context, body []byte) (any, error)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			var rc reqctx.Context
			if err == nil {
				rc, err = verifier.Verify(r, body)
			}
			if err == nil && rc.Caller != "portal" {
				err = errs.Forbiddenf("not portal")
			}
			var out any
			if err == nil {
				out, err = answer(reqctx.With(r.Context(), rc), body)
			}
			if err != nil {
				httpx.WriteError(w, r, err)
				return
			}
			httpx.WriteJSON(w, http.StatusOK, out)
		})
	}
	each := func(ctx context.Context, checks []accessapi.Check) ([]accessapi.Decision, error) {
		asks := make([]domain.Ask, len(checks))
		for i, c := range checks {
			asks[i] = domain.Ask{Permission: domain.Permission(c.Permission), Scope: domain.Scope{Type: domain.ScopeType(c.Scope.Type), ID: uuid.MustParse(c.Scope.ID)}}
			if c.ResourceVisibility != nil {
				asks[i].Visibility = domain.Visibility(*c.ResourceVisibility)
			}
			if c.ResourceOwnerID != nil {
				asks[i].Owner = *c.ResourceOwnerID
			}
		}
		answers, err := decide.AllowedEach(ctx, asks)
		decisions := make([]accessapi.Decision, len(answers))
		for i, allowed := range answers {
			decisions[i] = accessapi.Decision{Allowed: allowed, ReasonCode: accessapi.ReasonCodeRBACALLOW}
		}
		return decisions, err
	}
	serve("POST /internal/v1/check", func(ctx context.Context, body []byte) (any, error) {
		var check accessapi.Check
		if err := json.Unmarshal(body, &check); err != nil {
			return nil, err
		}
		decisions, err := each(ctx, []accessapi.Check{check})
		if err != nil {
			return nil, err
		}
		return decisions[0], nil
	})
	serve("POST /internal/v1/check/batch", func(ctx context.Context, body []byte) (any, error) {
		var batch accessapi.CheckBatch
		if err := json.Unmarshal(body, &batch); err != nil {
			return nil, err
		}
		decisions, err := each(ctx, batch.Checks)
		return map[string]any{"decisions": decisions}, err
	})
	serve("POST /internal/v1/scopes", func(ctx context.Context, body []byte) (any, error) {
		var questions accessapi.ScopeQuestions
		if err := json.Unmarshal(body, &questions); err != nil {
			return nil, err
		}
		asks := make([]domain.Ask, len(questions.Questions))
		for i, q := range questions.Questions {
			asks[i].Permission = domain.Permission(q.Permission)
			if q.ResourceVisibility != nil {
				asks[i].Visibility = domain.Visibility(*q.ResourceVisibility)
			}
		}
		reaches, err := decide.Reach(ctx, asks)
		answers := make([]accessapi.AllowedScopes, len(reaches))
		for i, r := range reaches {
			answers[i] = accessapi.AllowedScopes{Everywhere: r.Everywhere, Tenant: r.Tenant, Communities: texts(r.Communities), Teams: texts(r.Teams)}
		}
		return map[string]any{"answers": answers}, err
	})
	return mux
}

func texts(ids []uuid.UUID) []string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = id.String()
	}
	return list
}
