package app

import (
	"context"
	"time"
	"unicode/utf8"

	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/recurrence"
	"go.updspace.com/libs/valid"
)

// The bounds of lists.
const (
	maxQuery = 100
	maxPage  = 250
	maxMonth = 1_000
)

// ListEvents is the input of Events.List. Zero values match everything.
type ListEvents struct {
	From, To   string // a time with its offset, or a day
	ScopeType  authz.ScopeType
	ScopeID    string // needs ScopeType
	Query      string
	Tag        string
	GameID     string
	Visibility authz.Visibility
	Status     domain.Status
	Mine       bool
	MyAnswer   domain.AnswerStatus
	MyWaiting  *bool // only answers that wait for a seat, or that do not
	Descending bool
	Cursor     string // of the page before; then Offset does not count
	Limit      int    // brought into 1..250
	Offset     int    // below 0 counts as 0
}

// Validate checks what needs no lookup.
func (in ListEvents) Validate() error {
	fields := errs.Fields{}
	fields.Check(in.ScopeType == "" || domain.ScopeTypes.Has(in.ScopeType), "scope_type", domain.ScopeTypes.NotAllowed())
	fields.Check(in.ScopeID == "" || in.ScopeType != "", "scope_type", why.Required.Saying("is needed with scope_id"))
	fields.Check(utf8.RuneCountInString(in.Query) <= maxQuery, "q", why.TooLong(maxQuery))
	return fields.Err()
}

func (in ListEvents) filter(by authz.Actor) (f ports.Filter, err error) {
	f = ports.Filter{ScopeType: in.ScopeType, Query: in.Query, Tag: in.Tag, GameID: in.GameID, Visibility: in.Visibility, Status: in.Status}
	if in.Mine {
		f.Host = by.User
	}
	if in.MyAnswer != "" {
		f.Answered, f.AnsweredBy, f.Waiting = in.MyAnswer, by.User, in.MyWaiting
	}
	if f.From, err = moment(in.From, 0, domain.ErrInvalidFrom); err != nil {
		return f, err
	}
	f.To, err = moment(in.To, 24*time.Hour-time.Microsecond, domain.ErrInvalidTo)
	return f, err
}

// moment parses a time with its offset, or a day, which means the time after its midnight in UTC that into says. Empty is the zero
// time.
func moment(text string, into time.Duration, wrong error) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t, err = time.Parse(time.DateOnly, text)
		t = t.Add(into)
	}
	if err != nil || !valid.InRange(t) {
		return time.Time{}, wrong
	}
	return valid.Instant(t), nil
}

// EventPage is one page of a list.
type EventPage struct {
	page.Page[EventView]
	Total  int
	Limit  int
	Offset int
}

// List returns the dates that match and that the caller sees, by their start. It makes one call to access, about the scopes of the
// events that match, and filters in the database.
func (s *Events) List(ctx context.Context, by authz.Actor, in ListEvents) (EventPage, error) {
	if err := in.Validate(); err != nil {
		return EventPage{}, err
	}
	filter, err := in.filter(by)
	if err != nil {
		return EventPage{}, err
	}
	filter, viewer, err := s.requireViewer(ctx, by, filter, in.ScopeID)
	if err != nil {
		return EventPage{}, err
	}
	list := EventPage{Limit: min(max(in.Limit, 1), maxPage), Offset: max(in.Offset, 0)}
	part := ports.Range{Offset: list.Offset, Descending: in.Descending}
	var after ports.Position
	found, err := page.Decode("events", in.Cursor, &after.Starts, &after.ID)
	if err != nil {
		return EventPage{}, err
	}
	if found {
		list.Offset, part.Offset, part.After = 0, 0, &after
	}
	dated, err := page.FetchMax(list.Limit, maxPage, func(limit int) ([]ports.Dated, error) {
		part.Limit = limit
		return s.Events.Page(ctx, filter, viewer, part)
	}, cursorAfter)
	if err != nil {
		return EventPage{}, err
	}
	if list.Total, err = s.Events.Count(ctx, filter, viewer); err != nil {
		return EventPage{}, err
	}
	list.Page = page.Map(dated, func(d ports.Dated) EventView { return viewOf(d, viewer) })
	list.Items, err = s.withAnswers(ctx, by, list.Items...)
	return list, err
}

func cursorAfter(last ports.Dated) string {
	at := ports.PositionOf(last.Occurrence)
	return page.Encode("events", at.Starts, at.ID)
}

func viewOf(d ports.Dated, viewer authz.Viewer) EventView {
	return EventView{Dated: d, EventAccess: domain.NewEventAccess(d.Event, viewer.Actor, domain.GrantsOf(viewer, d.Event))}
}

// requireViewer completes the filter with a scope, if one is named, and returns what the caller sees of the events that match. It
// refuses callers who may read events nowhere, or not in the scope.
func (s *Events) requireViewer(ctx context.Context, by authz.Actor, filter ports.Filter, scopeID string) (ports.Filter, authz.Viewer, error) {
	query := authz.ViewerQuery{
		Read: domain.PermissionEventRead, Also: []authz.Permission{domain.PermissionEventManage, domain.PermissionRSVPSet},
		Scope: authz.TenantScope(by.Tenant), Named: scopeID != "" || filter.ScopeType != "",
	}
	var err error
	if query.Named {
		if query.Scope, err = domain.ScopeTypes.Parse(by.Tenant, filter.ScopeType, scopeID); err != nil {
			return filter, authz.Viewer{}, err
		}
		filter.ScopeID = query.Scope.ID
	}
	if query.Audiences, err = s.Events.Audiences(ctx, filter); err != nil {
		return filter, authz.Viewer{}, err
	}
	viewer, err := authz.RequireViewer(ctx, s.Access, by, query)
	return filter, viewer, err
}

// MonthQuery is the input of Events.Month.
type MonthQuery struct {
	Month     string // 2026-03
	Zone      string // of the reader; default UTC
	ScopeType authz.ScopeType
	ScopeID   string // needs ScopeType
	Query     string
	Tag       string
	GameID    string
	Mine      bool
	MyAnswer  domain.AnswerStatus
	MyWaiting *bool // as in ListEvents
}

// Month is the dates that take place in a month, even in part.
type Month struct {
	Month     string
	Zone      string
	From, To  time.Time // the first moment of the month, and the first one after it
	Items     []EventView
	Truncated bool // there are more
}

// Month returns a month of the calendar.
func (s *Events) Month(ctx context.Context, by authz.Actor, in MonthQuery) (Month, error) {
	if in.Zone == "" {
		in.Zone = "UTC"
	}
	fields := errs.Fields{}
	zone, err := recurrence.Zone(in.Zone)
	fields.Check(err == nil, "time_zone", why.InvalidFormat("must be the IANA name of a time zone, such as Europe/Moscow"))
	first, err := time.Parse("2006-01", in.Month)
	fields.Check(err == nil && first.Year() > 0, "month", why.InvalidFormat("must be a month, such as 2026-03"))
	list := ListEvents{
		ScopeType: in.ScopeType, ScopeID: in.ScopeID, Query: in.Query, Tag: in.Tag, GameID: in.GameID, Mine: in.Mine,
		MyAnswer: in.MyAnswer, MyWaiting: in.MyWaiting,
	}
	if err := fields.Err(); err != nil {
		return Month{}, err
	}
	if err := list.Validate(); err != nil {
		return Month{}, err
	}
	month := Month{
		Month: in.Month, Zone: in.Zone, From: recurrence.Day(first).Resolve(zone), To: recurrence.Day(first.AddDate(0, 1, 0)).Resolve(zone),
	}
	filter, err := list.filter(by)
	if err != nil {
		return Month{}, err
	}
	filter.From, filter.To = month.From.Add(time.Microsecond), month.To.Add(-time.Microsecond)
	filter, viewer, err := s.requireViewer(ctx, by, filter, in.ScopeID)
	if err != nil {
		return Month{}, err
	}
	dated, err := s.Events.Page(ctx, filter, viewer, ports.Range{Limit: maxMonth + 1})
	if err != nil {
		return Month{}, err
	}
	if month.Truncated = len(dated) > maxMonth; month.Truncated {
		dated = dated[:maxMonth]
	}
	for _, d := range dated {
		month.Items = append(month.Items, viewOf(d, viewer))
	}
	month.Items, err = s.withAnswers(ctx, by, month.Items...)
	return month, err
}
