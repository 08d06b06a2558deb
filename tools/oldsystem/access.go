package oldsystem

import (
	"fmt"
)

// services are those whose permissions the old catalogue had.
var services = []string{"portal", "voting", "events", "activity", "gamification"}

// keys are permissions of the old catalogue; the last one is none of the new one.
var keys = map[string][]string{
	"portal": {"portal.communities.list", "portal.posts.read", "portal.posts.create"}, "voting": {"voting.poll.read", "voting.poll.create", "voting.votes.cast"},
	"events": {"events.event.read", "events.event.create"}, "activity": {"activity.feed.read", "activity.news.manage"},
	"gamification": {"gamification.achievements.assign", "gamification.achievements.forged"},
}

func (g *generator) access() {
	permissions := g.table("access_control_permission", "key", "description", "service")
	roles := g.table("access_control_role", "id", "tenant_id", "service", "name", "is_system_template", "created_at", "updated_at")
	granted := g.table("access_control_rolepermission", "id", "role_id", "permission_key")
	bindings := g.table("access_control_rolebinding", "id", "tenant_id", "user_id", "scope_type", "scope_id", "role_id", "created_at")
	overrides := g.table("access_control_policyoverride", "id", "tenant_id", "user_id", "action", "permission_key", "reason", "expires_at", "created_at")
	log := g.table("access_control_tenantadminauditevent", "id", "tenant_id", "performed_by", "action", "target_type", "target_id", "metadata", "created_at")

	bind := func(person int, scope, scopeID string, role int64) {
		bindings(g.next("binding"), tenantID(Tenant), User(person), scope, scopeID, role, began)
	}
	home := tenantID(Tenant).String()
	for i, service := range services {
		template, hosts, foreign := int64(3*i+1), int64(3*i+2), int64(3*i+3)
		roles(template, nil, service, "admin", true, began, began)
		roles(hosts, tenantID(Tenant), service, fmt.Sprintf("Ведущие %s", service), false, began, began)
		roles(foreign, id("nowhere", 0), service, "lost", false, began, began)
		for _, key := range keys[service] {
			permissions(key, "A permission", service)
			granted(g.next("granted"), hosts, key)
		}
		bind(Admin, "TENANT", home, template)
		for n := 2; n <= g.people/20; n++ {
			bind(n, "TENANT", home, hosts)
		}
		bind(3, "GLOBAL", "", template)
		bind(4, "TENANT", "harbour", template) // never worked
		bind(5, "COMMUNITY", id("community", 1).String(), hosts)
		bind(6, "COMMUNITY", "no community", hosts)
		bind(7, "SERVICE", service, hosts)
		bind(8, "PLANET", home, hosts)
		bind(g.people+1000, "TENANT", home, hosts) // not known
	}
	roles(int64(100), tenantID(Tenant), "portal", "", false, began, began) // without a name
	granted(g.next("granted"), int64(100), "voting.poll.read")             // of another service
	overrides(id("override", 1), tenantID(Tenant), User(5), "deny", "voting.poll.create", "спам", nil, began)
	overrides(id("override", 2), tenantID(Tenant), User(6), "allow", nil, "", ended, began)
	overrides(id("override", 3), tenantID(Tenant), User(6), "ponder", nil, "", nil, began)
	overrides(id("override", 4), tenantID(Tenant), User(6), "deny", "gamification.achievements.forged", "", nil, began)
	log(id("access log", 1), tenantID(Tenant), User(Admin), "role_created", "role", "2", "{}", began)
}
