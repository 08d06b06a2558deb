// Package notificationmail writes the e-mails of notifications, and the short messages to browsers.
package notificationmail

import (
	"bytes"
	"context"
	"fmt"
	htmltemplate "html/template"
	"strings"
	"text/template"
	"time"

	"go.updspace.com/activity/notifications/domain"
	"go.updspace.com/activity/notifications/ports"
	"go.updspace.com/api/mailevents"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/recurrence"
)

// Mails implements ports.Mails: identity sends the mail, in the language of the person, unless the person has unsubscribed from its kind.
type Mails struct {
	publisher *outbox.Publisher
	origin    string // of the portal, with {tenant} in the place of the slug
}

var _ ports.Mails = (*Mails)(nil)

// New asks for mails through publisher.
func New(publisher *outbox.Publisher, origin string) *Mails { return &Mails{publisher, origin} }

const (
	kindDigest = "activity.digest"
	maxSubject = 180 // characters
)

// Send asks for a mail, in the transaction of ctx.
func (m *Mails) Send(ctx context.Context, mail domain.Mail) error {
	data := mailevents.MessageRequest{MessageID: mail.ID, ToUser: &mail.Person, Kind: kindDigest}
	if !mail.Digest {
		data.Kind = "activity." + string(mail.Items[0].Kind)
	}
	for _, in := range languages {
		content, err := m.content(in, mail)
		if err != nil {
			return err
		}
		data.Contents = append(data.Contents, content)
	}
	return m.publisher.Publish(ctx, outbox.Event{Type: mailevents.TypeMessageRequested, Subject: data.Subject(), Data: data})
}

type shownItem struct{ Text, Besides, Link string }

type shownMail struct {
	Items                         []shownItem
	More, Open, Settings, Address string
}

const (
	textSource = `{{range .Items}}{{.Text}}
{{with .Besides}}{{.}}
{{end}}{{with .Link}}{{.}}
{{end}}
{{end}}{{with .More}}{{.}}

{{end}}{{.Settings}}: {{.Address}}
`
	pageSource = `{{$open := .Open}}{{range .Items}}<p><strong>{{.Text}}</strong>{{with .Besides}}<br>{{.}}{{end}}{{with .Link}}<br><a href="{{.}}">{{$open}}</a>{{end}}</p>{{end}}` +
		`{{with .More}}<p>{{.}}</p>{{end}}<p><small><a href="{{.Address}}">{{.Settings}}</a></small></p>`
)

var (
	textTemplate = template.Must(template.New("text").Parse(textSource))
	pageTemplate = htmltemplate.Must(htmltemplate.New("page").Parse(pageSource))
)

func (m *Mails) content(in words, mail domain.Mail) (mailevents.Content, error) {
	portal := strings.ReplaceAll(m.origin, "{tenant}", mail.Slug)
	shown := shownMail{Open: in.open, Settings: in.settings, Address: portal + "/settings?part=notifications"}
	for _, n := range mail.Items {
		item := shownItem{Text: in.sentence(n), Besides: in.besides(n)}
		if n.Link != "" {
			item.Link = portal + n.Link
		}
		shown.Items = append(shown.Items, item)
	}
	if mail.More > 0 {
		shown.More = fmt.Sprintf(in.more, mail.More)
	}
	content := mailevents.Content{Language: in.language, Subject: oneLine(shown.Items[0].Text)}
	if mail.Digest {
		content.Subject = fmt.Sprintf("%s: %d", in.digest, len(mail.Items)+mail.More)
	}
	var text, page bytes.Buffer
	if err := textTemplate.Execute(&text, shown); err != nil {
		return content, fmt.Errorf("the text of a mail: %w", err)
	}
	if err := pageTemplate.Execute(&page, shown); err != nil {
		return content, fmt.Errorf("the page of a mail: %w", err)
	}
	content.Text, content.HTML = text.String(), new(page.String())
	return content, nil
}

func oneLine(s string) string {
	return cut(strings.Join(strings.Fields(s), " "), maxSubject)
}

// cut shortens a text to a number of characters.
func cut(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return s
}

func timeIn(t time.Time, zone, layout string) string {
	in, err := recurrence.Zone(zone)
	if err != nil {
		in, zone = time.UTC, "UTC"
	}
	return t.In(in).Format(layout) + " (" + zone + ")"
}
