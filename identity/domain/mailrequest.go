package domain

import (
	"mime"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// The bounds of a mail that a service asks for. Sizes are in bytes, lengths of text in characters.
const (
	MaxMailContents    = 8
	MaxMailSubject     = 200
	MaxMailText        = 20_000
	MaxMailContentSize = 128 << 10 // of the texts of all languages
	MaxMailAttachments = 10
	MaxMailFiles       = 200 << 10 // of all attachments
	mailLifetime       = 24 * time.Hour
	maxMailLifetime    = 7 * 24 * time.Hour
)

// MailRequest is a mail that a service asks for, to a member of the tenant or to an address without an account.
type MailRequest struct {
	ID          uuid.UUID
	User        uuid.UUID // who gets it; uuid.Nil when Address does
	Address     string
	ReplyTo     string // where answers go; may be empty
	Kind        string // what recipients unsubscribe from, such as events.reminder
	Contents    []MailContent
	Attachments []MailAttachment
	ExpiresAt   time.Time // when the mail is of no more use; zero: a day after it was asked for
}

// MailContent is a mail in one language.
type MailContent struct {
	Language, Subject, Text string
	HTML                    string // may be empty
}

// MailAttachment is a file that comes with a mail.
type MailAttachment struct {
	Name, ContentType string
	Content           []byte
	Alternative       bool // also shown in place of the text by programs that know the type
	Attendee          bool // a calendar whose ATTENDEE properties get the address of the recipient
}

const calendarType = "text/calendar"

var (
	mailKind     = regexp.MustCompile(`^[a-z]+(\.[a-z_]+)+$`)
	mailLanguage = regexp.MustCompile(`^[a-z]{2}$`)
)

// Checked returns the request as it is carried out, or why it cannot be. replyDomain is the domain that answers may go to; without it
// none may.
func (r MailRequest) Checked(now time.Time, replyDomain string) (MailRequest, error) {
	fields := errs.Fields{}
	fields.Check(r.ID != uuid.Nil, "message_id", why.Empty)
	fields.Check((r.User == uuid.Nil) != (r.Address == ""), "to_user", why.Mismatch("exactly one of to_user and to_address must be given"))
	if r.Address != "" {
		address, err := NormalizeEmail(r.Address)
		fields.Check(err == nil, "to_address", why.NotFormat("email", "is not an e-mail address"))
		r.Address = address
	}
	if r.ReplyTo != "" {
		address, err := NormalizeEmail(r.ReplyTo)
		ours := err == nil && replyDomain != "" && strings.HasSuffix(address, "@"+strings.ToLower(replyDomain))
		fields.Check(ours, "reply_to", why.NotAllowed("must be an address of the domain for inbound mail"))
		r.ReplyTo = address
	}
	fields.Check(mailKind.MatchString(r.Kind) && len(r.Kind) <= 64, "kind", why.InvalidFormat("must be like events.reminder, with at most 64 characters"))
	r.Contents = checkedContents(fields, r.Contents)
	r.Attachments = checkedAttachments(fields, r.Attachments)
	if r.ExpiresAt.IsZero() {
		r.ExpiresAt = now.Add(mailLifetime)
	}
	fields.Check(!r.ExpiresAt.After(now.Add(maxMailLifetime)), "expires_at", why.NotAllowed("must be at most 7 days ahead"))
	return r, fields.Err()
}

func checkedContents(fields errs.Fields, list []MailContent) []MailContent {
	fields.Check(len(list) >= 1 && len(list) <= MaxMailContents, "contents", why.Count(len(list), 1, MaxMailContents))
	checked, size, languages := make([]MailContent, 0, len(list)), 0, map[string]bool{}
	for _, c := range list {
		size += len(c.Subject) + len(c.Text) + len(c.HTML)
		fields.Check(mailLanguage.MatchString(c.Language), "contents.language", why.InvalidFormat("must be a code of two letters"))
		fields.Check(!languages[c.Language], "contents.language", why.Duplicate("each language may be there once"))
		languages[c.Language] = true
		c.Subject = valid.Line(fields, "contents.subject", c.Subject, 1, MaxMailSubject)
		c.Text = valid.Text(fields, "contents.text", c.Text, 1, MaxMailText)
		fields.Check(valid.Storable(c.HTML), "contents.html", why.InvalidCharacters("must be UTF-8 without NUL"))
		checked = append(checked, c)
	}
	fields.Check(size <= MaxMailContentSize, "contents", why.TooLarge(MaxMailContentSize))
	return checked
}

func checkedAttachments(fields errs.Fields, list []MailAttachment) []MailAttachment {
	fields.Check(len(list) <= MaxMailAttachments, "attachments", why.TooMany(MaxMailAttachments))
	checked, size := make([]MailAttachment, 0, len(list)), 0
	for _, a := range list {
		size += len(a.Content)
		a.Name = valid.FileName(fields, "attachments.name", a.Name, 255)
		media, params, err := mime.ParseMediaType(a.ContentType)
		fields.Check(err == nil && strings.Contains(media, "/") && !strings.HasPrefix(media, "multipart/"), "attachments.content_type", why.InvalidFormat("must be the media type of a file"))
		fields.Check(!a.Alternative || strings.HasPrefix(media, "text/"), "attachments.alternative", why.Mismatch("needs a media type of text"))
		fields.Check(!a.Attendee || media == calendarType, "attachments.attendee", why.Mismatch("needs the media type text/calendar"))
		delete(params, "charset") // text is UTF-8, and the mail says so
		a.ContentType = mime.FormatMediaType(media, params)
		checked = append(checked, a)
	}
	fields.Check(size <= MaxMailFiles, "attachments", why.TooLarge(MaxMailFiles))
	return checked
}

// In returns the content in the first of the languages that there is, else the first content.
func (r MailRequest) In(languages ...string) MailContent {
	for _, language := range languages {
		for _, c := range r.Contents {
			if c.Language == language {
				return c
			}
		}
	}
	return r.Contents[0]
}

// MailOutcome is why a requested mail was not sent; empty: it was.
type MailOutcome string

// The outcomes.
const (
	MailSent         MailOutcome = ""
	MailUnsubscribed MailOutcome = "unsubscribed"
	MailNoRecipient  MailOutcome = "no_recipient" // no active member of an open tenant
	MailNotAccepted  MailOutcome = "not_accepted" // no mail server took it while it was of use
	MailBounced      MailOutcome = "bounced"      // it came back, or an earlier one from the same address did
)
