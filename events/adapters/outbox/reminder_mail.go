package outbox

import (
	"bytes"
	"fmt"
	htmltemplate "html/template"
	"strings"
	texttemplate "text/template"
	"time"

	"go.updspace.com/api/mailevents"
	"go.updspace.com/events/domain"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/recurrence"
)

// kindReminder is what recipients unsubscribe from.
const kindReminder = "events.reminder"

const (
	mailTitle = 150                // characters of a title in a subject
	mailLasts = 6 * 24 * time.Hour // at most; identity keeps no mail for longer than a week
)

// reminderMail asks for the mail of a reminder. It is of no use when the date has begun.
func (p *Publisher) reminderMail(e domain.ReminderMail) (outbox.Event, error) {
	d, o := e.Event.Data(), e.Occurrence.Data()
	details := e.Event.Details(*e.Occurrence)
	zone, err := recurrence.Zone(d.Schedule.Zone)
	if err != nil {
		zone = time.UTC
	}
	starts := o.Starts.In(zone)
	facts := reminderFacts{
		Title: details.Title, Place: details.LocationText, Address: details.LocationURL,
		Link: strings.ReplaceAll(p.origin, "{tenant}", d.TenantSlug) + eventData(e.Change).Link,
	}
	data := mailevents.MessageRequest{MessageID: e.ID, ToUser: &e.UserID, Kind: kindReminder, ExpiresAt: new(o.Starts)}
	if e.Guest != nil {
		data.ToUser, data.ToAddress = nil, &e.Guest.Address
		facts.Guest, facts.Link = true, strings.ReplaceAll(p.origin, "{tenant}", d.TenantSlug)+e.Guest.Page()
	}
	if latest := o.Starts.Add(-time.Duration(e.Minutes) * time.Minute).Add(mailLasts); latest.Before(o.Starts) {
		data.ExpiresAt = &latest
	}
	for _, in := range reminderLanguages {
		facts.When = starts.Format(in.day)
		if !d.Schedule.AllDay() {
			facts.When = starts.Format(in.time) + " (" + d.Schedule.Zone + ")"
		}
		content := mailevents.Content{Language: in.language, Subject: fmt.Sprintf(in.subject, shortened(details.Title, mailTitle), facts.When)}
		if content.Text, content.HTML, err = in.write(facts); err != nil {
			return outbox.Event{}, err
		}
		data.Contents = append(data.Contents, content)
	}
	return outbox.Event{Type: mailevents.TypeMessageRequested, Subject: data.Subject(), Data: data}, nil
}

// reminderFacts are what the mail of a reminder says.
type reminderFacts struct {
	Title, When, Place, Address, Link string

	Guest bool // known by an address only: the link leads to the page where the guest answers
}

// reminderLanguage is the mail of a reminder in one language.
type reminderLanguage struct {
	language, subject string
	day, time         string // layouts
	text              *texttemplate.Template
	html              *htmltemplate.Template
}

func newReminderLanguage(language, subject, day, clock, open, settings, answer string) reminderLanguage {
	words := strings.NewReplacer("[open]", open, "[settings]", "{{if .Guest}}"+answer+"{{else}}"+settings+"{{end}}")
	return reminderLanguage{
		language: language, subject: subject, day: day, time: clock,
		text: texttemplate.Must(texttemplate.New(language).Parse(words.Replace(reminderText))),
		html: htmltemplate.Must(htmltemplate.New(language).Parse(words.Replace(reminderHTML))),
	}
}

const reminderText = `{{.Title}}

{{.When}}
{{with .Place}}{{.}}
{{end}}{{with .Address}}{{.}}
{{end}}
[open]: {{.Link}}

[settings]
`

const reminderHTML = `<p><strong>{{.Title}}</strong></p><p>{{.When}}{{with .Place}}<br>{{.}}{{end}}{{with .Address}}<br><a href="{{.}}">{{.}}</a>{{end}}</p>` +
	`<p><a href="{{.Link}}">[open]</a></p><p><small>[settings]</small></p>`

var reminderLanguages = []reminderLanguage{
	newReminderLanguage("ru", "Напоминание: %s, %s", "02.01.2006", "02.01.2006 15:04", "Открыть событие", "Когда напоминать, можно выбрать на странице события и в настройках.",
		"Там же можно изменить свой ответ."),
	newReminderLanguage("en", "Reminder: %s, %s", "Monday, 2 January 2006", "Monday, 2 January 2006 15:04", "Open the event", "Choose when to be reminded on the event's page and in your settings.",
		"There you can change your answer, too."),
}

func (l reminderLanguage) write(facts reminderFacts) (text string, html *string, err error) {
	var plain, page bytes.Buffer
	if err := l.text.Execute(&plain, facts); err != nil {
		return "", nil, fmt.Errorf("the text of a reminder: %w", err)
	}
	if err := l.html.Execute(&page, facts); err != nil {
		return "", nil, fmt.Errorf("the page of a reminder: %w", err)
	}
	return plain.String(), new(page.String()), nil
}

func shortened(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return s
}
