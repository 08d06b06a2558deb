package domain

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
)

// EventType is a kind of domain event that endpoints may get. Events of other types leave the platform in no case.
type EventType struct {
	Type   string
	Fields []string // of the event's data that are sent; others are not
	People []string // those of the fields that name a user
}

// Test is the type of a message that is sent to try an endpoint.
const Test = "webhook.test"

var (
	place  = []string{"title", "scope_type", "scope_id", "created_by"}
	poll   = fields(place, "poll_id", "status", "anonymous", "starts_at", "ends_at")
	event  = fields(place, "event_id", "occurrence_id", "link", "status", "starts_at", "ends_at", "time_zone", "all_day", "recurring")
	post   = fields(place, "post_id", "community_id", "team_id")
	grant  = []string{"grant_id", "achievement_id", "names", "recipient_id", "scope_type", "scope_id", "created_at", "expires_at"}
	author = []string{"created_by"}
	holder = []string{"recipient_id"}
)

func fields(of []string, more ...string) []string { return slices.Concat(more, of) }

// eventTypes are all types, in the order in which they are offered. What a member does alone (votes, answers, attendance, memberships)
// is not among them: it is for the eyes of the group and not for other systems.
var eventTypes = []EventType{
	{"portal.community.created", []string{"community_id", "name", "scope_type", "scope_id", "created_by"}, author},
	{"portal.team.created", []string{"team_id", "community_id", "name", "scope_type", "scope_id", "created_by"}, author},
	{"portal.post.created", post, author},
	{"portal.post.updated", post, author},
	{"portal.post.deleted", post, author},
	{"activity.news.published", fields(place, "news_id"), author},
	{"voting.poll.published", poll, author},
	{"voting.poll.opened", poll, author},
	{"voting.poll.closed", poll, author},
	{"voting.poll.deleted", poll, author},
	{"events.event.created", event, author},
	{"events.event.updated", fields(event, "fields"), author},
	{"events.event.cancelled", event, author},
	{"events.event.deleted", event, author},
	{"gamification.achievement.published", []string{"achievement_id", "names", "category", "scope_type", "scope_id", "created_by"}, author},
	{"gamification.grant.created", grant, holder},
	{"gamification.grant.revoked", fields(grant, "revoked_at"), holder},
	{"gamification.level.reached", []string{"user_id", "level", "titles", "points", "scope_type", "scope_id"}, []string{"user_id"}},
	{"gamification.season.closed", []string{"season_id", "names", "starts_at", "ends_at", "closed_at", "scope_type", "scope_id"}, nil},
}

// EventTypes are all types that endpoints may choose.
func EventTypes() []EventType { return slices.Clone(eventTypes) }

// TypeNames are the names of all types.
func TypeNames() []string {
	names := make([]string, len(eventTypes))
	for i, t := range eventTypes {
		names[i] = t.Type
	}
	return names
}

// Told is a domain event that was received.
type Told struct {
	ID   uuid.UUID
	Type string
	Data map[string]any
}

// Scope is where the event happened, as far as it says.
func (t Told) Scope() (scope authz.Scope) {
	kind, _ := t.Data["scope_type"].(string)
	text, _ := t.Data["scope_id"].(string)
	if id, err := uuid.Parse(text); err == nil {
		scope = authz.Scope{Type: authz.ScopeType(kind), ID: id}
	}
	return scope
}

// Published returns what leaves the platform of an event, and the users whom it names. Only what everybody in the tenant may see is sent:
// nothing that is private or shown to a group only, no drafts, and nothing of a group that was deleted.
func (t Told) Published() (data map[string]any, people []uuid.UUID, ok bool) {
	at := slices.IndexFunc(eventTypes, func(e EventType) bool { return e.Type == t.Type })
	if at < 0 || !t.public() {
		return nil, nil, false
	}
	data = map[string]any{}
	for _, field := range eventTypes[at].Fields {
		if value, set := t.Data[field]; set {
			data[field] = value
		}
	}
	for _, field := range eventTypes[at].People {
		if text, _ := t.Data[field].(string); text != "" {
			if id, err := uuid.Parse(text); err == nil {
				people = append(people, id)
			}
		}
	}
	return data, people, true
}

func (t Told) public() bool {
	if t.Data["visibility"] != "public" || t.Data["status"] == "draft" || t.Data["hidden"] == true {
		return false
	}
	if !strings.HasPrefix(t.Type, "gamification.grant.") {
		return true
	}
	// The visibility is that of the grant. The achievement is seen in its scope, and by holders alone if it is secret: then it has no names here.
	names, _ := t.Data["names"].([]any)
	return t.Data["scope_type"] == "TENANT" && len(names) > 0
}
