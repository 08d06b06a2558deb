package domain

import (
	"reflect"
	"slices"

	"github.com/google/uuid"
)

// DomainEvent is something that happened to an event and that other services are told of. The types are those of
// api/events/events.yaml.
type DomainEvent interface{ domainEvent() }

// What can happen to an event.
type (
	// EventCreated says that there is a new event, perhaps a draft.
	EventCreated struct{ Change }
	// EventUpdated says that an event or one of its dates was changed or published.
	EventUpdated struct {
		Change
		Fields []string // the wire names of what was changed
	}
	// EventCancelled says that an event, or one of its dates, does not take place.
	EventCancelled struct{ Change }
	// EventDeleted says that an event was deleted.
	EventDeleted struct{ Change }
)

// What can happen to an answer.
type (
	// RSVPChanged says that a member has another answer than before.
	RSVPChanged struct {
		Change
		Answer Answer
		Series bool // about all dates to come
	}
	// WaitlistPromoted says that a member who waited has got a seat.
	WaitlistPromoted struct {
		Change
		UserID uuid.UUID
	}
)

// InvitationSent says that a person was invited.
type InvitationSent struct {
	Change
	Invitation Invitation
}

// What can happen to a mark of presence.
type (
	// AttendanceMarked says that a member was present.
	AttendanceMarked struct {
		Change
		Attendance Attendance
	}
	// AttendanceUnmarked says that a mark was taken back.
	AttendanceUnmarked struct {
		Change
		Attendance Attendance // that was
	}
)

// Change is the part that the domain events of an event share: the event afterwards, and the user who changed it, or uuid.Nil
// for a background job.
type Change struct {
	Event      Event
	Occurrence *Occurrence // the date that it is about; nil for the whole event
	By         uuid.UUID
}

func (Change) domainEvent() {}

// ChangedFields are the wire names of what differs between two states of an event.
func ChangedFields(was, is Event) (names []string) {
	a, b := was.data, is.data
	for _, field := range []struct {
		name    string
		changed bool
	}{
		{"title", a.Details.Title != b.Details.Title},
		{"description", a.Details.Description != b.Details.Description},
		{"location_text", a.Details.LocationText != b.Details.LocationText},
		{"location_url", a.Details.LocationURL != b.Details.LocationURL},
		{"game_id", a.GameID != b.GameID},
		{"tags", !slices.Equal(a.Tags, b.Tags)},
		{"visibility", a.Visibility != b.Visibility},
		{"reminders", !slices.Equal(a.Reminders, b.Reminders)},
		{"answers", !reflect.DeepEqual(a.Answers, b.Answers)},
		{"schedule", !a.Schedule.equal(b.Schedule)},
		{"co_hosts", !slices.Equal(a.CoHosts, b.CoHosts)},
	} {
		if field.changed {
			names = append(names, field.name)
		}
	}
	return names
}
