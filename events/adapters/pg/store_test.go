package pg_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/events/adapters/pg"
	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/events/ports/portstest"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/personaldata"
	kit "go.updspace.com/libs/pg"
	"go.updspace.com/libs/seal"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func TestPostgres(t *testing.T) {
	t.Parallel()
	portstest.Suite(t, func(t *testing.T) portstest.Store { return open(t, testkit.DB(t, pg.Migrations())) })
}

func TestAttendance(t *testing.T) {
	t.Parallel()
	portstest.Attendance(t, func(t *testing.T) (portstest.Store, ports.Attendance) {
		db := testkit.DB(t, pg.Migrations())
		return open(t, db), pg.NewAttendance(db)
	})
}

func TestCalendars(t *testing.T) {
	t.Parallel()
	portstest.Calendars(t, func(t *testing.T) (portstest.Store, ports.CalendarAddresses, ports.TenantMembers) {
		db := testkit.DB(t, pg.Migrations())
		return open(t, db), pg.NewCalendarAddresses(db), pg.NewTenantMembers(db)
	})
}

// open is a database as the repositories.
func open(t *testing.T, db *kit.DB) portstest.Store {
	t.Helper()
	sealer, err := seal.Parse(seal.NewKey("test"))
	require.NoError(t, err)
	return portstest.Store{
		Events: pg.NewEvents(db), Occurrences: pg.NewOccurrences(db), Answers: pg.NewAnswers(db, encoder{}), Reminders: pg.NewReminders(db),
		Accounts: pg.NewAccounts(db), Invitations: pg.NewInvitations(db, sealer), Members: pg.NewMembers(db), InTenant: pg.NewTenantMembers(db), Inbound: pg.NewInboundMails(db), Tx: db,
	}
}

// encoder makes outbox rows that say nothing.
type encoder struct{}

func (encoder) Encode(context.Context, domain.DomainEvent) (outbox.Row, error) {
	return outbox.Row{ID: uuid.New(), Type: "test", Subject: "test", Event: "{}"}, nil
}

func (encoder) Wake() {}

// A stored time that cannot be read is an error of the request, and ends no process.
func TestDamagedTimesAreErrors(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t, pg.Migrations())
	by := portstest.NewActor()
	ctx := portstest.As(t.Context(), by)
	event, dates, err := domain.NewEvent(by, "aef", domain.EventDraft{
		Details: domain.Details{Title: "Title"}, Scope: authz.TenantScope(by.Tenant),
		Schedule: domain.ScheduleDraft{Starts: portstest.Noon, Ends: portstest.Noon.Add(time.Hour)},
	}, portstest.Noon)
	require.NoError(t, err)
	events, occurrences := pg.NewEvents(db), pg.NewOccurrences(db)
	change := func(statement string) {
		require.NoError(t, db.Do(ctx, func(ctx context.Context) error {
			_, err := db.Conn(ctx).NewRaw(statement).Exec(ctx)
			return err
		}))
	}
	require.NoError(t, db.Do(ctx, func(ctx context.Context) error {
		if err := events.Add(ctx, event); err != nil {
			return err
		}
		return occurrences.Add(ctx, dates...)
	}))
	for _, damage := range []string{"starts = 'noon'", "starts = '20260301T120000', rdates = '{20260301T120000,noon}'"} {
		change("UPDATE events SET " + damage)
		_, err = events.Find(ctx, event.ID())
		require.Equal(t, errs.Internal, errs.KindOf(err), damage)
		require.ErrorContains(t, err, "noon")
	}
	change("UPDATE occurrences SET recurrence_id = 'noon'")
	_, err = occurrences.Find(ctx, event.ID(), dates[0].ID())
	require.Equal(t, errs.Internal, errs.KindOf(err))
}

// A new column that can hold a user's id or a person's words is in a section, or it says here why it need not be.
func TestPersonalDataIsComplete(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t, pg.Migrations())
	sections := personaldata.New("events", db, audit.New(db), time.Now, pg.PersonalData(db)...).Sections()
	const content, group, word = "content of the event's community, without an author", "the id of a community or team", "a word of the code"
	service.PersonalData(t, db, sections, map[string]string{
		"events.scope_id": group, "events.access_id": group, "events.access_type": word, "events.visibility": word, "events.zone": word,
		"events.starts": "a time", "events.rule": "a recurrence rule", "events.rdates": "times", "events.exdates": "times", "events.ical_uid": "an id of the event",
		"events.tenant_slug": "the name of the tenant", "events.reminders": "minutes", "reminder_choices.minutes": "minutes", "reminder_settings.minutes": "minutes",
		"events.game_id": "the id of a game", "events.tags": content, "events.check_in_secret": "a key of the event",
		"occurrences.recurrence_id": "a time", "occurrences.title": content, "occurrences.description": content,
		"occurrences.location_text": content, "occurrences.location_url": content, "occurrences.cancel_reason": content,
		"invitations.batch": "the id of a request", "invitations.message_id": "the id of a mail",
		"invitations.token": "a sealed secret", "invitations.token_hash": "a hash of it", "invitations.seal_key": "the id of a key",
		"invitations.mail_dates": "ids of dates", "invitations.recipient": "a keyed hash, deleted with the invitation", "members.scope_id": group, "inbound_mails.message_hash": "a hash, deleted after a month",
		"calendar_addresses.scope_id": group, "calendar_addresses.token_hash": "the hash of a secret that is deleted with its address",
		"groups.scope_id": group, "groups.community_id": group,
	})
}
