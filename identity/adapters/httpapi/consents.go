package httpapi

import (
	"context"
	"time"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/adapters/httpapi/browserauth"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/wire"
)

func (s server) ListTimezones(context.Context, identityapi.ListTimezonesRequestObject) (identityapi.ListTimezonesResponseObject, error) {
	return identityapi.ListTimezones200JSONResponse{Body: identityapi.TimezoneList{Timezones: wire.Each(s.Own.Zones(), func(z app.Zone) identityapi.Timezone {
		return identityapi.Timezone{Name: z.Name, DisplayName: z.DisplayName(), Offset: z.Text()}
	})}}, nil
}

func (s server) ListConsents(ctx context.Context, _ identityapi.ListConsentsRequestObject) (identityapi.ListConsentsResponseObject, error) {
	who, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	consents, err := s.PersonalConsents.List(ctx, who.User.ID)
	return identityapi.ListConsents200JSONResponse{Body: identityapi.ConsentList{Consents: wire.Each(consents, toUserConsent)}}, err
}

func (s server) RevokeConsent(ctx context.Context, r identityapi.RevokeConsentRequestObject) (identityapi.RevokeConsentResponseObject, error) {
	who, err := s.current(ctx)
	if err == nil {
		err = s.PersonalConsents.Revoke(ctx, who.User.ID, domain.ConsentKind(r.Params.Kind), browserauth.From(ctx).Origin.IP)
	}
	return identityapi.RevokeConsent200JSONResponse{Body: identityapi.Message{Ok: true, Message: "The consent has ended."}}, err
}

// hostPreferences are the preferences of a user, with what the user lets others do.
func (s server) hostPreferences(ctx context.Context, u domain.User) (identityapi.HostPreferences, error) {
	policies, err := s.PersonalConsents.Policies(ctx, u.ID)
	if err != nil {
		return identityapi.HostPreferences{}, err
	}
	consents, err := s.PersonalConsents.List(ctx, u.ID)
	if err != nil {
		return identityapi.HostPreferences{}, err
	}
	out := identityapi.HostPreferences{
		Language: identityapi.HostPreferencesLanguage(u.Language), Timezone: u.Timezone, Theme: identityapi.Theme(u.Theme),
		MarketingOptInAt: orNull[time.Time](nil), MarketingOptOutAt: orNull[time.Time](nil), PrivacyScopeDefaults: toScopePolicies(policies),
	}
	for _, c := range consents { // the newest first
		if c.Kind == domain.ConsentMarketing {
			out.MarketingOptIn = c.RevokedAt == nil
			out.MarketingOptInAt, out.MarketingOptOutAt = orNull(utc(&c.GrantedAt)), orNull(utc(c.RevokedAt))
			break
		}
	}
	return out, nil
}

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	return new(t.UTC())
}

func toUserConsent(c domain.UserConsent) identityapi.UserConsent {
	out := identityapi.UserConsent{
		Kind: identityapi.UserConsentKind(c.Kind), Version: c.Version, Source: identityapi.UserConsentSource(c.Source),
		GrantedAt: c.GrantedAt.UTC(), RevokedAt: orNull(utc(c.RevokedAt)),
	}
	if c.GuardianEmail != "" {
		out.Meta.GuardianEmail = &c.GuardianEmail
	}
	return out
}

func toScopePolicies(p domain.ScopePolicies) identityapi.ScopePolicies {
	of := func(scope string) *identityapi.ScopePolicy { return new(identityapi.ScopePolicy(p[scope])) }
	return identityapi.ScopePolicies{ProfileBasic: of("profile_basic"), ProfileExtended: of("profile_extended"), Email: of("email"), Phone: of("phone")}
}

func fromScopePolicies(b *identityapi.ScopePolicies) domain.ScopePolicies {
	if b == nil {
		return nil
	}
	policies := domain.ScopePolicies{}
	for scope, policy := range map[string]*identityapi.ScopePolicy{
		"profile_basic": b.ProfileBasic, "profile_extended": b.ProfileExtended, "email": b.Email, "phone": b.Phone,
	} {
		if policy != nil {
			policies[scope] = domain.ScopePolicy(*policy)
		}
	}
	return policies
}
