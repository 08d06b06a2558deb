package invitationmail

import (
	"slices"

	"go.updspace.com/events/calendarfile"
	"go.updspace.com/events/domain"
	"go.updspace.com/libs/ical"
)

const (
	maxFile      = 140 << 10 // bytes; identity takes 200 KiB of attachments
	maxOverrides = 100       // dates of a series that differ from it
	recipient    = "mailto:recipient@recipient.invalid"
)

// writer writes mails about an event.
type writer struct {
	about domain.MailSubject
	ics   calendarfile.Writer
}

func newWriter(about domain.MailSubject) (writer, error) {
	ics, err := calendarfile.NewWriter(about.Event)
	for _, o := range about.Dates {
		if d := o.Data(); d.Cancelled {
			ics.Left = append(ics.Left, d.Original)
		}
	}
	return writer{about: about, ics: ics}, err
}

// organiser is whom calendars answer to: an address that names the invitation.
type organiser struct {
	name, address string
	answers       bool // mails to the address are read
}

// participation is a reply in iCalendar (RFC 5545 section 3.2.12).
var participation = map[domain.AnswerStatus]string{
	domain.AnswerGoing: "ACCEPTED", domain.AnswerInterested: "TENTATIVE", domain.AnswerNotGoing: "DECLINED",
}

// calendar is the event for the recipient's calendar (RFC 5546 section 3.2), or nil when there is nothing to put there. The address
// of the recipient is filled in by identity, which alone knows it.
func (w writer) calendar(mail domain.InvitationMail, by organiser) (method string, file []byte, err error) {
	method, components := w.components(mail)
	status, rsvp := "NEEDS-ACTION", "FALSE"
	if reply := mail.Invitation.Reply; reply != nil && participation[reply.Status] != "" {
		status = participation[reply.Status]
	}
	if by.answers {
		rsvp = "TRUE"
	}
	people := []ical.Property{
		ical.Property{Name: "ORGANIZER", Value: "mailto:" + by.address}.With("CN", by.name),
		ical.Property{Name: "ATTENDEE", Value: recipient}.With("CUTYPE", "INDIVIDUAL").With("ROLE", "REQ-PARTICIPANT").With("PARTSTAT", status).With("RSVP", rsvp),
	}
	events := 0
	for i, c := range components {
		if c.Name == "VEVENT" {
			components[i].Properties = append(w.stamped(c.Properties), people...)
			events++
		}
	}
	if events == 0 {
		return "", nil, nil
	}
	for _, shorten := range []func([]ical.Component) []ical.Component{whole, withoutDescriptions, withoutOverrides} {
		components = shorten(components)
		if file, err = calendarfile.Encode(method, components...); err != nil || len(file) <= maxFile {
			return method, file, err
		}
	}
	return method, nil, nil
}

func (w writer) components(mail domain.InvitationMail) (method string, list []ical.Component) {
	list = w.ics.Zones()
	switch mail.About {
	case domain.DatesCancelled:
		for _, o := range mail.Cancelled[:min(len(mail.Cancelled), maxOverrides)] {
			list = append(list, w.ics.Date(o))
		}
		return "CANCEL", list
	case domain.EventOff:
		return "CANCEL", append(list, w.event(false)...)
	case domain.Uninvited: // the event takes place, without this person, so it has no status (RFC 5546 section 3.2.5)
		for _, c := range w.event(false) {
			c.Properties = slices.DeleteFunc(c.Properties, func(p ical.Property) bool { return p.Name == "STATUS" })
			list = append(list, c)
		}
		return "CANCEL", list
	}
	return "REQUEST", append(list, w.event(true)...)
}

// event is a single event, or a series, with the dates to come that differ from it.
func (w writer) event(overrides bool) (list []ical.Component) {
	if !w.about.Event.Data().Schedule.Recurs() {
		if len(w.about.Dates) == 0 {
			return nil
		}
		return []ical.Component{w.ics.Date(w.about.Dates[0])}
	}
	list = []ical.Component{w.ics.Series()}
	for _, o := range w.about.Dates {
		d := o.Data()
		differs := !d.Cancelled && (o.Changed() || d.Sequence > 0)
		if overrides && differs && d.Ends.After(w.about.Now) && len(list) <= maxOverrides {
			list = append(list, w.ics.Date(o))
		}
	}
	return list
}

// stamped are the properties with the time of the mail, by which calendars order mails with the same sequence.
func (w writer) stamped(properties []ical.Property) []ical.Property {
	properties = slices.Clone(properties)
	for i, p := range properties {
		if p.Name == "DTSTAMP" {
			properties[i] = ical.At(p.Name, ical.UTC(w.about.Now))
		}
	}
	return properties
}

func whole(list []ical.Component) []ical.Component { return list }

func withoutDescriptions(list []ical.Component) []ical.Component {
	for i, c := range list {
		list[i].Properties = slices.DeleteFunc(c.Properties, func(p ical.Property) bool { return p.Name == "DESCRIPTION" })
	}
	return list
}

func withoutOverrides(list []ical.Component) []ical.Component {
	events := 0
	return slices.DeleteFunc(list, func(c ical.Component) bool {
		if c.Name == "VEVENT" {
			events++
		}
		return events > 1
	})
}
