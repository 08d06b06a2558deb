package portal_test

import (
	"context"
	"net/http"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/portal/domain"
)

// outcome counts answers by status and code.
type outcome struct {
	mu     sync.Mutex
	counts map[string]int
	err    error
}

func (o *outcome) add(r answer, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err != nil {
		o.err = err
		return
	}
	if o.counts == nil {
		o.counts = map[string]int{}
	}
	key := http.StatusText(r.StatusCode())
	if code := codeOf(r); code != "" {
		key += " " + code
	}
	o.counts[key]++
}

// atOnce sends a request per actor, all starting together.
func (s *service) atOnce(actors []domain.Actor, send func(context.Context, *portalapi.ClientWithResponses, int) (answer, error)) map[string]int {
	s.t.Helper()
	var all outcome
	var wg sync.WaitGroup
	clients := make([]*portalapi.ClientWithResponses, len(actors))
	for i, a := range actors {
		clients[i] = s.as(a)
	}
	begin := make(chan struct{})
	for i := range actors {
		wg.Go(func() {
			<-begin
			all.add(send(context.Background(), clients[i], i))
		})
	}
	close(begin)
	wg.Wait()
	require.NoError(s.t, all.err)
	return all.counts
}

func (s *service) crowd(n int) []domain.Actor {
	crowd := make([]domain.Actor, n)
	for i := range crowd {
		crowd[i] = s.colleague()
	}
	return crowd
}

func (s *service) count(community uuid.UUID) int32 {
	s.t.Helper()
	r, err := s.as(s.admin).GetCommunityWithResponse(s.t.Context(), community)
	return fine(s.t, r, err).JSON200.MemberCount
}

func TestTwoOwnersLeavingAtOnce(t *testing.T) {
	s := start(t)
	for range 10 {
		c := s.community(portalapi.JoinPolicyInvite)
		s.put(c.ID, s.member, portalapi.MyRoleOwner)
		got := s.atOnce([]domain.Actor{s.owner, s.member}, func(ctx context.Context, c2 *portalapi.ClientWithResponses, _ int) (answer, error) {
			return c2.LeaveCommunityWithResponse(ctx, c.ID)
		})
		require.Equal(t, map[string]int{"OK": 1, "Conflict LAST_OWNER": 1}, got)
		require.EqualValues(t, 1, s.count(c.ID))
	}
}

func TestTwoOwnersDemotingEachOther(t *testing.T) {
	s := start(t)
	for range 10 {
		c := s.community(portalapi.JoinPolicyInvite)
		s.put(c.ID, s.member, portalapi.MyRoleOwner)
		others := []uuid.UUID{s.member.User, s.owner.User}
		s.atOnce([]domain.Actor{s.owner, s.member}, func(ctx context.Context, c2 *portalapi.ClientWithResponses, i int) (answer, error) {
			return c2.SetCommunityMemberRoleWithResponse(ctx, c.ID, others[i], portalapi.RoleChange{Role: portalapi.RoleMember})
		})
		roles := []string{s.role(s.owner, c.ID), s.role(s.member, c.ID)}
		require.ElementsMatch(t, []string{"owner", "member"}, roles)
	}
}

func TestALinkWithOneUseLeftTakenByFifty(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyInvite)
	link, err := s.as(s.owner).CreateCommunityLinkWithResponse(t.Context(), c.ID, portalapi.LinkCreate{MaxUses: some[int32](1)})
	token := fine(t, link, err).JSON201.Token
	got := s.atOnce(s.crowd(50), func(ctx context.Context, client *portalapi.ClientWithResponses, _ int) (answer, error) {
		return client.AcceptLinkWithResponse(ctx, portalapi.LinkToken{Token: token})
	})
	require.Equal(t, map[string]int{"OK": 1, "Gone INVITE_USED_UP": 49}, got)
	require.EqualValues(t, 2, s.count(c.ID))
}

func TestApprovingAndCancellingAtOnce(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyRequest)
	for range 10 {
		who := s.colleague()
		asked, err := s.as(who).CreateCommunityRequestWithResponse(t.Context(), c.ID, portalapi.RequestCreate{})
		id := fine(t, asked, err).JSON201.ID
		got := s.atOnce([]domain.Actor{s.owner, who}, func(ctx context.Context, client *portalapi.ClientWithResponses, i int) (answer, error) {
			if i == 0 {
				return client.ApproveCommunityRequestWithResponse(ctx, c.ID, id)
			}
			return client.CancelCommunityRequestWithResponse(ctx, c.ID, id)
		})
		require.Equal(t, map[string]int{"OK": 1, "Conflict REQUEST_DECIDED": 1}, got)
		found, err := s.as(s.owner).ListCommunityRequestsWithResponse(t.Context(), c.ID, &portalapi.ListCommunityRequestsParams{Status: ptr(portalapi.RequestStatusApproved)})
		approved := false
		for _, r := range fine(t, found, err).JSON200.Items {
			approved = approved || r.ID == id
		}
		require.Equal(t, approved, s.role(who, c.ID) == "member", "in exactly when approved")
	}
}

func TestAHundredJoins(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyOpen)
	team := s.team(c.ID, portalapi.JoinPolicyOpen)
	crowd := s.crowd(100)
	got := s.atOnce(crowd, func(ctx context.Context, client *portalapi.ClientWithResponses, i int) (answer, error) {
		if i%2 == 0 {
			return client.JoinTeamWithResponse(ctx, team.ID) // by way of the community
		}
		return client.JoinCommunityWithResponse(ctx, c.ID)
	})
	require.Equal(t, map[string]int{"OK": 100}, got)
	require.EqualValues(t, 101, s.count(c.ID))
	same := make([]domain.Actor, 30)
	for i := range same {
		same[i] = s.member
	}
	got = s.atOnce(same, func(ctx context.Context, client *portalapi.ClientWithResponses, _ int) (answer, error) {
		return client.JoinCommunityWithResponse(ctx, c.ID)
	})
	require.Equal(t, map[string]int{"OK": 30}, got)
	require.EqualValues(t, 102, s.count(c.ID), "one joining thirty times is one member")
	require.Len(t, s.access.Known(), 102+51, "access knows all of them")
}

func TestJoiningATeamWhileLeavingItsCommunity(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyOpen)
	team := s.team(c.ID, portalapi.JoinPolicyOpen)
	for range 10 {
		who := s.colleague()
		joined, err := s.as(who).JoinCommunityWithResponse(t.Context(), c.ID)
		fine(t, joined, err)
		got := s.atOnce([]domain.Actor{who, who}, func(ctx context.Context, client *portalapi.ClientWithResponses, i int) (answer, error) {
			if i == 0 {
				return client.JoinTeamWithResponse(ctx, team.ID)
			}
			return client.LeaveCommunityWithResponse(ctx, c.ID)
		})
		require.Equal(t, map[string]int{"OK": 2}, got)
		require.Equal(t, s.role(who, c.ID), s.teamRole(who, team.ID), "in both or in neither")
	}
}
