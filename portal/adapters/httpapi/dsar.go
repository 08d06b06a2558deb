package httpapi

import (
	"context"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/portal/app"
	"go.updspace.com/portal/domain"
)

type dsar struct{ app *app.PersonalData }

func (s dsar) ExportUserData(ctx context.Context, r portalapi.ExportUserDataRequestObject) (portalapi.ExportUserDataResponseObject, error) {
	by := actor(ctx)
	paging := app.Paging{Limit: valueOr(r.Params.Limit, app.MaxExport), Cursor: value(r.Params.Cursor)}
	export, err := s.app.Export(ctx, by, subject(ctx, r.UserID), paging)
	if err != nil {
		return nil, err
	}
	return portalapi.ExportUserData200JSONResponse(ToAPIExport(by.Tenant, r.UserID, export)), nil
}

func (s dsar) EraseUserData(ctx context.Context, r portalapi.EraseUserDataRequestObject) (portalapi.EraseUserDataResponseObject, error) {
	by := actor(ctx)
	erased, err := s.app.Erase(ctx, by, subject(ctx, r.UserID))
	if err != nil {
		return nil, err
	}
	return portalapi.EraseUserData200JSONResponse(ToAPIErasure(by.Tenant, r.UserID, erased)), nil
}

func subject(ctx context.Context, user uuid.UUID) app.DataSubject {
	return app.DataSubject{User: user, SystemAdmin: reqctx.From(ctx).Flags.SystemAdmin}
}

// ToAPIExport converts a page of what there is of a person.
func ToAPIExport(tenant, user uuid.UUID, e app.DataExport) portalapi.UserDataExport {
	export := portalapi.UserDataExport{
		Service: portalapi.UserDataExportServicePortal, TenantID: tenant, UserID: user, ExportedAt: e.At,
		PortalProfile:      nullable.NewNullNullable[portalapi.Profile](),
		CommunitiesCreated: each(e.CommunitiesCreated, toAPIExportedGroup), TeamsCreated: each(e.TeamsCreated, toAPIExportedGroup),
		CommunityMemberships: each(e.CommunityMemberships, toAPIExportedMembership), TeamMemberships: each(e.TeamMemberships, toAPIExportedMembership),
		Posts: each(e.Posts, toAPIExportedPost), NextCursor: orNull(e.Next),
	}
	if e.Profile != nil {
		export.PortalProfile.Set(ToAPIProfile(*e.Profile))
	}
	return export
}

func toAPIExportedGroup(g domain.Group) portalapi.ExportedGroup {
	d := g.Data()
	return portalapi.ExportedGroup{
		ID: d.ID, CommunityID: d.CommunityID, Name: d.Name, Description: d.Description, JoinPolicy: portalapi.JoinPolicy(d.JoinPolicy),
		Status: portalapi.GroupStatus(d.Status), CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt,
	}
}

func toAPIExportedMembership(m domain.Membership) portalapi.ExportedMembership {
	d := m.Data()
	return portalapi.ExportedMembership{ScopeID: d.Scope.ID, CommunityID: d.CommunityID, Role: portalapi.Role(d.Role), JoinedAt: d.JoinedAt}
}

func toAPIExportedPost(p domain.Post) portalapi.ExportedPost {
	d := p.Data()
	return portalapi.ExportedPost{
		ID: d.ID, CommunityID: orNull(d.Place.CommunityID), TeamID: orNull(d.Place.TeamID), Title: d.Title, Body: d.Body,
		Visibility: portalapi.PostVisibility(d.Visibility), CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt,
		Attachments: each(d.Attachments, ToAPIAttachment),
	}
}

// ToAPIErasure converts what was taken away.
func ToAPIErasure(tenant, user uuid.UUID, e app.Erasure) portalapi.UserDataErasure {
	return portalapi.UserDataErasure{
		Service: portalapi.UserDataErasureServicePortal, TenantID: tenant, UserID: user, Mode: portalapi.UserDataErasureModeHybrid, ErasedAt: e.At,
		Counts: portalapi.ErasureCounts{
			ProfilesDeleted: e.Profiles, CommunityMembershipsDeleted: e.CommunityMemberships, TeamMembershipsDeleted: e.TeamMemberships,
			CommunitiesAnonymized: e.Communities, TeamsAnonymized: e.Teams, PostsRedacted: e.Posts,
		},
	}
}
