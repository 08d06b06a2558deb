package notices

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/notifications/domain"
	"go.updspace.com/api/eventsevents"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/wire"
)

const eventRead authz.Permission = "events.event.read"

// eventFacts are what the payloads of the events service have in common.
type eventFacts struct {
	id         uuid.UUID
	title      string
	scope      authz.Scope
	visibility string
	ref, link  string
	startsAt   time.Time
	zone       string
}

func (f eventFacts) sight() domain.Sight {
	return domain.Sight{Permission: eventRead, Scope: f.scope, Visibility: authz.Visibility(f.visibility)}
}

func (f eventFacts) notice(kind domain.Kind, cause string) domain.Notice {
	return domain.Notice{
		Cause: string(kind) + ":" + cause, Kind: kind, Subject: f.ref, To: domain.Named, Sight: f.sight(), Title: f.title,
		Details: domain.Details{StartsAt: &f.startsAt, TimeZone: f.zone}, Link: f.link,
	}
}

func factsOf(e eventsevents.Event) eventFacts {
	return eventFacts{e.EventID, e.Title, scopeOf(e.ScopeType, e.ScopeID), e.Visibility, e.SourceRef, e.Link, e.StartsAt, e.TimeZone}
}

// toldFields are the fields of which attendees are told: when and where it is.
var toldFields = []string{"title", "location_text", "location_url", "schedule", "rrule", "occurrence"}

func eventUpdated(o occasion, e eventsevents.EventUpdated) domain.Told {
	if wire.Value(e.Hidden) {
		return domain.Told{Withdrawn: []string{e.SourceRef}}
	}
	f := eventFacts{e.EventID, e.Title, scopeOf(e.ScopeType, e.ScopeID), e.Visibility, e.SourceRef, e.Link, e.StartsAt, e.TimeZone}
	told := domain.Told{Moved: []domain.Moved{{Subject: e.SourceRef, Sight: f.sight()}}}
	fields := slices.DeleteFunc(slices.Clone(e.Fields), func(field string) bool { return !slices.Contains(toldFields, field) })
	if e.Status != eventsevents.EventUpdatedStatusScheduled || len(fields) == 0 {
		return told
	}
	n := attendeesNotice(f.notice(domain.KindEventChanged, o.event.String()), e.EventID, e.OccurrenceID, e.ActorID, e.EndsAt)
	n.Group = "event_changed:" + e.EventID.String() + ":" + orNil(e.OccurrenceID).String()
	n.Details.Fields, n.Details.AllDay = fields[:min(len(fields), 32)], e.AllDay
	told.Notices = []domain.Notice{n}
	return told
}

func attendeesNotice(n domain.Notice, event uuid.UUID, occurrence, actor *uuid.UUID, ends time.Time) domain.Notice {
	n.To, n.Event, n.Occurrence, n.Actor = domain.Attendees, event, orNil(occurrence), orNil(actor)
	n.Expires = ends
	if occurrence == nil { // of all dates: the last one is not known here
		n.Expires = time.Time{}
	}
	return n
}

func eventCancelled(o occasion, e eventsevents.Event) domain.Told {
	n := attendeesNotice(factsOf(e).notice(domain.KindEventCancelled, o.event.String()), e.EventID, e.OccurrenceID, e.ActorID, e.EndsAt)
	n.Details.AllDay = e.AllDay
	if e.Reason != nil {
		n.Details.Reason = *e.Reason
	}
	return one(n)
}

func eventDeleted(_ occasion, e eventsevents.Event) domain.Told {
	return domain.Told{Withdrawn: []string{e.SourceRef}}
}

// rsvpChanged keeps who comes. Guests have no account.
func rsvpChanged(_ occasion, r eventsevents.Rsvp) domain.Told {
	if wire.Value(r.Guest) {
		return domain.Told{}
	}
	return domain.Told{Attendees: []domain.Attendance{{
		Event: r.EventID, Occurrence: orNil(r.OccurrenceID), Person: r.UserID,
		Coming: r.Status == eventsevents.RsvpStatusGoing || r.Status == eventsevents.RsvpStatusInterested,
	}}}
}

func waitlistPromoted(o occasion, p eventsevents.Promotion) domain.Told {
	f := eventFacts{p.EventID, p.Title, scopeOf(p.ScopeType, p.ScopeID), p.Visibility, p.SourceRef, p.Link, p.StartsAt, p.TimeZone}
	n := f.notice(domain.KindEventPromoted, o.event.String())
	n.Persons, n.Expires = []uuid.UUID{p.UserID}, p.StartsAt
	return one(n)
}

func reminderDue(_ occasion, r eventsevents.Reminder) domain.Told {
	f := eventFacts{r.EventID, r.Title, scopeOf(r.ScopeType, r.ScopeID), r.Visibility, r.SourceRef, r.Link, r.StartsAt, r.TimeZone}
	n := f.notice(domain.KindEventReminder, r.OccurrenceID.String()+":"+r.UserID.String()+":"+r.StartsAt.UTC().Format(time.RFC3339))
	n.Persons, n.Expires = []uuid.UUID{r.UserID}, r.StartsAt
	n.Details.AllDay, n.Details.Minutes = r.AllDay, int(r.Minutes)
	n.Group = "event_reminder:" + r.OccurrenceID.String()
	return one(n)
}

func invitationSent(_ occasion, i eventsevents.Invitation) domain.Told {
	if i.UserID == nil {
		return domain.Told{} // an address without an account
	}
	f := eventFacts{i.EventID, i.Title, scopeOf(i.ScopeType, i.ScopeID), i.Visibility, i.SourceRef, i.Link, i.StartsAt, i.TimeZone}
	n := f.notice(domain.KindEventInvitation, i.InvitationID.String())
	n.Persons, n.Actor = []uuid.UUID{*i.UserID}, orNil(i.ActorID)
	return one(n)
}
