package portstest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/libs/authz"
	contentdomain "go.updspace.com/portal/content/domain"
	contentports "go.updspace.com/portal/content/ports"
	groupsdomain "go.updspace.com/portal/groups/domain"
)

// postPages: for every viewer and search, the pages hold exactly the posts that the domain says the viewer sees.
func postPages(t *testing.T, s Store) {
	by := Someone()
	authors := []authz.Actor{by, Colleague(by), Colleague(by)}
	ctx := As(t.Context(), by)
	scopes := []contentdomain.PostScope{{}}
	var communities, teams []uuid.UUID
	for i := range 3 {
		community := s.found(t, ctx, by, NewCommunity(t, by, groupsdomain.GroupDraft{Name: fmt.Sprint(i)}))
		scopes, communities = append(scopes, postScopeOf(community)), append(communities, community.ID())
		for j := range 2 {
			team := s.found(t, ctx, by, NewTeam(t, by, community, groupsdomain.GroupDraft{Name: fmt.Sprint(j)}))
			scopes, teams = append(scopes, postScopeOf(team)), append(teams, team.ID())
		}
	}
	all := s.plenty(t, ctx, authors, scopes)
	rapid.Check(t, func(t *rapid.T) {
		viewer, search := drawViewer(t, authors, communities, teams), drawSearch(t, authors, scopes)
		var want []uuid.UUID
		for _, post := range all {
			d := post.Data()
			if shows(viewer, post) && (search.Author == uuid.Nil || search.Author == d.CreatedBy) && (search.Visibility == "" || search.Visibility == d.Visibility) &&
				(search.Community == uuid.Nil || search.Community == d.Scope.CommunityID) && (search.Team == uuid.Nil || search.Team == d.Scope.TeamID) &&
				(search.Exactly == nil || *search.Exactly == d.Scope) {
				want = append(want, post.ID())
			}
		}
		limit := rapid.IntRange(1, 60).Draw(t, "limit")
		var got []uuid.UUID
		for after := (contentports.PostKey{}); ; {
			page, err := s.Posts.Page(ctx, search, viewer, after, limit)
			require.NoError(t, err)
			for _, post := range page {
				got = append(got, post.ID())
			}
			if len(page) < limit {
				break
			}
			after = contentports.PostKeyOf(page[len(page)-1])
		}
		require.Equal(t, want, got)
	})
}

// plenty stores posts of every kind at every scope, three in each second, and returns them newest first.
func (s Store) plenty(t testing.TB, ctx context.Context, authors []authz.Actor, scopes []contentdomain.PostScope) (all []contentdomain.Post) {
	t.Helper()
	s.do(t, ctx, func(ctx context.Context) error {
		for i := range 120 {
			scope := scopes[i%len(scopes)]
			visibility := authz.VisibilityPublic
			switch {
			case scope.TeamID != uuid.Nil:
				visibility = authz.VisibilityTeam
			case scope.CommunityID != uuid.Nil:
				visibility = authz.VisibilityCommunity
			}
			post := NewPost(t, authors[i/7%3], contentdomain.PostDraft{Title: fmt.Sprint(i), Visibility: visibility, Scope: scope}, Noon.Add(time.Duration(i/3)*time.Second))
			if i%4 == 0 {
				hidden := authz.VisibilityPrivate
				edited, _, err := post.Edit(contentdomain.PostEdit{Visibility: &hidden}, Noon)
				require.NoError(t, err)
				post = edited
			}
			if err := s.Posts.Add(ctx, post); err != nil {
				return err
			}
			all = append(all, post)
		}
		return nil
	})
	slices.SortFunc(all, func(a, b contentdomain.Post) int {
		if c := b.Data().CreatedAt.Compare(a.Data().CreatedAt); c != 0 {
			return c
		}
		return strings.Compare(b.ID().String(), a.ID().String())
	})
	return all
}

func drawViewer(t *rapid.T, authors []authz.Actor, communities, teams []uuid.UUID) contentdomain.PostViewer {
	own := func(id uuid.UUID) uuid.UUID { return id }
	reach := rapid.Custom(func(t *rapid.T) authz.AllowedScopes {
		return authz.AllowedScopes{
			Everywhere: rapid.IntRange(0, 4).Draw(t, "everywhere") == 0, Tenant: rapid.Bool().Draw(t, "tenant"),
			Communities: rapid.SliceOfDistinct(rapid.SampledFrom(communities), own).Draw(t, "communities"),
			Teams:       rapid.SliceOfDistinct(rapid.SampledFrom(teams), own).Draw(t, "teams"),
		}
	})
	return contentdomain.PostViewer{
		User: rapid.SampledFrom(authors).Draw(t, "user").User, Public: reach.Draw(t, "public"), Community: reach.Draw(t, "community"),
		Team: reach.Draw(t, "team"), Private: reach.Draw(t, "private"),
	}
}

func drawSearch(t *rapid.T, authors []authz.Actor, scopes []contentdomain.PostScope) (search contentports.PostSearch) {
	scope := rapid.SampledFrom(scopes).Draw(t, "scope")
	switch rapid.IntRange(0, 3).Draw(t, "where") {
	case 1:
		search.Community = scope.CommunityID
	case 2:
		search.Team = scope.TeamID
	case 3:
		if scope.TeamID == uuid.Nil {
			search.Exactly = &scope
		}
	}
	if rapid.Bool().Draw(t, "by author") {
		search.Author = rapid.SampledFrom(authors).Draw(t, "author").User
	}
	if rapid.Bool().Draw(t, "of visibility") {
		search.Visibility = rapid.SampledFrom([]authz.Visibility{
			authz.VisibilityPublic, authz.VisibilityCommunity, authz.VisibilityTeam, authz.VisibilityPrivate,
		}).Draw(t, "visibility")
	}
	return search
}
