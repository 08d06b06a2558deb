package importer

import (
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

const kindTenants = "tenants"

// placeholderTenant is a row of the old gateway that is no tenant.
const placeholderTenant = "__portal__"

var slugForm = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

type oldTenant struct {
	ID        uuid.UUID `db:"id"`
	Slug      string    `db:"slug"`
	Name      string    `db:"name"`
	CreatedAt time.Time `db:"created_at"`
}

// tenantsOfAll joins the three lists of tenants by their slugs. The gateway's ids are those of all business data; identity may have had
// others. A tenant that the new system has already, by its slug, keeps the id that it has here.
func (r *run) tenantsOfAll() error {
	here := map[string]uuid.UUID{}
	rows, err := r.tx["identity"].Query(r.ctx, "SELECT id, slug FROM tenants")
	if err != nil {
		return err
	}
	var id uuid.UUID
	var slug string
	if _, err := pgx.ForEachRow(rows, []any{&id, &slug}, func() error { here[slug] = id; return nil }); err != nil {
		return err
	}
	t, err := r.into("identity", "tenants", kindTenants, "id", "id", "slug", "name", "created_at", "hue")
	if err != nil {
		return err
	}
	bySlug := map[string]tenant{}
	lists := []struct{ service, table string }{{"bff", "bff_tenant"}, {"portal", "portal_tenant"}, {"identity", "usid_tenant"}}
	for i, list := range lists {
		err := each(r.ctx, r.old[list.service], list.table, "", "created_at, id", func(o oldTenant) error {
			if o.Slug == placeholderTenant {
				return nil
			}
			known, found := bySlug[o.Slug]
			if !found {
				r.report.read(kindTenants)
				if i > 0 && r.old["bff"].has("bff_tenant") {
					r.report.change(kindTenants, "the gateway did not know it", o.Slug)
				}
				known = r.newTenant(o, here)
				bySlug[o.Slug] = known
				r.slugs[known.id] = known.slug
				if err := t.add(known.id, known.slug, known.name, o.CreatedAt, hueOf(known.slug)); err != nil {
					return err
				}
			}
			if list.service == "identity" {
				r.ofID[o.ID] = known.id
				if !found {
					r.tenants[o.ID] = known
				}
			} else {
				r.tenants[o.ID] = known
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return t.store()
}

// newTenant is a tenant in the form that it has here.
func (r *run) newTenant(o oldTenant, here map[string]uuid.UUID) tenant {
	slug := o.Slug
	if !slugForm.MatchString(slug) {
		slug = strings.Trim(regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(strings.ToLower(slug), "-"), "-")
		if slug = slug[:min(len(slug), 63)]; slug == "" {
			slug = "tenant-" + o.ID.String()[:8]
		}
		r.report.change(kindTenants, "its address cannot be what it was", o.Slug+" is "+slug)
	}
	known := tenant{id: o.ID, slug: slug, name: r.line(kindTenants, slug, "name", o.Name, 128)}
	if known.name == "" {
		known.name = o.Slug // as the old system showed it
	}
	if id, ok := here[slug]; ok && id != o.ID {
		r.report.change(kindTenants, "there is a tenant of this address already: what is imported goes there", slug)
		known.id = id
	}
	return known
}

// hueOf is the colour of a tenant that chose none, so that tenants differ.
func hueOf(slug string) int {
	sum := derived("hue", slug)
	return (int(sum[0])<<8 | int(sum[1])) % 360
}
