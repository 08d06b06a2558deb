package oldsystem

import (
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
)

const questionsPerPoll, optionsPerQuestion = 3, 6

func (g *generator) voting() {
	polls := g.table("voting_poll", "id", "tenant_id", "title", "description", "status", "scope_type", "scope_id", "visibility", "template", "allow_revoting", "anonymous",
		"results_visibility", "settings", "created_by", "starts_at", "ends_at", "created_at", "updated_at")
	questions := g.table("voting_nomination", "id", "tenant_id", "poll_id", "title", "description", "kind", "sort_order", "max_votes", "is_required", "config", "created_at", "updated_at")
	options := g.table("voting_option", "id", "tenant_id", "nomination_id", "title", "description", "media_url", "game_id", "sort_order", "created_at", "updated_at")
	participants := g.table("voting_poll_participant", "id", "tenant_id", "poll_id", "user_id", "role", "added_at")
	invites := g.table("voting_poll_invite", "id", "tenant_id", "poll_id", "user_id", "role", "invited_by", "status", "token", "created_at")
	for p := 1; p <= g.polls(); p++ {
		at, creator := g.at("poll", p), User(g.one("poll", p))
		scope, scopeID, visibility, status, title := "TENANT", tenantID(Tenant).String(), "public", []string{"closed", "active", "draft"}[p%3], fmt.Sprintf("Опрос %d", p)
		settings, template, results := `{"show_vote_counts": true}`, "awards", "always"
		switch p % 8 {
		case 1:
			scope, scopeID, visibility = "COMMUNITY", Community(1+p%g.communities()).String(), "community"
		case 2:
			visibility = "team" // that a tenant does not have
		case 3:
			scope, scopeID = "EVENT", Event(1).String()
		case 4:
			results, settings = "after_closed", `["no", "object"]`
		case 5:
			results = "sometimes"
		case 6:
			scopeID = strings.ToUpper(scopeID)
		case 7:
			title = ""
		}
		starts, ends := any(at), any(at.AddDate(0, 0, 14))
		if p%7 == 0 {
			starts, ends = ends, starts
		}
		polls(Poll(p), tenantID(Tenant), title, g.words(12), status, scope, scopeID, visibility, template, p%2 == 0, p%4 == 0, results, settings, creator, starts, ends, at, at)
		if p%6 != 0 {
			participants(id("participant", 2*p), tenantID(Tenant), Poll(p), creator, "owner", at)
		}
		participants(id("participant", 2*p+1), tenantID(Tenant), Poll(p), User(2), "participant", at)
		invites(id("invite", p), tenantID(Tenant), Poll(p), User(3), "observer", creator, []string{"pending", "accepted", "declined"}[p%3], id("token", p), at)
		for q := range questionsPerPoll {
			question := questionID(p, q)
			most := 1 + q/2
			if p == 2 && q == 1 {
				most = 0
			}
			questions(question, tenantID(Tenant), Poll(p), fmt.Sprintf("Номинация %d", q+1), "", []string{"game", "person", "custom"}[q], q, most, q == 0, "{}", at, at)
			for o := range optionsPerQuestion {
				link := ""
				if o == 0 {
					link = "javascript:alert(1)"
				}
				options(optionID(p, q, o), tenantID(Tenant), question, fmt.Sprintf("Вариант %d", o+1), "", link, nil, o, at, at)
			}
		}
	}
	polls(id("poll without a community", 1), tenantID(Tenant), "Сирота", "", "active", "COMMUNITY", id("community", -1).String(), "community", "", false, false,
		"always", "{}", User(1), nil, nil, began, began)
	polls(id("poll without a tenant", 1), id("nowhere", 0), stranger, "", "active", "TENANT", "", "public", "", false, false, "always", "{}", User(1), nil, nil, began, began)
	g.votes()
}

func questionID(p, q int) uuid.UUID { return id("question", p*questionsPerPoll+q) }
func optionID(p, q, o int) uuid.UUID {
	return id("option", (p*questionsPerPoll+q)*optionsPerQuestion+o)
}

// votes: in each poll so many people that there are 50 votes for each person.
func (g *generator) votes() {
	votes := g.table("voting_vote", "id", "tenant_id", "poll_id", "nomination_id", "option_id", "user_id", "created_at")
	voters := min(g.people, g.people*50/g.polls()/questionsPerPoll+1)
	cast := 0
	vote := func(p, q, o, person int) {
		cast++
		votes(id("vote", cast), tenantID(Tenant), Poll(p), questionID(p, q), optionID(p, q, o), User(person), g.at("poll", p).Add(time.Minute))
	}
	for p := 1; p <= g.polls(); p++ {
		for v := range voters {
			person := 1 + (p*37+v)%g.people
			for q := range questionsPerPoll {
				vote(p, q, int(number("choice", p*g.people+v)%optionsPerQuestion), person)
			}
		}
	}
	again := func(person int) int { return 1 + (37+person)%g.people } // voters of the first poll
	for v := range 3 {
		vote(1, 0, int(number("choice", g.people+v)%optionsPerQuestion), again(v))     // the same once more
		vote(1, 0, int(number("choice", g.people+v)%optionsPerQuestion+1)%6, again(v)) // more than the question takes
	}
	vote(1, 0, 1, g.people+503) // not known
	cast++
	votes(id("vote", cast), tenantID(Tenant), Poll(1), questionID(1, 0), optionID(1, 1, 0), User(1), began) // an option of another question
	cast++
	votes(id("vote", cast), tenantID(Tenant), Poll(2), questionID(1, 0), optionID(1, 0, 0), User(1), began) // a question of another poll
	cast++
	votes(id("vote", cast), tenantID(Second), Poll(1), questionID(1, 0), optionID(1, 0, 0), User(2), began) // another tenant
}
