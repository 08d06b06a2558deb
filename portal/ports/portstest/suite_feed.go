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

	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// postPages: whoever looks, whatever he looks for, page by page, he is shown what the domain says he sees.
func postPages(t *testing.T, s Store) {
	by := Someone()
	authors := []domain.Actor{by, Colleague(by), Colleague(by)}
	ctx := As(t.Context(), by)
	places := []domain.PostPlace{{}}
	var communities, teams []uuid.UUID
	for i := range 3 {
		community := s.found(t, ctx, by, NewCommunity(t, by, domain.GroupDraft{Name: fmt.Sprint(i)}))
		places, communities = append(places, placeOf(community)), append(communities, community.ID())
		for j := range 2 {
			team := s.found(t, ctx, by, NewTeam(t, by, community, domain.GroupDraft{Name: fmt.Sprint(j)}))
			places, teams = append(places, placeOf(team)), append(teams, team.ID())
		}
	}
	all := s.plenty(t, ctx, authors, places)
	rapid.Check(t, func(t *rapid.T) {
		viewer, search := drawViewer(t, authors, communities, teams), drawSearch(t, authors, places)
		var want []uuid.UUID
		for _, post := range all {
			d := post.Data()
			if viewer.Sees(post) && (search.Author == uuid.Nil || search.Author == d.CreatedBy) && (search.Visibility == "" || search.Visibility == d.Visibility) &&
				(search.Community == uuid.Nil || search.Community == d.Place.CommunityID) && (search.Team == uuid.Nil || search.Team == d.Place.TeamID) &&
				(search.Standing == nil || *search.Standing == d.Place) {
				want = append(want, post.ID())
			}
		}
		limit := rapid.IntRange(1, 60).Draw(t, "limit")
		var got []uuid.UUID
		for after := (ports.PostKey{}); ; {
			page, err := s.Posts.Page(ctx, search, viewer, after, limit)
			require.NoError(t, err)
			for _, post := range page {
				got = append(got, post.ID())
			}
			if len(page) < limit {
				break
			}
			after = ports.PostKeyOf(page[len(page)-1])
		}
		require.Equal(t, want, got)
	})
}

// plenty stores posts of every kind at every place, three in each second, and returns them newest first.
func (s Store) plenty(t testing.TB, ctx context.Context, authors []domain.Actor, places []domain.PostPlace) (all []domain.Post) {
	t.Helper()
	s.do(t, ctx, func(ctx context.Context) error {
		for i := range 120 {
			place := places[i%len(places)]
			visibility := domain.VisibilityPublic
			switch {
			case place.TeamID != uuid.Nil:
				visibility = domain.VisibilityTeam
			case place.CommunityID != uuid.Nil:
				visibility = domain.VisibilityCommunity
			}
			post := NewPost(t, authors[i/7%3], domain.PostDraft{Title: fmt.Sprint(i), Visibility: visibility, Place: place}, Noon.Add(time.Duration(i/3)*time.Second))
			if i%4 == 0 {
				hidden := domain.VisibilityPrivate
				edited, _, err := post.Edit(domain.PostEdit{Visibility: &hidden}, Noon)
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
	slices.SortFunc(all, func(a, b domain.Post) int {
		if c := b.Data().CreatedAt.Compare(a.Data().CreatedAt); c != 0 {
			return c
		}
		return strings.Compare(b.ID().String(), a.ID().String())
	})
	return all
}

func drawViewer(t *rapid.T, authors []domain.Actor, communities, teams []uuid.UUID) domain.PostViewer {
	own := func(id uuid.UUID) uuid.UUID { return id }
	reach := rapid.Custom(func(t *rapid.T) domain.Reach {
		return domain.Reach{
			Everywhere: rapid.IntRange(0, 4).Draw(t, "everywhere") == 0, Tenant: rapid.Bool().Draw(t, "tenant"),
			Communities: rapid.SliceOfDistinct(rapid.SampledFrom(communities), own).Draw(t, "communities"),
			Teams:       rapid.SliceOfDistinct(rapid.SampledFrom(teams), own).Draw(t, "teams"),
		}
	})
	return domain.PostViewer{
		User: rapid.SampledFrom(authors).Draw(t, "user").User, Public: reach.Draw(t, "public"), Community: reach.Draw(t, "community"),
		Team: reach.Draw(t, "team"), Private: reach.Draw(t, "private"),
	}
}

func drawSearch(t *rapid.T, authors []domain.Actor, places []domain.PostPlace) (search ports.PostSearch) {
	place := rapid.SampledFrom(places).Draw(t, "place")
	switch rapid.IntRange(0, 3).Draw(t, "where") {
	case 1:
		search.Community = place.CommunityID
	case 2:
		search.Team = place.TeamID
	case 3:
		if place.TeamID == uuid.Nil {
			search.Standing = &place
		}
	}
	if rapid.Bool().Draw(t, "by author") {
		search.Author = rapid.SampledFrom(authors).Draw(t, "author").User
	}
	if rapid.Bool().Draw(t, "of visibility") {
		search.Visibility = rapid.SampledFrom([]domain.Visibility{
			domain.VisibilityPublic, domain.VisibilityCommunity, domain.VisibilityTeam, domain.VisibilityPrivate,
		}).Draw(t, "visibility")
	}
	return search
}
