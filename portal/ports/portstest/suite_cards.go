package portstest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	contentdomain "go.updspace.com/portal/content/domain"
	contentports "go.updspace.com/portal/content/ports"
	groupsdomain "go.updspace.com/portal/groups/domain"
	groupsports "go.updspace.com/portal/groups/ports"
)

func cards(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	community := s.communityWithRequests(t, ctx, by, "Chess")
	team := s.found(t, ctx, by, NewTeam(t, by, community, groupsdomain.GroupDraft{Name: "Openings"}))
	viewer := func(user uuid.UUID) groupsports.CardViewer {
		return groupsports.CardViewer{User: user, At: Noon, Faces: true, TeamFaces: true}
	}
	card := func(v groupsports.CardViewer, g groupsdomain.Group) groupsdomain.Card {
		t.Helper()
		found, err := s.Cards.Cards(ctx, v, g.ID(), uuid.New())
		require.NoError(t, err)
		require.Len(t, found, 1, "what does not exist is left out")
		return found[g.ID()]
	}
	faces := []groupsdomain.Face{{User: by.User}} // who has no profile yet
	for i := range groupsdomain.MaxFaces {
		p := s.called(t, by, fmt.Sprintf("Игрок %d", i), "", "")
		p = p.WithAvatar(uuid.New(), Noon)
		s.profile(t, ctx, p)
		s.enter(t, ctx, community.Scope(), p.Data().UserID, groupsdomain.RoleMember, Noon.Add(time.Duration(i+1)*time.Minute))
		faces = append(faces, groupsdomain.Face{User: p.Data().UserID, Name: p.Name(), Avatar: p.Data().AvatarID})
	}
	want := groupsdomain.Card{CommunityName: "Chess", Role: groupsdomain.RoleOwner, Faces: faces[:groupsdomain.MaxFaces]}
	same(t, want, card(viewer(by.User), community))
	same(t, groupsdomain.Card{CommunityName: "Chess", Role: groupsdomain.RoleOwner, Faces: faces[:1]}, card(viewer(by.User), team))
	blind := viewer(by.User)
	blind.Faces = false
	require.Empty(t, card(blind, community).Faces)
	require.Len(t, card(blind, team).Faces, 1)
	blind.Faces, blind.TeamFaces = true, false
	require.Empty(t, card(blind, team).Faces)

	user := Colleague(by).User
	require.Equal(t, groupsdomain.StateNone, card(viewer(user), community).State())
	request, err := s.at(t, ctx, community.Scope(), user).Request(community.Scope(), "", Noon)
	require.NoError(t, err)
	s.do(t, ctx, func(ctx context.Context) error { return s.Requests.Add(ctx, request) })
	require.Equal(t, request.ID(), card(viewer(user), community).JoinRequest)
	require.Equal(t, groupsdomain.StateRequested, card(viewer(user), community).State())
	invite, err := s.at(t, ctx, community.Scope(), user).Invite(community.Scope(), groupsdomain.RoleMember, groupsdomain.RoleOwner, true, groupsdomain.Maker{User: by.User}, Noon)
	require.NoError(t, err)
	s.do(t, ctx, func(ctx context.Context) error { return s.Invites.Add(ctx, invite) })
	require.Equal(t, invite.ID(), card(viewer(user), community).Invite)
	require.Equal(t, groupsdomain.StateInvited, card(viewer(user), community).State())
	late := viewer(user)
	late.At = invite.Data().ExpiresAt
	require.Equal(t, groupsdomain.StateRequested, card(late, community).State(), "an invitation that has expired is none")
	decided, err := request.Decide(groupsdomain.RequestDeclined, by.User, Noon.Add(time.Hour))
	require.NoError(t, err)
	s.do(t, ctx, func(ctx context.Context) error { return s.Requests.Update(ctx, decided) })
	require.Equal(t, groupsdomain.StateNone, card(late, community).State())

	none, err := s.Cards.Cards(As(t.Context(), Someone()), viewer(by.User), community.ID())
	require.NoError(t, err)
	require.Empty(t, none, "of another tenant")
	none, err = s.Cards.Cards(ctx, viewer(by.User))
	require.NoError(t, err)
	require.Empty(t, none)
}

// found: groups and posts are found by a text, within the scopes that a viewer sees.
func found(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	community, team := s.chess(t, ctx, by)
	other := s.found(t, ctx, by, NewCommunity(t, by, groupsdomain.GroupDraft{Name: "Ёлки", Description: "chess in winter"}))
	groups := func(query string, in authz.AllowedScopes) (names []string) {
		t.Helper()
		list, err := s.Groups.List(ctx, groupsports.GroupSearch{Query: query, Within: &in}, groupsports.GroupKey{}, 10)
		require.NoError(t, err)
		for _, g := range list {
			names = append(names, g.Data().Name)
		}
		return names
	}
	everywhere := authz.AllowedScopes{Everywhere: true}
	require.Equal(t, []string{"Ёлки"}, groups("елк", everywhere))
	require.Len(t, groups("", everywhere), 3)
	require.Len(t, groups("", authz.AllowedScopes{Tenant: true}), 2, "the communities")
	require.Len(t, groups("", authz.AllowedScopes{Communities: []uuid.UUID{community.ID()}}), 2)
	require.Equal(t, []string{team.Data().Name}, groups("", authz.AllowedScopes{Teams: []uuid.UUID{team.ID()}}))
	require.Empty(t, groups("", authz.AllowedScopes{}))

	for i, d := range []contentdomain.PostDraft{
		{Title: "Турнир", Visibility: authz.VisibilityPublic}, {Title: "x", Body: "о ТУРНИРЕ", Visibility: authz.VisibilityCommunity, Scope: contentdomain.PostScope{CommunityID: other.ID()}},
		{Title: "100%", Visibility: authz.VisibilityPublic},
	} {
		post := NewPost(t, by, d, Noon.Add(time.Duration(i)*time.Minute))
		s.do(t, ctx, func(ctx context.Context) error { return s.Posts.Add(ctx, post) })
	}
	posts := func(query string, viewer contentdomain.PostViewer) (titles []string) {
		t.Helper()
		list, err := s.Posts.Page(ctx, contentports.PostSearch{Query: query}, viewer, contentports.PostKey{}, 10)
		require.NoError(t, err)
		for _, p := range list {
			titles = append(titles, p.Data().Title)
		}
		return titles
	}
	member := contentdomain.PostViewer{User: by.User, Public: authz.AllowedScopes{Tenant: true}}
	require.Equal(t, []string{"Турнир"}, posts("турнир", member))
	member.Community = authz.AllowedScopes{Communities: []uuid.UUID{other.ID()}}
	require.Equal(t, []string{"x", "Турнир"}, posts("турнир", member))
	require.Equal(t, []string{"100%"}, posts("0%", member))
	require.Empty(t, posts("шахматы", member))
}

func peoplePages(t *testing.T, s Store) {
	by, stranger := Someone(), Someone()
	ctx := As(t.Context(), by)
	community, team := s.chess(t, ctx, by)
	byName := map[string]contentdomain.Person{}
	add := func(first, last, username string) uuid.UUID {
		p := s.called(t, by, first, last, username)
		byName[p.Name()] = contentdomain.Person{User: p.Data().UserID, Name: p.Name(), Username: p.Data().Username, Member: true}
		return p.Data().UserID
	}
	anna, bob, zoe := add("анна", "", ""), add("Bob", "Baker", "bobby"), add("", "", "zoe")
	gone := s.called(t, by, "Bob", "Gone", "")
	s.profile(t, ctx, gone.AsMember(false))
	s.called(t, stranger, "Bob", "Elsewhere", "")
	s.enter(t, ctx, team.Scope(), anna, groupsdomain.RoleMember, Noon)
	s.enter(t, ctx, community.Scope(), bob, groupsdomain.RoleMember, Noon)

	list := func(search contentports.PeopleSearch) (found []uuid.UUID) {
		t.Helper()
		found = []uuid.UUID{}
		for after := (contentports.PersonKey{}); ; { // in pages of one, which is every place a page can end
			page, err := s.People.List(ctx, search, after, 1)
			require.NoError(t, err)
			if len(page) == 0 {
				return found
			}
			want := byName[page[0].Name]
			want.Communities = page[0].Communities
			require.Equal(t, want, page[0].Person)
			found, after = append(found, page[0].User), page[0].Key
		}
	}
	require.Equal(t, []uuid.UUID{bob, zoe, anna}, list(contentports.PeopleSearch{}), "by name, whatever its case, and without those who left")
	require.Equal(t, []uuid.UUID{bob}, list(contentports.PeopleSearch{Query: " BOB"}))
	require.Equal(t, []uuid.UUID{anna}, list(contentports.PeopleSearch{Query: "АНН"}))
	require.Empty(t, list(contentports.PeopleSearch{Query: "%"}))
	require.Equal(t, []uuid.UUID{bob, anna}, list(contentports.PeopleSearch{Group: community.Scope()}))
	require.Equal(t, []uuid.UUID{anna}, list(contentports.PeopleSearch{Group: community.Scope(), Query: "анн"}))
	require.Equal(t, []uuid.UUID{anna}, list(contentports.PeopleSearch{Group: team.Scope()}))
	require.Empty(t, list(contentports.PeopleSearch{Group: authz.CommunityScope(team.ID())}))
	page, err := s.People.List(ctx, contentports.PeopleSearch{}, contentports.PersonKey{}, 10)
	require.NoError(t, err)
	require.Equal(t, []int{1, 0, 1}, []int{page[0].Communities, page[1].Communities, page[2].Communities})

	found, err := s.People.Lookup(ctx, []uuid.UUID{gone.Data().UserID, zoe, uuid.New(), bob})
	require.NoError(t, err)
	require.Equal(t, []contentdomain.Person{
		{User: gone.Data().UserID, Name: "Bob Gone"}, byName["zoe"], byName["Bob Baker"],
	}, found, "in the order asked, those who left too")
	found, err = s.People.Lookup(As(t.Context(), stranger), []uuid.UUID{zoe})
	require.NoError(t, err)
	require.Empty(t, found, "of another tenant")
}
