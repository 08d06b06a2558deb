package oldsystem

import (
	"fmt"
	"strings"
)

func (g *generator) activity() {
	sources := g.table("act_source", "id", "tenant_id", "type", "config_json", "created_at")
	items := g.table("act_activity_event", "id", "tenant_id", "actor_user_id", "type", "occurred_at", "title", "payload_json", "visibility", "scope_type", "scope_id", "source_ref")
	posts := g.table("act_news_post", "id", "tenant_id", "author_user_id", "title", "body", "tags_json", "media_json", "visibility", "scope_type", "scope_id", "comments_count",
		"reactions_count", "created_at", "updated_at", "status")
	reactions := g.table("act_news_reaction", "id", "tenant_id", "post_id", "user_id", "emoji", "created_at")
	comments := g.table("act_news_comment", "id", "tenant_id", "post_id", "user_id", "body", "created_at", "deleted_at", "parent_id", "updated_at")
	likes := g.table("act_news_comment_reaction", "id", "tenant_id", "comment_id", "user_id", "created_at")
	views := g.table("act_news_post_view", "id", "tenant_id", "post_id", "user_id", "first_viewed_at", "last_viewed_at")
	subscriptions := g.table("act_subscription", "id", "tenant_id", "user_id", "rules_json", "created_at")
	reads := g.table("act_feed_last_seen", "id", "tenant_id", "user_id", "last_seen_at", "updated_at")

	home := tenantID(Tenant).String()
	sources(int64(1), tenantID(Tenant), "steam", "enc::gAAAAABsecret", began)
	for n := 1; n <= g.news(); n++ {
		at := g.at("news", n)
		title, body, tags, media := fmt.Sprintf("Новость %d", n), g.words(40), `["Клуб", "raid"]`, "[]"
		scope, scopeID, visibility, status := "TENANT", home, "public", "published"
		switch n {
		case 2:
			tags = `{"bad": true}`
		case 3:
			body = strings.Repeat("бесконечно ", 1000)
		case 4:
			scope, scopeID, visibility = "community", Community(1).String(), "community"
		case 5:
			status = "draft"
		case 6:
			body = ""
		case 7:
			media = `[{"type": "youtube", "url": "https://youtu.be/dQw4w9WgXcQ", "video_id": "dQw4w9WgXcQ", "title": "Клип"}, {"type": "image", "key": "news/x/y.png"}]`
		case 8:
			scope, scopeID = "COMMUNITY", "nowhere"
		case 9:
			media = `"text"`
		}
		posts(News(n), tenantID(Tenant), User(g.one("reporter", n)), title, body, tags, media, visibility, scope, scopeID, 99, 99, at, at, status)
		if n%11 != 0 && status == "published" {
			items(int64(10*n), tenantID(Tenant), User(g.one("reporter", n)), "news.posted", at, title, fmt.Sprintf(`{"news_id": "%s"}`, News(n)), visibility, scope, scopeID, fmt.Sprintf("news:%x", n))
		}
		first := int64(0)
		for i := range 10 {
			person := g.one("comment on "+fmt.Sprint(n), i)
			comment := g.next("comment")
			var parent, gone any
			if i == 0 {
				first = comment
			} else if i%3 == 0 {
				parent = first
			}
			if i == 5 {
				gone = at.Add(1e9)
			}
			comments(comment, tenantID(Tenant), News(n), User(person), g.words(8), at.Add(1e9), gone, parent, at.Add(1e9))
			likes(g.next("like"), tenantID(Tenant), comment, User(g.one("like of "+fmt.Sprint(n), i)), at)
		}
		seen := map[int]bool{}
		for i := range 20 {
			person := g.one("reader of "+fmt.Sprint(n), i)
			if seen[person] {
				continue
			}
			seen[person] = true
			reactions(g.next("reaction"), tenantID(Tenant), News(n), User(person), []string{"🔥", "👍", "not an emoji"}[min(i%2+i/19, 2)], at)
			views(g.next("view"), tenantID(Tenant), News(n), User(person), at, at)
		}
	}
	comments(g.next("comment"), tenantID(Tenant), News(1), User(g.people+506), "ничей", began, nil, nil, began)
	comments(g.next("comment"), tenantID(Tenant), News(1), User(2), "", began, nil, nil, began)
	for n := 1; n <= g.people; n += 10 {
		items(int64(1_000_000+n), tenantID(Tenant), User(n), "steam.achievement", g.at("steam", n), "Достижение", "{}", "public", "tenant", home, fmt.Sprintf("steam:1:ach:%d", n))
		subscriptions(int64(n), tenantID(Tenant), User(n), fmt.Sprintf(`{"scopes": [{"scope_type": "community", "scope_id": "%s"}]}`, Community(1)), began)
		reads(int64(n), tenantID(Tenant), User(n), ended, ended)
	}
	subscriptions(int64(2_000_000), tenantID(Tenant), User(2), `"everything"`, began)
	items(int64(999_999), tenantID(Tenant), User(1), "news.posted", began, "Сирота", `{"news_id": "gone"}`, "public", "TENANT", home, "news:orphan")
}
