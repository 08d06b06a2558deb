package app_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
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
	"go.updspace.com/tools/devkit/testkit/faults"
)

var searcher = portstest.Someone()

// holding allows some permissions everywhere.
type holding struct {
	authz.Checker
	permissions map[authz.Permission]bool
}

func (h holding) AllowedScopes(_ context.Context, queries []authz.ScopeQuery) ([]authz.AllowedScopes, error) {
	answers := make([]authz.AllowedScopes, len(queries))
	for i, q := range queries {
		answers[i].Everywhere = h.permissions[q.Permission]
	}
	return answers, nil
}

// The storage of what can be found. It finds as much as is asked for.
type (
	people struct {
		contentports.People
		f *faults.Faults
	}
	posts struct {
		contentports.Posts
		f *faults.Faults
	}
	groups struct {
		groupsports.Groups
		f *faults.Faults
	}
	cards struct {
		f      *faults.Faults
		viewer groupsports.CardViewer // who looked last
	}
	quota    struct{ f *faults.Faults }
	markdown struct{ contentports.Markdown }
)

func (s people) List(_ context.Context, _ contentports.PeopleSearch, _ contentports.PersonKey, limit int) ([]contentports.ListedPerson, error) {
	return make([]contentports.ListedPerson, limit), s.f.Next()
}

func (s posts) Page(
	_ context.Context, _ contentports.PostSearch, _ contentdomain.PostViewer, _ contentports.PostKey, limit int,
) ([]contentdomain.Post, error) {
	found := make([]contentdomain.Post, limit)
	for i := range found {
		found[i] = contentdomain.Post{}.WithRendered(contentdomain.Rendered{By: markdown{}.Version()})
	}
	return found, s.f.Next()
}

func (s groups) List(_ context.Context, search groupsports.GroupSearch, _ groupsports.GroupKey, limit int) ([]groupsdomain.Group, error) {
	found := make([]groupsdomain.Group, limit)
	for i := range found {
		found[i] = groupsdomain.RestoreGroup(groupsdomain.GroupData{ID: uuid.New(), Kind: search.Kind})
	}
	return found, s.f.Next()
}

func (s *cards) Cards(_ context.Context, viewer groupsports.CardViewer, _ ...uuid.UUID) (map[uuid.UUID]groupsdomain.Card, error) {
	s.viewer = viewer
	return nil, s.f.Next()
}

func (s quota) Take(context.Context, string, uuid.UUID) error { return s.f.Next() }

func (markdown) Version() string { return "1" }

var everything = []authz.Permission{
	contentdomain.PermissionProfilesRead, contentdomain.PermissionPostsRead, groupsdomain.PermissionCommunitiesList, groupsdomain.PermissionTeamsList,
}

// newSearch is the search of a caller who holds some permissions.
func newSearch(f *faults.Faults, permissions ...authz.Permission) (app.Search, *cards) {
	held := holding{permissions: map[authz.Permission]bool{}}
	for _, p := range permissions {
		held.permissions[p] = true
	}
	shown := &cards{f: f}
	content := contentapp.Deps{People: people{f: f}, Posts: posts{f: f}, Markdown: markdown{}}
	return app.Search{
		Access: faults.Access(f, held), Quota: quota{f}, People: contentapp.People{Deps: content}, Posts: contentapp.Posts{Deps: content},
		Groups: groupsapp.Groups{Deps: groupsapp.Deps{Groups: groups{f: f}, Cards: shown, Clock: testkit.NewClock()}},
	}, shown
}

func TestASearchFindsSomeOfEachKind(t *testing.T) {
	t.Parallel()
	for limit, want := range map[int]int{-1: 5, 0: 5, 1: 1, 5: 5, 8: 8, 9: 8, 1000: 8} {
		search, _ := newSearch(&faults.Faults{}, everything...)
		found, err := search.Find(t.Context(), searcher, "chess", limit)
		require.NoError(t, err)
		for kind, n := range map[string]int{
			"people": len(found.People), "communities": len(found.Communities), "teams": len(found.Teams), "posts": len(found.Posts),
		} {
			require.Equal(t, want, n, "%s for %d", kind, limit)
		}
		require.Equal(t, authz.ScopeCommunity, found.Communities[0].Group.Data().Kind)
		require.Equal(t, authz.ScopeTeam, found.Teams[0].Group.Data().Kind)
	}
}

// A kind that the caller may not see is not looked for.
func TestASearchFindsOnlyWhatTheCallerMaySee(t *testing.T) {
	t.Parallel()
	for i, permission := range everything {
		search, _ := newSearch(&faults.Faults{}, permission)
		found, err := search.Find(t.Context(), searcher, "chess", 2)
		require.NoError(t, err)
		for kind, n := range []int{len(found.People), len(found.Posts), len(found.Communities), len(found.Teams)} {
			require.Equal(t, kind == i, n > 0, "%s shows %d", permission, kind)
		}
	}
	search, shown := newSearch(&faults.Faults{}, append(everything, groupsdomain.PermissionCommunityMembersRead)...)
	_, err := search.Find(t.Context(), searcher, "chess", 2)
	require.NoError(t, err)
	require.Equal(t, []any{searcher.User, true, false}, []any{shown.viewer.User, shown.viewer.Faces, shown.viewer.TeamFaces})
}

func TestTextsThatAreSearchedFor(t *testing.T) {
	t.Parallel()
	for query, good := range map[string]bool{
		"": false, "c": false, " c ": false, "ш": false, "ch": true, "棋": true, "あ": true, "ア": true, "한": true,
		strings.Repeat("ж", 100): true, " " + strings.Repeat("ж", 100) + " ": true, strings.Repeat("ж", 101): false,
	} {
		search, _ := newSearch(&faults.Faults{}, everything...)
		_, err := search.Find(t.Context(), searcher, query, 2)
		require.Equal(t, !good, errs.KindOf(err) == errs.Invalid, "%q: %v", query, err)
	}
}

func TestASearchFailsWithWhatItCalls(t *testing.T) {
	t.Parallel()
	faults.Each(t, func(f *faults.Faults) func() error {
		search, _ := newSearch(f, everything...)
		return func() error {
			_, err := search.Find(t.Context(), searcher, "chess", 2)
			return err
		}
	})
}
