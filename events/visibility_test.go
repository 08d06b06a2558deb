package events_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/api/eventsapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/tools/devkit/testkit/service"
)

// Who sees what: the list and its total, the month and the single event agree.
func TestWhoSeesAnEvent(t *testing.T) {
	t.Parallel()
	s := start(t)
	chess := authz.CommunityScope(uuid.New())
	s.group(chess, groups.Active)
	coHost := s.Actor(memberKeys...)
	visible := func(v commonapi.Visibility, change ...func(*eventsapi.EventCreate)) eventsapi.Event {
		return s.event(append(change, func(b *eventsapi.EventCreate) { b.Visibility = some(v) })...)
	}
	public, inCommunity := visible(commonapi.VisibilityPublic), visible(commonapi.VisibilityCommunity, in(chess))
	private := visible(commonapi.VisibilityPrivate, func(b *eventsapi.EventCreate) { b.CoHosts = some([]uuid.UUID{coHost.User}) })
	team, club := authz.TeamScope(uuid.New()), uuid.New()
	s.group(team, groups.Active, club)
	inTeam := visible(commonapi.VisibilityTeam, in(team))
	insider, player := s.Actor(memberKeys...), s.Actor(memberKeys...)
	s.join(insider, chess)
	s.join(player, team, club)

	for _, c := range []struct {
		who  string
		by   authz.Actor
		sees []eventsapi.Event
	}{
		{"a member", s.member, []eventsapi.Event{public}},
		{"a member of the community", insider, []eventsapi.Event{public, inCommunity}},
		{"a co-host", coHost, []eventsapi.Event{public, private}},
		{"a member of the team", player, []eventsapi.Event{public, inTeam}},
		{"the creator", s.maker, []eventsapi.Event{public, inCommunity, inTeam, private}},
		{"an administrator", s.admin, []eventsapi.Event{public, inCommunity, inTeam, private}},
	} {
		list, err := s.As(c.by).ListEventsWithResponse(t.Context(), &eventsapi.ListEventsParams{})
		got := service.OK(t, list, err).JSON200
		require.ElementsMatch(t, ids(c.sees), ids(got.Items), c.who)
		require.Equal(t, len(c.sees), got.Meta.Total, c.who)
		month, err := s.As(c.by).GetMonthWithResponse(t.Context(), &eventsapi.GetMonthParams{Month: public.StartsAt.Format("2006-01")})
		require.ElementsMatch(t, ids(c.sees), ids(service.OK(t, month, err).JSON200.Items), c.who)
		for _, event := range []eventsapi.Event{public, inCommunity, inTeam, private} {
			one, err := s.As(c.by).GetEventWithResponse(t.Context(), event.ID, &eventsapi.GetEventParams{})
			if contains(c.sees, event.ID) {
				manages := c.by == s.maker || c.by == s.admin || c.by == coHost && event.ID == private.ID
				require.Equal(t, manages, service.OK(t, one, err).JSON200.CanManage, c.who)
			} else {
				service.Refused(t, http.StatusNotFound, "NOT_FOUND", one, err)
				edit, err := s.As(c.by).UpdateEventWithResponse(t.Context(), event.ID, &eventsapi.UpdateEventParams{}, eventsapi.EventUpdate{Title: some("x")})
				service.Refused(t, http.StatusNotFound, "NOT_FOUND", edit, err)
				answer, err := s.As(c.by).SetRsvpWithResponse(t.Context(), event.ID, eventsapi.RsvpSet{Status: eventsapi.RsvpSetStatusGoing})
				service.Refused(t, http.StatusNotFound, "NOT_FOUND", answer, err)
				answers, err := s.As(c.by).ListAnswersWithResponse(t.Context(), event.ID, &eventsapi.ListAnswersParams{})
				service.Refused(t, http.StatusNotFound, "NOT_FOUND", answers, err)
				present, err := s.As(c.by).MarkAttendanceWithResponse(t.Context(), event.ID, eventsapi.AttendanceMark{UserID: &c.by.User})
				service.Refused(t, http.StatusNotFound, "NOT_FOUND", present, err)
				file, err := s.As(c.by).ExportEventWithResponse(t.Context(), event.ID, &eventsapi.ExportEventParams{})
				service.Refused(t, http.StatusNotFound, "NOT_FOUND", file, err)
			}
		}
	}
	edit, err := s.As(s.member).UpdateEventWithResponse(t.Context(), public.ID, &eventsapi.UpdateEventParams{}, eventsapi.EventUpdate{Title: some("x")})
	service.Refused(t, http.StatusForbidden, "FORBIDDEN", edit, err)

	s.group(chess, groups.Deleted)
	gone, err := s.As(insider).GetEventWithResponse(t.Context(), inCommunity.ID, &eventsapi.GetEventParams{})
	service.Refused(t, http.StatusNotFound, "NOT_FOUND", gone, err)
	left, err := s.As(s.maker).GetEventWithResponse(t.Context(), inCommunity.ID, &eventsapi.GetEventParams{})
	service.OK(t, left, err)
}

// Who an event is shown to must exist in its scope: members of a community in a community, or all members in the tenant, and those of a team
// in a team.
func TestVisibilityFitsTheScope(t *testing.T) {
	t.Parallel()
	s := start(t)
	chess, team := authz.CommunityScope(uuid.New()), authz.TeamScope(uuid.New())
	s.group(chess, groups.Active)
	s.group(team, groups.Active, chess.ID)
	fits := map[authz.ScopeType][]commonapi.Visibility{
		authz.ScopeTenant:    {commonapi.VisibilityPublic, commonapi.VisibilityPrivate, commonapi.VisibilityCommunity},
		authz.ScopeCommunity: {commonapi.VisibilityPublic, commonapi.VisibilityPrivate, commonapi.VisibilityCommunity},
		authz.ScopeTeam:      {commonapi.VisibilityPublic, commonapi.VisibilityPrivate, commonapi.VisibilityTeam},
	}
	for _, scope := range []authz.Scope{authz.TenantScope(s.Tenant), chess, team} {
		event := s.event(in(scope))
		for _, visibility := range []commonapi.Visibility{
			commonapi.VisibilityPublic, commonapi.VisibilityCommunity, commonapi.VisibilityTeam, commonapi.VisibilityPrivate,
		} {
			made, err := s.As(s.maker).CreateEventWithResponse(t.Context(), s.draft(1, in(scope), func(b *eventsapi.EventCreate) { b.Visibility = some(visibility) }))
			edited, failed := s.As(s.maker).UpdateEventWithResponse(t.Context(), event.ID, &eventsapi.UpdateEventParams{}, eventsapi.EventUpdate{Visibility: some(visibility)})
			if slices.Contains(fits[scope.Type], visibility) {
				require.Equal(t, visibility, service.OK(t, made, err).JSON201.Visibility)
				require.Equal(t, visibility, service.OK(t, edited, failed).JSON200.Visibility)
				continue
			}
			service.Invalid(t, made, err, "visibility")
			service.Invalid(t, edited, failed, "visibility")
		}
	}
}

func contains(events []eventsapi.Event, id uuid.UUID) bool {
	for _, e := range events {
		if e.ID == id {
			return true
		}
	}
	return false
}
