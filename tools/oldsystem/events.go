package oldsystem

import (
	"fmt"
	"strings"
	"time"
)

func (g *generator) events() {
	events := g.table("events_event", "id", "tenant_id", "scope_type", "scope_id", "title", "description", "starts_at", "ends_at", "location_text", "location_url", "game_id",
		"visibility", "created_by", "created_at", "updated_at")
	answers := g.table("events_rsvp", "id", "event_id", "tenant_id", "user_id", "status", "updated_at")
	attendance := g.table("events_attendance", "id", "event_id", "tenant_id", "user_id", "marked_by", "marked_at")
	for n := 1; n <= g.gatherings(); n++ {
		at := g.at("event", n)
		starts := at.AddDate(0, 0, 7)
		if n%10 == 1 {
			starts = ended.AddDate(0, 6, 0) // to come
		}
		ends := starts.Add(2 * time.Hour)
		scope, scopeID, visibility, title, link := "TENANT", tenantID(Tenant).String(), "public", fmt.Sprintf("Событие %d", n), any("https://old.example/stream")
		description := g.words(15)
		switch n {
		case 2:
			scope, scopeID, visibility = "COMMUNITY", Community(2).String(), "community"
		case 3:
			ends = starts.Add(-time.Hour)
		case 4:
			link = "javascript:alert(1)"
		case 5:
			title = ""
		case 6:
			scope, scopeID, visibility = "TEAM", "no team", "team"
		case 7:
			description = strings.Repeat("очень долго ", 1000)
		case 8:
			visibility = "friends"
		case 9:
			link = nil
		}
		events(Event(n), tenantID(Tenant), scope, scopeID, title, description, starts, ends, "Питерский зал", link, nil, visibility, User(g.one("host", n)), at, at)
		seen := map[int]bool{}
		for i := range g.people * 2 / g.gatherings() {
			person := g.one("answer to "+fmt.Sprint(n), i)
			if i == 0 {
				person = 1 + n%9
			}
			if seen[person] {
				continue
			}
			seen[person] = true
			status := []string{"going", "going", "interested", "not_going"}[i%4]
			answers(g.next("answer"), Event(n), tenantID(Tenant), User(person), status, at)
			if i%4 == 0 {
				attendance(g.next("attendance"), Event(n), tenantID(Tenant), User(person), User(g.one("host", n)), ends)
			}
		}
	}
	answers(g.next("answer"), Event(1), tenantID(Tenant), User(g.people+504), "going", began) // not known
	answers(g.next("answer"), Event(1), tenantID(Second), User(2), "going", began)            // another tenant
	answers(g.next("answer"), Event(9), tenantID(Tenant), User(g.people), "perhaps", began)
}
