package domain

import (
	"cmp"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/valid"
)

// Permissions of profiles.
const (
	PermissionProfileEdit  authz.Permission = "portal.profile.edit_self"
	PermissionProfilesRead authz.Permission = "portal.profiles.read"
	// Either of these allows listing profiles.
	PermissionRolesRead          authz.Permission = "portal.roles.read"
	PermissionAchievementsAssign authz.Permission = "gamification.achievements.assign"
)

// Profile is a user's profile in one tenant. Every user who ever was a member has one.
type Profile struct {
	data ProfileData
}

// ProfileData is the state of a profile.
type ProfileData struct {
	TenantID    uuid.UUID
	UserID      uuid.UUID
	Username    string
	DisplayName string
	FirstName   string
	LastName    string
	Bio         string
	AvatarID    uuid.UUID // the file, or uuid.Nil
	// ListedToGuests reports whether the user agrees that guests see the user's name and public posts.
	ListedToGuests bool
	// Own says which names the user has set, even to nothing. The others follow the account.
	Own OwnNames
	// Member reports whether the user is a member of the tenant, by the last event of identity.
	Member    bool
	CreatedAt time.Time // zero for a profile that is not stored
	UpdatedAt time.Time
}

// OwnNames says which names of a profile the user has set.
type OwnNames struct {
	Username, DisplayName, FirstName, LastName bool
}

// Account holds the names of an account of identity.
type Account struct {
	UserID      uuid.UUID
	Username    string
	DisplayName string
	FirstName   string
	LastName    string
}

// NewProfile is the profile of a new member.
func NewProfile(tenant uuid.UUID, account Account) Profile {
	return Profile{data: ProfileData{TenantID: tenant, UserID: account.UserID, Member: true}}.Follow(account)
}

// RestoreProfile makes a profile from its stored state.
func RestoreProfile(d ProfileData) Profile { return Profile{data: d} }

// Data returns the state of the profile.
func (p Profile) Data() ProfileData { return p.data }

// Name is the displayed name: first and last name, else the display name, else the username.
func (p Profile) Name() string {
	d := p.data
	return cmp.Or(strings.TrimSpace(d.FirstName+" "+d.LastName), d.DisplayName, d.Username)
}

// Follow returns the profile with the names of the account where the user has not set another. Names that break a rule of
// profiles are left out.
func (p Profile) Follow(a Account) Profile {
	follow := func(field *string, own bool, name string, checked checkedName) {
		fields := errs.Fields{}
		if text := checked(fields, "", name); !own && len(fields) == 0 {
			*field = text
		}
	}
	d := &p.data
	follow(&d.Username, d.Own.Username, a.Username, checkedUsername)
	follow(&d.DisplayName, d.Own.DisplayName, a.DisplayName, checkedLine)
	follow(&d.FirstName, d.Own.FirstName, a.FirstName, checkedLine)
	follow(&d.LastName, d.Own.LastName, a.LastName, checkedLine)
	return p
}

// Changes returns the names, as the API has them, of the fields that differ from an earlier state of the profile.
func (p Profile) Changes(before Profile) (changed []string) {
	was, is := before.data, p.data
	for _, field := range []struct {
		name    string
		changed bool
	}{
		{"username", was.Username != is.Username}, {"display_name", was.DisplayName != is.DisplayName},
		{"first_name", was.FirstName != is.FirstName}, {"last_name", was.LastName != is.LastName},
		{"bio", was.Bio != is.Bio}, {"avatar_url", was.AvatarID != is.AvatarID},
		{"listed_to_guests", was.ListedToGuests != is.ListedToGuests},
	} {
		if field.changed {
			changed = append(changed, field.name)
		}
	}
	return changed
}

// WithoutUsername returns the profile without a username, for when another user of the tenant has it.
func (p Profile) WithoutUsername() Profile {
	p.data.Username = ""
	return p
}

// AsMember returns the profile with the membership set.
func (p Profile) AsMember(member bool) Profile {
	p.data.Member = member
	return p
}

// WithAvatar returns the profile with another avatar; uuid.Nil for none.
func (p Profile) WithAvatar(file uuid.UUID, now time.Time) Profile {
	if p.data.AvatarID == file {
		return p
	}
	p.data.AvatarID = file
	return p.changed(now)
}

// Begun returns the profile as it is first stored.
func (p Profile) Begun(now time.Time) Profile {
	if p.data.CreatedAt.IsZero() {
		p.data.CreatedAt = valid.Instant(now)
	}
	return p.changed(now)
}

func (p Profile) changed(now time.Time) Profile {
	p.data.UpdatedAt = valid.Instant(now)
	return p
}
