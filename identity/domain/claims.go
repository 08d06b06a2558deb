package domain

import (
	"slices"
	"time"
)

// Claims are what scopes reveal about a user. nil is not revealed.
type Claims struct {
	Name, GivenName, FamilyName, PreferredUsername *string
	Nickname                                       *string
	Locale, Zoneinfo, Birthdate                    *string
	Email, Phone                                   *string
	EmailVerified, PhoneVerified                   *bool
	Picture                                        bool // the address of the avatar, if there is one
}

// MaxGroups is how many communities the claim groups names.
const MaxGroups = 200

// Groups is the claim groups: the slug of each community and the user's role in it, such as aef:member.
func Groups(memberships []MembershipIn) []string {
	groups := make([]string, len(memberships))
	for i, m := range memberships {
		groups[i] = m.Tenant.Slug + ":" + m.BaseRole
	}
	return groups
}

// ClaimsOf returns what the scopes reveal about u.
func ClaimsOf(u User, scopes []string) Claims {
	has := func(scope string) bool { return slices.Contains(scopes, scope) }
	var c Claims
	full := has("profile") || has("profile_extended")
	if full || has("profile_basic") {
		c.Picture = true
		c.Name, c.PreferredUsername = some(u.FullName()), some(u.Username)
	}
	if full {
		c.Nickname = some(u.DisplayName)
		c.GivenName, c.FamilyName = some(u.FirstName), some(u.LastName)
		c.Locale, c.Zoneinfo = some(u.Language), some(u.Timezone)
	}
	if has("profile_extended") && u.BirthDate != nil {
		c.Birthdate = some(u.BirthDate.Format(time.DateOnly))
	}
	if has("email") {
		c.Email, c.EmailVerified = &u.Email, &u.EmailVerified
	}
	if has("phone") && u.Phone != nil {
		c.Phone, c.PhoneVerified = u.Phone, &u.PhoneVerified
	}
	return c
}

// ClaimNames lists every claim that can be revealed.
var ClaimNames = []string{
	"sub", "iss", "aud", "exp", "iat", "auth_time", "acr", "nonce", "at_hash", "azp", "sid",
	"name", "given_name", "family_name", "nickname", "preferred_username", "picture", "locale", "zoneinfo", "birthdate",
	"email", "email_verified", "phone_number", "phone_number_verified", "groups",
}

func some(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
