package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"go.updspace.com/api/eventsapi"
	"go.updspace.com/events/app"
	"go.updspace.com/events/calendarfile"
)

func (s *server) ExportEvent(ctx context.Context, r eventsapi.ExportEventRequestObject) (eventsapi.ExportEventResponseObject, error) {
	calendar, err := s.calendars.Event(ctx, actor(ctx), app.DateOf{Event: r.EventID, Occurrence: r.Params.Occurrence})
	if err != nil {
		return nil, err
	}
	file, err := calendarOf(calendar)
	if err != nil {
		return nil, err
	}
	return calendarFile{name: "event-" + r.EventID.String(), content: file}, nil
}

// calendarOf writes an event as an iCalendar stream (RFC 5545) for people to take into their calendars.
func calendarOf(c app.Calendar) ([]byte, error) {
	w, err := calendarfile.NewWriter(c.Event)
	if err != nil {
		return nil, err
	}
	components := w.Zones()
	if c.Series {
		components = append(components, w.Alarmed(w.Series()))
	}
	for _, o := range c.Occurrences {
		components = append(components, w.Alarmed(w.Date(o)))
	}
	return calendarfile.Encode("PUBLISH", components...)
}

// calendarFile answers with a calendar. The generated answer does not say in which character set it is.
type calendarFile struct {
	name    string
	content []byte
}

// VisitExportEventResponse implements the generated interface.
func (f calendarFile) VisitExportEventResponse(w http.ResponseWriter) error {
	header := w.Header()
	header.Set("Content-Type", "text/calendar; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(len(f.content)))
	header.Set("Content-Disposition", "attachment; filename="+f.name+".ics")
	if _, err := w.Write(f.content); err != nil {
		return fmt.Errorf("writing a calendar: %w", err)
	}
	return nil
}
