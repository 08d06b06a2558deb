package domain

import (
	"cmp"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Profile is how a person shows himself in one tenant. It exists for everybody who ever was a member; a person without
// one is shown an empty one.
type Profile struct {
	data ProfileData
}

// ProfileData is everything there is to know about a profile.
type ProfileData struct {
	TenantID    uuid.UUID
	UserID      uuid.UUID
	Username    string
	DisplayName string
	FirstName   string
	LastName    string
	Bio         string
	AvatarID    uuid.UUID // the file, or uuid.Nil
	// Own says which names the person has set himself, were it to nothing. The others follow his account.
	Own OwnNames
	// Member says whether the person is a member of the tenant now, as far as that has been told.
	Member    bool
	CreatedAt time.Time // zero for a profile that is not stored
	UpdatedAt time.Time
}

// OwnNames says which names of a profile are its owner's choice.
type OwnNames struct {
	Username, DisplayName, FirstName, LastName bool
}

// Account is what is known of a person on the whole platform.
type Account struct {
	UserID      uuid.UUID
	Username    string
	DisplayName string
	FirstName   string
	LastName    string
}

// NewProfile is the profile of a member who has not touched it yet.
func NewProfile(tenant uuid.UUID, account Account) Profile {
	p, _ := Profile{data: ProfileData{TenantID: tenant, UserID: account.UserID, Member: true}}.Follow(account)
	return p
}

// RestoreProfile takes back a profile from where it was stored.
func RestoreProfile(d ProfileData) Profile { return Profile{data: d} }

// Data returns everything about the profile.
func (p Profile) Data() ProfileData { return p.data }

// UserID is whose profile it is.
func (p Profile) UserID() uuid.UUID { return p.data.UserID }

// Name is what the person is called: first and last name, else the display name, else the username.
func (p Profile) Name() string {
	d := p.data
	return cmp.Or(strings.TrimSpace(d.FirstName+" "+d.LastName), d.DisplayName, d.Username)
}

// Follow returns the profile with the names of the account where its owner has not set his own, and whether that is a
// change. A username that is none here is left out.
func (p Profile) Follow(a Account) (Profile, bool) {
	d := p.data
	follow := func(field *string, own bool, name string, limit int) {
		if !own && fits(name, limit) {
			*field = name
		}
	}
	if username, why := newUsername(a.Username); why == "" {
		follow(&d.Username, d.Own.Username, username, MaxUsername)
	}
	follow(&d.DisplayName, d.Own.DisplayName, a.DisplayName, MaxName)
	follow(&d.FirstName, d.Own.FirstName, a.FirstName, MaxName)
	follow(&d.LastName, d.Own.LastName, a.LastName, MaxName)
	return Profile{data: d}, d != p.data
}

// WithoutUsername returns the profile without a username, for an account whose name somebody else has in the tenant.
func (p Profile) WithoutUsername() Profile {
	p.data.Username = ""
	return p
}

// AsMember returns the profile of somebody who has become a member again, or is none any more, and whether that is a
// change. It shows nothing else because of that.
func (p Profile) AsMember(member bool) (Profile, bool) {
	was := p.data.Member
	p.data.Member = member
	return p, was != member
}

// WithAvatar returns the profile with another avatar; uuid.Nil for none.
func (p Profile) WithAvatar(file uuid.UUID, now time.Time) Profile {
	p.data.AvatarID = file
	return p.changed(now)
}

// Begun returns the profile as first stored at a moment.
func (p Profile) Begun(now time.Time) Profile {
	if p.data.CreatedAt.IsZero() {
		p.data.CreatedAt = Instant(now)
	}
	return p.changed(now)
}

func (p Profile) changed(now time.Time) Profile {
	p.data.UpdatedAt = Instant(now)
	return p
}
