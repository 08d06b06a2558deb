package domain

import (
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
)

// Sight is who may see what a notification is about. The zero Sight is for what concerns the person alone: an own badge, an own role.
type Sight struct {
	Permission authz.Permission
	Scope      authz.Scope
	Visibility authz.Visibility
}

// Check is the question to access whether a person sees it. A private subject is told only to those whom its service has named, so that only the
// permission in its scope is asked for.
func (s Sight) Check() authz.Check {
	return authz.Audience{Scope: s.Scope, Visibility: s.Visibility}.Check(s.Permission)
}

// Personal reports whether no one has to be asked.
func (s Sight) Personal() bool { return s.Permission == "" }

// Details are what the text of a notification says besides its title. Which of them are set depends on the kind.
type Details struct {
	Names    map[string]string // the title by language, where it has several
	StartsAt *time.Time
	TimeZone string // IANA
	AllDay   bool
	Minutes  int // before the start
	EndsAt   *time.Time
	Role     string
	Change   string // given, changed or taken; accepted or declined
	Level    int
	Excerpt  string
	Fields   []string // what was changed
	Reason   string
}

// Audience is who is told.
type Audience string

// The audiences.
const (
	Named     Audience = "named"     // the persons of the notice
	Members   Audience = "members"   // the members of its scope
	Attendees Audience = "attendees" // those who come, or are interested in coming
)

// The lengths of texts, in characters.
const (
	maxTitle   = 256
	maxExcerpt = 280
	maxReason  = 280
	maxNamed   = 100 // persons
)

// Notice is a cause to tell people of. It waits until it is due, and is told in batches.
type Notice struct {
	ID         uuid.UUID
	Tenant     uuid.UUID // of a stored notice, and of one that is stored across tenants
	Cause      string    // a person is told once for each
	Kind       Kind
	Subject    string // the source_ref of what it is about
	Group      string // notices of one group are one notification while it is unread; empty: it stands alone
	Actor      uuid.UUID
	To         Audience
	Persons    []uuid.UUID // of Named
	Usernames  []string    // of Named: further persons, until it is stored
	Event      uuid.UUID   // of Attendees
	Occurrence uuid.UUID   // of Attendees: uuid.Nil for those of any date
	Sight      Sight
	Scope      authz.Scope // by which it is muted
	Title      string
	Details    Details
	Link       string // path of a page
	Due        time.Time
	Expires    time.Time // when telling is of no more use; zero: after a week
	After      uuid.UUID // the person up to whom it was told
}

// stale is after how long a notice without a time of its own is not told any more, for example because the consumer was away.
const stale = 7 * 24 * time.Hour

// Normalized bounds the texts and sets what is not stated. A notice comes from an event, so what is too long is cut and not refused.
func (n Notice) Normalized(id uuid.UUID, now time.Time) Notice {
	n.ID = id
	n.Title = cut(n.Title, maxTitle)
	n.Details.Excerpt, n.Details.Reason = cut(n.Details.Excerpt, maxExcerpt), cut(n.Details.Reason, maxReason)
	if len(n.Persons) > maxNamed {
		n.Persons = n.Persons[:maxNamed]
	}
	if n.Due.IsZero() || n.Due.Before(now) {
		n.Due = now
	}
	if n.Expires.IsZero() {
		n.Expires = n.Due.Add(stale)
	}
	if n.Scope.Type == "" {
		n.Scope = n.Sight.Scope
	}
	return n
}

func cut(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return s
}

// Told is what an event means for notifications.
type Told struct {
	Notices []Notice
	// Replaces says that a notice with the same cause that waits is replaced.
	Replaces bool
	// Withdrawn are subjects that are gone: what was told of them is withdrawn.
	Withdrawn []string
	// Unsaid are causes that are taken back: a reaction, a term that was postponed.
	Unsaid []string
	// Left are subjects that one person does not see any more.
	Left []Left
	// Moved are subjects with another audience than before.
	Moved []Moved
	// Members and Attendees keep the audiences.
	Members   []Membership
	Attendees []Attendance
	// Closed are communities and teams that are gone, with their members.
	Closed []authz.Scope
	// Slug is that of the tenant, when it is told.
	Slug string
}

// Left is a subject that a person does not see any more.
type Left struct {
	Subject string
	Person  uuid.UUID
}

// Moved is the audience that a subject has now.
type Moved struct {
	Subject string
	Sight   Sight
}

// Membership is whether a person belongs to the tenant, a community or a team.
type Membership struct {
	Scope     authz.Scope
	Community uuid.UUID // of a community or a team
	Person    uuid.UUID
	Member    bool
}

// Attendance is whether a person wants to come to a date of an event.
type Attendance struct {
	Event, Occurrence uuid.UUID // Occurrence is uuid.Nil for all dates to come
	Person            uuid.UUID
	Coming            bool
}
