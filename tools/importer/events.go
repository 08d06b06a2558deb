package importer

import (
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/events/domain"
	"go.updspace.com/libs/recurrence"
)

const (
	kindEvents     = "events"
	kindAnswers    = "answers to events"
	kindAttendance = "attendance"
)

type oldEvent struct {
	ID          uuid.UUID `db:"id"`
	Tenant      uuid.UUID `db:"tenant_id"`
	ScopeType   string    `db:"scope_type"`
	ScopeID     string    `db:"scope_id"`
	Title       string    `db:"title"`
	Description string    `db:"description"`
	StartsAt    time.Time `db:"starts_at"`
	EndsAt      time.Time `db:"ends_at"`
	Place       string    `db:"location_text"`
	URL         string    `db:"location_url"`
	Game        string    `db:"game_id"`
	Visibility  string    `db:"visibility"`
	CreatedBy   uuid.UUID `db:"created_by"`
	CreatedAt   time.Time `db:"created_at"`
	UpdatedAt   time.Time `db:"updated_at"`
}

// gathering is what answers must know of an event.
type gathering struct {
	tenant, date uuid.UUID
	starts, ends time.Time
	scopeType    string
	scopeID      uuid.UUID
	visibility   string
}

// dateOf is the id of the one date of an event: the old system had no dates.
func dateOf(event uuid.UUID) uuid.UUID { return derived("date of", event) }

// events takes events, each with its one date, answers and attendance.
func (r *run) events() error {
	events, err := r.into("events", "events", kindEvents, "tenant_id, id", "tenant_id", "id", "title", "description", "location_text", "location_url", "game_id", "tags", "status",
		"cancel_reason", "scope_type", "scope_id", "visibility", "starts", "zone", "duration_seconds", "rule", "rdates", "exdates", "continues", "co_hosts", "hidden", "ical_uid", "sequence",
		"created_by", "created_at", "updated_at", "version", "search_text", "tenant_slug", "plus_ones")
	if err != nil {
		return err
	}
	dates, err := r.into("events", "occurrences", "", "tenant_id, id", "tenant_id", "id", "event_id", "recurrence_id", "original_at", "starts_at", "ends_at", "moved", "cancelled",
		"cancel_reason", "sequence", "remind_at", "seats_taken", "going", "interested", "not_going", "waiting", "places")
	if err != nil {
		return err
	}
	dates.onKey = true
	dates.requires = "EXISTS (SELECT FROM events e WHERE e.tenant_id = s.tenant_id AND e.id = s.event_id)"
	taken := map[uuid.UUID]gathering{}
	err = each(r.ctx, r.old["events"], "events_event", "", "created_at, id", func(o oldEvent) error {
		home, ok := r.home(kindEvents, o.Tenant, o.ID.String())
		if !ok {
			return nil
		}
		g, err := r.event(events, dates, home, o)
		if err == nil && g.tenant != uuid.Nil {
			taken[o.ID] = g
			r.places[o.ID], r.tenantsOf[o.ID] = "EVENT", home
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := r.answers(events, dates, taken); err != nil {
		return err
	}
	return r.eventsKnow()
}

// event takes an event with its date.
func (r *run) event(events, dates *table, home uuid.UUID, o oldEvent) (g gathering, err error) {
	which := o.ID.String()
	g = gathering{tenant: home, date: dateOf(o.ID), starts: o.StartsAt.UTC().Truncate(time.Second), ends: o.EndsAt.UTC().Truncate(time.Second)}
	if o.StartsAt.IsZero() {
		r.report.refuse(kindEvents, "it has no time", which)
		return gathering{}, nil
	}
	if !g.ends.After(g.starts) || g.ends.Sub(g.starts) > 366*24*time.Hour {
		g.ends = g.starts.Add(time.Hour)
		r.report.change(kindEvents, "its end cannot be: it lasts an hour", which)
	}
	hidden := false
	var ok bool
	if g.scopeType, g.scopeID, ok = r.scope(home, o.ScopeType, o.ScopeID); !ok {
		if g.scopeType != "COMMUNITY" && g.scopeType != "TEAM" || g.scopeID == uuid.Nil {
			r.report.refuse(kindEvents, "what it belongs to is nothing that there is", which+", of "+o.ScopeType+" "+o.ScopeID)
			return gathering{}, nil
		}
		hidden = true
		r.report.change(kindEvents, "its community or team is not known: it is hidden, as those of deleted ones", which)
	}
	g.visibility = r.sight(kindEvents, o.Visibility, g.scopeType, which)
	title := r.title(kindEvents, which, o.Title, o.ID)
	description, place := r.text(kindEvents, which, "description", o.Description, 10_000), r.line(kindEvents, which, "place", o.Place, 255)
	starts, slug := recurrence.Wall(g.starts).String(), r.slugs[home]
	err = events.add(home, o.ID, title, description, place, r.address(kindEvents, which, o.URL, 512), r.line(kindEvents, which, "game", o.Game, 128), []string{}, "scheduled", "",
		g.scopeType, g.scopeID, g.visibility, starts, "UTC", int64(g.ends.Sub(g.starts)/time.Second), "", []string{}, []string{}, false, []uuid.UUID{}, hidden,
		which+"@"+slug+".updspace", 0, r.author(kindEvents, o.CreatedBy, which), o.CreatedAt, timeOr(o.UpdatedAt, o.CreatedAt), 1,
		fold(strings.Join([]string{title, description, place, ""}, "\n")), slug, 0)
	if err != nil {
		return g, err
	}
	err = dates.add(home, g.date, o.ID, starts, g.starts, g.starts, g.ends, false, false, "", 0, orNull(firstLook(g.starts, r.now)), 0, 0, 0, 0, 0, 0)
	if err != nil || hidden {
		return g, err
	}
	return g, r.feed(item{
		tenant: home, ref: "event:" + which, kind: "event.created", actor: o.CreatedBy, at: o.CreatedAt, title: title, visibility: g.visibility, scopeType: g.scopeType,
		scopeID: g.scopeID, link: "/events/" + which, payload: map[string]any{
			"event_id": which, "starts_at": g.starts, "ends_at": g.ends, "time_zone": "UTC", "all_day": false, "recurring": false,
		},
	})
}

// firstLook is when a date is looked at first for reminders; the zero time for never.
func firstLook(starts, now time.Time) time.Time {
	for _, minutes := range domain.ReminderMinutes {
		if at := starts.Add(-time.Duration(minutes) * time.Minute); !at.Before(now) {
			return at
		}
	}
	return time.Time{}
}

// title is the title of a thing, which must have one.
func (r *run) title(kind, which, title string, id uuid.UUID) string {
	if title = r.line(kind, which, "title", title, 255); title != "" {
		return title
	}
	r.report.change(kind, "it had no title", which)
	return "№ " + id.String()[:8]
}

// address is the address of a page; one that is none is left out.
func (r *run) address(kind, which, s string, most int) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || len(s) > most || r.line(kind, which, "address", s, most) != s {
		r.report.change(kind, "address: is none of a page, and is left out", which+": "+beginning(s, 80))
		return ""
	}
	return s
}

func (r *run) answers(events, dates *table, taken map[uuid.UUID]gathering) error {
	answers, err := r.into("events", "answers", kindAnswers, "tenant_id, occurrence_id, user_id", "tenant_id", "occurrence_id", "user_id", "status", "waiting", "place", "plus_ones",
		"comment", "answered_at", "answered_by")
	if err != nil {
		return err
	}
	present, err := r.into("events", "attendance", kindAttendance, "tenant_id, occurrence_id, user_id", "tenant_id", "occurrence_id", "user_id", "marked_by", "marked_at", "method")
	if err != nil {
		return err
	}
	const date = "EXISTS (SELECT FROM occurrences o WHERE o.tenant_id = s.tenant_id AND o.id = s.occurrence_id)"
	answers.requires, present.requires = date, date
	type old struct {
		Event     uuid.UUID `db:"event_id"`
		Tenant    uuid.UUID `db:"tenant_id"`
		User      uuid.UUID `db:"user_id"`
		Status    string    `db:"status"`
		UpdatedAt time.Time `db:"updated_at"`
		MarkedBy  uuid.UUID `db:"marked_by"`
		MarkedAt  time.Time `db:"marked_at"`
	}
	of := func(kind string, o old) (g gathering, which string, ok bool) {
		which = o.User.String() + " about " + o.Event.String()
		home, ok := r.home(kind, o.Tenant, which)
		if !ok {
			return g, which, false
		}
		g, found := taken[o.Event]
		switch {
		case !found:
			r.report.refuse(kind, noParent, which)
		case g.tenant != home:
			r.report.refuse(kind, otherTenant, which)
		case r.users[o.User] == nil:
			r.report.refuse(kind, noPerson, which)
		default:
			return g, which, true
		}
		return g, which, false
	}
	err = each(r.ctx, r.old["events"], "events_rsvp", "", "id", func(o old) error {
		g, which, ok := of(kindAnswers, o)
		if !ok {
			return nil
		}
		if o.Status != "going" && o.Status != "interested" && o.Status != "not_going" {
			r.report.refuse(kindAnswers, "it is none that there is", which+": "+o.Status)
			return nil
		}
		if o.Status != "not_going" && g.ends.After(r.now) {
			r.coming = append(r.coming, attendee{g.tenant, o.Event, g.date, o.User})
		}
		return answers.add(g.tenant, g.date, o.User, o.Status, false, 0, 0, "", timeOr(o.UpdatedAt, g.starts), o.User)
	})
	if err != nil {
		return err
	}
	err = each(r.ctx, r.old["events"], "events_attendance", "", "id", func(o old) error {
		g, which, ok := of(kindAttendance, o)
		if !ok {
			return nil
		}
		if err := r.fact(attended(g, o.Event, o.User)); err != nil {
			return err
		}
		return present.add(g.tenant, g.date, o.User, r.author(kindAttendance, o.MarkedBy, which), timeOr(o.MarkedAt, g.starts), "organiser")
	})
	if err != nil {
		return err
	}
	for _, t := range []*table{answers, dates} {
		if err := t.copy.Flush(r.ctx); err != nil {
			return err
		}
	}
	_, err = r.exec("events", `UPDATE import_occurrences d SET seats_taken = c.going, going = c.going, interested = c.interested, not_going = c.not_going
		FROM (SELECT occurrence_id, count(*) FILTER (WHERE status = 'going') AS going, count(*) FILTER (WHERE status = 'interested') AS interested,
			count(*) FILTER (WHERE status = 'not_going') AS not_going FROM import_answers GROUP BY 1) AS c WHERE c.occurrence_id = d.id`)
	if err != nil {
		return err
	}
	return store(events, dates, answers, present)
}
