package importer

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/gamification/domain"
)

const (
	kindCategories   = "categories of achievements"
	kindAchievements = "achievements"
	kindGrants       = "grants"
)

// awards is what is known of achievements while they are taken.
type awards struct {
	categories   map[uuid.UUID]category
	achievements map[uuid.UUID]award
}

type category struct {
	tenant uuid.UUID
	slug   string
}

type award struct {
	tenant  uuid.UUID
	names   map[string]string
	visible bool
}

// first is the name to show without a language.
func (a award) first() string {
	languages := slices.Sorted(maps.Keys(a.names))
	return a.names[languages[0]]
}

// gamification takes categories, achievements and grants.
func (r *run) gamification() error {
	if err := r.gamificationKnows(); err != nil {
		return err
	}
	a := &awards{categories: map[uuid.UUID]category{}, achievements: map[uuid.UUID]award{}}
	for _, part := range []func(*awards) error{r.categories, r.achievements, r.grants} {
		if err := part(a); err != nil {
			return err
		}
	}
	return nil
}

type oldCategory struct {
	ID        uuid.UUID `db:"id"`
	Tenant    uuid.UUID `db:"tenant_id"`
	Slug      string    `db:"slug"`
	Names     jsonText  `db:"name_i18n"`
	Order     int64     `db:"order"`
	Active    bool      `db:"is_active"`
	CreatedAt time.Time `db:"created_at"`
	UpdatedAt time.Time `db:"updated_at"`
}

var (
	categoryForm = regexp.MustCompile(`^[a-z0-9]([a-z0-9_-]{0,62}[a-z0-9])?$`)
	notSlug      = regexp.MustCompile(`[^a-z0-9_-]+`)
)

func (r *run) categories(a *awards) error {
	t, err := r.into("gamification", "categories", kindCategories, "tenant_id, id", "tenant_id", "id", "slug", "names", "sort_order", "active", "created_at", "updated_at", "version")
	if err != nil {
		return err
	}
	var all []oldCategory
	taken := map[string]bool{} // slugs that stay as they are come first
	err = each(r.ctx, r.old["gamification"], "gamification_category", "", "created_at, id", func(o oldCategory) error {
		all = append(all, o)
		if categoryForm.MatchString(o.Slug) {
			taken[o.Tenant.String()+o.Slug] = true
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, o := range all {
		home, ok := r.home(kindCategories, o.Tenant, o.Slug)
		if !ok {
			continue
		}
		slug := o.Slug
		if !categoryForm.MatchString(slug) {
			base := strings.Trim(notSlug.ReplaceAllString(strings.ToLower(slug), "-"), "-_")
			if base == "" {
				base = "category"
			}
			base = strings.Trim(base[:min(len(base), 58)], "-_")
			slug = base
			for n := 2; taken[o.Tenant.String()+slug]; n++ {
				slug = fmt.Sprintf("%s-%d", base, n)
			}
			taken[o.Tenant.String()+slug] = true
			r.report.change(kindCategories, "its id cannot be what it was", o.Slug+" is "+slug)
		}
		names := r.names(kindCategories, o.Slug, o.Names, o.Slug, o.ID)
		a.categories[o.ID] = category{home, slug}
		if err := t.add(home, o.ID, slug, jsonOf(names), min(max(o.Order, -1_000_000), 1_000_000), o.Active, o.CreatedAt, timeOr(o.UpdatedAt, o.CreatedAt), 1); err != nil {
			return err
		}
	}
	return t.store()
}

// names are the names of a thing by language; other is its name when it has none.
func (r *run) names(kind, which string, document jsonText, other string, id uuid.UUID) map[string]string {
	names := r.texts(kind, which, "names", document, 128)
	if len(names) == 0 {
		if other = r.line(kind, which, "name", other, 128); other == "" {
			other = "№ " + id.String()[:8]
		}
		names["en"] = other
		r.report.change(kind, "it had no name", which)
	}
	return names
}

func jsonOf(v any) string {
	document, err := json.Marshal(v)
	if err != nil { // of texts
		panic(err)
	}
	return string(document)
}

type oldAchievement struct {
	ID          uuid.UUID `db:"id"`
	Tenant      uuid.UUID `db:"tenant_id"`
	Category    uuid.UUID `db:"category_id"`
	Names       jsonText  `db:"name_i18n"`
	Description string    `db:"description"`
	Status      string    `db:"status"`
	Images      jsonText  `db:"images"`
	CreatedBy   uuid.UUID `db:"created_by"`
	CreatedAt   time.Time `db:"created_at"`
	UpdatedAt   time.Time `db:"updated_at"`
}

func (r *run) achievements(a *awards) error {
	t, err := r.into("gamification", "achievements", kindAchievements, "tenant_id, id", "tenant_id", "id", "names", "description", "descriptions", "category_id", "status", "image_small",
		"image_medium", "image_large", "image_alt", "tier", "rarity", "secret", "kind", "max_grants", "issuer_daily_limit", "expires_after_days", "prerequisites", "scope_type", "scope_id",
		"visibility", "removed", "created_by", "created_at", "updated_at", "published_at", "version", "search_text")
	if err != nil {
		return err
	}
	t.requires = "EXISTS (SELECT FROM categories c WHERE c.tenant_id = s.tenant_id AND c.id = s.category_id)"
	err = each(r.ctx, r.old["gamification"], "gamification_achievement", "", "created_at, id", func(o oldAchievement) error {
		which := o.ID.String()
		home, ok := r.home(kindAchievements, o.Tenant, which)
		c, found := a.categories[o.Category]
		switch {
		case !ok:
			return nil
		case !found:
			r.report.refuse(kindAchievements, noParent, which)
			return nil
		case c.tenant != home:
			r.report.refuse(kindAchievements, otherTenant, which)
			return nil
		}
		return r.achievement(a, t, c, o)
	})
	if err != nil {
		return err
	}
	return t.store()
}

func (r *run) achievement(a *awards, t *table, c category, o oldAchievement) error {
	which := o.ID.String()
	images := r.pictures(which, o.Images)
	status := o.Status
	switch status {
	case "active":
		status = "published" // as it was shown
	case "draft", "published", "hidden":
	default:
		r.report.change(kindAchievements, "its status is none that there is: it is a draft", which+": "+status)
		status = "draft"
	}
	if status == "published" && images == [3]string{} {
		r.report.change(kindAchievements, "it has no picture, which a published one needs: it is hidden", which)
		status = "hidden"
	}
	names := r.names(kindAchievements, which, o.Names, "", o.ID)
	description := r.text(kindAchievements, which, "description", o.Description, 2000)
	search := domain.AchievementData{Names: names, Description: description}.Search()
	published := any(nil)
	if status != "draft" {
		published = o.CreatedAt
	}
	creator := r.author(kindAchievements, o.CreatedBy, which)
	made := award{tenant: c.tenant, names: names, visible: status == "published"}
	a.achievements[o.ID] = made
	err := t.add(c.tenant, o.ID, jsonOf(names), description, "{}", o.Category, status, images[0], images[1], images[2], "", "none", "common", false, "once", 0, 0, 0, []uuid.UUID{},
		"TENANT", c.tenant, "public", false, creator, o.CreatedAt, timeOr(o.UpdatedAt, o.CreatedAt), published, 1, search)
	if err != nil || !made.visible {
		return err
	}
	return r.feed(item{
		tenant: c.tenant, ref: "achievement:" + which, kind: "achievement.published", actor: creator, at: o.CreatedAt, title: made.first(), visibility: "public",
		scopeType: "TENANT", scopeID: c.tenant, link: "/achievements/" + which, payload: map[string]any{"achievement_id": which, "names": names, "category": c.slug},
	})
}

// pictures are the addresses of the small, medium and large picture. Only https is shown.
func (r *run) pictures(which string, document jsonText) (images [3]string) {
	var found map[string]any
	if json.Unmarshal([]byte(document), &found) != nil {
		r.report.change(kindAchievements, "pictures: is no JSON object, and is left out", which)
	}
	for i, size := range []string{"small", "medium", "large"} {
		s, ok := found[size].(string)
		switch {
		case found[size] == nil || s == "" && ok:
		case !ok || !strings.HasPrefix(s, "https://"):
			r.report.change(kindAchievements, "picture: is no https address, and is left out", which+": "+beginning(s, 80))
		default:
			images[i] = r.address(kindAchievements, which, s, 2048)
		}
	}
	return images
}
