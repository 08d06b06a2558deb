package gamification_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
)

func (s *fixture) nominate(by authz.Actor, achievement uuid.UUID, nominee authz.Actor) *gamificationapi.CreateNominationResponse {
	s.T.Helper()
	r, err := s.As(by).CreateNominationWithResponse(s.T.Context(), achievement, gamificationapi.NominationCreate{NomineeID: nominee.User, Text: "Helps everyone"})
	require.NoError(s.T, err)
	return r
}

func (s *fixture) nominated(by authz.Actor, achievement uuid.UUID, nominee authz.Actor) gamificationapi.Nomination {
	s.T.Helper()
	return *service.OK(s.T, s.nominate(by, achievement, nominee), nil).JSON201
}

func (s *fixture) approve(by authz.Actor, nomination uuid.UUID) *gamificationapi.ApproveNominationResponse {
	s.T.Helper()
	r, err := s.As(by).ApproveNominationWithResponse(s.T.Context(), nomination, gamificationapi.NominationApprove{Reason: some("Well deserved")})
	require.NoError(s.T, err)
	return r
}

func (s *fixture) inbox(by authz.Actor, status gamificationapi.NominationStatus) (ids []uuid.UUID) {
	s.T.Helper()
	r, err := s.As(by).ListNominationsWithResponse(s.T.Context(), &gamificationapi.ListNominationsParams{Status: &status})
	for _, n := range service.OK(s.T, r, err).JSON200.Items {
		ids = append(ids, n.ID)
	}
	return ids
}

func TestANominationIsApprovedOrDeclined(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.achievement(published)
	people := s.people(2)
	first, second := s.nominated(s.member, a.ID, people[0]), s.nominated(s.member, a.ID, people[1])
	require.Equal(t, []uuid.UUID{second.ID, first.ID}, s.inbox(s.admin, gamificationapi.NominationStatusOpen))
	approved := *service.OK(t, s.approve(s.admin, first.ID), nil).JSON200
	grants, err := s.As(s.member).ListGrantsWithResponse(t.Context(), a.ID, &gamificationapi.ListGrantsParams{})
	grant := service.OK(t, grants, err).JSON200.Items[0]
	require.Equal(t, []any{people[0].User, "Well deserved", s.admin.User}, []any{grant.RecipientID, grant.Reason.MustGet(), grant.IssuerID.MustGet()})
	now := s.Clock.Now().UTC()
	require.Equal(t, gamificationapi.Nomination{
		ID: first.ID, AchievementID: a.ID, NomineeID: people[0].User, NominatorID: some(s.member.User), Text: "Helps everyone",
		Status: gamificationapi.NominationStatusApproved, CreatedAt: now, DecidedAt: some(now), DecidedBy: some(s.admin.User),
		DecisionReason: null[string](), GrantID: some(grant.ID),
	}, approved)
	declined, err := s.As(s.admin).DeclineNominationWithResponse(t.Context(), second.ID, gamificationapi.NominationDecline{Reason: some("Not yet")})
	testkit.Filled(t, *service.OK(t, declined, err).JSON200, "GrantID")
	require.Equal(t, "Not yet", declined.JSON200.DecisionReason.MustGet())
	for _, id := range []uuid.UUID{first.ID, second.ID} {
		service.Refused(t, http.StatusConflict, "NOMINATION_DECIDED", s.approve(s.admin, id), nil)
	}
	require.Empty(t, s.inbox(s.admin, gamificationapi.NominationStatusOpen))
	mine, err := s.As(s.member).ListMyNominationsWithResponse(t.Context(), &gamificationapi.ListMyNominationsParams{Limit: new(1)})
	require.Equal(t, second.ID, service.OK(t, mine, err).JSON200.Items[0].ID)
	rest, err := s.As(s.member).ListMyNominationsWithResponse(t.Context(), &gamificationapi.ListMyNominationsParams{Cursor: new(mine.JSON200.NextCursor.MustGet())})
	require.Equal(t, first.ID, service.OK(t, rest, err).JSON200.Items[0].ID)
}

func TestANominationIsRefused(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.achievement(published)
	people := s.people(21)
	s.nominated(s.member, a.ID, people[0])
	service.Refused(t, http.StatusConflict, "ALREADY_EXISTS", s.nominate(s.member, a.ID, people[0]), nil)
	s.nominated(s.maker, a.ID, people[0])
	service.Invalid(t, s.nominate(s.member, a.ID, s.member), nil, "nominee_id")
	service.Invalid(t, s.nominate(s.member, a.ID, s.Actor(memberKeys...)), nil, "nominee_id")
	s.grant(a.ID, people[20])
	service.Refused(t, http.StatusConflict, "ALREADY_HELD", s.nominate(s.member, a.ID, people[20]), nil)
	service.Refused(t, http.StatusConflict, "ACHIEVEMENT_NOT_PUBLISHED", s.nominate(s.admin, s.achievement().ID, people[1]), nil)
	for _, person := range people[1:20] {
		s.nominated(s.member, a.ID, person)
	}
	service.Refused(t, http.StatusConflict, "TOO_MANY_PENDING", s.nominate(s.member, a.ID, s.maker), nil)

	// Those who grant decide, except about themselves, and only in their scope.
	own := s.nominated(s.maker, a.ID, s.admin)
	service.Refused(t, http.StatusForbidden, "FORBIDDEN", s.approve(s.admin, own.ID), nil)
	service.Refused(t, http.StatusForbidden, "FORBIDDEN", s.approve(s.member, own.ID), nil)
	service.Refused(t, http.StatusNotFound, "NOMINATION_NOT_FOUND", s.approve(s.Outsider(adminKeys...), own.ID), nil)
	hidden := s.achievement(published)
	kept := s.nominated(s.member2(), hidden.ID, people[1])
	service.OK(t, s.move(s.admin, hidden.ID, gamificationapi.AchievementUpdateStatusHidden), nil)
	service.Refused(t, http.StatusConflict, "ACHIEVEMENT_NOT_PUBLISHED", s.approve(s.admin, kept.ID), nil)
	service.Refused(t, http.StatusNotFound, "NOMINATION_NOT_FOUND", s.approve(s.member, kept.ID), nil)

	chess := authz.CommunityScope(uuid.New())
	s.group(chess, groups.Active)
	local := s.nominated(s.admin, s.achievement(published, in(chess)).ID, people[2])
	moderator := s.Actor(memberKeys...)
	s.Access.Grant(moderator, chess, adminKeys...)
	s.join(moderator, chess)
	require.Equal(t, []uuid.UUID{local.ID}, s.inbox(moderator, gamificationapi.NominationStatusOpen))
	refused, err := s.As(s.member).ListNominationsWithResponse(t.Context(), &gamificationapi.ListNominationsParams{})
	service.Refused(t, http.StatusForbidden, "FORBIDDEN", refused, err)
}

// member2 is another member, without open nominations.
func (s *fixture) member2() authz.Actor { return s.people(1)[0] }

func (s *fixture) withdraw(by authz.Actor, id uuid.UUID) *gamificationapi.WithdrawNominationResponse {
	s.T.Helper()
	r, err := s.As(by).WithdrawNominationWithResponse(s.T.Context(), id)
	require.NoError(s.T, err)
	return r
}

func TestANominationIsWithdrawn(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.achievement(published)
	people := s.people(2)
	made := s.nominated(s.member, a.ID, people[0])
	for _, by := range []authz.Actor{s.admin, people[0], s.Outsider(adminKeys...)} {
		service.Refused(t, http.StatusNotFound, "NOMINATION_NOT_FOUND", s.withdraw(by, made.ID), nil)
	}
	service.OK(t, s.withdraw(s.member, made.ID), nil)
	service.Refused(t, http.StatusNotFound, "NOMINATION_NOT_FOUND", s.withdraw(s.member, made.ID), nil)
	require.Empty(t, s.inbox(s.admin, gamificationapi.NominationStatusOpen))
	again := s.nominated(s.member, a.ID, people[0])
	service.OK(t, s.approve(s.admin, again.ID), nil)
	service.Refused(t, http.StatusConflict, "NOMINATION_DECIDED", s.withdraw(s.member, again.ID), nil)
}

// However many nominations race, a member has at most twenty that are open.
func TestRacingNominationsAreCounted(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.achievement(published)
	people := s.people(40)
	statuses := make([]int, len(people))
	var group sync.WaitGroup
	for i, person := range people {
		group.Go(func() {
			body := gamificationapi.NominationCreate{NomineeID: person.User, Text: "Helps everyone"}
			if r, err := s.As(s.member).CreateNominationWithResponse(t.Context(), a.ID, body); err == nil {
				statuses[i] = r.StatusCode()
			}
		})
	}
	group.Wait()
	counts := map[int]int{}
	for _, status := range statuses {
		counts[status]++
	}
	require.Equal(t, map[int]int{http.StatusCreated: 20, http.StatusConflict: 20}, counts)
}

// Fifty nominations of one member, approved at once, grant the achievement once.
func TestRacingApprovalsGrantOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.achievement(published)
	nominee := s.member
	var ids []uuid.UUID
	for _, nominator := range s.people(50) {
		ids = append(ids, s.nominated(nominator, a.ID, nominee).ID)
	}
	var group sync.WaitGroup
	statuses, grants := make([]int, len(ids)), make([]uuid.UUID, len(ids))
	for i, id := range ids {
		group.Go(func() {
			r, err := s.As(s.admin).ApproveNominationWithResponse(t.Context(), id, gamificationapi.NominationApprove{})
			if err != nil {
				return
			}
			if statuses[i] = r.StatusCode(); r.JSON200 != nil {
				grants[i], _ = r.JSON200.GrantID.Get()
			}
		})
	}
	group.Wait()
	for i, status := range statuses {
		require.Equal(t, http.StatusOK, status)
		require.Equal(t, grants[0], grants[i])
	}
	require.Equal(t, []uuid.UUID{nominee.User}, s.recipients(s.admin, a.ID, gamificationapi.ListGrantsParams{}))
	require.Equal(t, []string{"achievement.published", "grant.created"}, s.eventTypes())
}

// What has ended is history for three years.
func TestHistoryIsForgotten(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.achievement(published)
	people := s.people(2)
	s.grant(a.ID, people[1])
	service.OK(t, s.revoke(s.admin, s.grant(a.ID, people[0]).ID, ""), nil)
	decided := s.nominated(s.member, a.ID, people[0])
	declined, err := s.As(s.admin).DeclineNominationWithResponse(t.Context(), decided.ID, gamificationapi.NominationDecline{})
	service.OK(t, declined, err)
	open := s.nominated(s.maker, a.ID, people[0])
	left := func() (grants, nominations int) {
		s.T.Helper()
		require.NoError(t, s.lifecycle.Forget(t.Context()))
		all, err := s.As(s.admin).ListNominationsWithResponse(t.Context(), &gamificationapi.ListNominationsParams{})
		for _, n := range service.OK(t, all, err).JSON200.Items {
			require.Contains(t, []uuid.UUID{decided.ID, open.ID}, n.ID)
		}
		return len(s.recipients(s.admin, a.ID, gamificationapi.ListGrantsParams{State: new(gamificationapi.ListGrantsParamsStateAll)})), len(all.JSON200.Items)
	}
	s.Clock.Advance(3 * 365 * 24 * time.Hour)
	grants, nominations := left()
	require.Equal(t, []int{2, 2}, []int{grants, nominations})
	s.Clock.Advance(2 * 24 * time.Hour)
	grants, nominations = left()
	require.Equal(t, []int{1, 1}, []int{grants, nominations}, "what has not ended stays")
}

func TestARepeatedNominationReturnsTheFirst(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.achievement(published)
	ctx := service.Request(s.member)
	var ids []uuid.UUID
	for range 2 {
		r, err := s.As(s.member).CreateNominationWithResponse(ctx, a.ID, gamificationapi.NominationCreate{NomineeID: s.maker.User, Text: "Helps everyone"})
		ids = append(ids, service.OK(t, r, err).JSON201.ID)
	}
	require.Equal(t, ids[0], ids[1])
	require.Equal(t, ids[:1], s.inbox(s.admin, gamificationapi.NominationStatusOpen))
}
