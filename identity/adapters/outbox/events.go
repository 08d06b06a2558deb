// Package outbox tells the other services what happens to accounts, through
// the outbox.
package outbox

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/outbox"
)

// The types of the events; their payloads are described in api/events/identity.yaml.
const (
	TypeUserCreated   = "identity.user.created"
	TypeUserSuspended = "identity.user.suspended"
	TypeUserBanned    = "identity.user.banned"
	TypeUserActivated = "identity.user.activated"
	TypeSession       = "identity.session.created"
	TypeTenant        = "identity.tenant.created"
	TypeMembership    = "identity.membership.changed"
)

// Events implements ports.Events.
type Events struct{ Publisher *outbox.Publisher }

type userCreated struct {
	UserID      uuid.UUID `json:"user_id"`
	Username    string    `json:"username"`
	DisplayName string    `json:"display_name"`
	Status      string    `json:"status"`
	CreatedAt   time.Time `json:"created_at"`
}

// UserCreated implements ports.Events. E-mail addresses stay here: whoever
// needs one asks.
func (e Events) UserCreated(ctx context.Context, u domain.User) error {
	return e.publish(ctx, TypeUserCreated, user(u.ID), userCreated{
		UserID: u.ID, Username: u.Username, DisplayName: u.DisplayName, Status: string(u.Status), CreatedAt: u.CreatedAt,
	})
}

type statusChanged struct {
	UserID    uuid.UUID `json:"user_id"`
	Status    string    `json:"status"`
	WasStatus string    `json:"was_status"`
}

// UserStatusChanged implements ports.Events.
func (e Events) UserStatusChanged(ctx context.Context, u domain.User, before domain.Status) error {
	name := TypeUserActivated
	switch u.Status {
	case domain.StatusSuspended:
		name = TypeUserSuspended
	case domain.StatusBanned:
		name = TypeUserBanned
	}
	return e.publish(ctx, name, user(u.ID), statusChanged{UserID: u.ID, Status: string(u.Status), WasStatus: string(before)})
}

type sessionCreated struct {
	UserID    uuid.UUID `json:"user_id"`
	SessionID uuid.UUID `json:"session_id"`
	Method    string    `json:"method"`
	CreatedAt time.Time `json:"created_at"`
}

// SessionCreated implements ports.Events.
func (e Events) SessionCreated(ctx context.Context, s domain.Session) error {
	return e.publish(ctx, TypeSession, user(s.UserID), sessionCreated{
		UserID: s.UserID, SessionID: s.ID, Method: string(s.Method), CreatedAt: s.CreatedAt,
	})
}

type tenantCreated struct {
	TenantID  uuid.UUID `json:"tenant_id"`
	Slug      string    `json:"slug"`
	Name      string    `json:"name"`
	CreatedAt time.Time `json:"created_at"`
}

// TenantCreated implements ports.Events.
func (e Events) TenantCreated(ctx context.Context, t domain.Tenant) error {
	return e.Publisher.Publish(ctx, outbox.Event{
		Type: TypeTenant, Subject: "tenant/" + t.ID.String(), TenantID: t.ID,
		Data: tenantCreated{TenantID: t.ID, Slug: t.Slug, Name: t.Name, CreatedAt: t.CreatedAt},
	})
}

type membershipChanged struct {
	TenantID uuid.UUID `json:"tenant_id"`
	UserID   uuid.UUID `json:"user_id"`
	Status   string    `json:"status"`
	BaseRole string    `json:"base_role"`
}

// MembershipSet implements ports.Events.
func (e Events) MembershipSet(ctx context.Context, m domain.Membership) error {
	return e.Publisher.Publish(ctx, outbox.Event{
		Type: TypeMembership, Subject: user(m.UserID), TenantID: m.TenantID,
		Data: membershipChanged{TenantID: m.TenantID, UserID: m.UserID, Status: string(m.Status), BaseRole: m.BaseRole},
	})
}

func (e Events) publish(ctx context.Context, name, subject string, data any) error {
	return e.Publisher.Publish(ctx, outbox.Event{Type: name, Subject: subject, Data: data})
}

func user(id uuid.UUID) string { return "user/" + id.String() }
