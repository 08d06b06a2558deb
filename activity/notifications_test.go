package activity_test

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"go.updspace.com/activity"
	"go.updspace.com/activity/adapters/notices"
	store "go.updspace.com/activity/adapters/pg"
	"go.updspace.com/activity/notifications/app"
	"go.updspace.com/activity/notifications/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/api/eventsevents"
	"go.updspace.com/api/gamificationevents"
	"go.updspace.com/api/identityevents"
	"go.updspace.com/api/portalevents"
	"go.updspace.com/api/votingevents"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/groups/portalgroups"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/seal"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
)

// telling is a running service whose notices the test tells itself, besides its job.
type telling struct {
	*service.Service[client]
	t    testing.TB
	app  *app.Telling
	push *fakePush
}

func startTelling(t testing.TB) telling {
	s := telling{t: t, app: &app.Telling{}, push: &fakePush{}}
	s.Service = service.Start(t, service.Options[client]{
		Name: "activity", Spec: activityapi.GetSpec, Migrations: store.Migrations(),
		Client: func(url string, h *http.Client) (client, error) {
			return activityapi.NewClientWithResponses(url, activityapi.WithHTTPClient(h))
		},
		Module: func(cfg servicefx.ServiceConfig, clock *testkit.Clock) fx.Option {
			return fx.Options(activity.Module(inDir(cfg, t.TempDir())), fx.Replace(fx.Annotate(clock, fx.As(new(ports.Clock)))), fx.Populate(s.app), fx.Decorate(s.push.within))
		},
	})
	return s
}

func (s telling) in(tenant uuid.UUID) context.Context {
	return reqctx.With(context.Background(), reqctx.Context{TenantID: tenant, TenantSlug: "aef"})
}

func (s telling) event(kind string, data any) event.Event {
	e := event.New()
	e.SetID(uuid.NewString())
	e.SetSource("test")
	e.SetType(kind)
	e.SetTime(s.Clock.Now())
	require.NoError(s.t, e.SetData(event.ApplicationJSON, data))
	return e
}

// handle handles an event as the consumer does, but without its inbox: an event that is handled again is not stopped there.
func (s telling) handle(e event.Event) error {
	return s.app.Tx.Do(s.in(s.Tenant), func(ctx context.Context) error { return notices.Handler(s.app.Record)(ctx, e) })
}

// happened handles an event and tells what is due.
func (s telling) happened(kind string, data any) {
	s.t.Helper()
	require.NoError(s.t, s.handle(s.event(kind, data)))
	require.NoError(s.t, s.app.Tell(context.Background()))
}

// member is a new member of the tenant with permissions, of whom identity has told.
func (s telling) member(permissions ...authz.Permission) authz.Actor {
	s.t.Helper()
	actor := s.Actor(permissions...)
	s.joined(actor.User)
	return actor
}

func (s telling) joined(user uuid.UUID) {
	s.t.Helper()
	require.NoError(s.t, s.handle(s.event(identityevents.TypeMembershipChanged, identityevents.Membership{TenantID: s.Tenant, UserID: user, Status: "active", BaseRole: "member"})))
}

// joins makes a user a member of a community.
func (s telling) joins(user, community uuid.UUID) {
	s.t.Helper()
	require.NoError(s.t, s.handle(s.event(portalevents.TypeMembershipAdded, membership(user, user, community))))
}

func membership(actor, user, community uuid.UUID) portalevents.Membership {
	return portalevents.Membership{
		ScopeType: "COMMUNITY", ScopeID: community, CommunityID: community, ScopeName: "Raiders", Visibility: "community", UserID: user, Role: "member",
		Version: 1, ActorID: actor, SourceRef: "community:" + community.String(),
	}
}

func (s telling) list(by authz.Actor, params activityapi.ListNotificationsParams) []activityapi.Notification {
	s.t.Helper()
	r, err := s.As(by).ListNotificationsWithResponse(s.t.Context(), &params)
	return service.OK(s.t, r, err).JSON200.Items
}

func (s telling) inbox(by authz.Actor) []activityapi.Notification {
	s.t.Helper()
	return s.list(by, activityapi.ListNotificationsParams{})
}

func (s telling) unread(by authz.Actor) int {
	s.t.Helper()
	r, err := s.As(by).CountUnreadNotificationsWithResponse(s.t.Context())
	return service.OK(s.t, r, err).JSON200.Count
}

func (s telling) poll(scope authz.Scope, visibility string, by uuid.UUID) votingevents.Poll {
	id := uuid.New()
	return votingevents.Poll{
		PollID: id, Title: "Where do we go?", ScopeType: string(scope.Type), ScopeID: scope.ID, Visibility: visibility, CreatedBy: by, ActorID: &by,
		SourceRef: "poll:" + id.String(), Status: "active", ResultsVisibility: "after_closed",
	}
}

func (s telling) badge(holder uuid.UUID) gamificationevents.Grant {
	id, issuer := uuid.New(), uuid.New()
	return gamificationevents.Grant{
		GrantID: id, AchievementID: uuid.New(), Names: []gamificationevents.Name{{Language: "en", Text: "Full hold"}, {Language: "ru", Text: "Полный трюм"}},
		RecipientID: holder, IssuerID: &issuer, Visibility: "public", ScopeType: "TENANT", ScopeID: s.Tenant, CreatedAt: s.Clock.Now(), SourceRef: "grant:" + id.String(),
	}
}

// notificationOperations are all about the caller's own, so that each member may call them.
func notificationOperations(s *service.Service[client]) map[string]service.Operation[client] {
	missing := uuid.New()
	return map[string]service.Operation[client]{
		"listNotifications": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListNotificationsWithResponse(t.Context(), &activityapi.ListNotificationsParams{})
		}},
		"countUnreadNotifications": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.CountUnreadNotificationsWithResponse(t.Context())
		}},
		"markNotificationsRead": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.MarkNotificationsReadWithResponse(t.Context(), activityapi.NotificationsRead{})
		}},
		"markNotificationRead": {Try: func(t testing.TB, c client, a authz.Actor) (service.Answer, error) {
			return c.MarkNotificationReadWithResponse(t.Context(), storeNotification(t, s.DB, s.Tenant, a.User))
		}},
		"deleteNotification": {Try: func(t testing.TB, c client, a authz.Actor) (service.Answer, error) {
			return c.DeleteNotificationWithResponse(t.Context(), storeNotification(t, s.DB, s.Tenant, a.User))
		}},
		"getNotificationPreferences": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.GetNotificationPreferencesWithResponse(t.Context())
		}},
		"updateNotificationPreferences": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.UpdateNotificationPreferencesWithResponse(t.Context(), activityapi.NotificationPreferencesUpdate{DigestHour: new(8)})
		}},
		"getPush": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.GetPushWithResponse(t.Context())
		}},
		"subscribeToPush": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.SubscribeToPushWithResponse(t.Context(), browser())
		}},
		"unsubscribeFromPush": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			r, err := c.SubscribeToPushWithResponse(t.Context(), browser())
			if err != nil || r.JSON201 == nil {
				return r, err
			}
			return c.UnsubscribeFromPushWithResponse(t.Context(), r.JSON201.ID)
		}},
		"listNotificationMutes": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListNotificationMutesWithResponse(t.Context())
		}},
		"muteNotifications": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.MuteNotificationsWithResponse(t.Context(), activityapi.MutableScopeTypeTEAM, missing, activityapi.NotificationMuteTerm{Until: nullable.NewNullNullable[time.Time]()})
		}},
		"unmuteNotifications": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.UnmuteNotificationsWithResponse(t.Context(), activityapi.MutableScopeTypeTEAM, missing)
		}},
	}
}

// storeNotification tells a person of something.
func storeNotification(t testing.TB, db *pg.DB, tenant, person uuid.UUID) uuid.UUID {
	t.Helper()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	notice := domain.Notice{Cause: "badge:" + uuid.NewString(), Kind: domain.KindBadge, Subject: "grant:" + uuid.NewString(), Actor: uuid.New()}.Normalized(uuid.New(), now)
	told := notice.NewNotification(uuid.New(), person, domain.Channels{InApp: true}, false, now)
	require.NoError(t, db.Do(reqctx.With(context.Background(), reqctx.Context{TenantID: tenant}), func(ctx context.Context) error {
		_, err := store.NewInbox(db).Tell(ctx, notice, []domain.Notification{told})
		return err
	}))
	return told.ID
}

// fillNotifications puts a row into each table of notifications.
func fillNotifications(t testing.TB, db *pg.DB, tenant uuid.UUID) {
	t.Helper()
	person, now := uuid.New(), time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	storeNotification(t, db, tenant, person)
	require.NoError(t, db.Do(reqctx.With(context.Background(), reqctx.Context{TenantID: tenant}), func(ctx context.Context) error {
		preferences := store.NewPreferences(db)
		sealer, err := seal.Parse(seal.NewKey("test"))
		if err != nil {
			return err
		}
		browsers := store.NewBrowsers(db, sealer)
		mute := domain.Mute{Scope: authz.TeamScope(uuid.New())}
		notice := domain.Notice{Cause: "poll_closing:x", Kind: domain.KindPollClosing, To: domain.Named, Due: now.AddDate(1, 0, 0)}
		return errors.Join(
			store.NewNotices(db).Put(ctx, notice.Normalized(uuid.New(), now), false),
			store.NewPeople(db).SetSlug(ctx, "aef"),
			browsers.SetPrivateKey(ctx, []byte("key")),
			browsers.Add(ctx, domain.Browser{ID: uuid.New(), Person: person, Endpoint: "https://push.example.net/1", Language: "en", Created: now}, 1),
			browsers.Queue(ctx, person, nil, now.AddDate(1, 0, 0), now.AddDate(1, 0, 1)),
			store.NewPeople(db).SetMember(ctx, domain.Membership{Scope: authz.TenantScope(tenant), Person: person, Member: true}),
			store.NewPeople(db).SetAttendance(ctx, domain.Attendance{Event: uuid.New(), Person: person, Coming: true}),
			preferences.SetChoices(ctx, person, []domain.Choice{{Kind: domain.KindBadge, Channel: domain.Push}}),
			preferences.SetSettings(ctx, person, domain.DefaultSettings()),
			preferences.Mute(ctx, person, mute, 1, now))
	}))
}

const (
	pollRead  authz.Permission = "voting.poll.read"
	eventRead authz.Permission = "events.event.read"
)

func TestMembersAreToldOfAPoll(t *testing.T) {
	t.Parallel()
	s := startTelling(t)
	author, reader, outsider, blind := s.member(pollRead), s.member(pollRead), s.member(pollRead), s.member()
	community := uuid.New()
	for _, actor := range []authz.Actor{author, reader, blind} {
		s.joins(actor.User, community)
		s.Access.Grant(actor, authz.CommunityScope(community), "portal.community.read")
	}
	for _, actor := range []authz.Actor{author, reader} {
		s.Access.Grant(actor, authz.CommunityScope(community), pollRead)
	}
	poll := s.poll(authz.CommunityScope(community), "community", author.User)
	s.happened(votingevents.TypePollPublished, poll)

	found := s.inbox(reader)
	require.Len(t, found, 1)
	require.Equal(t, activityapi.NotificationKindPollOpened, found[0].Kind)
	require.Equal(t, "Where do we go?", found[0].Title)
	require.Equal(t, "/polls/"+poll.PollID.String(), found[0].Link)
	require.Equal(t, []uuid.UUID{author.User}, found[0].ActorIds)
	require.Equal(t, 1, s.unread(reader))
	require.Empty(t, s.inbox(author), "of one's own poll")
	require.Empty(t, s.inbox(outsider), "not a member of the community")
	require.Empty(t, s.inbox(blind), "may not read polls")
	var stored int
	require.NoError(t, s.DB.Read(s.in(s.Tenant), func(ctx context.Context) error {
		return s.DB.Conn(ctx).NewRaw("SELECT count(*) FROM notifications").Scan(ctx, &stored)
	}))
	require.Equal(t, 1, stored, "for those who may not read it nothing is stored")

	s.Access.Revoke(reader, pollRead)
	require.Empty(t, s.inbox(reader), "what may not be seen any more is not shown")
	require.Zero(t, s.unread(reader))
	s.Access.Grant(reader, authz.CommunityScope(community), pollRead)
	require.Len(t, s.inbox(reader), 1)

	s.happened(votingevents.TypePollDeleted, poll)
	require.Empty(t, s.inbox(reader), "what is gone is not shown")
}

func TestAPollThatClosesSoonAndItsResults(t *testing.T) {
	t.Parallel()
	s := startTelling(t)
	reader := s.member(pollRead)
	poll := s.poll(authz.TenantScope(s.Tenant), "public", uuid.New())
	ends := s.Clock.Now().Add(72 * time.Hour)
	poll.EndsAt = &ends
	kinds := func() (kinds []activityapi.NotificationKind) {
		for _, n := range s.inbox(reader) {
			kinds = append(kinds, n.Kind)
		}
		return kinds
	}
	s.happened(votingevents.TypePollPublished, poll)
	require.Equal(t, []activityapi.NotificationKind{"poll_opened"}, kinds())

	later := ends.Add(48 * time.Hour)
	poll.EndsAt, poll.Title = &later, "Where now?"
	s.happened(votingevents.TypePollUpdated, poll)
	s.Clock.Advance(49 * time.Hour) // within a day of the first end
	require.NoError(t, s.app.Tell(context.Background()))
	require.Equal(t, []activityapi.NotificationKind{"poll_opened"}, kinds(), "the end was postponed")

	s.Clock.Advance(48 * time.Hour)
	require.NoError(t, s.app.Tell(context.Background()))
	require.Equal(t, []activityapi.NotificationKind{"poll_closing", "poll_opened"}, kinds())
	require.Equal(t, "Where now?", s.inbox(reader)[0].Title)

	s.Clock.Advance(time.Hour)
	s.happened(votingevents.TypePollClosed, poll)
	require.Equal(t, []activityapi.NotificationKind{"poll_results", "poll_opened"}, kinds(), "that it closes soon is no news any more")

	secret := s.poll(authz.TenantScope(s.Tenant), "public", uuid.New())
	secret.ResultsVisibility = "admins_only"
	s.happened(votingevents.TypePollClosed, secret)
	require.Len(t, kinds(), 2)
}

// Each cause is told once, however often and wherever its event arrives, and also when the person has deleted the notification.
func TestACauseIsToldOnce(t *testing.T) {
	t.Parallel()
	s := startTelling(t)
	holder := s.member()
	grant := s.event(gamificationevents.TypeGrantCreated, s.badge(holder.User))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 5 {
				require.NoError(t, s.handle(grant))
				require.NoError(t, s.app.Tell(context.Background()))
			}
		})
	}
	wg.Wait()
	found := s.inbox(holder)
	require.Len(t, found, 1)
	require.Equal(t, map[string]string{"en": "Full hold", "ru": "Полный трюм"}, found[0].Details.Names)

	gone, err := s.As(holder).DeleteNotificationWithResponse(t.Context(), found[0].ID)
	service.OK(t, gone, err)
	require.NoError(t, s.handle(grant))
	require.NoError(t, s.app.Tell(context.Background()))
	require.Empty(t, s.inbox(holder))
	again, err := s.As(holder).DeleteNotificationWithResponse(t.Context(), found[0].ID)
	service.Refused(t, http.StatusNotFound, "NOTIFICATION_NOT_FOUND", again, err)
}

func TestOnlyOwnNotificationsAreMarkedAndDeleted(t *testing.T) {
	t.Parallel()
	s := startTelling(t)
	holder, other := s.member(), s.member()
	for range 3 {
		s.happened(gamificationevents.TypeGrantCreated, s.badge(holder.User))
		s.Clock.Advance(time.Second)
	}
	found := s.inbox(holder)
	require.Len(t, found, 3)
	for _, actor := range []authz.Actor{other, s.Outsider()} {
		r, err := s.As(actor).MarkNotificationReadWithResponse(t.Context(), found[0].ID)
		service.Refused(t, http.StatusNotFound, "NOTIFICATION_NOT_FOUND", r, err)
		gone, err := s.As(actor).DeleteNotificationWithResponse(t.Context(), found[0].ID)
		service.Refused(t, http.StatusNotFound, "NOTIFICATION_NOT_FOUND", gone, err)
	}
	for range 2 { // a second time changes nothing
		r, err := s.As(holder).MarkNotificationReadWithResponse(t.Context(), found[0].ID)
		service.OK(t, r, err)
	}
	require.Equal(t, 2, s.unread(holder))
	require.True(t, s.inbox(holder)[0].Read)
	require.Len(t, s.list(holder, activityapi.ListNotificationsParams{Unread: new(true)}), 2)

	upTo, err := s.As(holder).MarkNotificationsReadWithResponse(t.Context(), activityapi.NotificationsRead{UpTo: &found[2].ToldAt})
	service.OK(t, upTo, err)
	require.Equal(t, 1, s.unread(holder), "what was told later stays unread")
	all, err := s.As(holder).MarkNotificationsReadWithResponse(t.Context(), activityapi.NotificationsRead{})
	service.OK(t, all, err)
	require.Zero(t, s.unread(holder))
	require.Empty(t, s.list(holder, activityapi.ListNotificationsParams{Kinds: []activityapi.NotificationKind{"poll_opened", "level"}}))
	require.Len(t, s.list(holder, activityapi.ListNotificationsParams{Kinds: []activityapi.NotificationKind{"badge"}}), 3)
}

func TestPagesNeitherSkipNorRepeat(t *testing.T) {
	t.Parallel()
	s := startTelling(t)
	holder := s.member()
	for range 7 { // at one time
		require.NoError(t, s.handle(s.event(gamificationevents.TypeGrantCreated, s.badge(holder.User))))
	}
	require.NoError(t, s.app.Tell(context.Background()))
	seen := map[uuid.UUID]bool{}
	var cursor *string
	for pages := 0; ; pages++ {
		r, err := s.As(holder).ListNotificationsWithResponse(t.Context(), &activityapi.ListNotificationsParams{Limit: new(3), Cursor: cursor})
		page := service.OK(t, r, err).JSON200
		for _, n := range page.Items {
			require.False(t, seen[n.ID])
			seen[n.ID] = true
		}
		s.happened(gamificationevents.TypeGrantCreated, s.badge(holder.User)) // while the person reads
		if page.NextCursor.IsNull() {
			require.Equal(t, 2, pages)
			break
		}
		cursor = new(page.NextCursor.MustGet())
	}
	require.Len(t, seen, 7)
	r, err := s.As(holder).ListNotificationsWithResponse(t.Context(), &activityapi.ListNotificationsParams{Cursor: new("x")})
	service.Refused(t, http.StatusUnprocessableEntity, "VALIDATION_ERROR", r, err)
}

func TestWhoHasLeftOrIsBlockedIsToldNothing(t *testing.T) {
	t.Parallel()
	s := startTelling(t)
	left, blocked := s.member(), s.member()
	stranger := s.Actor()
	require.NoError(t, s.handle(s.event(identityevents.TypeMembershipChanged, identityevents.Membership{TenantID: s.Tenant, UserID: left.User, Status: "disabled", BaseRole: "member"})))
	account := func(kind string, user uuid.UUID) {
		e := s.event(kind, identityevents.UserStatus{UserID: user, Status: "suspended", WasStatus: "active"})
		require.NoError(t, s.app.Tx.Do(pg.AcrossTenants(context.Background(), "test"), func(ctx context.Context) error { return notices.Accounts(*s.app)(ctx, e) }))
	}
	account(identityevents.TypeUserSuspended, blocked.User)
	for _, actor := range []authz.Actor{left, blocked, stranger} {
		s.happened(gamificationevents.TypeGrantCreated, s.badge(actor.User))
		require.Empty(t, s.inbox(actor))
	}
	account(identityevents.TypeUserActivated, blocked.User)
	s.happened(gamificationevents.TypeGrantCreated, s.badge(blocked.User))
	require.Len(t, s.inbox(blocked), 1)
}

func TestPreferences(t *testing.T) {
	t.Parallel()
	s := startTelling(t)
	holder := s.member()
	get, err := s.As(holder).GetNotificationPreferencesWithResponse(t.Context())
	before := service.OK(t, get, err).JSON200
	require.Equal(t, activityapi.EmailFrequencyAtOnce, before.EmailFrequency)
	of := func(p *activityapi.NotificationPreferences, kind activityapi.NotificationKind) activityapi.KindPreference {
		for _, k := range p.Kinds {
			if k.Kind == kind {
				return k
			}
		}
		t.Fatalf("no %s", kind)
		return activityapi.KindPreference{}
	}
	require.Equal(t, activityapi.KindPreference{Kind: "badge", InApp: true, Email: nullable.NewNullableWithValue(false), Push: nullable.NewNullableWithValue(true)}, of(before, "badge"))
	require.True(t, of(before, "event_reminder").Email.IsNull(), "the events service mails it")

	patch := func(body activityapi.NotificationPreferencesUpdate) (*activityapi.UpdateNotificationPreferencesResponse, error) {
		return s.As(holder).UpdateNotificationPreferencesWithResponse(t.Context(), body)
	}
	off := []activityapi.NotificationChoice{
		{Kind: "badge", Channel: "in_app", Enabled: false}, {Kind: "badge", Channel: "push", Enabled: false}, {Kind: "reply", Channel: "email", Enabled: true},
	}
	changed, err := patch(activityapi.NotificationPreferencesUpdate{Choices: off, EmailFrequency: new(activityapi.EmailFrequencyDaily), DigestHour: new(7), TimeZone: new("Europe/Moscow")})
	after := service.OK(t, changed, err).JSON200
	require.Equal(t, activityapi.KindPreference{Kind: "badge", Email: nullable.NewNullableWithValue(false), Push: nullable.NewNullableWithValue(false)}, of(after, "badge"))
	require.Equal(t, "Europe/Moscow", after.TimeZone)
	require.Equal(t, before.DigestWeekday, after.DigestWeekday)
	s.happened(gamificationevents.TypeGrantCreated, s.badge(holder.User))
	require.Empty(t, s.inbox(holder))

	for _, wrong := range []struct {
		field string
		body  activityapi.NotificationPreferencesUpdate
	}{
		{"choices.0.channel", activityapi.NotificationPreferencesUpdate{Choices: []activityapi.NotificationChoice{{Kind: "event_reminder", Channel: "email", Enabled: true}}}},
		{"choices.0.enabled", activityapi.NotificationPreferencesUpdate{Choices: []activityapi.NotificationChoice{{Kind: "security", Channel: "in_app", Enabled: false}}}},
		{"time_zone", activityapi.NotificationPreferencesUpdate{TimeZone: new("Mars/Olympus")}},
	} {
		r, err := patch(wrong.body)
		service.Invalid(t, r, err, wrong.field)
	}
}

func TestMutedCommunitiesAndTeams(t *testing.T) {
	t.Parallel()
	s := startTelling(t)
	reader := s.member(eventRead)
	community, team := uuid.New(), uuid.New()
	require.NoError(t, s.DB.Do(s.in(s.Tenant), func(ctx context.Context) error {
		return portalgroups.NewStore(s.DB).Put(ctx, groups.Group{Scope: authz.TeamScope(team), Community: community, State: groups.Active})
	}))
	invited := func() {
		id := uuid.New()
		s.Access.Grant(reader, authz.TeamScope(team), eventRead)
		s.happened(eventsevents.TypeInvitationSent, eventsevents.Invitation{
			EventID: id, InvitationID: uuid.New(), UserID: &reader.User, Title: "Raid", ScopeType: "TEAM", ScopeID: team, Visibility: "private",
			SourceRef: "event:" + id.String(), Link: "/events/" + id.String(), StartsAt: s.Clock.Now().Add(time.Hour), TimeZone: "UTC",
		})
	}
	invited()
	require.Len(t, s.inbox(reader), 1)

	mute := func(kind activityapi.MutableScopeType, id uuid.UUID, until nullable.Nullable[time.Time]) (*activityapi.MuteNotificationsResponse, error) {
		return s.As(reader).MuteNotificationsWithResponse(t.Context(), kind, id, activityapi.NotificationMuteTerm{Until: until})
	}
	until := s.Clock.Now().Add(time.Hour)
	r, err := mute(activityapi.MutableScopeTypeCOMMUNITY, community, nullable.NewNullableWithValue(until))
	service.OK(t, r, err)
	listed, err := s.As(reader).ListNotificationMutesWithResponse(t.Context())
	require.Equal(t, []activityapi.NotificationMute{{ScopeType: "COMMUNITY", ScopeID: community, Until: nullable.NewNullableWithValue(until)}}, service.OK(t, listed, err).JSON200.Items)
	invited()
	require.Len(t, s.inbox(reader), 1, "the team of a muted community is muted")

	s.Clock.Advance(time.Hour)
	invited()
	require.Len(t, s.inbox(reader), 2, "the term is over")
	r, err = mute(activityapi.MutableScopeTypeTEAM, team, nullable.NewNullNullable[time.Time]())
	service.OK(t, r, err)
	invited()
	require.Len(t, s.inbox(reader), 2)
	gone, err := s.As(reader).UnmuteNotificationsWithResponse(t.Context(), activityapi.MutableScopeTypeTEAM, team)
	service.OK(t, gone, err)
	invited()
	require.Len(t, s.inbox(reader), 3)

	r, err = mute(activityapi.MutableScopeTypeTEAM, team, nullable.NewNullableWithValue(s.Clock.Now()))
	service.Invalid(t, r, err, "until")
	for range 200 {
		r, err = mute(activityapi.MutableScopeTypeTEAM, uuid.New(), nullable.NewNullNullable[time.Time]())
		service.OK(t, r, err)
	}
	r, err = mute(activityapi.MutableScopeTypeTEAM, uuid.New(), nullable.NewNullNullable[time.Time]())
	service.Refused(t, http.StatusConflict, "TOO_MANY_MUTES", r, err)
}

// A poll is opened to many members in batches; each instance that tells it goes on where the others have come.
func TestManyAreToldInBatches(t *testing.T) {
	t.Parallel()
	s := startTelling(t)
	people := make([]authz.Actor, 250)
	for i := range people {
		people[i] = s.member(pollRead)
	}
	require.NoError(t, s.handle(s.event(votingevents.TypePollPublished, s.poll(authz.TenantScope(s.Tenant), "public", people[0].User))))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { require.NoError(t, s.app.Tell(context.Background())) })
	}
	wg.Wait()
	require.NoError(t, s.app.Tell(context.Background()))
	told := func() map[string]int {
		counts := map[string]int{}
		require.NoError(t, s.DB.Read(s.in(s.Tenant), func(ctx context.Context) error {
			var rows []struct {
				UserID uuid.UUID
				N      int
			}
			err := s.DB.Conn(ctx).NewRaw("SELECT user_id, count(*) AS n FROM notifications GROUP BY user_id").Scan(ctx, &rows)
			for _, row := range rows {
				counts[strconv.Itoa(row.N)]++
			}
			return err
		}))
		return counts
	}
	want := map[string]int{"1": 249}
	// The service tells, too: it may be what still tells the last of them.
	require.Eventually(t, func() bool { return maps.Equal(want, told()) }, time.Minute, 10*time.Millisecond)
	require.NoError(t, s.app.Tell(context.Background()))
	require.Equal(t, want, told())
}

func TestNotificationsAreExportedAndErased(t *testing.T) {
	t.Parallel()
	s := startTelling(t)
	holder, other, issuer := s.member(), s.member(), s.member()
	for _, actor := range []authz.Actor{holder, other} {
		badge := s.badge(actor.User)
		badge.IssuerID = &issuer.User
		s.happened(gamificationevents.TypeGrantCreated, badge)
	}
	changed, err := s.As(holder).UpdateNotificationPreferencesWithResponse(t.Context(), activityapi.NotificationPreferencesUpdate{EmailFrequency: new(activityapi.EmailFrequencyWeekly)})
	service.OK(t, changed, err)

	bff := s.With("bff", reqctx.Context{TenantID: s.Tenant, TenantSlug: "aef"})
	export, err := bff.ExportPersonalDataWithResponse(t.Context(), holder.User, &activityapi.ExportPersonalDataParams{})
	sections := map[string]int{}
	for _, item := range service.OK(t, export, err).JSON200.Items {
		sections[item.Section]++
	}
	require.Equal(t, map[string]int{"notifications": 1, "notification_preferences": 1, "notification_audiences": 1}, sections)

	for _, actor := range []authz.Actor{holder, issuer} {
		receipt, err := bff.ErasePersonalDataWithResponse(t.Context(), actor.User, &activityapi.ErasePersonalDataParams{})
		service.OK(t, receipt, err)
	}
	require.Empty(t, s.inbox(holder))
	require.Empty(t, s.inbox(other)[0].ActorIds, "what the erased person did stays, without the person")
	s.happened(gamificationevents.TypeGrantCreated, s.badge(holder.User))
	require.Empty(t, s.inbox(holder), "the erased person is told nothing")
}
