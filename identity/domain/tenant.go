package domain

import (
	"hash/fnv"
	"math"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// Languages are those that the pages speak.
var Languages = []string{"en", "ru"}

// Admission is how users become members of a tenant.
type Admission string

// The kinds of admission.
const (
	AdmissionInvitation  Admission = "invitation"
	AdmissionApplication Admission = "application"
	AdmissionOpen        Admission = "open"
)

// The bounds of a tenant's colour in OKLCH, and the one it begins with. Lightness is the pages' own.
const (
	MaxHue        = 360
	MaxChroma     = 0.17
	defaultChroma = 0.12
)

// Tenant is one community; its slug is the first label of its host.
type Tenant struct {
	ID              uuid.UUID
	Slug            string
	Name            string
	Description     string
	Hue             int
	Chroma          float64
	Languages       []string // sorted
	DefaultLanguage string
	Admission       Admission
	LogoID, CoverID *uuid.UUID
	Version         int64
	CreatedAt       time.Time
	ClosedAt        *time.Time
}

// NewTenant makes a tenant. Its colour follows from its slug, so that tenants differ before anyone has chosen.
func NewTenant(id uuid.UUID, slug, name string, now time.Time) (Tenant, error) {
	fields := errs.Fields{}
	valid.CheckSlug(fields, "slug", slug)
	name = valid.Line(fields, "name", name, 1, 128)
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(slug)) // a hash takes everything
	return Tenant{
		ID: id, Slug: slug, Name: name, Hue: int(hash.Sum32() % MaxHue), Chroma: defaultChroma, Languages: slices.Clone(Languages),
		DefaultLanguage: Languages[0], Admission: AdmissionInvitation, Version: 1, CreatedAt: now,
	}, fields.Err()
}

// Rename changes the name.
func (t *Tenant) Rename(name string) error { return t.Edit(TenantEdit{Name: &name}) }

// TenantEdit is a change of what a tenant shows of itself. nil leaves a part as it is.
type TenantEdit struct {
	Name, Description *string
	Hue               *int
	Chroma            *float64
	Languages         *[]string
	DefaultLanguage   *string
	Admission         *Admission
}

// Edit changes what the tenant shows of itself.
func (t *Tenant) Edit(e TenantEdit) error {
	fields := errs.Fields{}
	if e.Name != nil {
		t.Name = valid.Line(fields, "name", *e.Name, 1, 128)
	}
	if e.Description != nil {
		t.Description = valid.Text(fields, "description", *e.Description, 0, 500)
	}
	if e.Hue != nil {
		t.Hue = *e.Hue
		fields.Check(t.Hue >= 0 && t.Hue <= MaxHue, "hue", why.Outside(0, MaxHue))
	}
	if e.Chroma != nil {
		t.Chroma = math.Round(*e.Chroma*1000) / 1000
		fields.Check(*e.Chroma >= 0 && *e.Chroma <= MaxChroma, "chroma", why.Outside(0, MaxChroma))
	}
	if e.Languages != nil {
		t.Languages = slices.Compact(slices.Sorted(slices.Values(*e.Languages)))
		known := !slices.ContainsFunc(t.Languages, func(l string) bool { return !slices.Contains(Languages, l) })
		fields.Check(known && len(t.Languages) > 0, "languages", why.NotAllowed("must be ru, en or both"))
	}
	if e.DefaultLanguage != nil {
		t.DefaultLanguage = *e.DefaultLanguage
	}
	fields.Check(slices.Contains(t.Languages, t.DefaultLanguage), "default_language", why.NotAllowed("must be one of the languages"))
	if e.Admission != nil {
		t.Admission = *e.Admission
		fields.Check(slices.Contains([]Admission{AdmissionInvitation, AdmissionApplication, AdmissionOpen}, t.Admission), "membership",
			why.NotAllowed("must be invitation, application or open"))
	}
	return fields.Err()
}

// TenantClosing is a closed tenant whose members are being told, in the order of their ids.
type TenantClosing struct {
	TenantID uuid.UUID
	Reason   string
	Told     uuid.UUID // the last member who was told
}

// ImageKind is what a picture of a tenant is for.
type ImageKind string

// The pictures of a tenant.
const (
	ImageLogo  ImageKind = "logo"
	ImageCover ImageKind = "cover"
)

// MaxSize is the largest size of a picture as it is sent.
func (k ImageKind) MaxSize() int64 {
	if k == ImageLogo {
		return 2 << 20
	}
	return 4 << 20
}

// Accepts reports whether a picture may have a content type.
func (ImageKind) Accepts(contentType string) bool {
	return slices.Contains([]string{"image/png", "image/jpeg", "image/gif", "image/webp"}, contentType)
}

// Image is the id of the tenant's picture of a kind, nil if there is none.
func (t Tenant) Image(kind ImageKind) *uuid.UUID {
	if kind == ImageLogo {
		return t.LogoID
	}
	return t.CoverID
}

// SetImage makes a picture the tenant's, or removes it, and returns the one before it.
func (t *Tenant) SetImage(kind ImageKind, id *uuid.UUID) (before *uuid.UUID) {
	at := &t.CoverID
	if kind == ImageLogo {
		at = &t.LogoID
	}
	before, *at = *at, id
	return before
}

// TenantImage is a picture of a tenant. Its content is in the blob store under Key.
type TenantImage struct {
	ID, TenantID uuid.UUID
	Kind         ImageKind
	ContentType  string // empty until the content is there
	Digest       string // SHA-256 of the content, in hex
	CreatedAt    time.Time
}

// ImageUploadTime is how long the upload of a picture may take; a row without content that is older belongs to none.
const ImageUploadTime = time.Hour

// Key is where the content is in the blob store.
func (i TenantImage) Key() string {
	return "tenants/" + i.TenantID.String() + "/" + i.ID.String()
}

// MembershipStatus says whether a membership counts.
type MembershipStatus string

// The statuses of a membership.
const (
	MembershipActive   MembershipStatus = "active"
	MembershipDisabled MembershipStatus = "disabled"
)

// The base roles in use. What they permit is decided by access, not here.
const (
	RoleOwner  = "owner"
	RoleAdmin  = "admin"
	RoleMember = "member"
)

// Membership ties a user to a tenant.
type Membership struct {
	UserID     uuid.UUID
	TenantID   uuid.UUID
	TenantSlug string
	Status     MembershipStatus
	BaseRole   string
	CreatedAt  time.Time
}

// Active reports whether the membership counts.
func (m Membership) Active() bool { return m.Status == MembershipActive }

// MembershipIn is a membership with its tenant.
type MembershipIn struct {
	Membership
	Tenant Tenant
}
