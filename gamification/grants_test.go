package gamification_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/gamification/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
)

// grant grants an achievement in the name of the administrator.
func (s *fixture) grant(achievement uuid.UUID, to authz.Actor, change ...func(*gamificationapi.GrantCreate)) gamificationapi.Grant {
	s.T.Helper()
	body := gamificationapi.GrantCreate{RecipientID: to.User}
	for _, c := range change {
		c(&body)
	}
	r, err := s.As(s.admin).CreateGrantWithResponse(s.T.Context(), achievement, body)
	return *service.OK(s.T, r, err).JSON201
}

func private(b *gamificationapi.GrantCreate) {
	b.Visibility, b.Reason = new(gamificationapi.GrantVisibilityPrivate), some("quietly")
}

func (s *fixture) try(by authz.Actor, achievement uuid.UUID, to authz.Actor) *gamificationapi.CreateGrantResponse {
	s.T.Helper()
	r, err := s.As(by).CreateGrantWithResponse(s.T.Context(), achievement, gamificationapi.GrantCreate{RecipientID: to.User})
	require.NoError(s.T, err)
	return r
}

func (s *fixture) recipients(by authz.Actor, achievement uuid.UUID, p gamificationapi.ListGrantsParams) (users []uuid.UUID) {
	s.T.Helper()
	r, err := s.As(by).ListGrantsWithResponse(s.T.Context(), achievement, &p)
	for _, g := range service.OK(s.T, r, err).JSON200.Items {
		users = append(users, g.RecipientID)
	}
	return users
}

// held are the names of what a member has, as a caller sees it.
func (s *fixture) held(by, of authz.Actor) (names []string) {
	s.T.Helper()
	r, err := s.As(by).ListUserGrantsWithResponse(s.T.Context(), of.User, &gamificationapi.ListUserGrantsParams{})
	for _, h := range service.OK(s.T, r, err).JSON200.Items {
		require.Equal(s.T, h.Grant.AchievementID, h.Achievement.ID)
		names = append(names, h.Achievement.NameI18N["en"])
	}
	return names
}

func (s *fixture) revoke(by authz.Actor, grant uuid.UUID, reason string) *gamificationapi.RevokeGrantResponse {
	s.T.Helper()
	r, err := s.As(by).RevokeGrantWithResponse(s.T.Context(), grant, gamificationapi.GrantRevoke{Reason: some(reason)})
	require.NoError(s.T, err)
	return r
}

func (s *fixture) eventTypes() (types []string) {
	for _, e := range s.Events() {
		types = append(types, strings.TrimPrefix(e.Type, "gamification."))
	}
	return types
}

// Granting again answers with the grant that there is; a grant after a revocation is a new one.
func TestAnAchievementIsGrantedAndRevokedOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.achievement(published, func(b *gamificationapi.AchievementCreate) { b.ExpiresAfterDays = some(30) })
	first := s.grant(a.ID, s.member, func(b *gamificationapi.GrantCreate) { b.Reason = some(" For the cup ") })
	now := s.Clock.Now().UTC()
	want := gamificationapi.Grant{
		ID: first.ID, AchievementID: a.ID, RecipientID: s.member.User, IssuerID: some(s.admin.User), Reason: some("For the cup"),
		Visibility: gamificationapi.GrantVisibilityPublic, CreatedAt: now, ExpiresAt: some(now.AddDate(0, 0, 30)),
		EndedAt: null[time.Time](), RevokedAt: null[time.Time](), RevokedBy: null[uuid.UUID](), RevokeReason: null[string](),
	}
	require.Equal(t, want, first)
	again := s.try(s.admin, a.ID, s.member)
	require.Equal(t, http.StatusOK, again.StatusCode())
	require.Equal(t, want, *again.JSON200)

	revoked := service.OK(t, s.revoke(s.admin, first.ID, "By mistake"), nil).JSON200
	want.EndedAt, want.RevokedAt, want.RevokedBy, want.RevokeReason = some(now), some(now), some(s.admin.User), some("By mistake")
	testkit.Filled(t, want)
	require.Equal(t, want, *revoked)
	require.Equal(t, want, *service.OK(t, s.revoke(s.maker2(), first.ID, "again"), nil).JSON200, "what has ended stays as it is")
	require.Empty(t, s.recipients(s.admin, a.ID, gamificationapi.ListGrantsParams{}))
	second := s.grant(a.ID, s.member)
	require.NotEqual(t, first.ID, second.ID)
	require.Len(t, s.recipients(s.admin, a.ID, gamificationapi.ListGrantsParams{State: new(gamificationapi.ListGrantsParamsStateAll)}), 2)
	require.Equal(t, []string{"achievement.published", "grant.created", "grant.revoked", "grant.created"}, s.eventTypes())

	refused, err := s.As(s.member).ListGrantsWithResponse(t.Context(), a.ID, &gamificationapi.ListGrantsParams{State: new(gamificationapi.ListGrantsParamsStateAll)})
	service.Refused(t, http.StatusForbidden, "FORBIDDEN", refused, err)
	service.Refused(t, http.StatusForbidden, "FORBIDDEN", s.revoke(s.member, second.ID, ""), nil)
	service.Refused(t, http.StatusForbidden, "FORBIDDEN", s.try(s.member, a.ID, s.maker), nil)
}

// maker2 is another administrator.
func (s *fixture) maker2() authz.Actor { return s.Actor(adminKeys...) }

// The old portal revokes without a body.
func TestAGrantIsRevokedWithoutABody(t *testing.T) {
	t.Parallel()
	s := start(t)
	grant := s.grant(s.achievement(published).ID, s.member)
	r, err := s.As(s.admin).RevokeGrantWithBodyWithResponse(t.Context(), grant.ID, "application/json", http.NoBody)
	require.False(t, service.OK(t, r, err).JSON200.RevokedAt.IsNull())
}

func TestARaceForAGrantLeavesOne(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.achievement(published)
	var group sync.WaitGroup
	statuses, ids := make([]int, 100), make([]uuid.UUID, 100)
	for i := range statuses {
		group.Go(func() {
			r, err := s.As(s.admin).CreateGrantWithResponse(t.Context(), a.ID, gamificationapi.GrantCreate{RecipientID: s.member.User})
			if err != nil {
				return
			}
			switch statuses[i] = r.StatusCode(); {
			case r.JSON200 != nil:
				ids[i] = r.JSON200.ID
			case r.JSON201 != nil:
				ids[i] = r.JSON201.ID
			}
		})
	}
	group.Wait()
	made := 0
	for i, status := range statuses {
		require.Contains(t, []int{http.StatusOK, http.StatusCreated}, status)
		require.Equal(t, ids[0], ids[i])
		if status == http.StatusCreated {
			made++
		}
	}
	require.Equal(t, 1, made)
	require.Equal(t, []uuid.UUID{s.member.User}, s.recipients(s.admin, a.ID, gamificationapi.ListGrantsParams{}))
	require.Equal(t, []string{"achievement.published", "grant.created"}, s.eventTypes())
}

func TestALimitedAchievementIsNotGrantedMoreOftenInARace(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.achievement(published, func(b *gamificationapi.AchievementCreate) {
		b.Kind, b.MaxGrants = new(gamificationapi.AchievementKindLimited), some(3)
	})
	people := s.people(12)
	var group sync.WaitGroup
	statuses := make([]int, len(people))
	for i, person := range people {
		group.Go(func() {
			if r, err := s.As(s.admin).CreateGrantWithResponse(t.Context(), a.ID, gamificationapi.GrantCreate{RecipientID: person.User}); err == nil {
				statuses[i] = r.StatusCode()
			}
		})
	}
	group.Wait()
	counts := map[int]int{}
	for _, status := range statuses {
		counts[status]++
	}
	require.Equal(t, map[int]int{http.StatusCreated: 3, http.StatusConflict: 9}, counts)
	grants, err := s.As(s.admin).ListGrantsWithResponse(t.Context(), a.ID, &gamificationapi.ListGrantsParams{})
	first := service.OK(t, grants, err).JSON200.Items[0]
	service.OK(t, s.revoke(s.admin, first.ID, ""), nil)
	require.Equal(t, http.StatusCreated, s.try(s.admin, a.ID, s.people(1)[0]).StatusCode(), "a revoked one is free again")
	service.Refused(t, http.StatusConflict, "NO_GRANTS_LEFT", s.try(s.admin, a.ID, s.people(1)[0]), nil)
}

func TestWhoCanGetAnAchievement(t *testing.T) {
	t.Parallel()
	s := start(t)
	basis := s.achievement(published)
	a := s.achievement(published, func(b *gamificationapi.AchievementCreate) { b.Prerequisites = []uuid.UUID{basis.ID} })
	service.Refused(t, http.StatusConflict, "PREREQUISITES_MISSING", s.try(s.admin, a.ID, s.member), nil)
	s.grant(basis.ID, s.member)
	require.Equal(t, http.StatusCreated, s.try(s.admin, a.ID, s.member).StatusCode())

	service.Invalid(t, s.try(s.admin, basis.ID, s.admin), nil, "recipient_id")
	service.Invalid(t, s.try(s.admin, basis.ID, s.Actor(memberKeys...)), nil, "recipient_id")
	left := s.people(1)[0]
	s.members(false, left)
	service.Invalid(t, s.try(s.admin, basis.ID, left), nil, "recipient_id")

	draft := s.achievement()
	service.Refused(t, http.StatusConflict, "ACHIEVEMENT_NOT_PUBLISHED", s.try(s.admin, draft.ID, s.member), nil)
	long, err := s.As(s.admin).CreateGrantWithResponse(t.Context(), basis.ID, gamificationapi.GrantCreate{RecipientID: s.maker.User, Reason: some("\u202e")})
	service.Invalid(t, long, err, "reason")
}

func TestAnIssuerGrantsAnAchievementSoOftenInADay(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.achievement(published, func(b *gamificationapi.AchievementCreate) { b.IssuerDailyLimit = some(2) })
	people := s.people(4)
	s.grant(a.ID, people[0])
	s.grant(a.ID, people[1])
	service.Refused(t, http.StatusTooManyRequests, "RATE_LIMITED", s.try(s.admin, a.ID, people[2]), nil)
	require.Equal(t, http.StatusCreated, s.try(s.maker2(), a.ID, people[2]).StatusCode(), "another issuer")
	s.Clock.Advance(24*time.Hour + time.Second)
	require.Equal(t, http.StatusCreated, s.try(s.admin, a.ID, people[3]).StatusCode())
}

func TestARepeatableAchievementIsGrantedAgainAndAgain(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.achievement(published, func(b *gamificationapi.AchievementCreate) { b.Kind = new(gamificationapi.AchievementKindRepeatable) })
	first, second := s.grant(a.ID, s.member), s.grant(a.ID, s.member)
	require.NotEqual(t, first.ID, second.ID)
	ctx, body := service.Request(s.admin), gamificationapi.GrantCreate{RecipientID: s.member.User}
	third, err := s.As(s.admin).CreateGrantWithResponse(ctx, a.ID, body)
	repeated, err2 := s.As(s.admin).CreateGrantWithResponse(ctx, a.ID, body)
	require.Equal(t, service.OK(t, third, err).JSON201.ID, service.OK(t, repeated, err2).JSON200.ID)
	for range 2 { // the bulk as well
		ctx := service.Request(s.admin)
		for range 2 {
			r, err := s.As(s.admin).CreateGrantsWithResponse(ctx, a.ID, gamificationapi.GrantsCreate{RecipientIds: []uuid.UUID{s.member.User}})
			require.Equal(t, 1, service.OK(t, r, err).JSON200.Granted)
		}
	}
	require.Len(t, s.recipients(s.admin, a.ID, gamificationapi.ListGrantsParams{}), 5)
}

func TestGrantsExpire(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.achievement(published, func(b *gamificationapi.AchievementCreate) { b.ExpiresAfterDays = some(7) })
	first := s.grant(a.ID, s.member)
	s.Clock.Advance(7*24*time.Hour - time.Second)
	require.NoError(t, s.lifecycle.ExpireGrants(t.Context()))
	require.Len(t, s.recipients(s.member, a.ID, gamificationapi.ListGrantsParams{}), 1)
	s.Clock.Advance(time.Second)
	second := s.grant(a.ID, s.member) // before the job has run
	require.NotEqual(t, first.ID, second.ID)
	s.Clock.Advance(7 * 24 * time.Hour)
	require.NoError(t, s.lifecycle.ExpireGrants(t.Context()))
	require.Empty(t, s.recipients(s.admin, a.ID, gamificationapi.ListGrantsParams{}))
	all, err := s.As(s.admin).ListGrantsWithResponse(t.Context(), a.ID, &gamificationapi.ListGrantsParams{State: new(gamificationapi.ListGrantsParamsStateAll)})
	for _, g := range service.OK(t, all, err).JSON200.Items {
		require.Equal(t, g.ExpiresAt, g.EndedAt)
		require.True(t, g.RevokedAt.IsNull())
	}
}

// Private grants are seen by their recipient and by those who see private ones. Those who have a secret or hidden achievement see it.
func TestWhoSeesWhichGrant(t *testing.T) {
	t.Parallel()
	s := start(t)
	open, quiet, hidden, unknown := s.achievement(named("open"), published), s.achievement(named("quiet"), published),
		s.achievement(named("hidden"), published), s.achievement(named("secret"), published, secret)
	other := s.people(1)[0]
	s.grant(open.ID, s.member)
	s.grant(quiet.ID, s.member, private)
	s.grant(hidden.ID, s.member)
	s.grant(unknown.ID, s.member)
	service.OK(t, s.move(s.admin, hidden.ID, gamificationapi.AchievementUpdateStatusHidden), nil)

	require.Equal(t, []string{"secret", "hidden", "quiet", "open"}, s.held(s.member, s.member))
	require.Equal(t, []string{"open"}, s.held(other, s.member))
	require.Equal(t, []string{"secret", "hidden", "quiet", "open"}, s.held(s.admin, s.member))
	mine, err := s.As(s.member).ListMyGrantsWithResponse(t.Context(), &gamificationapi.ListMyGrantsParams{Limit: new(3)})
	require.Len(t, service.OK(t, mine, err).JSON200.Items, 3)
	rest, err := s.As(s.member).ListMyGrantsWithResponse(t.Context(), &gamificationapi.ListMyGrantsParams{Cursor: new(mine.JSON200.NextCursor.MustGet())})
	require.Len(t, service.OK(t, rest, err).JSON200.Items, 1)

	all := gamificationapi.ListGrantsParams{}
	require.Len(t, s.recipients(s.member, quiet.ID, all), 1)
	require.Empty(t, s.recipients(other, quiet.ID, all))
	require.Empty(t, s.recipients(other, quiet.ID, gamificationapi.ListGrantsParams{Visibility: new(gamificationapi.GrantVisibilityPrivate)}))
	require.Len(t, s.recipients(s.admin, quiet.ID, gamificationapi.ListGrantsParams{Visibility: new(gamificationapi.GrantVisibilityPrivate)}), 1)
	require.Empty(t, s.recipients(s.admin, quiet.ID, gamificationapi.ListGrantsParams{Visibility: new(gamificationapi.GrantVisibilityPublic)}))

	require.Equal(t, []string{"secret", "hidden", "quiet", "open"}, s.list(s.member, gamificationapi.ListAchievementsParams{}))
	require.Equal(t, []string{"quiet", "open"}, s.list(other, gamificationapi.ListAchievementsParams{}))
	for _, id := range []uuid.UUID{hidden.ID, unknown.ID} {
		got, err := s.As(s.member).GetAchievementWithResponse(t.Context(), id)
		service.OK(t, got, err)
		gone, err := s.As(other).GetAchievementWithResponse(t.Context(), id)
		service.Refused(t, http.StatusNotFound, "ACHIEVEMENT_NOT_FOUND", gone, err)
	}
	grant := s.grant(unknown.ID, other, private)
	service.Refused(t, http.StatusNotFound, "GRANT_NOT_FOUND", s.revoke(s.member, grant.ID, ""), nil)
	service.Refused(t, http.StatusNotFound, "GRANT_NOT_FOUND", s.revoke(s.Outsider(adminKeys...), grant.ID, ""), nil)
}

func TestManyMembersAreGrantedAtOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.achievement(published, func(b *gamificationapi.AchievementCreate) {
		b.Kind, b.MaxGrants = new(gamificationapi.AchievementKindLimited), some(4)
	})
	people := s.people(4)
	s.grant(a.ID, people[0])
	table := strings.Join([]string{
		"user_id;reason", people[0].User.String(), people[1].User.String() + `;"first; of all"`, "nonsense", s.admin.User.String(),
		people[2].User.String(), people[1].User.String(), people[3].User.String(), s.member.User.String(),
	}, "\r\n")
	outcomes := func(body gamificationapi.GrantsCreate) (all []string) {
		r, err := s.As(s.admin).CreateGrantsWithResponse(t.Context(), a.ID, body)
		for _, item := range service.OK(t, r, err).JSON200.Items {
			code, _ := item.Code.Get()
			all = append(all, strings.TrimSpace(string(item.Outcome)+" "+code))
		}
		require.Equal(t, []int{3, 1, 4}, []int{r.JSON200.Granted, r.JSON200.Held, r.JSON200.Refused})
		require.Equal(t, []any{4, "nonsense"}, []any{r.JSON200.Items[2].Line, r.JSON200.Items[2].Recipient})
		return all
	}
	want := []string{"held", "granted", "refused INVALID_FORMAT", "refused NOT_ALLOWED", "granted", "refused DUPLICATE", "granted", "refused NO_GRANTS_LEFT"}
	require.Equal(t, want, outcomes(gamificationapi.GrantsCreate{Csv: &table, DryRun: new(true)}))
	require.Len(t, s.recipients(s.admin, a.ID, gamificationapi.ListGrantsParams{}), 1, "a dry run grants nothing")
	require.Equal(t, want, outcomes(gamificationapi.GrantsCreate{Csv: &table, Reason: some("Together")}))
	r, err := s.As(s.admin).ListGrantsWithResponse(t.Context(), a.ID, &gamificationapi.ListGrantsParams{})
	reasons := map[uuid.UUID]string{}
	for _, g := range service.OK(t, r, err).JSON200.Items {
		reasons[g.RecipientID], _ = g.Reason.Get()
	}
	require.Equal(t, map[uuid.UUID]string{people[0].User: "", people[1].User: "first; of all", people[2].User: "Together", people[3].User: "Together"}, reasons)

	for field, body := range map[string]gamificationapi.GrantsCreate{
		"recipient_ids": {},
		"csv":           {Csv: new(strings.Repeat("x\n", 201))},
	} {
		refused, err := s.As(s.admin).CreateGrantsWithResponse(t.Context(), a.ID, body)
		service.Invalid(t, refused, err, field)
	}
}

// Who was present at an event is granted an achievement by those who may see who was.
func TestAttendeesOfAnEventAreGrantedAnAchievement(t *testing.T) {
	t.Parallel()
	s := start(t)
	a, event, date := s.achievement(published), uuid.New(), uuid.New()
	chess := authz.CommunityScope(uuid.New())
	people := s.people(4)
	present := func(user authz.Actor, at time.Time, undone bool, on uuid.UUID) {
		f := attended(user, event, at, undone)
		f.Key, f.Object = on.String(), event.String()
		f.Fields = map[string]string{"scope_type": string(chess.Type), "scope": chess.ID.String(), "event": event.String()}
		s.tell(f)
	}
	now := s.Clock.Now()
	for _, user := range append(people[:3:3], s.admin) {
		present(user, now, false, date)
	}
	present(people[1], now.Add(time.Minute), true, date)
	present(people[3], now, false, uuid.New())
	s.grant(a.ID, people[2])

	many := func(by authz.Actor, of gamificationapi.GrantsEvent, dry bool) *gamificationapi.CreateGrantsResponse {
		r, err := s.As(by).CreateGrantsWithResponse(t.Context(), a.ID, gamificationapi.GrantsCreate{Event: &of, DryRun: &dry})
		require.NoError(t, err)
		return r
	}
	outcomes := func(of gamificationapi.GrantsEvent, dry bool) map[string]string {
		found := map[string]string{}
		for _, item := range service.OK(t, many(s.admin, of, dry), nil).JSON200.Items {
			found[item.Recipient] = string(item.Outcome)
		}
		return found
	}
	whole := gamificationapi.GrantsEvent{EventID: event}
	service.Invalid(t, many(s.admin, whole, true), nil, "event.event_id")
	s.Access.Grant(s.admin, chess, domain.PermissionAttendanceMark)
	first, third, fourth := people[0].User.String(), people[2].User.String(), people[3].User.String()
	onDate := gamificationapi.GrantsEvent{EventID: event, OccurrenceID: &date}
	require.Equal(t, map[string]string{first: "granted", third: "held"}, outcomes(onDate, true))
	require.Len(t, s.recipients(s.admin, a.ID, gamificationapi.ListGrantsParams{}), 1, "a dry run grants nothing")
	require.Equal(t, map[string]string{first: "granted", third: "held", fourth: "granted"}, outcomes(whole, false))
	require.Len(t, s.recipients(s.admin, a.ID, gamificationapi.ListGrantsParams{}), 3)

	service.Invalid(t, many(s.admin, gamificationapi.GrantsEvent{EventID: uuid.New()}, true), nil, "event.event_id")
	both, err := s.As(s.admin).CreateGrantsWithResponse(t.Context(), a.ID, gamificationapi.GrantsCreate{Event: &whole, RecipientIds: []uuid.UUID{people[0].User}})
	service.Invalid(t, both, err, "recipient_ids")
	outsider := s.Outsider(append(adminKeys, domain.PermissionAttendanceMark)...)
	r, err := s.As(outsider).CreateGrantsWithResponse(t.Context(), a.ID, gamificationapi.GrantsCreate{Event: &whole})
	service.Refused(t, http.StatusNotFound, "ACHIEVEMENT_NOT_FOUND", r, err)
}

// A repeated request makes no second grant, also of what can be had again and again, and its report says the same.
func TestManyGrantsAreRepeatedSafely(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.achievement(published, func(b *gamificationapi.AchievementCreate) { b.Kind = new(gamificationapi.AchievementKindRepeatable) })
	var ids []uuid.UUID
	for _, person := range s.people(150) {
		ids = append(ids, person.User)
	}
	ids = append(ids, s.admin.User)
	ctx := service.Request(s.admin)
	var reports [2]gamificationapi.GrantReport
	for i := range reports {
		r, err := s.As(s.admin).CreateGrantsWithResponse(ctx, a.ID, gamificationapi.GrantsCreate{RecipientIds: ids})
		reports[i] = *service.OK(t, r, err).JSON200
	}
	require.Equal(t, reports[0], reports[1])
	require.Equal(t, []int{150, 1}, []int{reports[0].Granted, reports[0].Refused})
	other, err := s.As(s.admin).CreateGrantsWithResponse(ctx, a.ID, gamificationapi.GrantsCreate{RecipientIds: ids[:1]})
	service.Refused(t, http.StatusConflict, "IDEMPOTENCY_KEY_REUSED", other, err)
	more := s.eventTypes()
	require.Len(t, more, 151)
}

// The audit log says who granted what to whom, who revoked it, and why.
func TestTheAuditLogSaysWhoGrantedWhat(t *testing.T) {
	t.Parallel()
	s := start(t)
	a, revoker := s.achievement(published), s.maker2()
	grant := s.grant(a.ID, s.member, func(b *gamificationapi.GrantCreate) { b.Reason = some("For the cup") })
	service.OK(t, s.revoke(revoker, grant.ID, "By mistake"), nil)
	log, err := s.As(s.admin).ListAuditWithResponse(t.Context(), &gamificationapi.ListAuditParams{TargetID: new(grant.ID.String())})
	var said [][]any
	for _, e := range service.OK(t, log, err).JSON200.Items {
		said = append(said, []any{e.Action, e.ActorID.MustGet(), e.Reason, e.Metadata["achievement_id"], e.Metadata["user_id"]})
	}
	require.Equal(t, [][]any{
		{"grant.revoked", revoker.User, "By mistake", a.ID.String(), s.member.User.String()},
		{"grant.created", s.admin.User, "For the cup", a.ID.String(), s.member.User.String()},
	}, said)
}
