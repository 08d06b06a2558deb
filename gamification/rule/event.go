package rule

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/api/eventsevents"
	"go.updspace.com/api/identityevents"
	"go.updspace.com/api/portalevents"
	"go.updspace.com/api/votingevents"
)

// Event is a domain event: what this package needs of a CloudEvent.
type Event struct {
	ID   uuid.UUID
	Type string
	Time time.Time
	Data []byte
}

// Types of events of services whose documents do not describe them yet. Their data is read by the fields that facts need.
const (
	typeNewsPublished = "activity.news.published"
	typeNewsDeleted   = "activity.news.deleted"

	typeGrantCreated = "gamification.grant.created"
	typeGrantRevoked = "gamification.grant.revoked"
)

// readers turn the data of an event into a fact. ok is false if the event is about no person, or does not count.
var readers = map[string]func(e Event) (f Fact, ok bool, err error){
	identityevents.TypeMembershipChanged: read(func(e Event, d identityevents.Membership) (Fact, bool) {
		return Fact{
			Kind: MemberJoined, Person: d.UserID, Key: "tenant", Undone: d.Status != identityevents.MembershipStatusActive,
			Fields: map[string]string{"scope_type": "TENANT", "scope": d.TenantID.String()},
		}, true
	}),
	portalevents.TypeMembershipAdded:   read(joined(false)),
	portalevents.TypeMembershipRemoved: read(joined(true)),
	portalevents.TypePostCreated:       read(posted(false)),
	portalevents.TypePostDeleted:       read(posted(true)),
	votingevents.TypeVoteCast:          read(voted(false)),
	votingevents.TypeVoteRevoked:       read(voted(true)),
	eventsevents.TypeRsvpChanged: read(func(e Event, d eventsevents.Rsvp) (Fact, bool) {
		key := d.EventID.String()
		if d.OccurrenceID != nil {
			key += "/" + d.OccurrenceID.String()
		}
		return Fact{
			Kind: EventAnswered, Person: d.UserID, Key: key, Object: d.EventID.String(), Undone: d.Status == eventsevents.RsvpStatusWithdrawn,
			Fields: scoped(d.ScopeType, d.ScopeID, d.Visibility, "event", d.EventID.String(), "answer", d.Status),
		}, d.Guest == nil || !*d.Guest
	}),
	eventsevents.TypeAttendanceMarked:   read(attended(false)),
	eventsevents.TypeAttendanceUnmarked: read(attended(true)),

	typeNewsPublished: read(reported(false)),
	typeNewsDeleted:   read(reported(true)),
	typeGrantCreated:  read(held(false)),
	typeGrantRevoked:  read(held(true)),
	identityevents.TypeExternalIdentityLinked: read(func(_ Event, d identityevents.ExternalIdentity) (Fact, bool) {
		return linked(d.UserID, d.Provider, false), true
	}),
	identityevents.TypeExternalIdentityUnlinked: read(func(_ Event, d identityevents.ExternalIdentityUnlinked) (Fact, bool) {
		return linked(d.UserID, d.Provider, true), true
	}),
}

// Types are the types of events that facts are made of.
func Types() []string {
	types := make([]string, 0, len(readers))
	for t := range readers {
		types = append(types, t)
	}
	return types
}

// FactOf returns the fact that an event tells. ok is false for events that tell none: those of other types, votes in anonymous
// polls, answers of guests.
func FactOf(e Event) (fact Fact, ok bool, err error) {
	reader, known := readers[e.Type]
	if !known {
		return Fact{}, false, nil
	}
	fact, ok, err = reader(e)
	if err != nil || !ok {
		return Fact{}, false, err
	}
	fact.Event, fact.At = e.ID, e.Time
	if fact.When.IsZero() {
		fact.When = e.Time
	}
	if err := fact.Validate(); err != nil {
		return Fact{}, false, fmt.Errorf("%s: %w", e.Type, err)
	}
	return fact, true, nil
}

func read[T any](fact func(e Event, data T) (Fact, bool)) func(e Event) (Fact, bool, error) {
	return func(e Event) (Fact, bool, error) {
		var data T
		if err := json.Unmarshal(e.Data, &data); err != nil {
			return Fact{}, false, fmt.Errorf("rule: the data of %s: %w", e.Type, err)
		}
		f, ok := fact(e, data)
		return f, ok, nil
	}
}

// scoped are the fields of what belongs to a scope, and further ones as names and values.
func scoped(scopeType string, scope uuid.UUID, visibility string, more ...string) map[string]string {
	fields := map[string]string{"scope_type": scopeType, "scope": scope.String(), "visibility": visibility}
	for i := 0; i < len(more); i += 2 {
		fields[more[i]] = more[i+1]
	}
	return fields
}

func joined(undone bool) func(Event, portalevents.Membership) (Fact, bool) {
	return func(_ Event, d portalevents.Membership) (Fact, bool) {
		return Fact{
			Kind: MemberJoined, Person: d.UserID, Key: d.ScopeID.String(), Undone: undone,
			Fields: map[string]string{"scope_type": d.ScopeType, "scope": d.ScopeID.String()},
		}, true
	}
}

func posted(undone bool) func(Event, portalevents.Post) (Fact, bool) {
	return func(_ Event, d portalevents.Post) (Fact, bool) {
		return Fact{
			Kind: PostWritten, Person: d.CreatedBy, Key: d.PostID.String(), Undone: undone, Fields: scoped(d.ScopeType, d.ScopeID, d.Visibility),
		}, true
	}
}

func voted(undone bool) func(Event, votingevents.Vote) (Fact, bool) {
	return func(_ Event, d votingevents.Vote) (Fact, bool) {
		if d.UserID == nil { // the poll is anonymous
			return Fact{}, false
		}
		return Fact{
			Kind: BallotCast, Person: *d.UserID, Key: d.VoteID.String(), Object: d.PollID.String(), Undone: undone,
			Fields: scoped(d.ScopeType, d.ScopeID, d.Visibility, "poll", d.PollID.String()),
		}, true
	}
}

// attended counts for the day on which the event took place, not for the day of the mark.
func attended(undone bool) func(Event, eventsevents.Attendance) (Fact, bool) {
	return func(_ Event, d eventsevents.Attendance) (Fact, bool) {
		return Fact{
			Kind: EventAttended, Person: d.UserID, Key: d.OccurrenceID.String(), Object: d.EventID.String(), When: d.StartsAt, Undone: undone,
			Fields: scoped(d.ScopeType, d.ScopeID, d.Visibility, "event", d.EventID.String(), "method", d.Method),
		}, true
	}
}

type newsData struct {
	NewsID     uuid.UUID `json:"news_id"`
	CreatedBy  uuid.UUID `json:"created_by"`
	ScopeType  string    `json:"scope_type"`
	ScopeID    uuid.UUID `json:"scope_id"`
	Visibility string    `json:"visibility"`
}

func reported(undone bool) func(Event, newsData) (Fact, bool) {
	return func(_ Event, d newsData) (Fact, bool) {
		return Fact{
			Kind: NewsPosted, Person: d.CreatedBy, Key: d.NewsID.String(), Undone: undone, Fields: scoped(d.ScopeType, d.ScopeID, d.Visibility),
		}, true
	}
}

// linked counts services: a user has one account of each.
func linked(user uuid.UUID, provider string, undone bool) Fact {
	return Fact{Kind: AccountLinked, Person: user, Key: provider, Undone: undone, Fields: map[string]string{"provider": provider}}
}

type grantData struct {
	GrantID       uuid.UUID `json:"grant_id"`
	AchievementID uuid.UUID `json:"achievement_id"`
	RecipientID   uuid.UUID `json:"recipient_id"`
}

func held(undone bool) func(Event, grantData) (Fact, bool) {
	return func(_ Event, d grantData) (Fact, bool) {
		return Fact{
			Kind: AchievementHeld, Person: d.RecipientID, Key: d.GrantID.String(), Object: d.AchievementID.String(), Undone: undone,
			Fields: map[string]string{"achievement": d.AchievementID.String()},
		}, true
	}
}
