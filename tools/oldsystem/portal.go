package oldsystem

import (
	"fmt"
	"strings"

	"github.com/google/uuid"
)

// Community, Poll and the rest are the ids of things, numbered from 1.
func Community(n int) uuid.UUID { return id("community", n) }

// Post is the id of a post.
func Post(n int) uuid.UUID { return id("post", n) }

// Poll is the id of a poll.
func Poll(n int) uuid.UUID { return id("poll", n) }

// Event is the id of an event.
func Event(n int) uuid.UUID { return id("event", n) }

// Achievement is the id of an achievement.
func Achievement(n int) uuid.UUID { return id("achievement", n) }

// News is the id of a news post.
func News(n int) uuid.UUID { return id("news", n) }

// one is the number of a person, by what it is for.
func (g *generator) one(kind string, n int) int { return 1 + int(number(kind, n)%uint64(g.people)) }

func (g *generator) portal() {
	tenants := g.table("portal_tenant", "id", "slug", "name", "created_at", "updated_at")
	for _, slug := range []string{Tenant, Second, oddSlug, placeholder} {
		tenants(tenantID(slug), slug, slug, began, began)
	}
	g.portalProfiles()
	g.portalGroups()
	g.portalPosts()
}

func (g *generator) portalProfiles() {
	profiles := g.table("portal_profile", "id", "tenant_id", "user_id", "username", "display_name", "first_name", "last_name", "bio", "created_at", "updated_at")
	for n := 1; n <= g.people; n++ {
		username, bio := fmt.Sprintf("player%d", n), any(g.words(6))
		switch {
		case n%23 == 0:
			username = "player1" // taken
		case n%25 == 0:
			username = "not a name!"
		case n%27 == 0:
			bio = nil
		case n%28 == 0:
			bio = strings.Repeat("длинно ", 700)
		}
		profiles(int64(n), tenantID(Tenant), User(n), username, "", fmt.Sprintf("Имя%d", n), fmt.Sprintf("Прозвище%d", n), bio, g.at("joined", n), g.at("joined", n))
	}
	profiles(int64(g.people+1), tenantID(Tenant), id("erased user", 0), "gone", "", "", "", nil, began, began)
}

func (g *generator) portalGroups() {
	communities := g.table("portal_community", "id", "tenant_id", "name", "description", "created_by", "created_at", "updated_at")
	members := g.table("portal_community_membership", "id", "tenant_id", "community_id", "user_id", "role_hint", "created_at")
	teams := g.table("portal_team", "id", "tenant_id", "community_id", "name", "status", "created_by", "created_at", "updated_at")
	players := g.table("portal_team_membership", "id", "tenant_id", "team_id", "user_id", "role_hint", "created_at")
	for n := 1; n <= g.communities(); n++ {
		name, founder := fmt.Sprintf("Сообщество %d", n), g.one("founder", n)
		switch n {
		case 3:
			name = "сообщество 2" // differs in case only
		case 4:
			name = ""
		case 5:
			founder = g.people + 500 // not known
		}
		communities(Community(n), tenantID(Tenant), name, g.words(20), User(founder), g.at("community", n), g.at("community", n))
		seen := map[int]bool{}
		add := func(person int, hint any) {
			if !seen[person] {
				seen[person] = true
				members(g.next("member"), tenantID(Tenant), Community(n), User(person), hint, g.at("member", n*1000+len(seen)))
			}
		}
		if n%2 == 0 { // the founders of others became no members
			add(founder, "owner")
		}
		add(1+n%9, "moderator") // of the regular people, so that tests know one
		for i := range g.people / 20 {
			add(g.one("member of "+fmt.Sprint(n), i), nil)
		}
		add(g.people+501, nil) // not known
		for i := range 2 {
			team := 2*n + i
			status := "active"
			if i == 1 && n%5 == 0 {
				status = "archived"
			}
			teams(id("team", team), tenantID(Tenant), Community(n), fmt.Sprintf("Команда %d", i+1), status, User(founder), g.at("team", team), g.at("team", team))
			seen := map[int]bool{}
			for j := range g.people / 100 {
				person := g.one("player of "+fmt.Sprint(team), j)
				if !seen[person] {
					seen[person] = true
					players(g.next("player"), tenantID(Tenant), id("team", team), User(person), nil, g.at("player", team*1000+j))
				}
			}
		}
	}
	members(g.next("member"), tenantID(Second), Community(1), User(2), nil, began) // of another tenant than the community
}

func (g *generator) portalPosts() {
	posts := g.table("portal_post", "id", "tenant_id", "community_id", "team_id", "title", "body", "visibility", "created_by", "created_at")
	for n := 1; n <= g.people*3/10; n++ {
		var community, team any
		visibility, title, body := "public", "Пост "+fmt.Sprint(n), "**"+g.words(30)+"**"
		group := 1 + n%g.communities()
		switch n % 5 {
		case 1:
			visibility, community = "community", Community(group)
		case 2:
			visibility, community, team = "team", Community(group), id("team", 2*group)
		case 3:
			visibility = "private"
		case 4:
			community = Community(group) // a public post of a community
		}
		author := User(g.one("post", n))
		switch n {
		case 6:
			body = strings.Repeat("очень длинно ", 6000)
		case 7:
			visibility, community, team = "team", nil, id("team", 4)
		case 8:
			title, body = "", ""
		case 9:
			visibility = "secret"
		case 10:
			author = uuid.MustParse(erased)
		case 11:
			visibility, community, team = "community", nil, nil
		case 12:
			author = User(g.people + 502)
		}
		posts(Post(n), tenantID(Tenant), community, team, title, body, visibility, author, g.at("post", n))
	}
}
