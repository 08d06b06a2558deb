// Package ports holds the interfaces that notifications need from outside. Repositories work on the tenant of the request context.
package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/notifications/domain"
	"go.updspace.com/libs/authz"
)

// Query selects notifications of an inbox.
type Query struct {
	Sights []domain.Sight // what the person may see; personal ones always
	Unread bool
	Kinds  []domain.Kind // empty: all
}

// Inbox stores what people were told.
type Inbox interface {
	// Sights lists the different sights of what a person was told, without the personal one.
	Sights(ctx context.Context, person uuid.UUID, unread bool) ([]domain.Sight, error)
	// Page lists from after a place, the latest first. The zero key is the beginning.
	Page(ctx context.Context, person uuid.UUID, q Query, after domain.Key, limit int) ([]domain.Notification, error)
	// CountUnread counts up to a number.
	CountUnread(ctx context.Context, person uuid.UUID, sights []domain.Sight, most int) (int, error)
	// MarkRead and Delete return domain.ErrNotFound for what is not in the person's inbox.
	MarkRead(ctx context.Context, person, id uuid.UUID, at time.Time) error
	MarkReadUpTo(ctx context.Context, person uuid.UUID, upTo, at time.Time) error
	Delete(ctx context.Context, person, id uuid.UUID) error

	// Tell stores what people are told of a notice, without those who were told of its cause before. It returns the notifications that are new: one
	// that joined an unread one of its group is not.
	Tell(ctx context.Context, n domain.Notice, to []domain.Notification) ([]domain.Notification, error)
	// Withdraw removes what was told of a subject, from one person or, with uuid.Nil, from all.
	Withdraw(ctx context.Context, subject string, person uuid.UUID) error
	// Unsay takes a cause back: a notification without another cause is removed.
	Unsay(ctx context.Context, cause string) error
	// Move changes who may see what was told of a subject.
	Move(ctx context.Context, m domain.Moved) error
	// Pending lists what waits for a person's next digest and is unread, the latest first. TakeDigest ends the wait of what was told up to a time.
	Pending(ctx context.Context, person uuid.UUID, limit int) ([]domain.Notification, error)
	TakeDigest(ctx context.Context, person uuid.UUID, upTo time.Time) error
	// Forget removes, in all tenants, what was told before a time.
	Forget(ctx context.Context, before time.Time) error
}

// Notices stores what is to be told.
type Notices interface {
	// Put stores a notice. One with the same cause that waits stays, or is replaced.
	Put(ctx context.Context, n domain.Notice, replace bool) error
	// Drop removes the waiting notice of a cause, DropSubject those about a subject.
	Drop(ctx context.Context, cause string) error
	DropSubject(ctx context.Context, subject string) error
	// Due lists the notices of all tenants that are due, in the order in which they became due.
	Due(ctx context.Context, now time.Time, limit int) ([]domain.Notice, error)
	// Advance stores that a notice was told up to a person, or removes it when it is done. It reports whether the notice stood where n says:
	// else another instance has told it.
	Advance(ctx context.Context, n domain.Notice, to uuid.UUID, done bool) (bool, error)
}

// People stores who belongs to the audiences of notices.
type People interface {
	SetMember(ctx context.Context, m domain.Membership) error
	Close(ctx context.Context, group authz.Scope) error
	SetAttendance(ctx context.Context, a domain.Attendance) error
	// SetBlocked stores whether an account may not sign in. It belongs to no tenant.
	SetBlocked(ctx context.Context, account uuid.UUID, blocked bool) error
	// SetUsername stores the name by which an account is mentioned, folded to lower case. Named lists the accounts with some names.
	SetUsername(ctx context.Context, account uuid.UUID, username string) error
	Named(ctx context.Context, usernames []string) ([]uuid.UUID, error)
	// Forget removes what SetBlocked and SetUsername have stored of an account.
	Forget(ctx context.Context, account uuid.UUID) error
	// Next lists, in the order of their ids, those whom a notice is to be told to next: members of the tenant who may sign in.
	Next(ctx context.Context, n domain.Notice, limit int) ([]uuid.UUID, error)
	// SetSlug stores the slug of the tenant; Slug is empty until it is known.
	SetSlug(ctx context.Context, slug string) error
	Slug(ctx context.Context) (string, error)
	// Tenants lists the tenants that an account belongs to.
	Tenants(ctx context.Context, account uuid.UUID) ([]uuid.UUID, error)
}

// Wish is how a person wants to be told of a notice.
type Wish struct {
	Choices  []domain.Choice // about its kind
	Muted    bool
	Settings domain.Settings
}

// Preferences stores what people have chosen.
type Preferences interface {
	Choices(ctx context.Context, person uuid.UUID) ([]domain.Choice, error)
	SetChoices(ctx context.Context, person uuid.UUID, choices []domain.Choice) error
	// Settings are domain.DefaultSettings for those who have chosen none.
	Settings(ctx context.Context, person uuid.UUID) (domain.Settings, error)
	SetSettings(ctx context.Context, person uuid.UUID, s domain.Settings) error
	Mutes(ctx context.Context, person uuid.UUID, now time.Time) ([]domain.Mute, error)
	// Mute stores a mute, in the place of one of the same scope. More than most are domain.ErrTooManyMutes.
	Mute(ctx context.Context, person uuid.UUID, m domain.Mute, most int, now time.Time) error
	Unmute(ctx context.Context, person uuid.UUID, scope authz.Scope) error
	// DigestsDue lists the digests of all tenants that are due. Postpone stores when the next one is due, and reports whether the stored time was
	// that of due: else another instance has sent it.
	DigestsDue(ctx context.Context, now time.Time, limit int) ([]domain.DigestDue, error)
	Postpone(ctx context.Context, due domain.DigestDue, next time.Time) (bool, error)
	// Wishes returns the wish of each of some people about a notice.
	Wishes(ctx context.Context, n domain.Notice, people []uuid.UUID, now time.Time) (map[uuid.UUID]Wish, error)
}

// Mails asks for e-mails, in the transaction of ctx.
type Mails interface {
	Send(ctx context.Context, mail domain.Mail) error
}

// Access decides what people may see. Its context needs no user.
type Access interface {
	// AllowedUsers returns those of some users who may do something.
	AllowedUsers(ctx context.Context, check authz.Check, users []uuid.UUID) ([]uuid.UUID, error)
}

// Tx runs fn in a transaction, and a signal when it has been committed.
type Tx interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error
	AfterCommit(ctx context.Context, fn func())
}

// Clock tells the time.
type Clock interface{ Now() time.Time }
