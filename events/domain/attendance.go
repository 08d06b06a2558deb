package domain

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Check-in is open from checkInBefore ahead of the start of a date until checkInAfter past its end.
const (
	checkInBefore = time.Hour
	checkInAfter  = time.Hour
)

// MaxMarks is how many members are marked at once.
const MaxMarks = 200

// Method is how a member was marked as present.
type Method string

// The methods.
const (
	MethodOrganiser Method = "organiser" // an organiser marked the member
	MethodScan      Method = "scan"      // an organiser read the member's code
	MethodSelf      Method = "self"      // the member entered the code of the date
)

// Attendance says that a member was present on a date. The first mark stays.
type Attendance struct {
	OccurrenceID uuid.UUID
	UserID       uuid.UUID
	By           uuid.UUID // who marked
	At           time.Time
	Method       Method
}

// Attendee is a member who said to come, or was present without that.
type Attendee struct {
	UserID     uuid.UUID
	Guest      bool   // UserID is that of an invitation to an address
	Address    string // of a guest
	Going      bool   // said to come, and has a seat
	PlusOnes   int
	Attendance *Attendance // nil for a member who was not present
}

// CheckInWindow is when check-in is open on a date.
func (e Event) CheckInWindow(o Occurrence) (opens, closes time.Time) {
	return o.data.Starts.Add(-checkInBefore), o.data.Ends.Add(checkInAfter)
}

// CanCheckIn says whether check-in is open on a date at a time.
func (e Event) CanCheckIn(o Occurrence, now time.Time) error {
	opens, closes := e.CheckInWindow(o)
	switch {
	case e.Status(o) == StatusCancelled:
		return ErrEventCancelled
	case e.Status(o) == StatusDraft || now.Before(opens) || !now.Before(closes):
		return ErrCheckInClosed
	}
	return nil
}

// CheckInSecret is the key of an event that its codes are derived from.
type CheckInSecret []byte

// The lengths of codes in characters, each of 5 bits. A member's code is longer, because it is compared with the codes of all
// members who come.
const (
	dateCodeLength   = 6
	memberCodeLength = 8
)

// crockford is the alphabet of codes, Crockford's base 32: it leaves out I, L and O, which look like digits, and U.
var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

func (s CheckInSecret) code(length int, of ...uuid.UUID) string {
	mac := hmac.New(sha256.New, s)
	for _, id := range of {
		mac.Write(id[:])
	}
	return crockford.EncodeToString(mac.Sum(nil))[:length]
}

// DateCode is the code that members enter to check in on a date.
func (s CheckInSecret) DateCode(occurrence uuid.UUID) string {
	return s.code(dateCodeLength, occurrence)
}

// MemberCode is the code that an organiser reads to check in a member on a date.
func (s CheckInSecret) MemberCode(occurrence, user uuid.UUID) string {
	return s.code(memberCodeLength, occurrence, user)
}

// IsDateCode reports whether text is the code of the date, in constant time.
func (s CheckInSecret) IsDateCode(occurrence uuid.UUID, text string) bool {
	return hmac.Equal([]byte(s.DateCode(occurrence)), []byte(normalCode(text)))
}

// FindMember returns the user who has the code. It compares the codes of all users, so that the time does not tell which one it is.
func (s CheckInSecret) FindMember(occurrence uuid.UUID, users []uuid.UUID, text string) (found uuid.UUID, ok bool) {
	entered := []byte(normalCode(text))
	for _, user := range users {
		if hmac.Equal([]byte(s.MemberCode(occurrence, user)), entered) {
			found, ok = user, true
		}
	}
	return found, ok
}

// normalCode is a code in the alphabet of codes: in capitals, without spaces and hyphens, and with digits for the letters that look
// like them.
func normalCode(text string) string {
	return strings.NewReplacer(" ", "", "-", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(text))
}
