// Package domain holds what an account, a session, a tenant, a client and a
// token are, and the rules they obey. It does no I/O and reads no clock.
package domain

import (
	"net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
)

// Status is the platform's decision about an account.
type Status string

// The statuses of an account. Signing in never changes one.
const (
	StatusActive    Status = "active"
	StatusSuspended Status = "suspended"
	StatusBanned    Status = "banned"
	// StatusMigrated is an imported account whose owner has not claimed it yet.
	StatusMigrated Status = "migrated_unclaimed"
)

// Valid reports whether s is one of the statuses.
func (s Status) Valid() bool {
	switch s {
	case StatusActive, StatusSuspended, StatusBanned, StatusMigrated:
		return true
	}
	return false
}

// User is the one account record of a person, on the whole platform.
type User struct {
	ID            uuid.UUID
	Email         string // as NormalizeEmail returns it
	EmailVerified bool
	Username      string
	DisplayName   string
	FirstName     string
	LastName      string
	Phone         *string
	PhoneVerified bool
	BirthDate     *time.Time
	Language      string
	Timezone      string
	Status        Status
	SystemAdmin   bool
	PasswordHash  string // empty: no password sign-in
	// SessionsValidFrom ends every session begun before it, here and in the gateway.
	SessionsValidFrom time.Time
	CreatedAt         time.Time
}

// NewUser makes an active account. Verified says that somebody has proven to
// read the mailbox; without it the account cannot sign in.
func NewUser(id uuid.UUID, email, displayName string, verified bool, now time.Time) (User, error) {
	address, err := NormalizeEmail(email)
	fields := errs.Fields{}
	fields.Check(err == nil, "email", "is not an e-mail address")
	fields.Check(len(displayName) <= 128 && !hasControl(displayName), "display_name", "must be text of at most 128 bytes")
	if err := fields.Err(); err != nil {
		return User{}, err
	}
	local, _, _ := strings.Cut(address, "@")
	return User{
		ID: id, Email: address, EmailVerified: verified, Username: truncate(local, 64), DisplayName: displayName,
		Language: "en", Status: StatusActive, SessionsValidFrom: now, CreatedAt: now,
	}, nil
}

// NormalizeEmail returns the form in which addresses are stored and compared:
// trimmed and lower case. It accepts what a mail server would be given, not
// names in angle brackets.
func NormalizeEmail(s string) (string, error) {
	trimmed := strings.TrimSpace(s)
	s = strings.ToLower(trimmed)
	parsed, err := mail.ParseAddress(s)
	if err != nil || parsed.Address != s || len(s) > 254 || hasControl(trimmed) || strings.ContainsAny(s, " \"<>") {
		f := errs.Fields{}
		f.Add("email", "is not an e-mail address")
		return "", f.Err()
	}
	return s, nil
}

// SignInError says why the account cannot sign in, nil if it can. It is shown
// only to somebody who has proven to own the account.
func (u User) SignInError() error {
	switch u.Status {
	case StatusBanned:
		return ErrAccountBanned
	case StatusSuspended:
		return ErrAccountSuspended
	case StatusMigrated:
		return ErrAccountNotActive
	}
	if !u.EmailVerified {
		return ErrEmailNotVerified
	}
	return nil
}

// CanSignIn reports whether the account can sign in.
func (u User) CanSignIn() bool { return u.SignInError() == nil }

// Flags returns the facts that travel with every request of the user.
func (u User) Flags() MasterFlags {
	return MasterFlags{
		Suspended: u.Status == StatusSuspended, Banned: u.Status == StatusBanned,
		SystemAdmin: u.SystemAdmin, EmailVerified: u.EmailVerified, Status: u.Status,
	}
}

// FullName is first and last name, else the display name, else the username.
func (u User) FullName() string {
	if name := strings.TrimSpace(u.FirstName + " " + u.LastName); name != "" {
		return name
	}
	if u.DisplayName != "" {
		return u.DisplayName
	}
	return u.Username
}

// MasterFlags are the platform-wide facts about a user.
type MasterFlags struct {
	Suspended, Banned, SystemAdmin, EmailVerified bool
	Status                                        Status
}

// printable drops what is no text, and what would not show.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
}

func truncate(s string, n int) string {
	if len(s) > n {
		return strings.ToValidUTF8(s[:n], "")
	}
	return s
}
