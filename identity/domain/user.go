// Package domain holds what an account, a session, a tenant, a client and a
// token are, and the rules they obey. It does no I/O and reads no clock.
package domain

import (
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
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
	UsernameKey   *string // of a username that its owner has chosen: no two look alike
	Language      string  // empty: what the browser asks for
	Timezone      string  // empty: what the browser has
	Theme         Theme
	AvatarID      *uuid.UUID // nil: none
	Status        Status
	StatusReason  string     // why it is suspended or banned; its owner reads it
	StatusUntil   *time.Time // when that ends by itself; nil: it does not
	SystemAdmin   bool
	PasswordHash  string // empty: no password sign-in
	// SessionsValidFrom ends every session begun before it, here and in the gateway.
	SessionsValidFrom time.Time
	CreatedAt         time.Time
}

// NewUser makes an active account. An account whose address is not verified cannot sign in.
func NewUser(id uuid.UUID, email, displayName string, verified bool, now time.Time) (User, error) {
	address, err := NormalizeEmail(email)
	fields := errs.Fields{}
	fields.Check(err == nil, "email", why.NotFormat("email", "is not an e-mail address"))
	displayName = valid.Line(fields, "display_name", displayName, 0, 128)
	if err := fields.Err(); err != nil {
		return User{}, err
	}
	local, _, _ := strings.Cut(address, "@")
	return User{
		ID: id, Email: address, EmailVerified: verified, Username: truncate(local, 64), DisplayName: displayName,
		Theme: ThemeAuto, Status: StatusActive, SessionsValidFrom: now, CreatedAt: now,
	}, nil
}

// Rename changes first and last name.
func (u *User) Rename(first, last string) error {
	fields := errs.Fields{}
	u.FirstName = valid.Line(fields, "first_name", first, 0, 150)
	u.LastName = valid.Line(fields, "last_name", last, 0, 150)
	return fields.Err()
}

// Theme is whether pages are light or dark.
type Theme string

// The themes.
const (
	ThemeLight Theme = "light"
	ThemeDark  Theme = "dark"
	ThemeAuto  Theme = "auto" // as the system says
)

// ProfileEdit is a change of an account by its owner. nil leaves a part as it is; the empty text clears a phone number and a date of birth.
type ProfileEdit struct {
	DisplayName, Username, FirstName, LastName *string
	Phone                                      *string
	BirthDate                                  *string   // YYYY-MM-DD
	Now                                        time.Time // that a date of birth is not after
}

// Edit changes the names of the account.
func (u *User) Edit(e ProfileEdit) error {
	fields := errs.Fields{}
	if e.DisplayName != nil {
		u.DisplayName = valid.Line(fields, "display_name", *e.DisplayName, 0, 128)
	}
	if e.Username != nil && *e.Username != u.Username {
		u.Username = valid.Username(fields, "username", *e.Username, 3, 32)
		u.UsernameKey = new(valid.UsernameKey(u.Username))
	}
	if e.FirstName != nil {
		u.FirstName = valid.Line(fields, "first_name", *e.FirstName, 0, 150)
	}
	if e.LastName != nil {
		u.LastName = valid.Line(fields, "last_name", *e.LastName, 0, 150)
	}
	u.editPerson(e, fields)
	return fields.Err()
}

// oldest is the first year of birth that there can be.
const oldest = 1900

func (u *User) editPerson(e ProfileEdit, fields errs.Fields) {
	if phone := e.Phone; phone != nil && *phone != deref(u.Phone) {
		u.Phone, u.PhoneVerified = nil, false
		if number := valid.Line(fields, "phone_number", *phone, 0, 32); number != "" {
			fields.Check(phoneNumber.MatchString(number), "phone_number", why.InvalidFormat("must be digits, with + before them and spaces, dots, dashes and parentheses between them"))
			u.Phone = &number
		}
	}
	if date := e.BirthDate; date != nil {
		u.BirthDate = nil
		if *date != "" {
			day, err := time.Parse(time.DateOnly, *date)
			fields.Check(err == nil, "birth_date", why.NotFormat("date", "must be a date, as 2001-12-31"))
			fields.Check(err != nil || day.Year() >= oldest && !day.After(e.Now), "birth_date", why.InvalidFormat("must be a day from 1900 to today"))
			u.BirthDate = &day
		}
	}
}

var phoneNumber = regexp.MustCompile(`^\+?[0-9(][0-9 ().-]{2,30}$`)

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// PreferencesEdit is a change of how pages are shown to a user. nil leaves a part as it is.
type PreferencesEdit struct {
	Language, Timezone *string
	Theme              *Theme
}

// Prefer changes how pages are shown to the user. knownZone tells whether there is a time zone of a name.
func (u *User) Prefer(e PreferencesEdit, knownZone func(string) bool) error {
	fields := errs.Fields{}
	if e.Language != nil {
		u.Language = *e.Language
		fields.Check(u.Language == "" || slices.Contains(Languages, u.Language), "language", why.NotAllowed("must be ru, en or empty"))
	}
	if e.Timezone != nil {
		u.Timezone = *e.Timezone
		fields.Check(u.Timezone == "" || len(u.Timezone) <= 64 && knownZone(u.Timezone), "timezone", why.NotFound("is not the name of an IANA time zone"))
	}
	if e.Theme != nil {
		u.Theme = *e.Theme
		fields.Check(slices.Contains([]Theme{ThemeLight, ThemeDark, ThemeAuto}, u.Theme), "theme", why.NotAllowed("must be light, dark or auto"))
	}
	return fields.Err()
}

// NormalizeEmail returns the form in which addresses are stored and compared: trimmed and lower case. It accepts what a
// mail server would be given, not names in angle brackets.
func NormalizeEmail(s string) (string, error) {
	trimmed := strings.TrimSpace(s)
	s = strings.ToLower(trimmed)
	parsed, err := mail.ParseAddress(s)
	if err != nil || parsed.Address != s || len(s) > 254 || hasControl(trimmed) || strings.ContainsAny(s, " \"<>") {
		f := errs.Fields{}
		f.Add("email", why.NotFormat("email", "is not an e-mail address"))
		return "", f.Err()
	}
	return s, nil
}

// SignInError says why the account cannot sign in, nil if it can. It is shown only after the account's password or link was
// given.
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

// CanReset reports whether a link that is mailed to the account may set its password: it is active, or imported and claimed by that.
func (u User) CanReset() bool { return u.Status == StatusActive || u.Status == StatusMigrated }

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
