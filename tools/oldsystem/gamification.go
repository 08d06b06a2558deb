package oldsystem

import (
	"fmt"
	"strings"
)

func (g *generator) gamification() {
	categories := g.table("gamification_category", "id", "tenant_id", "slug", "name_i18n", "order", "is_active", "created_at", "updated_at")
	achievements := g.table("gamification_achievement", "id", "tenant_id", "category_id", "name_i18n", "description", "status", "images", "created_by", "created_at", "updated_at")
	grants := g.table("gamification_grant", "id", "tenant_id", "achievement_id", "recipient_id", "issuer_id", "reason", "visibility", "created_at", "revoked_at", "revoked_by")
	slugs := []string{"events", "community", "My Cat!", "my-cat"}
	for i, slug := range slugs {
		names := fmt.Sprintf(`{"ru": "Категория %d", "en": "Category %d"}`, i, i)
		if i == 2 {
			names = "{}"
		}
		categories(id("category", i), tenantID(Tenant), slug, names, i, true, began, began)
	}
	for n := 1; n <= g.awards(); n++ {
		names, images := fmt.Sprintf(`{"ru": "Награда %d", "en": "Award %d"}`, n, n), `{"small": null, "medium": "https://img.old.example/medal.png", "large": null}`
		status, description := []string{"published", "active", "published", "hidden"}[n%4], g.words(10)
		switch n {
		case 2:
			names = `{"tlh!!": "batlh", "ru": ""}`
		case 3:
			images = "{}"
		case 4:
			names = `["bad"]`
		case 5:
			description = strings.Repeat("много слов ", 500)
		case 6:
			images = `{"large": "http://insecure.old.example/a.png"}`
		}
		achievements(Achievement(n), tenantID(Tenant), id("category", n%len(slugs)), names, description, status, images, User(Admin), g.at("award", n), g.at("award", n))
		for i := range g.people * 3 / 2 / g.awards() {
			recipient := 1 + (n*31+i)%g.people
			var revoked, by any
			if i%20 == 0 {
				revoked, by = ended, User(Admin)
			}
			visibility := "public"
			if i%9 == 0 {
				visibility = "private"
			}
			grants(id("grant", n*g.people+i), tenantID(Tenant), Achievement(n), User(recipient), User(Admin+1), g.words(4), visibility, g.at("grant", n*g.people+i), revoked, by)
		}
	}
	grants(id("odd grant", 1), tenantID(Tenant), Achievement(1), User(Admin+1), User(Admin+1), "сам себе", "public", began, ended, nil)
	grants(id("odd grant", 2), tenantID(Tenant), Achievement(1), User(g.people+505), User(Admin), "никому", "public", began, nil, nil)
	grants(id("odd grant", 3), tenantID(Second), Achievement(1), User(2), User(Admin), "не там", "public", began, nil, nil)
}
