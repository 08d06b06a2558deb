package domain

import (
	"crypto/sha256"
	"time"

	"go.updspace.com/libs/recurrence"
)

// MailReply is the answer of a calendar program to an invitation (RFC 5546 section 3.2.3).
type MailReply struct {
	MessageID string
	Token     InvitationToken // of the address that it was sent to
	UID       string
	From      string // the address that the mail comes from
	Attendee  string // the address that answers
	Digest    string // of Attendee, as that of Invitation.Recipient is made
	Answers   []MailAnswer
}

// MailAnswer is what a reply says about the event or about one of its dates.
type MailAnswer struct {
	Status   AnswerStatus
	Sequence int       // of the event that was answered to
	On       *DateName // nil for the event
}

// DateName names a date of a series by where the schedule put it (RECURRENCE-ID): an instant, or what the wall clock shows.
type DateName struct {
	At    time.Time // zero when Local is given
	Local recurrence.Local
}

// Find returns the date that is named, or ErrOccurrenceNotFound.
func (n DateName) Find(dates []Occurrence) (Occurrence, error) {
	for _, o := range dates {
		is := o.data.RecurrenceID
		same := is == n.Local || n.Local.AllDay() && recurrence.Day(is.Time()) == n.Local
		if !n.At.IsZero() {
			same = o.data.Original.Equal(n.At)
		}
		if same {
			return o, nil
		}
	}
	return Occurrence{}, ErrOccurrenceNotFound
}

// Accepts says whether a reply may change the answer of the person of the invitation. It comes from the address that answers, which is the
// one that was invited: of a guest the address is known, of a member its digest, once identity has told that the mail was sent.
func (i Invitation) Accepts(e Event, r MailReply) error {
	switch {
	case i.Withdrawn:
		return ErrInvitationWithdrawn
	case r.UID != e.data.ICalUID:
		return ErrOtherEvent
	case r.From != r.Attendee, i.Guest && r.Attendee != i.Address, !i.Guest && i.Recipient != "" && r.Digest != i.Recipient:
		return ErrOtherAttendee
	}
	return nil
}

// Outdated reports whether an answer is to an older state of the event than the person was told of.
func (i Invitation) Outdated(a MailAnswer) bool { return a.On == nil && a.Sequence < i.Told }

// Digest is a hash of data.
func Digest(data []byte) []byte {
	sum := sha256.Sum256(data)
	return sum[:]
}
