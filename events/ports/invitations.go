package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/events/domain"
	"go.updspace.com/libs/authz"
)

// Invitations stores who is invited to events. Tokens are returned where that is said.
type Invitations interface {
	// Find returns an invitation to an event, or domain.ErrInvitationUnknown.
	Find(ctx context.Context, event, id uuid.UUID) (domain.Invitation, error)
	// Lock is Find, and keeps others from changing the invitation until the transaction ends.
	Lock(ctx context.Context, event, id uuid.UUID) (domain.Invitation, error)
	// FindByToken returns the invitation of any tenant that has the token, or domain.ErrInvitationUnknown.
	FindByToken(ctx context.Context, token domain.InvitationToken) (InvitationOfTenant, error)
	// Guest returns the invitation of a guest to an event, with its token, or nil for another user.
	Guest(ctx context.Context, event, user uuid.UUID) (*domain.Invitation, error)
	// Existing lists the invitations to an event of users and of addresses.
	Existing(ctx context.Context, event uuid.UUID, users []uuid.UUID, addresses []string) ([]domain.Invitation, error)
	// Page lists the invitations to an event with their replies, the latest first.
	Page(ctx context.Context, event, before uuid.UUID, limit int) ([]domain.Invitation, error)
	// Count counts the invitations to an event.
	Count(ctx context.Context, event uuid.UUID) (int, error)
	// CountBatch counts the invitations that one request has made.
	CountBatch(ctx context.Context, batch uuid.UUID) (int, error)
	// CountAddresses counts the addresses that a user has invited since a time.
	CountAddresses(ctx context.Context, by uuid.UUID, since time.Time) (int, error)

	Add(ctx context.Context, invitations ...domain.Invitation) error
	// Update stores a changed invitation; its token stays.
	Update(ctx context.Context, invitation domain.Invitation) error
	// Tell lets all who are invited to an event get a mail, in place of one that waits.
	Tell(ctx context.Context, event uuid.UUID, mail domain.Mail) error
	// Copies returns the invitations to an event that were not withdrawn, for copies of them.
	Copies(ctx context.Context, event uuid.UUID) ([]domain.Invitation, error)

	// ListDue lists the events of all tenants whose mails are due.
	ListDue(ctx context.Context, now time.Time, limit int) ([]EventOfTenant, error)
	// Take locks invitations to an event whose mails are due, with their tokens and replies. Other instances pass over them.
	Take(ctx context.Context, event uuid.UUID, now time.Time, limit int) ([]domain.Invitation, error)
	// TakeTold locks the invitations to an event whose people were told of it, with their tokens and replies, from the first after an id.
	TakeTold(ctx context.Context, event, after uuid.UUID, limit int) ([]domain.Invitation, error)
	// Mailed stores that the mails of invitations were asked for, and which sequence of the event they told of.
	Mailed(ctx context.Context, sequence int, now time.Time, invitations ...domain.Invitation) error
	// Delivered stores what became of a mail, if it is the last one of an invitation. Who got it is kept when a later mail fails.
	Delivered(ctx context.Context, message uuid.UUID, outcome domain.MailOutcome) error
	// ForgetAddresses removes the addresses and tokens of the invitations to events whose last date ended before a time, of all tenants.
	ForgetAddresses(ctx context.Context, before time.Time) error
}

// InvitationOfTenant is an invitation outside of a request of its tenant.
type InvitationOfTenant struct {
	Tenant uuid.UUID
	domain.Invitation
}

// Members knows the members of communities and teams.
type Members interface {
	// Put stores a membership, or removes it.
	Put(ctx context.Context, group authz.Scope, user uuid.UUID, member bool) error
	// RemoveAll removes the members of a group.
	RemoveAll(ctx context.Context, group authz.Scope) error
	// List lists the members of groups, each once, at most limit.
	List(ctx context.Context, groups []authz.Scope, limit int) ([]uuid.UUID, error)
}

// InvitationMails asks for the mails of invitations, in the transaction of ctx.
type InvitationMails interface {
	Ask(ctx context.Context, about domain.MailSubject, mails ...domain.InvitationMail) error
}
