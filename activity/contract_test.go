package activity_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/activity/domain"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit/service"
)

// A person who is a member of two tenants, and has the same subscription in both, sees in each what happened there.
func TestAMemberOfTwoTenantsSeesEachForItself(t *testing.T) {
	t.Parallel()
	s := start(t)
	here := s.Actor(allPermissions...)
	there := authz.Actor{Tenant: uuid.New(), User: here.User}
	s.Access.Member(there, allPermissions...)
	community := uuid.New()
	in := func(tenant uuid.UUID) string {
		return put(t, s, func(d *domain.ItemData) { d.TenantID, d.Scope = tenant, authz.CommunityScope(community) }).Data().SourceRef
	}
	for _, a := range []authz.Actor{here, there} {
		subscribe(t, s, a, scopeOf("COMMUNITY", community))
		markRead(t, s, a)
	}
	s.Clock.Advance(time.Minute)
	first, second := in(here.Tenant), in(there.Tenant)
	require.Equal(t, []string{first}, feedOf(t, s, here, activityapi.ListFeedParams{}))
	require.Equal(t, []string{second}, feedOf(t, s, there, activityapi.ListFeedParams{}))
	require.Equal(t, []int{1, 1}, []int{unread(t, s, here), unread(t, s, there)})
	markRead(t, s, here)
	require.Equal(t, []int{0, 1}, []int{unread(t, s, here), unread(t, s, there)})
}

func TestWhoIsSuspendedOrBannedHasNoFeed(t *testing.T) {
	t.Parallel()
	s := start(t)
	reader := s.Actor(allPermissions...)
	for _, flags := range []reqctx.Flags{{Suspended: true}, {Banned: true}} {
		rc := service.Context(reader)
		flags.MembershipStatus = rc.Flags.MembershipStatus
		rc.Flags = flags
		r, err := s.With("bff", rc).ListFeedWithResponse(t.Context(), &activityapi.ListFeedParams{})
		require.NoError(t, err)
		require.Equal(t, http.StatusForbidden, r.StatusCode(), "%s", r.Body)
	}
}

// What a page costs depends on no number of items: access is asked once for all of them, and for the posts among them once.
func TestALongPageAsksAccessAsOftenAsAShortOne(t *testing.T) {
	t.Parallel()
	n := startNews(t)
	ask := func() int {
		n.Access.TakeChecks()
		r, err := n.readerC.ListFeedWithResponse(t.Context(), &activityapi.ListFeedParams{Limit: new(100)})
		service.OK(t, r, err)
		_, calls := n.Access.TakeChecks()
		return calls
	}
	n.post(nil)
	short := ask()
	for range 20 {
		n.post(nil)
	}
	require.Equal(t, short, ask())
}

// Clients send a request again when its answer was lost.
func TestARepeatedUploadIsTheSamePicture(t *testing.T) {
	t.Parallel()
	n := startNews(t)
	ctx, in := service.Request(n.author), activityapi.NewsUploadRequest{Filename: "Big Stage!.PNG", ContentType: "image/png", SizeBytes: 10}
	first, err := n.authorC.RequestNewsUploadWithResponse(ctx, in)
	made := service.OK(t, first, err).JSON200
	require.Equal(t, 900, made.ExpiresIn)
	again, err := n.authorC.RequestNewsUploadWithResponse(ctx, in)
	require.Equal(t, made.Key, service.OK(t, again, err).JSON200.Key)
	other, err := n.authorC.RequestNewsUploadWithResponse(t.Context(), in)
	require.NotEqual(t, made.Key, service.OK(t, other, err).JSON200.Key)
}

func TestLengthsAreBounded(t *testing.T) {
	t.Parallel()
	n := startNews(t)
	long := strings.Repeat("ы", 300)
	upload, err := n.authorC.RequestNewsUploadWithResponse(t.Context(), activityapi.NewsUploadRequest{Filename: strings.Repeat("a", 255), ContentType: "image/png", SizeBytes: 1})
	require.Less(t, len(service.OK(t, upload, err).JSON200.Key), 256, "the beginning of a long name is left out")
	tag, err := n.authorC.CreateNewsWithResponse(t.Context(), activityapi.NewsCreate{Body: "b", Visibility: given(activityapi.NewsCreateVisibilityPublic), Tags: given([]string{long})})
	service.Invalid(t, tag, err, "tags.0")
	scope, err := n.authorC.CreateNewsWithResponse(t.Context(), activityapi.NewsCreate{Body: "b", Visibility: given(activityapi.NewsCreateVisibilityPublic), ScopeID: given(long)})
	service.Invalid(t, scope, err, "scope_id")
	id := n.post(nil).PayloadJSON.NewsID.String()
	comment, err := n.readerC.CreateNewsCommentWithResponse(t.Context(), id, activityapi.NewsCommentCreate{Body: strings.Repeat("ы", 2001)})
	service.Invalid(t, comment, err, "body")
	team, err := n.authorC.UpdateNewsWithResponse(t.Context(), id, activityapi.NewsUpdate{Visibility: given(activityapi.NewsUpdateVisibilityTeam)})
	service.Invalid(t, team, err, "visibility")
}
