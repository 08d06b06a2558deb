package invitationmail

import (
	"bytes"
	_ "embed"
	"fmt"
	htmltemplate "html/template"
	"strings"
	"text/template"

	"go.updspace.com/api/mailevents"
	"go.updspace.com/events/domain"
)

// The most of what a mail shows; the page has the rest.
const (
	maxTitle       = 150
	maxDescription = 2_000
	maxDates       = 20
	furtherDates   = 4
)

//go:embed mail.txt.tmpl
var textSource string

//go:embed mail.html.tmpl
var pageSource string

var (
	textTemplate = template.Must(template.New("text").Parse(textSource))
	pageTemplate = htmltemplate.Must(htmltemplate.New("page").Parse(pageSource))
)

// shown is what the templates show.
type shown struct {
	Language, Subject, Lead, Title                     string
	When, Further, Place, Address, Reason, Description string
	Cancelled                                          []string
	Words                                              labels
	Answers                                            []link
}

type labels struct{ When, Dates, Where, Reason, Press string }

type link struct{ Name, Address string }

// content is a mail in one language. page is where the invitation is answered.
func (w writer) content(in words, mail domain.InvitationMail, page string) (mailevents.Content, error) {
	event := w.about.Event
	details := event.Data().Details
	s := shown{
		Language: in.language, Lead: in.lead[mail.About],
		Words: labels{When: in.when, Dates: in.dates, Where: in.where, Reason: in.reason, Press: in.press},
	}
	if next, further := w.next(); next != nil && mail.About != domain.DatesCancelled {
		details = event.Details(*next)
		s.When, s.Reason = in.span(event, *next), event.CancelReason(*next)
		spans := make([]string, len(further))
		for n, o := range further {
			spans[n] = in.span(event, o)
		}
		s.Further = strings.Join(spans, "; ")
	}
	for _, o := range mail.Cancelled[:min(len(mail.Cancelled), maxDates)] {
		s.Cancelled, s.Reason = append(s.Cancelled, in.span(event, o)), event.CancelReason(o)
	}
	s.Title, s.Place, s.Address = cut(details.Title, maxTitle), details.LocationText, details.LocationURL
	s.Subject = fmt.Sprintf(in.subject[mail.About], s.Title)
	if mail.About == domain.Invited || mail.About == domain.EventChanged || mail.About == domain.SeatFree {
		s.Description = cut(details.Description, maxDescription)
		for n, name := range answerNames {
			s.Answers = append(s.Answers, link{in.answers[n], page + "." + string(name)})
		}
	}
	var text, html bytes.Buffer
	if err := textTemplate.Execute(&text, s); err != nil {
		return mailevents.Content{}, fmt.Errorf("the text of an invitation: %w", err)
	}
	if err := pageTemplate.Execute(&html, s); err != nil {
		return mailevents.Content{}, fmt.Errorf("the page of an invitation: %w", err)
	}
	return mailevents.Content{Language: in.language, Subject: s.Subject, Text: text.String(), HTML: new(html.String())}, nil
}

// next is the date that is on or comes next, or the last one, with some that follow it.
func (w writer) next() (next *domain.Occurrence, further []domain.Occurrence) {
	for _, o := range w.about.Dates {
		switch {
		case next == nil || !next.Data().Ends.After(w.about.Now) || next.Data().Cancelled && !o.Data().Cancelled:
			next = &o
		case !o.Data().Cancelled && len(further) < furtherDates:
			further = append(further, o)
		}
	}
	return next, further
}

// cut shortens a text to a number of characters.
func cut(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		return strings.TrimSpace(string(runes[:most])) + "…"
	}
	return s
}
