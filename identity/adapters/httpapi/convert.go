package httpapi

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/domain/useragent"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/wire"
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

// imagePath is where the gateway serves a picture of a tenant; v names one picture, which never changes.
func imagePath(kind domain.ImageKind, id *uuid.UUID) string {
	if id == nil {
		return ""
	}
	return "/api/v1/tenant/" + string(kind) + "?v=" + id.String()
}

// ToTenantCard is what a tenant shows of itself.
func ToTenantCard(t domain.Tenant) commonapi.TenantCard {
	return commonapi.TenantCard{
		ID: t.ID, Slug: t.Slug, Name: t.Name, Description: t.Description, Hue: t.Hue, Chroma: t.Chroma,
		LogoURL: wire.OrNull(imagePath(domain.ImageLogo, t.LogoID)), CoverURL: wire.OrNull(imagePath(domain.ImageCover, t.CoverID)),
		Languages:       wire.Each(t.Languages, func(l string) commonapi.Language { return commonapi.Language(l) }),
		DefaultLanguage: commonapi.Language(t.DefaultLanguage), Membership: commonapi.TenantCardMembership(t.Admission), Version: int(t.Version),
	}
}

// absolute is the address of a path on a tenant's host, empty for none.
func (s server) absolute(slug, path string) string {
	origin := s.origin(slug)
	if path == "" || origin == "" {
		return ""
	}
	return origin + path
}

func (s server) toMembershipCard(m domain.MembershipIn) identityapi.MembershipCard {
	return identityapi.MembershipCard{
		TenantID: m.TenantID, TenantSlug: m.TenantSlug, Status: identityapi.MembershipCardStatus(m.Status), BaseRole: m.BaseRole,
		TenantName: m.Tenant.Name, Hue: m.Tenant.Hue, Chroma: m.Tenant.Chroma,
		LogoURL: wire.OrNull(s.absolute(m.TenantSlug, imagePath(domain.ImageLogo, m.Tenant.LogoID))),
	}
}

func toPreferences(u domain.User) identityapi.Preferences {
	return identityapi.Preferences{Language: identityapi.PreferencesLanguage(u.Language), Timezone: u.Timezone, Theme: identityapi.Theme(u.Theme)}
}

func fromPreferencesUpdate(b identityapi.PreferencesUpdate) domain.PreferencesEdit {
	return domain.PreferencesEdit{Language: wire.As[string](b.Language), Timezone: b.Timezone, Theme: wire.As[domain.Theme](b.Theme)}
}

func toSessionInfo(current domain.Session) func(domain.Session) identityapi.SessionInfo {
	return func(s domain.Session) identityapi.SessionInfo {
		on := useragent.Parse(s.UserAgent)
		return identityapi.SessionInfo{
			ID: s.ID, Device: identityapi.SessionInfoDevice(on.Device), Browser: on.Browser, Os: on.System, IP: s.IP, UserAgent: s.UserAgent,
			CreatedAt: s.CreatedAt.UTC(), LastUsedAt: s.LastUsed().UTC(), ExpiresAt: s.ExpiresAt.UTC(), Current: s.ID == current.ID,
		}
	}
}

func (s server) toAuthUser(u domain.User) identityapi.AuthUser {
	out := identityapi.AuthUser{
		ID: u.ID, Username: u.Username, DisplayName: u.DisplayName, Email: u.Email, EmailVerified: u.EmailVerified,
		OauthProviders: []string{}, IsStaff: u.SystemAdmin, IsSuperuser: u.SystemAdmin,
		FirstName: u.FirstName, LastName: u.LastName, PhoneNumber: orNull(u.Phone), PhoneVerified: u.PhoneVerified,
		BirthDate: dateOrNull(u.BirthDate), Language: u.Language, Timezone: u.Timezone,
	}
	out.AvatarURL, out.AvatarSource = avatarOf[identityapi.AuthUserAvatarSource](s, u)
	return out
}

func (s server) toMeUser(u domain.User) identityapi.MeUser {
	out := identityapi.MeUser{
		UserID: u.ID, Username: u.Username, DisplayName: u.DisplayName, Email: u.Email, EmailVerified: u.EmailVerified,
		Status: identityapi.AccountStatus(u.Status), SystemAdmin: u.SystemAdmin, CreatedAt: u.CreatedAt,
		FirstName: u.FirstName, LastName: u.LastName, PhoneNumber: orNull(u.Phone), PhoneVerified: u.PhoneVerified,
		BirthDate: dateOrNull(u.BirthDate), Language: u.Language, Timezone: u.Timezone, Theme: identityapi.Theme(u.Theme),
	}
	out.AvatarURL, out.AvatarSource = avatarOf[identityapi.MeUserAvatarSource](s, u)
	return out
}

func toPrompt(p app.Prompt) identityapi.AuthorizationPrompt {
	out := identityapi.AuthorizationPrompt{
		RequestID: p.Request.ID, RedirectURI: p.Request.RedirectURI, State: wire.OrNull(p.Request.State), ConsentRequired: p.ConsentRequired,
		Client: identityapi.ClientSummary{ClientID: p.Client.ID, Name: p.Client.Name, LogoURL: orNull(p.Client.LogoURL)},
	}
	for _, name := range p.Request.Scopes {
		scope, _ := domain.FindScope(name) // it was checked against the same list
		out.Scopes = append(out.Scopes, identityapi.ScopePrompt{
			Name: scope.Name, Description: scope.Description, Required: name == domain.ScopeOpenID,
			Granted: name == domain.ScopeOpenID || p.Client.FirstParty || slices.Contains(p.Granted, name),
		})
	}
	return out
}

func (s server) toUserinfo(info app.Userinfo) identityapi.Userinfo {
	c := domain.ClaimsOf(info.User, info.Scopes)
	var picture *string
	if address := s.avatarURL(info.User); c.Picture && address != "" {
		picture = &address
	}
	var userID *uuid.UUID
	var flags *identityapi.MasterFlags
	if info.Flags != nil {
		userID, flags = &info.Subject, new(toFlags(*info.Flags))
	}
	return identityapi.Userinfo{
		Sub: info.Subject, UserID: userID, MasterFlags: flags, Groups: info.Groups,
		Name: c.Name, Nickname: c.Nickname, GivenName: c.GivenName, FamilyName: c.FamilyName, PreferredUsername: c.PreferredUsername,
		Picture: picture, Locale: c.Locale, Zoneinfo: c.Zoneinfo, Birthdate: c.Birthdate,
		Email: c.Email, EmailVerified: c.EmailVerified, PhoneNumber: c.Phone, PhoneNumberVerified: c.PhoneVerified,
	}
}

func toIntrospection(issuer string, c *ports.AccessClaims) identityapi.Introspection {
	if c == nil {
		return identityapi.Introspection{Active: false}
	}
	out := identityapi.Introspection{
		Active: true, Iss: &issuer, Sub: new(c.Subject.String()), ClientID: &c.ClientID, Scope: new(strings.Join(c.Scopes, " ")),
		Exp: new(c.ExpiresAt.Unix()), Iat: new(c.IssuedAt.Unix()),
	}
	if !c.Refresh() {
		out.TokenType, out.Jti = new("Bearer"), new(c.ID.String())
	}
	return out
}

// orNull converts an optional value.
func orNull[T any](p *T) nullable.Nullable[T] {
	if p == nil {
		return nullable.NewNullNullable[T]()
	}
	return nullable.NewNullableWithValue(*p)
}

func dateOrNull(t *time.Time) nullable.Nullable[string] {
	if t == nil {
		return orNull[string](nil)
	}
	return orNull(new(t.Format(time.DateOnly)))
}
