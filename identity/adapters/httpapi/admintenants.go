package httpapi

import (
	"context"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/wire"
)

func (s server) ListTenants(ctx context.Context, r identityapi.ListTenantsRequestObject) (identityapi.ListTenantsResponseObject, error) {
	p := r.Params
	found, err := s.Tenants.List(ctx, ports.TenantFilter{Text: wire.Value(p.Q), Closed: p.Closed},
		page.Request{Limit: wire.Value(p.Limit), Cursor: wire.Value(p.Cursor)})
	return identityapi.ListTenants200JSONResponse{Body: identityapi.AdminTenantPage{
		Items: wire.Each(found.Items, s.toAdminTenant), NextCursor: wire.OrNull(found.Next),
	}}, err
}

func (s server) CreateTenant(ctx context.Context, r identityapi.CreateTenantRequestObject) (identityapi.CreateTenantResponseObject, error) {
	b := r.Body
	err := s.Tenants.Found(ctx, b.Slug, b.Name, wire.Value(b.Owner), domain.TenantEdit{
		Admission: wire.As[domain.Admission](b.Membership), DefaultLanguage: wire.As[string](b.DefaultLanguage),
	})
	t, err := s.adminTenant(ctx, b.Slug, err)
	return identityapi.CreateTenant201JSONResponse{Body: t}, err
}

func (s server) GetAdminTenant(ctx context.Context, r identityapi.GetAdminTenantRequestObject) (identityapi.GetAdminTenantResponseObject, error) {
	t, err := s.adminTenant(ctx, r.Slug, nil)
	return identityapi.GetAdminTenant200JSONResponse{Body: t}, err
}

func (s server) ChangeTenant(ctx context.Context, r identityapi.ChangeTenantRequestObject) (identityapi.ChangeTenantResponseObject, error) {
	b := r.Body
	_, err := s.Tenants.Edit(ctx, r.Slug, b.Version, domain.TenantEdit{
		Name: b.Name, Description: b.Description, Hue: b.Hue, Chroma: b.Chroma, Languages: fromLanguages(b.Languages),
		DefaultLanguage: wire.As[string](b.DefaultLanguage), Admission: wire.As[domain.Admission](b.Membership),
	})
	t, err := s.adminTenant(ctx, r.Slug, err)
	return identityapi.ChangeTenant200JSONResponse{Body: t}, err
}

func (s server) CloseTenant(ctx context.Context, r identityapi.CloseTenantRequestObject) (identityapi.CloseTenantResponseObject, error) {
	_, err := s.Tenants.Close(ctx, r.Slug, r.Body.Reason)
	t, err := s.adminTenant(ctx, r.Slug, err)
	return identityapi.CloseTenant200JSONResponse{Body: t}, err
}

func (s server) ReopenTenant(ctx context.Context, r identityapi.ReopenTenantRequestObject) (identityapi.ReopenTenantResponseObject, error) {
	_, err := s.Tenants.Reopen(ctx, r.Slug, r.Body.Reason)
	t, err := s.adminTenant(ctx, r.Slug, err)
	return identityapi.ReopenTenant200JSONResponse{Body: t}, err
}

// adminTenant is a tenant after a change, unless that failed.
func (s server) adminTenant(ctx context.Context, slug string, failed error) (out identityapi.AdminTenant, err error) {
	if failed != nil {
		return out, failed
	}
	t, err := s.Tenants.Get(ctx, slug)
	if err != nil {
		return out, err
	}
	return s.toAdminTenant(t), nil
}

func (s server) toAdminTenant(t ports.ListedTenant) identityapi.AdminTenant {
	return identityapi.AdminTenant{
		ID: t.ID, Slug: t.Slug, Name: t.Name, Description: t.Description, Hue: t.Hue, Chroma: t.Chroma,
		Languages:       wire.Each(t.Languages, func(l string) commonapi.Language { return commonapi.Language(l) }),
		DefaultLanguage: commonapi.Language(t.DefaultLanguage), Membership: identityapi.TenantAdmission(t.Admission), Version: t.Version,
		URL: s.origin(t.Slug), Members: t.Members, CreatedAt: t.CreatedAt.UTC(), ClosedAt: orNull(t.ClosedAt),
	}
}

func fromLanguages(languages []commonapi.Language) *[]string {
	if languages == nil {
		return nil
	}
	return new(wire.Each(languages, func(l commonapi.Language) string { return string(l) }))
}
