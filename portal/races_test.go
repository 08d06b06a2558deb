package portal_test

import (
	"context"
	"net/http"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/authz"
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
func (s *service) atOnce(actors []authz.Actor, send func(context.Context, *portalapi.ClientWithResponses, int) (answer, error)) map[string]int {
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

func (s *service) crowd(n int) []authz.Actor {
	crowd := make([]authz.Actor, n)
	for i := range crowd {
		crowd[i] = s.colleague()
	}
	return crowd
}

func (s *service) count(community uuid.UUID) int32 {
	s.t.Helper()
	r, err := s.as(s.admin).GetGroupWithResponse(s.t.Context(), community)
	return fine(s.t, r, err).JSON200.MemberCount
}

func TestConcurrentLeavesOfTwoOwners(t *testing.T) {
	s := start(t)
	for range 10 {
		c := s.community(portalapi.JoinPolicyInvite)
		s.put(c.ID, s.member, portalapi.RoleOwner)
		got := s.atOnce([]authz.Actor{s.owner, s.member}, func(ctx context.Context, c2 *portalapi.ClientWithResponses, _ int) (answer, error) {
			return c2.LeaveGroupWithResponse(ctx, c.ID)
		})
		require.Equal(t, map[string]int{"No Content": 1, "Conflict LAST_OWNER": 1}, got)
		require.EqualValues(t, 1, s.count(c.ID))
	}
}

func TestConcurrentDemotionsOfTwoOwners(t *testing.T) {
	s := start(t)
	for range 10 {
		c := s.community(portalapi.JoinPolicyInvite)
		s.put(c.ID, s.member, portalapi.RoleOwner)
		others := []uuid.UUID{s.member.User, s.owner.User}
		s.atOnce([]authz.Actor{s.owner, s.member}, func(ctx context.Context, c2 *portalapi.ClientWithResponses, i int) (answer, error) {
			return c2.ChangeGroupMemberRoleWithResponse(ctx, c.ID, others[i], portalapi.RoleChange{Role: portalapi.RoleMember})
		})
		roles := []string{s.role(s.owner, c.ID), s.role(s.member, c.ID)}
		require.ElementsMatch(t, []string{"owner", "member"}, roles)
	}
}

func TestConcurrentUsesOfTheLastUseOfALink(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyInvite)
	link, err := s.as(s.owner).CreateInviteLinkWithResponse(t.Context(), c.ID, portalapi.InviteLinkCreate{MaxUses: some[int32](1)})
	token := fine(t, link, err).JSON201.Token
	got := s.atOnce(s.crowd(50), func(ctx context.Context, client *portalapi.ClientWithResponses, _ int) (answer, error) {
		return client.AcceptInviteLinkWithResponse(ctx, portalapi.InviteLinkToken{Token: token})
	})
	require.Equal(t, map[string]int{"OK": 1, "Gone INVITE_USED_UP": 49}, got)
	require.EqualValues(t, 2, s.count(c.ID))
}

func TestConcurrentApprovalAndCancellation(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyRequest)
	for range 10 {
		who := s.colleague()
		asked, err := s.as(who).CreateJoinRequestWithResponse(t.Context(), c.ID, portalapi.JoinRequestCreate{})
		id := fine(t, asked, err).JSON201.ID
		got := s.atOnce([]authz.Actor{s.owner, who}, func(ctx context.Context, client *portalapi.ClientWithResponses, i int) (answer, error) {
			if i == 0 {
				return client.ApproveJoinRequestWithResponse(ctx, c.ID, id)
			}
			return client.CancelJoinRequestWithResponse(ctx, c.ID, id)
		})
		require.Equal(t, map[string]int{"OK": 1, "Conflict REQUEST_DECIDED": 1}, got)
		found, err := s.as(s.owner).ListJoinRequestsWithResponse(t.Context(), c.ID, &portalapi.ListJoinRequestsParams{Status: ptr(portalapi.RequestStatusApproved)})
		approved := false
		for _, r := range fine(t, found, err).JSON200.Items {
			approved = approved || r.ID == id
		}
		require.Equal(t, approved, s.role(who, c.ID) == "member", "in exactly when approved")
	}
}

func TestConcurrentJoins(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyOpen)
	team := s.team(c.ID, portalapi.JoinPolicyOpen)
	crowd := s.crowd(100)
	got := s.atOnce(crowd, func(ctx context.Context, client *portalapi.ClientWithResponses, i int) (answer, error) {
		if i%2 == 0 {
			return client.JoinGroupWithResponse(ctx, team.ID) // by way of the community
		}
		return client.JoinGroupWithResponse(ctx, c.ID)
	})
	require.Equal(t, map[string]int{"OK": 100}, got)
	require.EqualValues(t, 101, s.count(c.ID))
	same := make([]authz.Actor, 30)
	for i := range same {
		same[i] = s.member
	}
	got = s.atOnce(same, func(ctx context.Context, client *portalapi.ClientWithResponses, _ int) (answer, error) {
		return client.JoinGroupWithResponse(ctx, c.ID)
	})
	require.Equal(t, map[string]int{"OK": 30}, got)
	require.EqualValues(t, 102, s.count(c.ID), "one joining thirty times is one member")
	require.Len(t, s.knownRoles(), 102+51, "access knows all of them")
}

func TestJoiningATeamWhileLeavingItsCommunity(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyOpen)
	team := s.team(c.ID, portalapi.JoinPolicyOpen)
	for range 10 {
		who := s.colleague()
		joined, err := s.as(who).JoinGroupWithResponse(t.Context(), c.ID)
		fine(t, joined, err)
		got := s.atOnce([]authz.Actor{who, who}, func(ctx context.Context, client *portalapi.ClientWithResponses, i int) (answer, error) {
			if i == 0 {
				return client.JoinGroupWithResponse(ctx, team.ID)
			}
			return client.LeaveGroupWithResponse(ctx, c.ID)
		})
		require.Equal(t, map[string]int{"OK": 1, "No Content": 1}, got)
		require.Equal(t, s.role(who, c.ID), s.teamRole(who, team.ID), "in both or in neither")
	}
}
