package domain

import (
	"regexp"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
)

// Tenant is one community; its slug is the first label of its host.
type Tenant struct {
	ID        uuid.UUID
	Slug      string
	Name      string
	CreatedAt time.Time
}

var slugPattern = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// ValidSlug reports whether s can be a host label.
func ValidSlug(s string) bool { return slugPattern.MatchString(s) }

// NewTenant makes a tenant.
func NewTenant(id uuid.UUID, slug, name string, now time.Time) (Tenant, error) {
	fields := errs.Fields{}
	fields.Check(ValidSlug(slug), "slug", "must be 1 to 63 lower-case letters, digits and inner hyphens")
	fields.Check(name != "" && len(name) <= 128, "name", "must have 1 to 128 bytes")
	if err := fields.Err(); err != nil {
		return Tenant{}, err
	}
	return Tenant{ID: id, Slug: slug, Name: name, CreatedAt: now}, nil
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
