package domain

import (
	"cmp"
	"regexp"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// MaxCategories is how many categories a tenant may have.
const MaxCategories = 200

// maxOrder bounds the number that a category is ordered by.
const maxOrder = 1_000_000

// orderStep is the distance between two categories that were put into an order.
const orderStep = 10

const maxSlug = 64

var slugPattern = regexp.MustCompile(`^[a-z0-9]([a-z0-9_-]*[a-z0-9])?$`)

// Category groups achievements. The zero Category is none; use NewCategory.
type Category struct{ data CategoryData }

// CategoryData is all data of a category, for showing and storing it.
type CategoryData struct {
	ID        uuid.UUID // never shown
	TenantID  uuid.UUID
	Slug      string // the id that clients know
	Names     Texts
	Order     int
	Active    bool // takes new achievements
	CreatedAt time.Time
	UpdatedAt time.Time
	Version   int // counts the changes
}

// CategoryDraft is what the creator of a category decides.
type CategoryDraft struct {
	Slug    string
	Names   Texts
	Order   int
	Retired bool
}

// NewCategory makes a category.
func NewCategory(by authz.Actor, d CategoryDraft, now time.Time) (Category, error) {
	fields := errs.Fields{}
	fields.Check(len(d.Slug) <= maxSlug && slugPattern.MatchString(d.Slug), "id",
		why.InvalidFormat("must be 1 to 64 lower-case letters and digits, with dashes and underscores between them"))
	now = valid.Instant(now)
	return CategoryData{
		ID: valid.NewID(), TenantID: by.Tenant, Slug: d.Slug, Names: d.Names, Order: d.Order, Active: !d.Retired,
		CreatedAt: now, UpdatedAt: now, Version: 1,
	}.checked(fields)
}

// RestoreCategory returns a stored category. It is for repositories only.
func RestoreCategory(d CategoryData) Category { return Category{d} }

func (d CategoryData) checked(fields errs.Fields) (Category, error) {
	d.Names = names(fields, "name_i18n", d.Names)
	fields.Check(-maxOrder <= d.Order && d.Order <= maxOrder, "order", why.Outside(-maxOrder, maxOrder))
	if err := fields.Err(); err != nil {
		return Category{}, err
	}
	return Category{d}, nil
}

// CategoryEdit changes the fields that are not nil.
type CategoryEdit struct {
	Names  Texts
	Order  *int
	Active *bool
}

// Edit returns the changed category.
func (c Category) Edit(e CategoryEdit, now time.Time) (Category, error) {
	d := c.data
	if e.Names != nil {
		d.Names = e.Names
	}
	set(&d.Order, e.Order)
	set(&d.Active, e.Active)
	d.UpdatedAt, d.Version = valid.Instant(now), d.Version+1
	return d.checked(errs.Fields{})
}

// Data returns all data of the category.
func (c Category) Data() CategoryData { return c.data }

// ID is the id that the category is stored under.
func (c Category) ID() uuid.UUID { return c.data.ID }

// CompareCategories compares by the order in which categories are shown.
func CompareCategories(a, b Category) int {
	return cmp.Or(cmp.Compare(a.data.Order, b.data.Order), cmp.Compare(a.data.Slug, b.data.Slug))
}

// OrderCategories puts all categories of a tenant into the order of their slugs in ids, and returns them in it.
func OrderCategories(all []Category, slugs []string, now time.Time) ([]Category, error) {
	bySlug := make(map[string]Category, len(all))
	for _, c := range all {
		bySlug[c.data.Slug] = c
	}
	ordered := make([]Category, 0, len(all))
	for i, slug := range slugs {
		c, ok := bySlug[slug]
		if !ok {
			break
		}
		delete(bySlug, slug)
		c.data.Order, c.data.UpdatedAt, c.data.Version = (i+1)*orderStep, valid.Instant(now), c.data.Version+1
		ordered = append(ordered, c)
	}
	if len(ordered) != len(slugs) || len(bySlug) > 0 {
		return nil, errs.Field("ids", why.Mismatch("must name every category once"))
	}
	return ordered, nil
}

func set[T any](field *T, to *T) {
	if to != nil {
		*field = *to
	}
}
