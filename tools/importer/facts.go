package importer

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/gamification/rule"
)

// factsMemory is how far back rules of achievements look: gamification forgets what is older, but for who has joined.
const factsMemory = 5 * 365 * 24 * time.Hour

// factSource names the import in the place of a service as the source of facts.
const factSource = "import"

// factOf is a fact of a tenant.
type factOf struct {
	tenant uuid.UUID
	rule.Fact
}

// fact stages what rules of achievements count, as gamification would have it from events. Votes and answers have none.
func (r *run) fact(f factOf) error {
	if f.Person == uuid.Nil || r.users[f.Person] == nil || f.Kind != rule.MemberJoined && f.When.Before(r.now.Add(-factsMemory)) {
		return nil
	}
	f.Event, f.At = derived("fact", f.tenant, f.Kind, f.Key, f.Person), f.When
	if f.When.Year() < 1970 || f.When.Year() >= 2200 { // what rules refuse
		return nil
	}
	if r.facts == nil {
		t, err := r.into("gamification", "facts", "facts for rules of achievements", "tenant_id, event_id, source", "tenant_id", "source", "event_id", "kind", "person_id", "key",
			"object", "told_at", "happened_at", "undone", "fields")
		if err != nil {
			return err
		}
		r.facts = t
	}
	fields, err := json.Marshal(f.Fields)
	if err != nil {
		return err
	}
	return r.facts.add(f.tenant, factSource, f.Event, string(f.Kind), f.Person, f.Key, f.Object, f.At, f.When, false, string(fields))
}

func scoped(scopeType string, scope uuid.UUID, visibility string, more ...string) map[string]string {
	fields := map[string]string{"scope_type": scopeType, "scope": scope.String(), "visibility": visibility}
	for i := 0; i < len(more); i += 2 {
		fields[more[i]] = more[i+1]
	}
	return fields
}

func attended(g gathering, event, user uuid.UUID) factOf {
	return factOf{g.tenant, rule.Fact{
		Kind: rule.EventAttended, Person: user, Key: g.date.String(), Object: event.String(), When: g.starts,
		Fields: scoped(g.scopeType, g.scopeID, g.visibility, "event", event.String(), "method", "organiser"),
	}}
}

func joinedTenant(tenant, user uuid.UUID, at time.Time) factOf {
	return factOf{tenant, rule.Fact{
		Kind: rule.MemberJoined, Person: user, Key: "tenant", When: at, Fields: map[string]string{"scope_type": "TENANT", "scope": tenant.String()},
	}}
}

func joinedGroup(g group, user uuid.UUID, at time.Time) factOf {
	return factOf{g.tenant, rule.Fact{
		Kind: rule.MemberJoined, Person: user, Key: g.id.String(), When: at, Fields: map[string]string{"scope_type": g.scopeType(), "scope": g.id.String()},
	}}
}

// wrote is the fact of a post or of news.
func wrote(kind rule.Kind, i item, id uuid.UUID) factOf {
	return factOf{i.tenant, rule.Fact{Kind: kind, Person: i.actor, Key: id.String(), When: i.at, Fields: scoped(i.scopeType, i.scopeID, i.visibility)}}
}

func holds(tenant, grant, achievement, user uuid.UUID, at time.Time) factOf {
	return factOf{tenant, rule.Fact{
		Kind: rule.AchievementHeld, Person: user, Key: grant.String(), Object: achievement.String(), When: at, Fields: map[string]string{"achievement": achievement.String()},
	}}
}
