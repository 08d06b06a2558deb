package domain

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// Tier is how high an achievement ranks among its kin. TierNone is for those without ranks.
type Tier string

// The tiers.
const (
	TierNone     Tier = "none"
	TierBronze   Tier = "bronze"
	TierSilver   Tier = "silver"
	TierGold     Tier = "gold"
	TierPlatinum Tier = "platinum"
)

// Rarity is how rare an achievement is meant to be.
type Rarity string

// The rarities.
const (
	RarityCommon    Rarity = "common"
	RarityUncommon  Rarity = "uncommon"
	RarityRare      Rarity = "rare"
	RarityEpic      Rarity = "epic"
	RarityLegendary Rarity = "legendary"
)

// Kind is how often an achievement can be granted.
type Kind string

// The kinds.
const (
	KindOnce       Kind = "once"       // to each member once
	KindRepeatable Kind = "repeatable" // to each member again and again
	KindLimited    Kind = "limited"    // to each member once, and to so many members only
)

var (
	tiers    = []Tier{TierNone, TierBronze, TierSilver, TierGold, TierPlatinum}
	rarities = []Rarity{RarityCommon, RarityUncommon, RarityRare, RarityEpic, RarityLegendary}
	kinds    = []Kind{KindOnce, KindRepeatable, KindLimited}
)

// The bounds of the rules of an achievement.
const (
	maxGrants        = 1_000_000
	maxDailyLimit    = 10_000
	maxExpiryDays    = 36_500
	MaxPrerequisites = 10
	MaxPoints        = 10_000
)

// Images are the addresses of the picture of an achievement. An empty one is none.
type Images struct{ Small, Medium, Large string }

// None reports whether there is no picture.
func (i Images) None() bool { return i == Images{} }

// Achievement is what members are recognised for. The zero Achievement is none; use NewAchievement.
type Achievement struct{ data AchievementData }

// AchievementData is all data of an achievement, for showing and storing it.
type AchievementData struct {
	ID           uuid.UUID
	TenantID     uuid.UUID
	Names        Texts
	Description  string // for readers in whose language Descriptions has none
	Descriptions Texts
	Category     CategoryRef
	Status       Status
	Images       Images
	ImageAlt     string // for readers in whose language ImageAlts has none
	ImageAlts    Texts
	Rules        Rules
	Scope        authz.Scope
	Removed      bool // its community or team was deleted
	CreatedBy    uuid.UUID
	CreatedAt    time.Time
	UpdatedAt    time.Time
	PublishedAt  time.Time // zero before it is published first
	HasRule      bool      // kept by the rules of the tenant, not with the achievement
	Version      int       // counts the changes
	Holders      int       // who had it when they were counted last; not stored with the achievement
	Members      int       // of the tenant, counted at the same time
}

// CategoryRef is the category of an achievement.
type CategoryRef struct {
	ID   uuid.UUID
	Slug string
}

// Rules are how an achievement is shown and granted.
type Rules struct {
	Tier             Tier
	Rarity           Rarity
	Secret           bool // seen only by those who hold it
	Kind             Kind
	MaxGrants        int // of KindLimited; else 0
	IssuerDailyLimit int // how many of it one issuer may grant in 24 hours; 0 for no limit
	ExpiresAfterDays int // 0 for never
	Prerequisites    []uuid.UUID
	Points           int // that a grant adds to the recipient's
}

// AchievementDraft is what the creator of an achievement decides. Empty enumerations mean their defaults.
type AchievementDraft struct {
	Names        Texts
	Description  string
	Descriptions Texts
	Status       Status // default draft
	Images       Images
	ImageAlt     string
	ImageAlts    Texts
	Rules        Rules
	Scope        authz.Scope
}

// NewAchievement makes an achievement in a category that takes new ones.
func NewAchievement(by authz.Actor, draft AchievementDraft, category Category, now time.Time) (Achievement, error) {
	fields := errs.Fields{}
	if draft.Status == "" {
		draft.Status = StatusDraft
	}
	now = valid.Instant(now)
	d := AchievementData{
		ID: valid.NewID(), TenantID: by.Tenant, Names: draft.Names, Description: draft.Description, Descriptions: draft.Descriptions,
		Category: category.open(fields), Status: draft.Status, Images: draft.Images, ImageAlt: draft.ImageAlt, ImageAlts: draft.ImageAlts, Rules: draft.Rules.withDefaults(),
		Scope: draft.Scope, CreatedBy: by.User, CreatedAt: now, UpdatedAt: now, Version: 1,
	}
	if d.Status == StatusPublished {
		d.PublishedAt = now
	}
	return d.checked(fields)
}

// RestoreAchievement returns a stored achievement. It is for repositories only.
func RestoreAchievement(d AchievementData) Achievement { return Achievement{d} }

func (r Rules) withDefaults() Rules {
	if r.Tier == "" {
		r.Tier = TierNone
	}
	if r.Rarity == "" {
		r.Rarity = RarityCommon
	}
	if r.Kind == "" {
		r.Kind = KindOnce
	}
	return r
}

// open is a reference to the category for an achievement that gets into it.
func (c Category) open(fields errs.Fields) CategoryRef {
	fields.Check(c.data.Active, "category", why.NotAllowed("must be a category that takes new achievements"))
	return CategoryRef{ID: c.data.ID, Slug: c.data.Slug}
}

// checked returns the achievement of d, with texts in their stored form, unless d breaks a rule.
func (d AchievementData) checked(fields errs.Fields) (Achievement, error) {
	d.Names = names(fields, "name_i18n", d.Names)
	d.Description = valid.Text(fields, "description", d.Description, 0, maxDescription)
	d.Descriptions = d.Descriptions.checked(fields, "description_i18n", func(field, s string) string {
		return valid.Text(fields, field, s, 1, maxDescription)
	})
	fields.Check(d.Status.Valid(), "status", why.NotAllowed("must be draft, published, hidden or archived"))
	d.Images.Small = image(fields, "images.small", d.Images.Small)
	d.Images.Medium = image(fields, "images.medium", d.Images.Medium)
	d.Images.Large = image(fields, "images.large", d.Images.Large)
	d.ImageAlt = valid.Line(fields, "image_alt", d.ImageAlt, 0, maxAlt)
	d.ImageAlts = d.ImageAlts.checked(fields, "image_alt_i18n", func(field, s string) string { return valid.Line(fields, field, s, 1, maxAlt) })
	fields.Check(d.Status != StatusPublished || !d.Images.None(), "images", why.Required.Saying("a published achievement needs a picture"))
	d.Rules = d.Rules.checked(fields, d.ID)
	if err := fields.Err(); err != nil {
		return Achievement{}, err
	}
	return Achievement{d}, nil
}

func (r Rules) checked(fields errs.Fields, of uuid.UUID) Rules {
	fields.Check(slices.Contains(tiers, r.Tier), "tier", why.NotAllowed("must be none, bronze, silver, gold or platinum"))
	fields.Check(slices.Contains(rarities, r.Rarity), "rarity", why.NotAllowed("must be common, uncommon, rare, epic or legendary"))
	fields.Check(slices.Contains(kinds, r.Kind), "kind", why.NotAllowed("must be once, repeatable or limited"))
	if r.Kind == KindLimited {
		fields.Check(1 <= r.MaxGrants && r.MaxGrants <= maxGrants, "max_grants", why.Outside(1, maxGrants))
	} else {
		fields.Check(r.MaxGrants == 0, "max_grants", why.Mismatch("is for limited achievements"))
	}
	fields.Check(0 <= r.IssuerDailyLimit && r.IssuerDailyLimit <= maxDailyLimit, "issuer_daily_limit", why.Outside(1, maxDailyLimit))
	fields.Check(0 <= r.ExpiresAfterDays && r.ExpiresAfterDays <= maxExpiryDays, "expires_after_days", why.Outside(1, maxExpiryDays))
	r.Prerequisites = slices.Clone(r.Prerequisites)
	slices.SortFunc(r.Prerequisites, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	r.Prerequisites = slices.Compact(r.Prerequisites)
	fields.Check(len(r.Prerequisites) <= MaxPrerequisites, "prerequisites", why.TooMany(MaxPrerequisites))
	fields.Check(!slices.Contains(r.Prerequisites, of), "prerequisites", why.Mismatch("must be other achievements"))
	fields.Check(0 <= r.Points && r.Points <= MaxPoints, "points", why.Outside(0, MaxPoints))
	return r
}

// AchievementEdit changes the fields that are not nil.
type AchievementEdit struct {
	Names            Texts
	Description      *string
	Descriptions     Texts
	Category         *Category
	Status           *Status
	Images           *Images
	ImageAlt         *string
	ImageAlts        Texts
	Tier             *Tier
	Rarity           *Rarity
	Secret           *bool
	Kind             *Kind
	MaxGrants        *int
	IssuerDailyLimit *int
	ExpiresAfterDays *int
	Prerequisites    *[]uuid.UUID
	Points           *int
}

// Edit returns the changed achievement.
func (a Achievement) Edit(e AchievementEdit, now time.Time) (Achievement, error) {
	fields, d := errs.Fields{}, a.data
	now = valid.Instant(now)
	if e.Names != nil {
		d.Names = e.Names
	}
	if e.Descriptions != nil {
		d.Descriptions = e.Descriptions
	}
	if e.ImageAlts != nil {
		d.ImageAlts = e.ImageAlts
	}
	if e.Category != nil && e.Category.data.ID != d.Category.ID {
		d.Category = e.Category.open(fields)
	}
	if e.Status != nil && *e.Status != d.Status {
		if e.Status.Valid() && !d.Status.CanBecome(*e.Status) {
			return Achievement{}, ErrStatusNotAllowed.WithDetails(map[string]any{"status": string(d.Status)})
		}
		if d.Status = *e.Status; d.Status == StatusPublished && d.PublishedAt.IsZero() {
			d.PublishedAt = now
		}
	}
	set(&d.Description, e.Description)
	set(&d.Images, e.Images)
	set(&d.ImageAlt, e.ImageAlt)
	set(&d.Rules.Tier, e.Tier)
	set(&d.Rules.Rarity, e.Rarity)
	set(&d.Rules.Secret, e.Secret)
	set(&d.Rules.Kind, e.Kind)
	if e.Kind != nil && *e.Kind != KindLimited && e.MaxGrants == nil {
		d.Rules.MaxGrants = 0
	}
	set(&d.Rules.MaxGrants, e.MaxGrants)
	set(&d.Rules.IssuerDailyLimit, e.IssuerDailyLimit)
	set(&d.Rules.ExpiresAfterDays, e.ExpiresAfterDays)
	set(&d.Rules.Prerequisites, e.Prerequisites)
	set(&d.Rules.Points, e.Points)
	d.UpdatedAt, d.Version = now, d.Version+1
	return d.checked(fields)
}

// Remove hides an achievement whose community or team was deleted.
func (a Achievement) Remove(now time.Time) Achievement {
	a.data.Removed, a.data.UpdatedAt, a.data.Version = true, valid.Instant(now), a.data.Version+1
	return a
}

// HeldBy is the share of the members of the tenant who have the achievement.
func (a Achievement) HeldBy() float64 {
	if a.data.Members == 0 {
		return 0
	}
	return min(1, float64(a.data.Holders)/float64(a.data.Members))
}

// Data returns all data of the achievement.
func (a Achievement) Data() AchievementData { return a.data }

// ID is the achievement's id.
func (a Achievement) ID() uuid.UUID { return a.data.ID }

// Version is the number of changes up to the state that a was read in.
func (a Achievement) Version() int { return a.data.Version }
