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
	Attendee  string // the address that answers
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

// Accepts says whether a reply may change the answer of the person of the invitation. The address of a member is not known here: the
// secret of the reply address alone names the member.
func (i Invitation) Accepts(e Event, r MailReply) error {
	switch {
	case i.Withdrawn:
		return ErrInvitationWithdrawn
	case r.UID != e.data.ICalUID:
		return ErrOtherEvent
	case i.Guest && r.Attendee != i.Address:
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
