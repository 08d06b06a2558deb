package outbox_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/events/adapters/outbox"
	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports/portstest"
	"go.updspace.com/libs/authz"
	kit "go.updspace.com/libs/outbox"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// Every event of the document is published with every field of it.
func TestEventsAreWhatTheDocumentSays(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	by := portstest.NewActor()
	event, dates, err := domain.NewEvent(by, "aef", domain.EventDraft{
		Details: domain.Details{Title: "Title"}, Scope: authz.TenantScope(by.Tenant),
		Schedule: domain.ScheduleDraft{Starts: portstest.Noon, Ends: portstest.Noon.Add(time.Hour), AllDay: true, Rule: "FREQ=DAILY;COUNT=2"},
	}, portstest.Noon)
	require.NoError(t, err)
	cancelled, _, err := event.Cancel("reason", portstest.Noon)
	require.NoError(t, err)
	hidden, _ := cancelled.Hide(portstest.Noon)
	change := domain.Change{Event: hidden, Occurrence: &dates[1], By: uuid.New()}
	series := change
	series.Occurrence = nil
	reminder := domain.ReminderDue{Change: change, UserID: by.User, Minutes: 60}
	ctx := portstest.As(t.Context(), by)
	publisher := outbox.New(kit.NewPublisher(db, "events").Validating(), "https://{tenant}.updspace.com")
	require.Error(t, publisher.Publish(ctx, nil))
	for _, happened := range []domain.DomainEvent{
		domain.EventCreated{Change: change}, domain.EventUpdated{Change: change, Fields: []string{"title"}},
		domain.EventCreated{Change: series}, domain.EventUpdated{Change: series, Fields: []string{"title"}}, domain.EventCancelled{Change: series}, domain.EventDeleted{Change: series},
		domain.RSVPChanged{Change: change, Answer: domain.Answer{UserID: by.User, Status: domain.AnswerGoing, Waiting: true, PlusOnes: 1, Guest: true}, Series: true},
		domain.InvitationSent{Change: change, Invitation: domain.Invitation{ID: uuid.New(), UserID: by.User}},
		domain.WaitlistPromoted{Change: change, UserID: by.User},
		domain.AttendanceMarked{Change: change, Attendance: domain.Attendance{UserID: by.User, Method: domain.MethodSelf}},
		domain.AttendanceUnmarked{Change: change, Attendance: domain.Attendance{UserID: by.User, Method: domain.MethodScan}}, domain.EventCancelled{Change: change}, domain.EventDeleted{Change: change},
		reminder, domain.ReminderMail{ReminderDue: reminder, ID: uuid.New()},
	} {
		require.NoError(t, db.Do(ctx, func(ctx context.Context) error { return publisher.Publish(ctx, happened) }))
	}
	service.FullEvents(t, db, "events")
}
