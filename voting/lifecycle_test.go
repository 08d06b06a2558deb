package voting_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/portalevents"
	"go.updspace.com/api/votingapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
	"go.updspace.com/voting"
)

// portal publishes events as the portal does, through an outbox in a database of its own.
type portal struct {
	t         testing.TB
	db        *pg.DB
	publisher *outbox.Publisher
	tenant    uuid.UUID
}

func startPortal(t testing.TB, natsURL string, tenant uuid.UUID) portal {
	t.Helper()
	db := testkit.DB(t)
	publisher := outbox.NewPublisher(db, "portal").Validating()
	ctx, cancel := context.WithCancel(context.Background())
	relay := outbox.NewRelay(publisher, outbox.RelayConfig{NATSURL: natsURL})
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		_ = relay.Run(ctx)
	}()
	t.Cleanup(func() { cancel(); <-stopped })
	return portal{t, db, publisher, tenant}
}

func (p portal) publish(kind, subject string, data any) {
	p.t.Helper()
	ctx := reqctx.With(context.Background(), reqctx.Context{TenantID: p.tenant})
	require.NoError(p.t, p.db.Do(ctx, func(ctx context.Context) error {
		return p.publisher.Publish(ctx, outbox.Event{Type: kind, Subject: subject, Data: data})
	}))
}

func (p portal) community(kind string, id uuid.UUID) {
	p.t.Helper()
	data := portalevents.Community{
		CommunityID: id, Name: "Chess", JoinPolicy: "open", ScopeType: "COMMUNITY", ScopeID: id, Visibility: "public",
		CreatedBy: id, ActorID: id, SourceRef: "community:" + id.String(),
	}
	p.publish(kind, data.Subject(), data)
}

func (p portal) team(kind string, id, community uuid.UUID) {
	p.t.Helper()
	data := portalevents.Team{
		TeamID: id, CommunityID: community, Name: "First", JoinPolicy: "open", ScopeType: "TEAM", ScopeID: id, Visibility: "public",
		CreatedBy: id, ActorID: id, SourceRef: "team:" + id.String(),
	}
	p.publish(kind, data.Subject(), data)
}

// eventually repeats a request until its answer has a status. Events arrive some time after they are published.
func (s *fixture) eventually(status int, try func() (service.Answer, error)) {
	s.T.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		r, err := try()
		require.NoError(s.T, err)
		if r.StatusCode() == status {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			require.Equal(s.T, status, r.StatusCode(), "%s", r.GetBody())
		}
	}
}

// Polls belong to communities and teams that portal's events tell of, and follow their archiving and deletion.
func TestPollsFollowTheEventsOfPortal(t *testing.T) {
	t.Parallel()
	broker := testkit.NATSServer(t)
	s := start(t, func(c *voting.Config) { c.NATSURL = broker.URL })
	p := startPortal(t, broker.URL, s.admin.Tenant)
	chess, team := uuid.New(), uuid.New()
	create := func(scope authz.Scope) func() (service.Answer, error) {
		return func() (service.Answer, error) {
			return s.As(s.maker).CreatePollWithResponse(t.Context(), votingapi.PollCreate{
				Title: "poll", ScopeType: ptr(votingapi.ScopeType(scope.Type)), ScopeID: some(scope.ID.String()),
				Status: ptr(votingapi.PollStatusActive), Nominations: some([]votingapi.NominationCreate{nomination(2)}),
			})
		}
	}
	r, err := create(authz.CommunityScope(chess))()
	service.Refused(t, http.StatusUnprocessableEntity, "VALIDATION_ERROR", r, err)
	p.community(portalevents.TypeCommunityCreated, chess)
	p.team(portalevents.TypeTeamCreated, team, chess)
	s.eventually(http.StatusCreated, create(authz.CommunityScope(chess)))
	s.eventually(http.StatusCreated, create(authz.TeamScope(team)))
	inTeam := s.poll(func(b *votingapi.PollCreate) {
		b.ScopeType, b.ScopeID = ptr(votingapi.ScopeTypeTEAM), some(team.String())
	}, 2)
	s.vote(s.member, inTeam, 0)

	p.team(portalevents.TypeTeamArchived, team, chess)
	s.eventually(http.StatusConflict, create(authz.TeamScope(team)))
	s.eventually(http.StatusConflict, func() (service.Answer, error) {
		return s.As(s.maker).CastVoteWithResponse(t.Context(), choose(inTeam, 1))
	})
	p.team(portalevents.TypeTeamRestored, team, chess)
	s.eventually(http.StatusCreated, create(authz.TeamScope(team)))

	p.community(portalevents.TypeCommunityDeleted, chess)
	s.eventually(http.StatusUnprocessableEntity, create(authz.TeamScope(team)))
	get, err := s.As(s.member).GetPollWithResponse(t.Context(), inTeam.Poll.ID)
	service.Refused(t, http.StatusNotFound, "NOT_FOUND", get, err)
	list, err := s.As(s.member).ListPollsWithResponse(t.Context(), &votingapi.ListPollsParams{})
	require.Zero(t, service.OK(t, list, err).JSON200.Pagination.Total)
	gone, err := s.As(s.maker).DeletePollWithResponse(t.Context(), inTeam.Poll.ID)
	service.OK(t, gone, err)
}

func TestAPollIsClosedAtItsEnd(t *testing.T) {
	t.Parallel()
	broker := testkit.NATSServer(t)
	s := start(t, func(c *voting.Config) { c.NATSURL = broker.URL })
	info := s.poll(func(b *votingapi.PollCreate) { b.EndsAt = some(s.Clock.Now().Add(time.Hour)) }, 1)
	s.Clock.Advance(2 * time.Hour)
	require.NoError(t, s.lifecycle.CloseEnded(t.Context()))
	got, err := s.As(s.member).GetPollWithResponse(t.Context(), info.Poll.ID)
	require.Equal(t, votingapi.PollStatusClosed, service.OK(t, got, err).JSON200.Status)
	events := openStream(t, broker.URL)
	events.await(3)
	closed := events.read()[2]
	require.Equal(t, "voting.poll.closed", closed.Type)
	require.Equal(t, s.admin.Tenant.String(), closed.TenantID)
	require.Empty(t, closed.ActorID)
}
