// Package outbox publishes the domain events of api/events/identity.yaml, and of mail.yaml what became of mails.
package outbox

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/api/identityevents"
	"go.updspace.com/api/mailevents"
	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/domain/useragent"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/outbox"
)

// Events implements ports.Events.
type Events struct{ Publisher *outbox.Publisher }

// UserCreated implements ports.Events.
func (e Events) UserCreated(ctx context.Context, u domain.User) error {
	return e.publish(ctx, identityevents.TypeUserCreated, uuid.Nil, toUser(u))
}

// UserUpdated implements ports.Events.
func (e Events) UserUpdated(ctx context.Context, u domain.User) error {
	return e.publish(ctx, identityevents.TypeUserUpdated, uuid.Nil, toUser(u))
}

func toUser(u domain.User) identityevents.User {
	return identityevents.User{
		UserID: u.ID, Username: u.Username, DisplayName: u.DisplayName, FirstName: u.FirstName, LastName: u.LastName,
		Status: string(u.Status), CreatedAt: u.CreatedAt, SystemAdmin: &u.SystemAdmin,
	}
}

// UserStatusChanged implements ports.Events.
func (e Events) UserStatusChanged(ctx context.Context, u domain.User, before domain.Status) error {
	kind := identityevents.TypeUserActivated
	switch u.Status {
	case domain.StatusSuspended:
		kind = identityevents.TypeUserSuspended
	case domain.StatusBanned:
		kind = identityevents.TypeUserBanned
	}
	return e.publish(ctx, kind, uuid.Nil, identityevents.UserStatus{UserID: u.ID, Status: string(u.Status), WasStatus: string(before)})
}

// UserDeleted implements ports.Events.
func (e Events) UserDeleted(ctx context.Context, user uuid.UUID) error {
	return e.publish(ctx, identityevents.TypeUserDeleted, uuid.Nil, identityevents.UserDeleted{UserID: user})
}

// SessionCreated implements ports.Events.
func (e Events) SessionCreated(ctx context.Context, s domain.Session) error {
	return e.publish(ctx, identityevents.TypeSessionCreated, uuid.Nil, identityevents.Session{
		UserID: s.UserID, SessionID: s.ID, Method: string(s.Method), CreatedAt: s.CreatedAt,
	})
}

// NewDevice implements ports.Events.
func (e Events) NewDevice(ctx context.Context, s domain.Session) error {
	on := useragent.Parse(s.UserAgent)
	return e.publish(ctx, identityevents.TypeSessionNewDevice, uuid.Nil, identityevents.NewDevice{
		UserID: s.UserID, SessionID: s.ID, Method: string(s.Method), Device: on.Device, Browser: on.Browser, Os: on.System, SignedInAt: s.AuthTime,
	})
}

// PasswordChanged implements ports.Events.
func (e Events) PasswordChanged(ctx context.Context, user uuid.UUID, how string, at time.Time) error {
	return e.publish(ctx, identityevents.TypePasswordChanged, uuid.Nil, identityevents.PasswordChanged{UserID: user, How: how, ChangedAt: at})
}

// EmailChanged implements ports.Events.
func (e Events) EmailChanged(ctx context.Context, user uuid.UUID, undone bool, at time.Time) error {
	return e.publish(ctx, identityevents.TypeEmailChanged, uuid.Nil, identityevents.EmailChanged{UserID: user, Undone: undone, ChangedAt: at})
}

// TenantCreated implements ports.Events.
func (e Events) TenantCreated(ctx context.Context, t domain.Tenant) error {
	return e.publish(ctx, identityevents.TypeTenantCreated, t.ID, toTenant(t))
}

// TenantUpdated implements ports.Events.
func (e Events) TenantUpdated(ctx context.Context, t domain.Tenant) error {
	return e.publish(ctx, identityevents.TypeTenantUpdated, t.ID, toTenant(t))
}

func toTenant(t domain.Tenant) identityevents.Tenant {
	return identityevents.Tenant{TenantID: t.ID, Slug: t.Slug, Name: t.Name, Closed: t.ClosedAt != nil, CreatedAt: t.CreatedAt}
}

// MembershipSet implements ports.Events.
func (e Events) MembershipSet(ctx context.Context, m domain.Membership) error {
	data := identityevents.Membership{TenantID: m.TenantID, UserID: m.UserID, Status: string(m.Status), BaseRole: m.BaseRole}
	if !m.CreatedAt.IsZero() {
		data.JoinedAt = &m.CreatedAt
	}
	return e.publish(ctx, identityevents.TypeMembershipChanged, m.TenantID, data)
}

// IdentityLinked implements ports.Events.
func (e Events) IdentityLinked(ctx context.Context, tenant uuid.UUID, i domain.ExternalIdentity) error {
	data := identityevents.ExternalIdentity{TenantID: tenant, UserID: i.UserID, Provider: i.Provider, LinkedAt: i.LinkedAt}
	if domain.SubjectShared(i.Provider) {
		data.ExternalID = &i.Subject
	}
	return e.publish(ctx, identityevents.TypeExternalIdentityLinked, tenant, data)
}

// IdentityUnlinked implements ports.Events.
func (e Events) IdentityUnlinked(ctx context.Context, tenant uuid.UUID, i domain.ExternalIdentity) error {
	return e.publish(ctx, identityevents.TypeExternalIdentityUnlinked, tenant, identityevents.ExternalIdentityUnlinked{
		TenantID: tenant, UserID: i.UserID, Provider: i.Provider,
	})
}

// FactorChanged implements ports.Events.
func (e Events) FactorChanged(ctx context.Context, user uuid.UUID, change ports.FactorChange, at time.Time) error {
	kind := identityevents.TypeFactorAdded
	switch change.Change {
	case ports.FactorRemoved:
		kind = identityevents.TypeFactorRemoved
	case ports.FactorUsed:
		kind = identityevents.TypeFactorUsed
	}
	return e.publish(ctx, kind, uuid.Nil, identityevents.Factor{UserID: user, Factor: change.Factor, At: at})
}

// PasskeyAdded implements ports.Events.
func (e Events) PasskeyAdded(ctx context.Context, p domain.Passkey) error {
	return e.publish(ctx, identityevents.TypePasskeyAdded, uuid.Nil, identityevents.Passkey{UserID: p.UserID, PasskeyID: p.ID, Name: p.Name, At: p.CreatedAt})
}

// PasskeyRemoved implements ports.Events.
func (e Events) PasskeyRemoved(ctx context.Context, p domain.Passkey, at time.Time) error {
	return e.publish(ctx, identityevents.TypePasskeyRemoved, uuid.Nil, identityevents.Passkey{UserID: p.UserID, PasskeyID: p.ID, Name: p.Name, At: at})
}

// ApplicationChanged implements ports.ApplicationEvents.
func (e Events) ApplicationChanged(ctx context.Context, a domain.Application) error {
	kind := map[domain.ApplicationStatus]string{
		domain.ApplicationPending: identityevents.TypeApplicationSubmitted, domain.ApplicationApproved: identityevents.TypeApplicationApproved,
		domain.ApplicationRejected: identityevents.TypeApplicationRejected, domain.ApplicationWithdrawn: identityevents.TypeApplicationWithdrawn,
	}[a.Status]
	return e.publish(ctx, kind, a.TenantID, identityevents.Application{
		TenantID: a.TenantID, ApplicationID: a.ID, Status: string(a.Status), CreatedAt: a.CreatedAt,
	})
}

// MailDone implements ports.Events.
func (e Events) MailDone(ctx context.Context, m ports.RequestedMail, outcome domain.MailOutcome) error {
	data := mailevents.MessageOutcome{MessageID: m.Message, Kind: m.Kind}
	if outcome == domain.MailSent {
		if m.Recipient != "" {
			data.Recipient = &m.Recipient
		}
		return e.publish(ctx, mailevents.TypeMessageSent, m.Tenant, data)
	}
	data.Reason = new(string(outcome))
	return e.publish(ctx, mailevents.TypeMessageFailed, m.Tenant, data)
}

func (e Events) publish(ctx context.Context, kind string, tenant uuid.UUID, data interface{ Subject() string }) error {
	return e.Publisher.Publish(ctx, outbox.Event{Type: kind, Subject: data.Subject(), TenantID: tenant, Data: data})
}
