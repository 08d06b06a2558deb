package httpapi

import (
	"encoding/json"

	"github.com/oapi-codegen/nullable"

	"go.updspace.com/api/bffapi"
	"go.updspace.com/bff/app"
	"go.updspace.com/bff/domain"
	"go.updspace.com/libs/reqctx"
)

// toContext is the signed context of a request of the principal.
func toContext(requestID string, tenant domain.Tenant, p domain.Principal) reqctx.Context {
	rc := reqctx.Context{
		RequestID: requestID, TenantID: tenant.ID, TenantSlug: tenant.Slug, UserID: p.UserID,
		Flags: reqctx.Flags{
			Suspended: p.Flags.Suspended, Banned: p.Flags.Banned, SystemAdmin: p.Flags.SystemAdmin,
			EmailVerified: p.Flags.EmailVerified, Status: p.Flags.Status,
		},
	}
	if p.Membership != nil {
		rc.Flags.MembershipStatus = p.Membership.Status
	}
	return rc
}

func toSession(requestID string, state *requestState, parts app.Parts, idOrigin string) bffapi.Session {
	f := state.principal.Flags
	s := bffapi.Session{
		User: bffapi.SessionUser{ID: state.session.UserID, MasterFlags: bffapi.MasterFlags{
			Suspended: f.Suspended, Banned: f.Banned, SystemAdmin: f.SystemAdmin,
			EmailVerified: f.EmailVerified, Status: f.Status,
		}},
		Tenant:            bffapi.SessionTenant{ID: state.tenant.ID, Slug: state.tenant.Slug},
		IDProfile:         toNullable(parts.IDProfile),
		PortalProfile:     toNullable(parts.PortalProfile),
		TenantMembership:  nullable.NewNullNullable[bffapi.TenantMembership](),
		IDFrontendBaseURL: idOrigin,
		Capabilities:      parts.Capabilities,
		Roles:             parts.Roles,
		FeatureFlags:      map[string]bool{},
		RequestID:         requestID,
	}
	if m := state.principal.Membership; m != nil {
		s.TenantMembership = nullable.NewNullableWithValue(bffapi.TenantMembership{
			TenantID: m.TenantID, TenantSlug: m.TenantSlug, Status: m.Status, BaseRole: m.BaseRole,
		})
	}
	return s
}

func toNullable(raw json.RawMessage) nullable.Nullable[json.RawMessage] {
	if raw == nil {
		return nullable.NewNullNullable[json.RawMessage]()
	}
	return nullable.NewNullableWithValue(raw)
}
