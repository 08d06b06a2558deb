package identity_test

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/mailevents"
	"go.updspace.com/identity"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/mail"
	"go.updspace.com/libs/mail/recipient"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/devkit/testkit"
	devservice "go.updspace.com/tools/devkit/testkit/service"
)

// asker is another service, which asks for mails.
type asker struct {
	t         testing.TB
	db        *pg.DB
	publisher *outbox.Publisher
}

func newAsker(t testing.TB) *asker {
	db := testkit.DB(t)
	return &asker{t: t, db: db, publisher: outbox.NewPublisher(db, "events").Validating()}
}

// relay sends what was asked for to a broker until the end of the test.
func (a *asker) relay(broker *testkit.Broker) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- outbox.NewRelay(a.publisher, outbox.RelayConfig{NATSURL: broker.URL}).Run(ctx) }()
	a.t.Cleanup(func() { cancel(); require.NoError(a.t, <-done) })
}

func (a *asker) ask(tenant uuid.UUID, requests ...mailevents.MessageRequest) {
	a.t.Helper()
	require.NoError(a.t, a.db.Do(pg.AcrossTenants(context.Background(), "test"), func(ctx context.Context) error {
		for _, r := range requests {
			if err := a.publisher.Publish(ctx, outbox.Event{Type: mailevents.TypeMessageRequested, Subject: r.Subject(), TenantID: tenant, Data: r}); err != nil {
				return err
			}
		}
		return nil
	}))
}

var (
	suspended = uuid.MustParse("00000000-0000-4000-8000-000000000004")
	outsider  = uuid.MustParse("00000000-0000-4000-8000-000000000006")
)

const reminder, invitation = "events.reminder", "events.invitation"

func mailTo(user uuid.UUID, kind string) mailevents.MessageRequest {
	return mailevents.MessageRequest{MessageID: uuid.New(), ToUser: &user, Kind: kind, Contents: []mailevents.Content{
		{Language: "en", Subject: "Raid at nine", Text: "Be there.\n"},
		{Language: "ru", Subject: "Рейд в девять", Text: "Приходите.\n", HTML: new("<html><body><p>Приходите.</p></body></html>")},
	}}
}

func mailToAddress(address, kind string) mailevents.MessageRequest {
	r := mailTo(uuid.Nil, kind)
	r.ToUser, r.ToAddress = nil, &address
	return r
}

// database is that of the service, open until the end of the test.
func (s *service) database() *pg.DB {
	s.t.Helper()
	db, err := pg.Open(context.Background(), s.cfg.Database)
	require.NoError(s.t, err)
	s.t.Cleanup(func() { require.NoError(s.t, db.Close()) })
	return db
}

// outcomes are what identity has told of requested mails: empty for one that was sent.
func (s *service) outcomes(db *pg.DB) map[uuid.UUID]string {
	s.t.Helper()
	told := map[uuid.UUID]string{}
	for _, e := range devservice.Events(s.t, db) {
		if e.Type != mailevents.TypeMessageSent && e.Type != mailevents.TypeMessageFailed {
			continue
		}
		var outcome mailevents.MessageOutcome
		require.NoError(s.t, json.Unmarshal(e.Data, &outcome))
		require.Equal(s.t, aef, e.TenantID)
		_, twice := told[outcome.MessageID]
		require.False(s.t, twice, "an outcome is told once")
		told[outcome.MessageID] = ""
		if outcome.Reason != nil {
			told[outcome.MessageID] = *outcome.Reason
		}
	}
	return told
}

// await waits until identity has told what became of a mail.
func (s *service) await(r mailevents.MessageRequest) (reason string) {
	s.t.Helper()
	db := s.database()
	require.Eventually(s.t, func() (told bool) {
		reason, told = s.outcomes(db)[r.MessageID]
		return told
	}, time.Minute, 20*time.Millisecond)
	return reason
}

// TestMailsThatServicesAskFor: identity finds the address and the language, and refuses what cannot be sent, once.
func TestMailsThatServicesAskFor(t *testing.T) {
	t.Parallel()
	broker := testkit.NATSServer(t)
	s := start(t, func(c *identity.Config) { c.NATSURL, c.ReplyDomain = broker.URL, "reply.test" })
	events := newAsker(t)
	events.relay(broker)

	wrong := mailTo(member, reminder)
	wrong.ToAddress = new("guest@x.test")
	large := mailTo(member, reminder)
	for range 3 {
		large.Attachments = append(large.Attachments, mailevents.Attachment{Name: "a.bin", ContentType: "application/octet-stream", Content: make([]byte, 70<<10)})
	}
	noCalendar := mailTo(member, reminder)
	noCalendar.Attachments = []mailevents.Attachment{{Name: "a.ics", ContentType: "text/calendar", Content: []byte("x"), Attendee: new(true)}}
	unknown, foreign, barred := mailTo(uuid.New(), reminder), mailTo(outsider, reminder), mailTo(suspended, reminder)
	late := mailTo(member, reminder)
	late.ExpiresAt = new(s.clock.Now().Add(-time.Minute))
	english, guest := mailTo(member, reminder), mailToAddress("Guest@x.test", invitation)
	english.Contents = english.Contents[:1]
	guest.ReplyTo = new("reply+token@reply.test")
	const calendar = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nORGANIZER:mailto:reply+token@reply.test\r\nATTENDEE;RSVP=TRUE:mailto:%s\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	guest.Attachments = []mailevents.Attachment{
		{Name: "invite.ics", ContentType: "text/calendar; method=REQUEST", Content: fmt.Appendf(nil, calendar, "x@x.invalid"), Alternative: new(true), Attendee: new(true)},
		{Name: "map.bin", ContentType: "application/octet-stream", Content: make([]byte, 190<<10)},
	}
	last := mailTo(member, reminder)
	events.ask(uuid.Nil, mailTo(member, reminder)) // of no tenant
	events.ask(aef, wrong, large, noCalendar, unknown, foreign, barred, late, english, guest, last)
	require.Empty(t, s.await(last))
	require.Empty(t, s.await(guest))
	require.Empty(t, s.await(english))

	require.Equal(t, map[uuid.UUID]string{
		unknown.MessageID: "no_recipient", foreign.MessageID: "no_recipient", barred.MessageID: "no_recipient", late.MessageID: "not_accepted",
		english.MessageID: "", guest.MessageID: "", last.MessageID: "",
	}, s.outcomes(s.database()))
	digests := map[uuid.UUID]string{}
	for _, e := range devservice.Events(t, s.database()) {
		var outcome mailevents.MessageOutcome
		if e.Type == mailevents.TypeMessageSent {
			require.NoError(t, json.Unmarshal(e.Data, &outcome))
		}
		if outcome.Recipient != nil {
			digests[outcome.MessageID] = *outcome.Recipient
		}
	}
	require.Equal(t, map[uuid.UUID]string{guest.MessageID: recipient.Digest(*guest.ReplyTo, "guest@x.test")}, digests, "of mails that can be answered")
	sent := map[string]mail.Delivered{}
	for _, m := range s.Mailbox.All() {
		sent[m.To+" "+m.Subject] = m
	}
	require.Len(t, s.Mailbox.All(), 3)
	require.Len(t, sent, 3)
	require.Contains(t, sent, "member@aef.test Raid at nine", "the only language")
	require.Contains(t, sent["member@aef.test Рейд в девять"].HTML, "Больше не получать", "in the language of the community, because the member has none")
	invited := sent["guest@x.test Рейд в девять"]
	require.Equal(t, "reply+token@reply.test", invited.ReplyTo)
	require.Contains(t, invited.Text, "Приходите.")
	require.Contains(t, invited.Text, invited.Unsubscribe)
	require.True(t, strings.HasSuffix(invited.HTML, "</body></html>"))
	require.Contains(t, invited.HTML, html.EscapeString(invited.Unsubscribe))
	require.Equal(t, []mail.Attachment{
		{Name: "invite.ics", ContentType: "text/calendar; method=REQUEST", Content: fmt.Appendf(nil, calendar, "guest@x.test"), Alternative: true},
		{Name: "map.bin", ContentType: "application/octet-stream", Content: make([]byte, 190<<10)},
	}, invited.Attachments)

	nc, err := outbox.Connect(broker.URL, "test", slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	defer nc.Close()
	letters, err := outbox.NewDeadLetters(nc)
	require.NoError(t, err)
	dead, err := letters.List(context.Background(), 0, 10)
	require.NoError(t, err)
	require.Len(t, dead, 4)
	for i, reason := range []string{"names no tenant", "exactly one of to_user and to_address", "attachments", "must be a calendar"} {
		require.Contains(t, dead[i].Reason, reason)
		require.Equal(t, 1, dead[i].Attempts, "it is not tried again")
	}
}

// A broker that has lost what it knew delivers an event again: its mail is not sent a second time.
func TestAMailIsSentOnce(t *testing.T) {
	t.Parallel()
	broker := testkit.NATSServer(t)
	s := start(t, func(c *identity.Config) { c.NATSURL = broker.URL })
	events := newAsker(t)
	events.relay(broker)
	first := mailTo(member, reminder)
	events.ask(aef, first)
	require.Empty(t, s.await(first))

	second := testkit.NATSServer(t)
	cfg := s.cfg
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	cfg.Listener, cfg.NATSURL = listener, second.URL
	other := run(t, cfg, s.clock)
	require.NoError(t, events.db.Do(pg.AcrossTenants(context.Background(), "test"), func(ctx context.Context) error {
		_, err := events.db.Conn(ctx).NewRaw("UPDATE outbox SET published_at = NULL").Exec(ctx)
		return err
	}))
	again := &asker{t: t, db: events.db, publisher: events.publisher}
	again.relay(second)
	after := mailTo(member, reminder)
	again.ask(aef, after)
	require.Empty(t, s.await(after))
	require.Len(t, append(s.Mailbox.All(), other.Mailbox.All()...), 2, "one of each event")
}

// A person and an address unsubscribe from one kind of mails of one community, by the link in the mail: a mail program with one
// request (RFC 8058), a person with a button. Opening the link changes nothing.
func TestUnsubscribing(t *testing.T) {
	t.Parallel()
	broker := testkit.NATSServer(t)
	s := start(t, func(c *identity.Config) { c.NATSURL = broker.URL })
	events := newAsker(t)
	events.relay(broker)
	link := func(r mailevents.MessageRequest) string {
		t.Helper()
		events.ask(aef, r)
		require.Empty(t, s.await(r))
		return s.Mailbox.All()[0].Unsubscribe
	}
	person := s.browser()
	ended := func(p page) bool {
		t.Helper()
		require.Equal(t, http.StatusOK, p.StatusCode)
		shown := p.boot(t).Forms.Mails
		require.Equal(t, "Маяк", shown.From)
		return shown.Ended
	}
	for _, c := range []struct {
		name    string
		request func(kind string) mailevents.MessageRequest
	}{
		{"a member", func(kind string) mailevents.MessageRequest { return mailTo(member, kind) }},
		{"an address", func(kind string) mailevents.MessageRequest { return mailToAddress("guest@x.test", kind) }},
	} {
		address := link(c.request(reminder))
		path := strings.TrimPrefix(address, s.url)
		require.False(t, ended(person.get(path)))
		require.False(t, ended(person.get(path)), "opening the link changes nothing")

		r, err := http.Post(address, "application/x-www-form-urlencoded", strings.NewReader("List-Unsubscribe=One-Click"))
		require.NoError(t, err)
		require.NoError(t, r.Body.Close())
		require.Equal(t, http.StatusOK, r.StatusCode, "of a mail program")
		require.True(t, ended(person.get(path)))
		unwanted := c.request(reminder)
		events.ask(aef, unwanted)
		require.Equal(t, "unsubscribed", s.await(unwanted), c.name)
		require.NotEmpty(t, link(c.request(invitation)), "another kind")

		require.False(t, ended(person.post(path, url.Values{"again": {"1"}})))
		require.NotEmpty(t, link(c.request(reminder)), "it is back")
		require.True(t, ended(person.post(path, nil)))
		require.True(t, ended(person.post(path, nil)), "a link may be used again")
	}
	byAddress := mailToAddress("Member@aef.test", reminder)
	events.ask(aef, byAddress)
	require.Equal(t, "unsubscribed", s.await(byAddress), "the address of a member is the member")
	require.Len(t, s.auditLog(audit.Filter{Action: domain.ActionMailsEnded}), 4)
	require.Len(t, s.auditLog(audit.Filter{Action: domain.ActionMailsEnded, Concerning: member}), 2)

	for _, token := range []string{"", "x", "test.AAAA"} {
		require.Equal(t, http.StatusNotFound, person.get("/unsubscribe?token="+token).StatusCode)
		require.Equal(t, http.StatusNotFound, person.post("/unsubscribe?token="+token, nil).StatusCode)
	}
}
