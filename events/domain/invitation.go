package domain

import (
	"crypto/rand"
	"encoding/base32"
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// The bounds of invitations.
const (
	MaxInvitations = 1_000 // of an event, with those that were withdrawn
	MaxAddresses   = 200   // that an organiser invites in AddressesPer
	AddressesPer   = 24 * time.Hour
	ResendPause    = time.Hour
	maxAddress     = 254
	// changePause is how long the mail about a change waits, so that several changes are one mail.
	changePause = time.Minute
)

// Invitation asks a person to an event: a member, or the owner of an e-mail address. It makes a member a guest of the event.
type Invitation struct {
	ID      uuid.UUID
	EventID uuid.UUID
	UserID  uuid.UUID // whose answers are meant: the member's id, or for an address an id of its own
	Guest   bool      // the person is known by the address only
	Address string    // of a guest; empty once the event is long over
	Slug    string    // of the tenant, for the links
	Token   InvitationToken
	By      uuid.UUID
	At      time.Time
	Batch   uuid.UUID // of the request that invited

	Withdrawn bool
	Told      int       // the sequence of the event in the last mail; NotTold before the first
	Mail      Mail      // the next one
	Delivery  Delivery  // of the last one
	MessageID uuid.UUID // of the last one
	MailedAt  time.Time // the last one; zero before the first
	Failure   string    // why it was not sent
	Recipient string    // the digest of the address that got the last mail; empty until identity has told it
	Reply     *Answer   // the last answer about a date of the event; in lists only
}

// NotTold is the sequence of an invitation whose first mail was not sent.
const NotTold = -1

// Mail is a mail of an invitation that waits. Of several instances one asks for it.
type Mail struct {
	Method MailMethod  // empty for none about the whole event
	Dates  []uuid.UUID // that were cancelled on their own since the last mail
	Due    time.Time   // zero without a mail
}

// MailMethod is what a mail does to the event in the recipient's calendar (RFC 5546).
type MailMethod string

// The methods.
const (
	MailRequest MailMethod = "request" // adds or changes it
	MailCancel  MailMethod = "cancel"  // removes it
)

// Delivery is where the last mail of an invitation stands.
type Delivery string

// The states.
const (
	DeliveryWaiting Delivery = "waiting" // for a job that asks for it
	DeliveryQueued  Delivery = "queued"  // with identity
	DeliverySent    Delivery = "sent"    // a mail server has accepted it
	DeliveryFailed  Delivery = "failed"  // it will not be sent
)

// MailOutcome is what became of a mail.
type MailOutcome struct {
	Delivery  Delivery
	Failure   string // why it was not sent
	Recipient string // the digest of the address that got it, of a mail that can be answered
}

// InvitationToken is the secret of an invitation, which its links and its reply address have. It is in lower case, because mail
// programs may change the case of addresses.
type InvitationToken string

// NewInvitationToken draws 160 random bits.
func NewInvitationToken() InvitationToken {
	var b [20]byte
	_, _ = rand.Read(b[:]) // never fails, says its documentation
	return InvitationToken(strings.ToLower(base32.StdEncoding.EncodeToString(b[:])))
}

// Invitees are the people that an organiser invites.
type Invitees struct {
	Users     []uuid.UUID
	Groups    []authz.Scope
	Addresses []string
}

// Checked returns the invitees with their addresses in one form, each once.
func (in Invitees) Checked() (Invitees, error) {
	fields := errs.Fields{}
	fields.Check(len(in.Users)+len(in.Groups)+len(in.Addresses) > 0, "userIds", why.Required.Saying("at least one of userIds, groups and addresses is required"))
	seen := map[string]bool{}
	var addresses []string
	for _, address := range in.Addresses {
		address, ok := NormalizeAddress(address)
		fields.Check(ok, "addresses", why.NotFormat("email", "must be e-mail addresses"))
		if !seen[address] {
			seen[address], addresses = true, append(addresses, address)
		}
	}
	in.Addresses = addresses
	return in, fields.Err()
}

// NormalizeAddress returns an e-mail address in the form in which it is stored and compared.
func NormalizeAddress(s string) (address string, ok bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	parsed, err := mail.ParseAddress(s)
	if err != nil || parsed.Address != s || len(s) > maxAddress || strings.ContainsAny(s, " \"<>\\") || !valid.Storable(s) {
		return "", false
	}
	return s, true
}

// Invite makes the invitation of a person; user is uuid.Nil for an address. token is a secret that no other invitation has.
func (e Event) Invite(by authz.Actor, slug string, user uuid.UUID, address string, token InvitationToken, now time.Time) Invitation {
	guest := user == uuid.Nil
	if guest {
		user = valid.NewID()
	}
	now = valid.Instant(now)
	return Invitation{
		ID: valid.NewID(), EventID: e.data.ID, UserID: user, Guest: guest, Address: address, Slug: slug, Token: token, By: by.User, At: now,
		Told: NotTold, Mail: Mail{Method: MailRequest, Due: now}, Delivery: DeliveryWaiting,
	}
}

// AcceptsInvitations says whether people may be invited to the event.
func (e Event) AcceptsInvitations() error {
	if e.data.Status == StatusCancelled {
		return ErrEventCancelled
	}
	return nil
}

// Resend lets the mail of the invitation be sent again.
func (i Invitation) Resend(now time.Time) (Invitation, error) {
	if i.Withdrawn {
		return Invitation{}, ErrInvitationWithdrawn
	}
	if pause := i.MailedAt.Add(ResendPause).Sub(now); !i.MailedAt.IsZero() && pause > 0 {
		return Invitation{}, ErrResentTooSoon.WithRetryAfter(pause)
	}
	i.Mail = Mail{Method: MailRequest, Dates: i.Mail.Dates, Due: valid.Instant(now)}
	i.Delivery = DeliveryWaiting
	return i, nil
}

// Withdraw takes the invitation back, and says whether it was not before. A person who was never told gets no mail.
func (i Invitation) Withdraw(now time.Time) (Invitation, bool) {
	if i.Withdrawn {
		return i, false
	}
	i.Withdrawn, i.Mail = true, Mail{}
	if i.Told != NotTold {
		i.Mail, i.Delivery = Mail{Method: MailCancel, Due: valid.Instant(now)}, DeliveryWaiting
	}
	return i, true
}

// Again makes a withdrawn invitation a new one.
func (i Invitation) Again(by authz.Actor, now time.Time) Invitation {
	now = valid.Instant(now)
	i.Withdrawn, i.By, i.At, i.Told = false, by.User, now, NotTold
	i.Mail, i.Delivery = Mail{Method: MailRequest, Due: now}, DeliveryWaiting
	return i
}

// Mailed is the invitation after its mail was asked for.
func (i Invitation) Mailed(e Event, message uuid.UUID, now time.Time) Invitation {
	i.Told, i.Mail = e.data.Sequence, Mail{}
	i.Delivery, i.Failure, i.MessageID, i.MailedAt = DeliveryQueued, "", message, valid.Instant(now)
	return i
}

// Copy is the invitation to another event that has taken over dates. The person keeps the answers.
func (i Invitation) Copy(e Event, token InvitationToken, now time.Time) Invitation {
	i.ID, i.EventID, i.Token, i.Told, i.MessageID, i.MailedAt, i.Failure = valid.NewID(), e.data.ID, token, NotTold, uuid.Nil, time.Time{}, ""
	i.Recipient = ""
	i.Mail, i.Delivery = Mail{Method: MailRequest, Due: valid.Instant(now)}, DeliveryWaiting
	return i
}

// MailAbout is the mail that the people who are invited get about a change of the event, or of one of its dates, and false for
// a change that calendars need not hear of. was is the event or the date before, of an event that is new uuid.Nil.
func (e Event) MailAbout(was Event, now time.Time) (Mail, bool) {
	switch {
	case e.data.Sequence == was.data.Sequence:
		return Mail{}, false
	case e.data.Status == StatusCancelled && was.data.Status != StatusCancelled:
		return Mail{Method: MailCancel, Due: valid.Instant(now)}, true
	}
	return Mail{Method: MailRequest, Due: valid.Instant(now.Add(changePause))}, true
}

// MailAboutDate is MailAbout for one date. Of a single event a cancelled date is all of it.
func (e Event) MailAboutDate(was, is Occurrence, now time.Time) (Mail, bool) {
	switch {
	case is.data.Sequence == was.data.Sequence:
		return Mail{}, false
	case !is.data.Cancelled || was.data.Cancelled:
		return Mail{Method: MailRequest, Due: valid.Instant(now.Add(changePause))}, true
	case !e.data.Schedule.Recurs():
		return Mail{Method: MailCancel, Due: valid.Instant(now)}, true
	}
	return Mail{Dates: []uuid.UUID{is.data.ID}, Due: valid.Instant(now)}, true
}

// MailSubject is what mails of invitations are about: an event with its dates, by their start.
type MailSubject struct {
	Event Event
	Dates []Occurrence
	Now   time.Time
}

// InvitationMail is one mail to the person of an invitation.
type InvitationMail struct {
	ID         uuid.UUID
	Invitation Invitation
	About      MailReason
	Cancelled  []Occurrence // the dates that do not take place, of DatesCancelled
}

// MailReason is why a mail is sent.
type MailReason string

// The reasons.
const (
	Invited        MailReason = "invited"
	EventChanged   MailReason = "changed"
	EventOff       MailReason = "cancelled"
	Uninvited      MailReason = "withdrawn"
	DatesCancelled MailReason = "dates"
	SeatFree       MailReason = "seat" // the person waited, and has got a seat
)

// Mails are the mails of an invitation that is due.
func (s MailSubject) Mails(i Invitation) (mails []InvitationMail) {
	add := func(about MailReason, cancelled []Occurrence) {
		mails = append(mails, InvitationMail{ID: valid.NewID(), Invitation: i, About: about, Cancelled: cancelled})
	}
	switch {
	case i.Mail.Method == MailCancel && i.Withdrawn:
		add(Uninvited, nil)
		return mails
	case i.Mail.Method == MailCancel:
		add(EventOff, nil)
		return mails
	}
	var off []Occurrence
	for _, o := range s.Dates {
		if o.data.Cancelled && i.Told != NotTold && slices.Contains(i.Mail.Dates, o.data.ID) {
			off = append(off, o)
		}
	}
	if len(off) > 0 {
		add(DatesCancelled, off)
	}
	switch {
	case i.Mail.Method != MailRequest:
	case i.Told == NotTold:
		add(Invited, nil)
	default:
		add(EventChanged, nil)
	}
	return mails
}

// Page is where the invitation is answered, on the origin of its tenant. The token is in the fragment, so that no server logs it.
func (i Invitation) Page() string { return "/invitation#" + string(i.Token) }

const replyUser = "reply+"

// ReplyAddress is the address of a domain that answers to an invitation are sent to.
func ReplyAddress(token InvitationToken, domain string) string {
	return replyUser + string(token) + "@" + domain
}

// ReplyToken returns the token that a reply address has, and false for another address.
func ReplyToken(address, domain string) (InvitationToken, bool) {
	user, of, _ := strings.Cut(strings.ToLower(address), "@")
	token, ok := strings.CutPrefix(user, replyUser)
	return InvitationToken(token), ok && token != "" && of == strings.ToLower(domain)
}
