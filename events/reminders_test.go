package events_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	cloudevent "github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/api/eventsapi"
	"go.updspace.com/api/eventsevents"
	"go.updspace.com/api/identityevents"
	"go.updspace.com/api/mailevents"
	"go.updspace.com/events"
	accountevents "go.updspace.com/events/adapters/identityevents"
	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/authz/authztest"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/seal"
	"go.updspace.com/libs/signing"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
)

// inHours makes an event begin in so many hours.
func (s *fixture) inHours(hours int) func(*eventsapi.EventCreate) {
	starts := s.Clock.Now().Truncate(time.Second).Add(time.Duration(hours) * time.Hour)
	return func(b *eventsapi.EventCreate) { b.StartsAt, b.EndsAt = &starts, new(starts.Add(2*time.Hour)) }
}

func reminders(minutes ...int) func(*eventsapi.EventCreate) {
	return func(b *eventsapi.EventCreate) { b.ReminderMinutes = some(append([]int{}, minutes...)) }
}

// reminded are the reminders that were told of, in their order, as minutes by member. Each has its mail.
func (s *fixture) reminded() map[uuid.UUID][]int {
	s.T.Helper()
	told, mails := map[uuid.UUID][]int{}, map[uuid.UUID]int{}
	for _, e := range s.Events() {
		switch e.Type {
		case eventsevents.TypeReminderDue:
			var data eventsevents.Reminder
			require.NoError(s.T, json.Unmarshal(e.Data, &data))
			told[data.UserID] = append(told[data.UserID], int(data.Minutes))
			require.Empty(s.T, e.ActorID, "no user did it")
		case mailevents.TypeMessageRequested:
			var data mailevents.MessageRequest
			require.NoError(s.T, json.Unmarshal(e.Data, &data))
			require.Equal(s.T, "events.reminder", data.Kind)
			mails[*data.ToUser]++
		}
	}
	for user, list := range told {
		require.Equal(s.T, len(list), mails[user])
	}
	require.Len(s.T, mails, len(told))
	return told
}

// at runs the job at a time so long before the start of an event, twice.
func (s *fixture) at(event eventsapi.Event, before time.Duration) {
	s.T.Helper()
	s.Clock.Set(event.StartsAt.Add(-before))
	for range 2 {
		require.NoError(s.T, s.lifecycle.Remind(s.T.Context()))
	}
}

func (s *fixture) going(event uuid.UUID, users ...authz.Actor) {
	s.T.Helper()
	for _, u := range users {
		s.answer(u, event, eventsapi.RsvpSetStatusGoing)
	}
}

const (
	day    = 24 * time.Hour
	minute = time.Minute
)

// Those who come and those who are interested are reminded a day and an hour before.
func TestMembersAreReminded(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event(s.inHours(40), capacity(1))
	require.Equal(t, []int{1440, 60}, event.ReminderMinutes)
	interested, waiting, off := s.Actor(memberKeys...), s.Actor(memberKeys...), s.Actor(memberKeys...)
	s.going(event.ID, s.member, waiting)
	s.answer(interested, event.ID, eventsapi.RsvpSetStatusInterested)
	s.answer(off, event.ID, eventsapi.RsvpSetStatusNotGoing)
	s.at(event, day+minute)
	require.Empty(t, s.reminded())
	s.at(event, day)
	require.Equal(t, map[uuid.UUID][]int{s.member.User: {1440}, interested.User: {1440}}, s.reminded())
	late := s.Actor(memberKeys...)
	s.answer(s.member, event.ID, eventsapi.RsvpSetStatusWithdrawn)
	s.answer(late, event.ID, eventsapi.RsvpSetStatusInterested)
	s.at(event, time.Hour)
	want := map[uuid.UUID][]int{s.member.User: {1440}, interested.User: {1440, 60}, waiting.User: {60}, late.User: {60}}
	require.Equal(t, want, s.reminded(), "who withdrew is not reminded again; who has got a seat is")
	s.at(event, 0)
	require.Equal(t, want, s.reminded())
}

// The mail has both languages, the place, and a link to the date.
func TestTheMailOfAReminder(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event(s.inHours(30), weekly, func(b *eventsapi.EventCreate) {
		b.Title, b.LocationText, b.TimeZone = "Raid <1>", some("Club"), new("Europe/Moscow")
	})
	s.going(event.ID, s.member)
	s.at(event, day)
	var mail mailevents.MessageRequest
	for _, e := range s.Events() {
		if e.Type == mailevents.TypeMessageRequested {
			require.NoError(t, json.Unmarshal(e.Data, &mail))
		}
	}
	require.Equal(t, s.member.User, *mail.ToUser)
	require.True(t, mail.ExpiresAt.Equal(event.StartsAt))
	link := "http://aef.localhost/events/" + event.ID.String() + "?on=" + event.OccurrenceID.String()
	require.Equal(t, []string{"Напоминание: Raid <1>, 05.03.2026 14:06 (Europe/Moscow)", "Reminder: Raid <1>, Thursday, 5 March 2026 14:06 (Europe/Moscow)"},
		[]string{mail.Contents[0].Subject, mail.Contents[1].Subject})
	for _, c := range mail.Contents {
		require.Contains(t, c.Text, link)
		require.Contains(t, c.Text, "Club")
		require.Contains(t, *c.HTML, `href="`+link+`"`)
		require.Contains(t, *c.HTML, "Raid &lt;1&gt;")
	}
}

// The organiser says when; a member may choose otherwise for all events, and for one of them.
func TestMembersChooseWhenTheyAreReminded(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event(s.inHours(100), reminders(60, 4320, 60))
	require.Equal(t, []int{4320, 60}, event.ReminderMinutes)
	off, own, one := s.Actor(memberKeys...), s.Actor(memberKeys...), s.Actor(memberKeys...)
	s.going(event.ID, s.member, off, own, one)
	settings := func(a authz.Actor, minutes ...int) {
		set, err := s.As(a).SetReminderSettingsWithResponse(t.Context(), eventsapi.ReminderSettings{Minutes: some(append([]int{}, minutes...))})
		require.Equal(t, append([]int{}, minutes...), service.OK(t, set, err).JSON200.Minutes.MustGet())
		got, err := s.As(a).GetReminderSettingsWithResponse(t.Context())
		require.Equal(t, set.JSON200, service.OK(t, got, err).JSON200)
	}
	settings(off)
	settings(own, 120, 30)
	settings(one, 1440)
	chosen, err := s.As(one).SetEventRemindersWithResponse(t.Context(), event.ID, eventsapi.ReminderSettings{Minutes: some([]int{5})})
	require.Equal(t, eventsapi.EventReminders{Minutes: some([]int{5}), Otherwise: []int{1440}}, *service.OK(t, chosen, err).JSON200)
	for _, m := range domain.ReminderMinutes {
		s.at(event, time.Duration(m)*minute)
	}
	require.Equal(t, map[uuid.UUID][]int{s.member.User: {4320, 60}, own.User: {120, 30}, one.User: {5}}, s.reminded())

	back, err := s.As(one).SetEventRemindersWithResponse(t.Context(), event.ID, eventsapi.ReminderSettings{Minutes: null[[]int]()})
	require.True(t, service.OK(t, back, err).JSON200.Minutes.IsNull())
	_, err = s.As(own).SetReminderSettingsWithResponse(t.Context(), eventsapi.ReminderSettings{Minutes: null[[]int]()})
	require.NoError(t, err)
	got, err := s.As(own).GetEventRemindersWithResponse(t.Context(), event.ID)
	require.Equal(t, []int{4320, 60}, service.OK(t, got, err).JSON200.Otherwise)
	for _, wrong := range [][]int{{61}, {5, 10, 15, 30, 60, 120}, {1}} {
		bad, err := s.As(own).SetReminderSettingsWithResponse(t.Context(), eventsapi.ReminderSettings{Minutes: some(wrong)})
		service.Refused(t, http.StatusUnprocessableEntity, "VALIDATION_ERROR", bad, err)
	}
	silent := s.event(s.inHours(30), reminders())
	require.Empty(t, silent.ReminderMinutes)
	s.going(silent.ID, s.maker)
	s.at(silent, day)
	require.NotContains(t, s.reminded(), s.maker.User)
	loud, err := s.As(s.maker).UpdateEventWithResponse(t.Context(), silent.ID, &eventsapi.UpdateEventParams{}, eventsapi.EventUpdate{ReminderMinutes: some([]int{60})})
	require.Equal(t, []int{60}, service.OK(t, loud, err).JSON200.ReminderMinutes)
	s.at(silent, time.Hour)
	require.Equal(t, []int{60}, s.reminded()[s.maker.User])
}

// What was missed is told until the date begins: the shortest of several.
func TestLateRemindersAreToldOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	event, begun := s.event(s.inHours(48)), s.event(s.inHours(47))
	s.going(event.ID, s.member)
	s.going(begun.ID, s.maker)
	s.at(event, 30*minute)
	require.Equal(t, map[uuid.UUID][]int{s.member.User: {60}}, s.reminded())
	s.at(event, minute)
	require.Equal(t, map[uuid.UUID][]int{s.member.User: {60}}, s.reminded())
}

// Reminders follow a date that moves.
func TestRemindersFollowADateThatMoves(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event(s.inHours(48))
	s.going(event.ID, s.member)
	move := func(hours int) {
		t.Helper()
		starts := s.Clock.Now().Truncate(time.Second).Add(time.Duration(hours) * time.Hour)
		r, err := s.As(s.maker).UpdateEventWithResponse(t.Context(), event.ID, &eventsapi.UpdateEventParams{}, eventsapi.EventUpdate{StartsAt: some(starts)})
		event = *service.OK(t, r, err).JSON200
	}
	s.at(event, day)
	require.Equal(t, []int{1440}, s.reminded()[s.member.User])
	move(10) // sooner
	s.at(event, 9*time.Hour)
	require.Equal(t, []int{1440}, s.reminded()[s.member.User], "of the day before members were told")
	s.at(event, time.Hour)
	require.Equal(t, []int{1440, 60}, s.reminded()[s.member.User])
	move(20) // later, by less than a day
	s.at(event, 19*time.Hour)
	require.Equal(t, []int{1440, 60}, s.reminded()[s.member.User])
	s.at(event, time.Hour)
	require.Equal(t, []int{1440, 60, 60}, s.reminded()[s.member.User])
	s.at(event, minute)
	move(72)
	s.at(event, day)
	require.Equal(t, []int{1440, 60, 60, 1440}, s.reminded()[s.member.User])
	move(0)
	s.Clock.Set(event.StartsAt)
	require.NoError(t, s.lifecycle.Remind(t.Context()))
	require.Equal(t, []int{1440, 60, 60, 1440}, s.reminded()[s.member.User], "never after the start")
}

// Members are not reminded of what does not take place, or is not theirs to see any more.
func TestRemindersThatCameToNothing(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := func() uuid.UUID { return s.event(s.inHours(30)).ID }
	cancelled, deleted, left, suspended := event(), event(), event(), event()
	private := s.event(s.inHours(30), func(b *eventsapi.EventCreate) { b.Visibility = some(commonapi.VisibilityPrivate) })
	gone, banned, guest := s.Actor(memberKeys...), s.Actor(memberKeys...), s.Actor(memberKeys...)
	s.going(cancelled, s.member)
	s.going(deleted, s.member)
	s.going(left, gone)
	s.going(suspended, banned)
	s.answer(s.maker, private.ID, eventsapi.RsvpSetStatusGoing, func(b *eventsapi.RsvpSet) { b.UserID = &guest.User })
	off, err := s.As(s.maker).CancelEventWithResponse(t.Context(), cancelled, &eventsapi.CancelEventParams{}, eventsapi.EventCancel{})
	service.OK(t, off, err)
	del, err := s.As(s.maker).DeleteEventWithResponse(t.Context(), deleted, &eventsapi.DeleteEventParams{})
	service.OK(t, del, err)
	s.Access.Forget(gone)
	suspend := func(is bool) {
		ctx := pg.AcrossTenants(t.Context(), "test")
		require.NoError(t, s.lifecycle.Tx.Do(ctx, func(ctx context.Context) error { return s.lifecycle.AccountSuspended(ctx, banned.User, is) }))
	}
	suspend(true)
	s.at(private, day)
	require.Equal(t, map[uuid.UUID][]int{guest.User: {1440}}, s.reminded())
	suspend(false)
	s.at(private, time.Hour)
	require.Equal(t, map[uuid.UUID][]int{guest.User: {1440, 60}, banned.User: {60}}, s.reminded())
}

// A guest who was invited by address gets the mail at the address, with the link of the invitation, while the guest comes and is invited.
func TestGuestsAreReminded(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event(s.inHours(40), capacity(1))
	uninvited := s.event(s.inHours(40))
	invited := s.event(s.inHours(40), reminders(60))
	invite := func(event uuid.UUID, address string) (token string) {
		s.invite(event, eventsapi.InvitationsCreate{Addresses: []string{address}})
		token = tokenIn(t, mailTo(t, s.mails(), address))
		s.byLink(token, eventsapi.InvitationAnswerStatusGoing)
		return token
	}
	token := invite(event.ID, guestAddress)
	invite(event.ID, "waiting@example.com")
	invite(uninvited.ID, "uninvited@example.com")
	invite(invited.ID, "late@example.com")
	guest := s.list(s.maker, uninvited.ID, eventsapi.ListAnswersParamsStatusGoing)[0]
	withdrawn, err := s.As(s.maker).WithdrawInvitationWithResponse(t.Context(), uninvited.ID, s.invitations(uninvited.ID)[0].ID)
	service.OK(t, withdrawn, err)
	s.answer(s.maker, uninvited.ID, eventsapi.RsvpSetStatusGoing, func(b *eventsapi.RsvpSet) { b.UserID = &guest })
	s.asked()
	s.at(event, day)
	told := s.asked()
	require.Len(t, told, 1, "once, and not who waits or is not invited any more")
	mail := mailTo(t, told, guestAddress)
	require.Equal(t, "events.reminder", mail.Kind)
	require.True(t, mail.ExpiresAt.Equal(event.StartsAt))
	require.Equal(t, token, strings.TrimSpace(strings.SplitN(tokenIn(t, mail), "\n", 2)[0]))
	require.Contains(t, mail.Contents[1].Text, "There you can change your answer, too.")
	require.Contains(t, *mail.Contents[1].HTML, `href="http://aef.localhost/invitation#`+token+`"`)

	s.byLink(token, eventsapi.InvitationAnswerStatusNotGoing)
	s.at(event, time.Hour)
	told = s.asked()
	require.Len(t, told, 2, "who has got the seat, and whose event reminds an hour before")
	mailTo(t, told, "waiting@example.com")
	mailTo(t, told, "late@example.com")
	for _, e := range s.Events() {
		require.NotEqual(t, eventsevents.TypeReminderDue, e.Type, "no other service knows a guest")
	}
}

// A system administrator, who holds no role in the tenant, is reminded as long as the account is one.
func TestSystemAdministratorsAreReminded(t *testing.T) {
	t.Parallel()
	s := start(t)
	root := s.Actor()
	event := s.event(s.inHours(30))
	answered, err := s.AsSystemAdmin(root).SetRsvpWithResponse(t.Context(), event.ID, eventsapi.RsvpSet{Status: eventsapi.RsvpSetStatusGoing})
	service.OK(t, answered, err)
	tell := func(kind string, admin *bool) {
		data := identityevents.User{UserID: root.User, Username: "root", Status: identityevents.UserStatusActive, CreatedAt: s.Clock.Now(), SystemAdmin: admin}
		s.tell(kind, data)
	}
	s.at(event, day)
	require.Empty(t, s.reminded(), "not known to be one")
	tell(identityevents.TypeUserUpdated, new(true))
	tell(identityevents.TypeUserUpdated, nil) // an earlier release of identity says nothing
	s.at(event, time.Hour)
	require.Equal(t, map[uuid.UUID][]int{root.User: {60}}, s.reminded())
	again := s.event(s.inHours(30))
	answered, err = s.AsSystemAdmin(root).SetRsvpWithResponse(t.Context(), again.ID, eventsapi.RsvpSet{Status: eventsapi.RsvpSetStatusGoing})
	service.OK(t, answered, err)
	tell(identityevents.TypeUserUpdated, new(false))
	s.at(again, day)
	require.Equal(t, map[uuid.UUID][]int{root.User: {60}}, s.reminded(), "is one no more")
}

// tell lets the service handle an event of identity about an account.
func (s *fixture) tell(kind string, data interface{ Subject() string }) {
	s.T.Helper()
	body, err := json.Marshal(data)
	require.NoError(s.T, err)
	e := cloudevent.New()
	e.SetID(uuid.NewString())
	e.SetSource("identity")
	e.SetType(kind)
	e.SetSubject(data.Subject())
	require.NoError(s.T, e.SetData(cloudevent.ApplicationJSON, json.RawMessage(body)))
	require.Contains(s.T, accountevents.Types, kind)
	ctx := pg.AcrossTenants(s.T.Context(), "test")
	require.NoError(s.T, s.lifecycle.Tx.Do(ctx, func(ctx context.Context) error { return accountevents.Handler(s.lifecycle)(ctx, e) }))
}

// Without access nothing is told, and all of it later.
func TestRemindersWaitForAccess(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event(s.inHours(30))
	s.going(event.ID, s.member, s.maker)
	s.Access.Fail(errs.Unavailablef("away"))
	s.Clock.Set(event.StartsAt.Add(-day))
	require.Error(t, s.lifecycle.Remind(t.Context()))
	require.Empty(t, s.reminded())
	s.Access.Fail(nil)
	s.at(event, 23*time.Hour)
	require.Equal(t, map[uuid.UUID][]int{s.member.User: {1440}, s.maker.User: {1440}}, s.reminded())
}

// The instance that tells of a reminder may have a clock behind the one of the instance that found it due.
func TestRemindersAreToldOfByAClockThatIsBehind(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event(s.inHours(30))
	s.going(event.ID, s.member)
	s.Access.Fail(errs.Unavailablef("away"))
	s.Clock.Set(event.StartsAt.Add(-day))
	require.Error(t, s.lifecycle.Remind(t.Context()))
	s.Access.Fail(nil)
	s.at(event, day+2*time.Second)
	require.Equal(t, map[uuid.UUID][]int{s.member.User: {1440}}, s.reminded())
}

// patience is far beyond what anything here takes on a machine with nothing else to do.
const patience = 3 * time.Minute

// instanceAt names the variable that makes the test program an instance of the service whose clock stands at the time that it has, so that a
// test can kill one.
const instanceAt = "EVENTS_TEST_INSTANCE_AT"

// instance serves until it is killed.
func instance() {
	clock := testkit.NewClock()
	now, err := time.Parse(time.RFC3339, os.Getenv(instanceAt))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	clock.Set(now)
	fx.New(events.Module(events.Config{
		ServiceConfig: servicefx.ServiceConfig{
			Config:   servicefx.Config{Mode: servicefx.Development, Addr: "127.0.0.1:0", Signing: signing.Config{Secret: testkit.Secret}},
			Database: pg.Config{URL: os.Getenv("DATABASE_URL"), MaxConns: 4},
			Access:   accessclient.Config{URL: os.Getenv("ACCESS_URL"), Budget: 10 * time.Second},
		},
		PublicOrigin: "http://{tenant}.localhost", SealKeys: seal.NewKey("test"),
	}), fx.Replace(fx.Annotate(clock, fx.As(new(ports.Clock)))), fx.StartTimeout(patience)).Run()
}

// Three instances of the service, as processes of their own, tell of the reminders of 90 members. Each is killed in the middle of it, one
// after another, so that the one that is telling is among them, and started again: each reminder is told of once.
func TestEachReminderIsToldOnceAcrossKilledInstances(t *testing.T) {
	t.Parallel()
	s := start(t)
	const members, each = 90, 20
	event := s.event(s.inHours(30))
	for range members {
		s.going(event.ID, s.Actor(memberKeys...))
	}
	self, err := os.Executable()
	require.NoError(t, err)
	accessURL := authztest.Serve(t, s.Access, testkit.Keyring().Verifier("access"), "events")
	var mu sync.Mutex
	var processes [3]*exec.Cmd
	run := func(i int) {
		p := exec.Command(self)
		p.Env = append(os.Environ(), instanceAt+"="+event.StartsAt.Add(-day).Format(time.RFC3339), "DATABASE_URL="+s.Database.URL, "ACCESS_URL="+accessURL)
		require.NoError(t, p.Start())
		processes[i] = p
	}
	kill := func(i int) {
		_ = processes[i].Process.Kill() // SIGKILL: no time for anything
		_ = processes[i].Wait()
	}
	t.Cleanup(func() {
		mu.Lock()
		defer mu.Unlock()
		for i := range processes {
			kill(i)
		}
	})
	// Access is asked about each member. At the 20th question the first instance is killed, at the 40th the second.
	asked := 0
	var next func()
	next = func() {
		mu.Lock()
		defer mu.Unlock()
		asked++
		if i := asked/each - 1; asked%each == 0 && i < len(processes) {
			kill(i)
			run(i)
		}
		s.Access.AfterNext(next)
	}
	s.Access.AfterNext(next)
	for i := range processes {
		mu.Lock()
		run(i)
		mu.Unlock()
	}
	require.Eventually(t, func() bool { return len(s.reminded()) == members }, patience, 20*time.Millisecond)
	mu.Lock()
	require.Greater(t, asked, len(processes)*each, "each was killed before all was told")
	mu.Unlock()
	require.NoError(t, s.lifecycle.Remind(t.Context()))
	for user, told := range s.reminded() {
		require.Equal(t, []int{1440}, told, user)
	}
	var left int
	require.NoError(t, s.DB.Read(pg.AcrossTenants(t.Context(), "test"), func(ctx context.Context) error {
		return s.DB.Conn(ctx).NewRaw("SELECT count(*) FROM reminders").Scan(ctx, &left)
	}))
	require.Zero(t, left)
}
