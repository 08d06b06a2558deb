package httpapi

import (
	"strings"
	"time"

	"github.com/oapi-codegen/nullable"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
)

func toFlags(f domain.MasterFlags) identityapi.MasterFlags {
	return identityapi.MasterFlags{
		Suspended: f.Suspended, Banned: f.Banned, SystemAdmin: f.SystemAdmin, EmailVerified: f.EmailVerified,
		Status: identityapi.AccountStatus(f.Status),
	}
}

func toMembership(m domain.Membership) identityapi.Membership {
	return identityapi.Membership{
		TenantID: m.TenantID, TenantSlug: m.TenantSlug, Status: identityapi.MembershipStatus(m.Status), BaseRole: m.BaseRole,
	}
}

func toMemberships(ms []domain.Membership) []identityapi.Membership {
	out := make([]identityapi.Membership, len(ms))
	for i, m := range ms {
		out[i] = toMembership(m)
	}
	return out
}

func toAuthUser(u domain.User) identityapi.AuthUser {
	return identityapi.AuthUser{
		ID: u.ID, Username: u.Username, Email: u.Email, EmailVerified: u.EmailVerified,
		OauthProviders: []string{}, IsStaff: u.SystemAdmin, IsSuperuser: u.SystemAdmin,
		FirstName: u.FirstName, LastName: u.LastName, PhoneNumber: fromPointer(u.Phone), PhoneVerified: u.PhoneVerified,
		BirthDate: fromDate(u.BirthDate), Language: u.Language, Timezone: u.Timezone,
		AvatarURL: null[string](), AvatarSource: identityapi.AuthUserAvatarSourceNone,
	}
}

func toMeUser(u domain.User) identityapi.MeUser {
	return identityapi.MeUser{
		UserID: u.ID, Username: u.Username, DisplayName: u.DisplayName, Email: u.Email, EmailVerified: u.EmailVerified,
		Status: identityapi.AccountStatus(u.Status), SystemAdmin: u.SystemAdmin, CreatedAt: u.CreatedAt,
		FirstName: u.FirstName, LastName: u.LastName, PhoneNumber: fromPointer(u.Phone), PhoneVerified: u.PhoneVerified,
		BirthDate: fromDate(u.BirthDate), Language: u.Language, Timezone: u.Timezone,
		AvatarURL: null[string](), AvatarSource: identityapi.MeUserAvatarSourceNone,
	}
}

func toUserinfo(info app.Userinfo) identityapi.Userinfo {
	c := domain.ClaimsOf(info.User, info.Scopes)
	return identityapi.Userinfo{
		Sub: info.User.ID, UserID: info.User.ID, MasterFlags: toFlags(info.User.Flags()), Memberships: toMemberships(info.Memberships),
		Name: c.Name, GivenName: c.GivenName, FamilyName: c.FamilyName, PreferredUsername: c.PreferredUsername,
		Locale: c.Locale, Zoneinfo: c.Zoneinfo, Birthdate: c.Birthdate,
		Email: c.Email, EmailVerified: c.EmailVerified, PhoneNumber: c.Phone, PhoneNumberVerified: c.PhoneVerified,
	}
}

func toIntrospection(issuer string, c *ports.AccessClaims) identityapi.Introspection {
	if c == nil {
		return identityapi.Introspection{Active: false}
	}
	out := identityapi.Introspection{
		Active: true, Iss: &issuer, Sub: pointer(c.Subject.String()), ClientID: &c.ClientID, Scope: pointer(strings.Join(c.Scopes, " ")),
		Exp: pointer(c.ExpiresAt.Unix()), Iat: pointer(c.IssuedAt.Unix()),
	}
	if !c.Refresh() {
		out.TokenType, out.Jti = pointer("Bearer"), pointer(c.ID.String())
	}
	return out
}

func null[T any]() nullable.Nullable[T] { return nullable.NewNullNullable[T]() }

func value[T any](v T) nullable.Nullable[T] { return nullable.NewNullableWithValue(v) }

func valueOrNull(s string) nullable.Nullable[string] {
	if s == "" {
		return null[string]()
	}
	return value(s)
}

func fromPointer[T any](p *T) nullable.Nullable[T] {
	if p == nil {
		return null[T]()
	}
	return value(*p)
}

func fromDate(t *time.Time) nullable.Nullable[string] {
	if t == nil {
		return null[string]()
	}
	return value(t.Format(time.DateOnly))
}

func pointer[T any](v T) *T { return &v }

// text is an optional parameter; absent is empty.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
