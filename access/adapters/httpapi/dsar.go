package httpapi

import (
	"context"
	"strconv"
	"time"

	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/api/accessapi"
)

type dsar struct{ app *app.People }

func (s dsar) ExportUser(ctx context.Context, r accessapi.ExportUserRequestObject) (accessapi.ExportUserResponseObject, error) {
	from, err := fromAPIDossierPosition(r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	d, err := s.app.Export(ctx, r.UserID, from, valueOr(r.Params.Limit, 1000))
	if err != nil {
		return nil, err
	}
	return accessapi.ExportUser200JSONResponse{
		Body: accessapi.UserExport{
			Service: accessapi.UserExportServiceAccess, TenantID: d.Tenant, UserID: d.Person, ExportedAt: instant(d.At),
			RoleBindings: each(d.Bindings, toAPIAdminBinding), PolicyOverrides: each(d.Overrides, toAPIOverride),
			Memberships: each(d.Memberships, toAPIStoredMembership), AuditEvents: each(d.Entries, toAPIEvent),
		},
		Headers: accessapi.ExportUser200ResponseHeaders{XNextCursor: dossierPositionOf(d.Next)},
	}, nil
}

func (s dsar) EraseUser(ctx context.Context, r accessapi.EraseUserRequestObject) (accessapi.EraseUserResponseObject, error) {
	e, err := s.app.Erase(ctx, r.UserID)
	if err != nil {
		return nil, err
	}
	return accessapi.EraseUser200JSONResponse{
		Service: accessapi.UserErasureServiceAccess, TenantID: e.Tenant, UserID: e.Person, Mode: accessapi.UserErasureModeHybrid,
		ErasedAt: instant(e.At), Complete: e.Complete,
		Counts: accessapi.UserErasureCounts{
			RoleBindingsDeleted: e.Bindings, PolicyOverridesDeleted: e.Overrides, MembershipsDeleted: e.Memberships,
			AuditEventsRedacted: e.Entries, AuthorshipsRemoved: e.Authorships,
		},
	}, nil
}

func toAPIStoredMembership(m domain.StoredMembership) accessapi.StoredMembership {
	return accessapi.StoredMembership{
		ScopeType: accessapi.StoredMembershipScopeType(m.Scope.Type), ScopeID: m.Scope.ID, Role: orNull(string(m.Role)), UpdatedAt: m.At,
	}
}

// The cursor of a dossier names the part and holds what the lists of that part
// are ordered by.

func dossierPositionOf(p *app.DossierPosition) *string {
	switch {
	case p == nil:
		return nil
	case p.Binding != 0:
		return cursorOf(partOf(p), strconv.FormatInt(p.Binding, 10), "")
	case p.Membership != nil:
		return cursorOf(partOf(p), string(p.Membership.Type), p.Membership.ID)
	case p.Position != nil:
		return cursorOf(partOf(p), p.Position.At.UTC().Format(time.RFC3339Nano), p.Position.ID.String())
	default:
		return cursorOf(partOf(p), "", "")
	}
}

func partOf(p *app.DossierPosition) string { return strconv.Itoa(int(p.Part)) }

func fromAPIDossierPosition(cursor *string) (*app.DossierPosition, error) {
	parts, err := partsOf(cursor, 3)
	if parts == nil {
		return nil, err
	}
	part, err := strconv.Atoi(parts[0])
	if err != nil || part < int(app.BindingsPart) || part > int(app.EntriesPart) {
		return nil, errCursor()
	}
	p := &app.DossierPosition{Part: app.DossierPart(part)}
	if parts[1] == "" && parts[2] == "" {
		return p, nil
	}
	switch p.Part {
	case app.BindingsPart:
		if p.Binding, err = strconv.ParseInt(parts[1], 10, 64); err != nil || p.Binding < 1 {
			return nil, errCursor()
		}
	case app.MembershipsPart:
		p.Membership = &domain.Scope{Type: domain.ScopeType(parts[1]), ID: parts[2]}
	case app.OverridesPart, app.EntriesPart:
		p.Position, err = fromText(parts[1], parts[2])
	}
	return p, err
}
