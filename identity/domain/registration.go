package domain

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

const (
	// RegistrationLifetime is how long the link of a sign-up can be used.
	RegistrationLifetime = 24 * time.Hour
	// AgeOfMajority is the age from which no guardian has to consent.
	AgeOfMajority = 18
)

// RegistrationDraft is a sign-up as it is sent.
type RegistrationDraft struct {
	Email, DisplayName         string
	Language, Timezone         string // unknown ones are those of the community and of the browser
	BirthDate                  string // YYYY-MM-DD; empty: not given
	DataProcessing, Marketing  bool   // consents
	Minor, GuardianHasApproved bool
	GuardianEmail              string
}

// Registration is a sign-up for a tenant whose address was not confirmed yet. Its token is mailed to the address, and only the person
// who has signed up knows the password: both together confirm it.
type Registration struct {
	ID             uuid.UUID
	TenantID       uuid.UUID
	Email          string
	DisplayName    string
	Language       string
	Timezone       string
	BirthDate      *time.Time
	PasswordHash   string
	Marketing      bool
	GuardianEmail  string // who has consented for a minor
	ConsentVersion string
	TokenHash      Hash
	CreatedAt      time.Time
	ExpiresAt      time.Time
	UsedAt         *time.Time
}

// NewRegistration makes a sign-up without a password. knownZone tells whether there is a time zone of a name.
func NewRegistration(id uuid.UUID, tenant Tenant, in RegistrationDraft, knownZone func(string) bool, now time.Time) (Registration, Secret, error) {
	fields := errs.Fields{}
	r := Registration{
		ID: id, TenantID: tenant.ID, Language: tenant.DefaultLanguage, Marketing: in.Marketing, ConsentVersion: ConsentVersion,
		CreatedAt: now, ExpiresAt: now.Add(RegistrationLifetime),
	}
	r.Email = address(fields, "email", in.Email)
	r.DisplayName = valid.Line(fields, "username", in.DisplayName, 0, 128)
	person := User{}
	person.editPerson(ProfileEdit{BirthDate: &in.BirthDate, Now: now}, fields)
	r.BirthDate = person.BirthDate
	for _, known := range Languages {
		if in.Language == known {
			r.Language = known
		}
	}
	if len(in.Timezone) <= 64 && knownZone(in.Timezone) {
		r.Timezone = in.Timezone
	}
	minor := in.Minor || r.BirthDate != nil && r.BirthDate.AddDate(AgeOfMajority, 0, 0).After(now)
	if minor && strings.TrimSpace(in.GuardianEmail) != "" {
		r.GuardianEmail = address(fields, "guardian_email", in.GuardianEmail)
		fields.Check(r.GuardianEmail == "" || r.GuardianEmail != r.Email, "guardian_email", why.NotAllowed("must be another person's address"))
	}
	token := NewSecret()
	r.TokenHash = token.Hash()
	if err := fields.Err(); err != nil {
		return r, token, err
	}
	switch {
	case !in.DataProcessing:
		return r, token, ErrDataConsentRequired
	case minor && !in.GuardianHasApproved:
		return r, token, ErrParentalConsentRequired
	case minor && r.GuardianEmail == "":
		return r, token, ErrGuardianEmailRequired
	}
	return r, token, nil
}

// address reads an e-mail address.
func address(fields errs.Fields, field, text string) string {
	email, err := NormalizeEmail(text)
	fields.Check(err == nil, field, why.NotFormat("email", "is not an e-mail address"))
	return email
}

// UseError says why the link cannot be used at now, nil if it can.
func (r Registration) UseError(now time.Time) error {
	switch {
	case r.UsedAt != nil:
		return ErrLinkUsed
	case !now.Before(r.ExpiresAt):
		return ErrLinkExpired
	}
	return nil
}

// Apply gives an account that is new or waits for its owner what was chosen at the sign-up, and activates it.
func (r Registration) Apply(u *User, now time.Time) {
	if r.DisplayName != "" {
		u.DisplayName = r.DisplayName
	}
	u.Language, u.Timezone = r.Language, r.Timezone
	if r.BirthDate != nil {
		u.BirthDate = r.BirthDate
	}
	u.Claim(r.PasswordHash, now)
}

// Consents are those that were given with the sign-up, as of then.
func (r Registration) Consents(newID func() uuid.UUID, user uuid.UUID) []UserConsent {
	consent := func(kind ConsentKind) UserConsent {
		c := NewUserConsent(newID(), user, kind, ConsentAtSignup, r.CreatedAt)
		c.Version = r.ConsentVersion
		return c
	}
	given := []UserConsent{consent(ConsentDataProcessing)}
	if r.Marketing {
		given = append(given, consent(ConsentMarketing))
	}
	if r.GuardianEmail != "" {
		parental := consent(ConsentParental)
		parental.GuardianEmail = r.GuardianEmail
		given = append(given, parental)
	}
	return given
}
