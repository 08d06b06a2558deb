package app_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/authz/authztest"
	"go.updspace.com/libs/errs"
	"go.updspace.com/portal/app"
	contentapp "go.updspace.com/portal/content/app"
	contentdomain "go.updspace.com/portal/content/domain"
	contentports "go.updspace.com/portal/content/ports"
	groupsapp "go.updspace.com/portal/groups/app"
	groupsdomain "go.updspace.com/portal/groups/domain"
	groupsports "go.updspace.com/portal/groups/ports"
	"go.updspace.com/portal/ports/portstest"
	"go.updspace.com/tools/devkit/testkit"
)

var errStorage = errors.New("storage is away")

// quota counts the uses of each user.
type quota struct {
	taken map[uuid.UUID]int
	err   error
}

func (q *quota) Take(_ context.Context, rule string, user uuid.UUID) error {
	if rule == contentports.RuleSearches {
		q.taken[user]++
	}
	return q.err
}

// verbatim shows every body as it is.
type verbatim struct{}

func (verbatim) Version() string { return "verbatim" }

func (verbatim) Render(source string) (contentdomain.Rendered, error) {
	return contentdomain.Rendered{HTML: source, By: "verbatim"}, nil
}

// fixture is a search over memory, in which nine of each kind are called "chess".
type fixture struct {
	app.Search
	t        *testing.T
	access   *authztest.Access
	quota    *quota
	searcher authz.Actor
}

const many = 9

// seen are the permissions of a caller who sees all kinds.
var seen = []authz.Permission{
	contentdomain.PermissionProfilesRead, groupsdomain.PermissionCommunitiesList, groupsdomain.PermissionTeamsList,
	groupsdomain.PermissionCommunityMembersRead, groupsdomain.PermissionTeamMembersRead, contentdomain.PermissionPostsRead,
}

func newFixture(t *testing.T) *fixture {
	m, access, clock := portstest.NewMemory(), portstest.NewAccess(), testkit.NewClock()
	f := &fixture{t: t, access: access, quota: &quota{taken: map[uuid.UUID]int{}}, searcher: portstest.Someone()}
	content := contentapp.Deps{Access: access, Posts: m.Posts(), People: m.People(), Markdown: verbatim{}, Clock: clock}
	f.Search = app.Search{
		Access: access, Quota: f.quota, People: contentapp.People{Deps: content}, Posts: contentapp.Posts{Deps: content},
		Groups: groupsapp.Groups{Deps: groupsapp.Deps{Access: access, Groups: m.Groups(), Cards: m.Cards(), Clock: clock}},
	}
	access.Member(f.searcher)
	access.Grant(f.searcher, authz.TenantScope(f.searcher.Tenant), seen...)
	require.NoError(t, m.Do(f.ctx(), func(ctx context.Context) error {
		for i := range many {
			someone := portstest.Colleague(f.searcher)
			name := fmt.Sprintf("chess %d", i)
			profile := contentdomain.NewProfile(someone.Tenant, contentdomain.Account{UserID: someone.User, DisplayName: name}).Begun(clock.Now())
			community := portstest.NewCommunity(t, someone, groupsdomain.GroupDraft{Name: name})
			team := portstest.NewTeam(t, someone, community, groupsdomain.GroupDraft{Name: name})
			post, err := contentdomain.NewPost(someone, contentdomain.PostDraft{Title: name, Visibility: authz.VisibilityPublic}, clock.Now())
			require.NoError(t, err)
			require.NoError(t, errors.Join(
				m.Profiles().Save(ctx, profile), m.Groups().Add(ctx, community), m.Groups().Add(ctx, team), m.Posts().Add(ctx, post)))
			owner := groupsdomain.UserMemberships{User: someone.User}
			for _, change := range owner.InitialMembers(community, clock.Now()) {
				require.NoError(t, m.Memberships().Store(ctx, change.Membership))
				owner.Community = groupsdomain.GroupMembership{Group: community, Membership: change.Membership}
			}
			for _, change := range owner.InitialMembers(team, clock.Now()) {
				require.NoError(t, m.Memberships().Store(ctx, change.Membership))
			}
		}
		return nil
	}))
	return f
}

func (f *fixture) ctx() context.Context { return portstest.As(f.t.Context(), f.searcher) }

func (f *fixture) find(query string, limit int) (app.Found, error) {
	return f.Find(f.ctx(), f.searcher, query, limit)
}

// sizes are how many were found: people, communities, teams and posts.
func sizes(found app.Found) [4]int {
	return [4]int{len(found.People), len(found.Communities), len(found.Teams), len(found.Posts)}
}

func TestASearchNeedsATextOfSomeLength(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for query, searched := range map[string]bool{
		"": false, " ": false, "c": false, " c ": false, "ш": false, "棋": true, "か": true, "カ": true, "한": true, "ch": true, "шх": true,
		strings.Repeat("ш", 100): true, strings.Repeat("ш", 101): false, "  " + strings.Repeat("c", 100) + " ": true,
	} {
		before := f.quota.taken[f.searcher.User]
		_, err := f.find(query, 1)
		if searched {
			require.NoError(t, err, "%q", query)
			require.Equal(t, before+1, f.quota.taken[f.searcher.User], "%q", query)
			continue
		}
		var refused *errs.Error
		require.ErrorAs(t, err, &refused, "%q", query)
		require.Equal(t, errs.Invalid, refused.Kind, "%q", query)
		require.Contains(t, refused.Fields, "q", "%q", query)
		require.Equal(t, before, f.quota.taken[f.searcher.User], "%q is no search", query)
	}
}

func TestASearchShowsSomeOfEachKind(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for limit, want := range map[int]int{-1: 5, 0: 5, 1: 1, 7: 7, 8: 8, many: 8} {
		found, err := f.find("chess", limit)
		require.NoError(t, err)
		require.Equal(t, [4]int{want, want, want, want}, sizes(found), "a limit of %d", limit)
	}
}

// Each kind is shown to those who may see it, and the members of a group to those who may see these.
func TestASearchShowsTheKindsThatTheCallerMaySee(t *testing.T) {
	t.Parallel()
	for permission, hidden := range map[authz.Permission]int{
		contentdomain.PermissionProfilesRead: 0, groupsdomain.PermissionCommunitiesList: 1, groupsdomain.PermissionTeamsList: 2, contentdomain.PermissionPostsRead: 3,
	} {
		f := newFixture(t)
		f.access.Deny(f.searcher, permission)
		want := [4]int{1, 1, 1, 1}
		want[hidden] = 0
		found, err := f.find("chess", 1)
		require.NoError(t, err, permission)
		require.Equal(t, want, sizes(found), permission)
	}
	for permission, want := range map[authz.Permission][2]int{
		groupsdomain.PermissionCommunityMembersRead: {0, 1}, groupsdomain.PermissionTeamMembersRead: {1, 0},
	} {
		f := newFixture(t)
		f.access.Deny(f.searcher, permission)
		found, err := f.find("chess", 1)
		require.NoError(t, err)
		require.Equal(t, want, [2]int{len(found.Communities[0].Card.Faces), len(found.Teams[0].Card.Faces)}, permission)
	}
}

// unlistablePeople is storage of people that cannot list them; the others accordingly.
type unlistablePeople struct{ contentports.People }

func (unlistablePeople) List(context.Context, contentports.PeopleSearch, contentports.PersonKey, int) ([]contentports.ListedPerson, error) {
	return nil, errStorage
}

type unlistablePosts struct{ contentports.Posts }

func (unlistablePosts) Page(context.Context, contentports.PostSearch, contentdomain.PostViewer, contentports.PostKey, int) ([]contentdomain.Post, error) {
	return nil, errStorage
}

// unlistableGroups cannot list the groups of one kind.
type unlistableGroups struct {
	groupsports.Groups
	kind authz.ScopeType
}

func (g unlistableGroups) List(ctx context.Context, search groupsports.GroupSearch, after groupsports.GroupKey, limit int) ([]groupsdomain.Group, error) {
	if search.Kind == g.kind {
		return nil, errStorage
	}
	return g.Groups.List(ctx, search, after, limit)
}

type unreadableCards struct{}

func (unreadableCards) Cards(context.Context, groupsports.CardViewer, ...uuid.UUID) (map[uuid.UUID]groupsdomain.Card, error) {
	return nil, errStorage
}

// A search that cannot look everywhere fails, instead of showing that there is nothing.
func TestASearchFailsWithItsSources(t *testing.T) {
	t.Parallel()
	for name, away := range map[string]func(*fixture){
		"people":      func(f *fixture) { f.People.People = unlistablePeople{} },
		"communities": func(f *fixture) { f.Groups.Groups = unlistableGroups{f.Groups.Groups, authz.ScopeCommunity} },
		"teams":       func(f *fixture) { f.Groups.Groups = unlistableGroups{f.Groups.Groups, authz.ScopeTeam} },
		"cards":       func(f *fixture) { f.Groups.Cards = unreadableCards{} },
		"posts":       func(f *fixture) { f.Posts.Posts = unlistablePosts{} },
		"access":      func(f *fixture) { f.access.Fail(errStorage) },
		"quota":       func(f *fixture) { f.quota.err = errStorage },
	} {
		f := newFixture(t)
		away(f)
		_, err := f.find("chess", 1)
		require.ErrorIs(t, err, errStorage, name)
	}
}
