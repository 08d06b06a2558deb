package portal_test

import (
	"bytes"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/authz"
	contentdomain "go.updspace.com/portal/content/domain"
	groupsdomain "go.updspace.com/portal/groups/domain"
	"go.updspace.com/portal/ports/portstest"
)

func TestMembersSeeWhoTheOthersAre(t *testing.T) {
	s := startContent(t)
	alice, boris := s.named("Alice", "Liddell", ""), s.named("Борис", "Годунов", "")
	avatar, err := s.as(alice).SetMyAvatarWithBodyWithResponse(t.Context(), "application/octet-stream", bytes.NewReader(encoded(t)))
	want := fine(t, avatar, err).JSON200.AvatarURL
	nobody := s.colleague() // without a profile

	r, err := s.as(nobody).LookupPeopleWithResponse(t.Context(), &portalapi.LookupPeopleParams{Ids: []uuid.UUID{boris.User, uuid.New(), alice.User, boris.User, nobody.User}})
	people := fine(t, r, err).JSON200.People
	require.Len(t, people, 2, "each once, and only who is known")
	require.Equal(t, boris.User, people[0].UserID)
	require.Equal(t, "Борис Годунов", people[0].DisplayName.MustGet())
	require.Equal(t, portalapi.PersonStatusActive, people[0].Status)
	require.Equal(t, want, people[1].AvatarURL)
	require.NotContains(t, string(r.Body), "bio", "no private field")

	r, err = s.as(portstest.Someone()).LookupPeopleWithResponse(t.Context(), &portalapi.LookupPeopleParams{Ids: []uuid.UUID{alice.User}})
	refused(t, http.StatusForbidden, "FORBIDDEN", r, err)
	many := make([]uuid.UUID, 101)
	r, err = s.as(nobody).LookupPeopleWithResponse(t.Context(), &portalapi.LookupPeopleParams{Ids: many})
	refused(t, http.StatusUnprocessableEntity, "VALIDATION_ERROR", r, err)
}

func TestEveryMemberHasTheDirectory(t *testing.T) {
	s := startContent(t)
	zoe, alice, boris := s.named("Zoe", "", ""), s.named("alice", "", ""), s.named("Борис", "", "")
	list := func(p portalapi.ListPeopleParams) (found []uuid.UUID) {
		t.Helper()
		limit := 2
		p.Limit = &limit
		for {
			r, err := s.as(boris).ListPeopleWithResponse(t.Context(), &p)
			page := fine(t, r, err).JSON200
			for _, person := range page.Items {
				found = append(found, person.UserID)
			}
			next, err := page.NextCursor.Get()
			if err != nil {
				return found
			}
			p.Cursor = &next
		}
	}
	require.Equal(t, []uuid.UUID{alice.User, zoe.User, boris.User}, list(portalapi.ListPeopleParams{}))
	require.Equal(t, []uuid.UUID{boris.User}, list(portalapi.ListPeopleParams{Q: new("БОР")}))

	members := portalapi.ListPeopleParams{CommunityID: &s.chess.CommunityID}
	r, err := s.as(boris).ListPeopleWithResponse(t.Context(), &members)
	refused(t, http.StatusForbidden, "FORBIDDEN", r, err)
	require.EqualValues(t, contentdomain.PermissionCommunityMembersRead, envelopeOf(r).Error.Details.Permission)
	s.access.Grant(boris, s.chess.AuthzScope(uuid.Nil), contentdomain.PermissionCommunityMembersRead)
	require.Empty(t, list(members), "the owner of the community has no profile")
	members.TeamID = &s.openingsOf.TeamID
	r, err = s.as(boris).ListPeopleWithResponse(t.Context(), &members)
	refused(t, http.StatusUnprocessableEntity, "VALIDATION_ERROR", r, err)
	members.CommunityID = nil
	r, err = s.as(boris).ListPeopleWithResponse(t.Context(), &members)
	refused(t, http.StatusForbidden, "FORBIDDEN", r, err)
	require.EqualValues(t, contentdomain.PermissionTeamMembersRead, envelopeOf(r).Error.Details.Permission)
}

func TestBeingShownToGuestsIsAChoice(t *testing.T) {
	s := startContent(t)
	who := s.named("Alice", "", "")
	mine, err := s.as(who).GetMyProfileWithResponse(t.Context())
	require.False(t, fine(t, mine, err).JSON200.ListedToGuests, "not until the user says so")
	agreed := s.edit(who, portalapi.ProfileUpdate{ListedToGuests: some(true)})
	require.True(t, agreed.ListedToGuests)
	require.True(t, s.edit(who, portalapi.ProfileUpdate{Bio: says("x")}).ListedToGuests, "it stays as it is")
	require.False(t, s.edit(who, portalapi.ProfileUpdate{ListedToGuestsCamel: some(false)}).ListedToGuests)
}

func TestAPostIsPreviewedAsItWillBe(t *testing.T) {
	s := startContent(t)
	preview := func(body string) (*portalapi.PreviewPostResponse, error) {
		return s.as(s.insider).PreviewPostWithResponse(t.Context(), portalapi.PostPreviewRequest{Body: body})
	}
	body := "We play at **eight**. <b>\n\n- [ ] bring clocks"
	r, err := preview(body)
	d := draft("x", contentdomain.PostScope{})
	d.Body = body
	require.Equal(t, s.post(s.insider, d).BodyHTML, fine(t, r, err).JSON200.BodyHTML)
	r, err = preview("")
	require.Empty(t, fine(t, r, err).JSON200.BodyHTML)
	tooMuch := string(bytes.Repeat([]byte(">"), 50_000))
	r, err = preview(tooMuch)
	refused(t, http.StatusUnprocessableEntity, "VALIDATION_ERROR", r, err)
	for range 60 {
		r, err = preview("x")
		if err != nil || r.StatusCode() == http.StatusTooManyRequests {
			break
		}
	}
	refused(t, http.StatusTooManyRequests, "RATE_LIMITED", r, err)
	require.NotEmpty(t, r.HTTPResponse.Header.Get("Retry-After"))
	other, err := s.as(s.member).PreviewPostWithResponse(t.Context(), portalapi.PostPreviewRequest{Body: "x"})
	fine(t, other, err)
}

func TestACardShowsWhatAListNeeds(t *testing.T) {
	s := start(t)
	sc := s.newFixture(portalapi.JoinPolicyRequest)
	sc.put(sc.community.ID, s.member, portalapi.RoleMember)
	card := func(who authz.Actor) portalapi.Group {
		t.Helper()
		r, err := s.as(who).ListCommunitiesWithResponse(t.Context(), nil)
		require.Len(t, *fine(t, r, err).JSON200, 1)
		one, err := s.as(who).GetGroupWithResponse(t.Context(), sc.community.ID)
		require.Equal(t, (*r.JSON200)[0], *fine(t, one, err).JSON200, "a list and the page of the group agree")
		return (*r.JSON200)[0]
	}
	mine := card(s.member)
	require.Equal(t, portalapi.MyStateMember, mine.MyState)
	require.EqualValues(t, 2, mine.MemberCount)
	require.Len(t, mine.Faces, 2)
	require.ElementsMatch(t, []uuid.UUID{s.owner.User, s.member.User}, []uuid.UUID{mine.Faces[0].UserID, mine.Faces[1].UserID})
	require.True(t, mine.Hue.IsNull())
	require.Equal(t, portalapi.MyStateNone, card(sc.stranger).MyState)
	request := sc.request(sc.stranger, false)
	require.Equal(t, portalapi.MyStateRequested, card(sc.stranger).MyState)
	require.Equal(t, request, card(sc.stranger).MyJoinRequestID.MustGet())
	invite := sc.invite(sc.stranger, false)
	require.Equal(t, portalapi.MyStateInvited, card(sc.stranger).MyState)
	require.Equal(t, invite, card(sc.stranger).MyInviteID.MustGet())

	s.access.Deny(sc.stranger, groupsdomain.PermissionCommunityMembersRead)
	require.Empty(t, card(sc.stranger).Faces, "a caller who may not read the members sees none")
	groups, err := s.as(s.owner).ListMyGroupsWithResponse(t.Context(), nil)
	require.Len(t, fine(t, groups, err).JSON200.Items, 2)
	for _, g := range groups.JSON200.Items {
		require.Equal(t, sc.community.Name, g.CommunityName)
	}
}

func TestAGroupHasAColour(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyOpen)
	for _, degrees := range []int{0, 210, 359} {
		r, err := s.as(s.owner).UpdateGroupWithResponse(t.Context(), c.ID, portalapi.GroupUpdate{Hue: some(degrees)})
		require.Equal(t, degrees, fine(t, r, err).JSON200.Hue.MustGet())
		r, err = s.as(s.owner).UpdateGroupWithResponse(t.Context(), c.ID, portalapi.GroupUpdate{Description: some("x")})
		require.Equal(t, degrees, fine(t, r, err).JSON200.Hue.MustGet(), "it stays as it is")
	}
	null := portalapi.GroupUpdate{}
	null.Hue.SetNull()
	r, err := s.as(s.owner).UpdateGroupWithResponse(t.Context(), c.ID, null)
	require.True(t, fine(t, r, err).JSON200.Hue.IsNull())
	r, err = s.as(s.owner).UpdateGroupWithResponse(t.Context(), c.ID, portalapi.GroupUpdate{Hue: some(360)})
	refused(t, http.StatusUnprocessableEntity, "VALIDATION_ERROR", r, err)
	s.makeAdmin(s.owner)
	made, err := s.as(s.owner).CreateCommunityWithResponse(t.Context(), portalapi.GroupCreate{Name: "Red", Hue: some(0)})
	require.Equal(t, 0, fine(t, made, err).JSON201.Hue.MustGet())
}

func TestTheQueueHasWhatWaits(t *testing.T) {
	s := start(t)
	sc := s.newFixture(portalapi.JoinPolicyRequest)
	queue := func(who authz.Actor) portalapi.Queue {
		t.Helper()
		r, err := s.as(who).GetMyQueueWithResponse(t.Context())
		return *fine(t, r, err).JSON200
	}
	asking := sc.request(sc.stranger, false)
	inTeam := sc.request(s.colleague(), true)
	s.checks()
	q := queue(s.owner)
	require.Len(t, s.checks(), 2, "both in one question")
	require.EqualValues(t, 2, q.JoinRequests.Count)
	require.Equal(t, []uuid.UUID{asking, inTeam}, []uuid.UUID{q.JoinRequests.Items[0].ID, q.JoinRequests.Items[1].ID})
	require.Equal(t, []string{sc.community.Name, sc.team.Name}, []string{q.JoinRequests.Items[0].ScopeName, q.JoinRequests.Items[1].ScopeName})
	require.Empty(t, queue(sc.stranger).JoinRequests.Items, "a request waits for those who decide")
	require.Len(t, queue(s.admin).JoinRequests.Items, 2)

	moderator := s.colleague()
	sc.putTeam(sc.team.ID, moderator, portalapi.RoleModerator)
	require.Equal(t, inTeam, queue(moderator).JoinRequests.Items[0].ID)
	require.EqualValues(t, 1, queue(moderator).JoinRequests.Count, "of the team only")

	invited := s.colleague()
	invite := sc.invite(invited, false)
	require.EqualValues(t, 1, queue(invited).Invites.Count)
	require.Equal(t, invite, queue(invited).Invites.Items[0].ID)
	require.Equal(t, sc.community.Name, queue(invited).Invites.Items[0].ScopeName)
	for range 20 {
		sc.request(s.colleague(), false)
	}
	q = queue(s.owner)
	require.EqualValues(t, 22, q.JoinRequests.Count)
	require.Len(t, q.JoinRequests.Items, 20)

	s.makeAdmin(s.owner)
	archived, err := s.as(s.owner).ArchiveGroupWithResponse(t.Context(), sc.community.ID)
	fine(t, archived, err)
	require.Zero(t, queue(s.owner).JoinRequests.Count, "nothing can be decided in an archived community")
	require.Zero(t, queue(invited).Invites.Count)
}
