package httpapi

import (
	"context"

	"go.updspace.com/activity/roles/app"
	"go.updspace.com/activity/roles/domain"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

// roles are the operations around roles that follow one another here and at Discord.
type roles struct{ app app.Administration }

func (s roles) GetRoleSync(ctx context.Context, r activityapi.GetRoleSyncRequestObject) (activityapi.GetRoleSyncResponseObject, error) {
	view, err := s.app.Get(ctx, reqctx.From(ctx).Actor(), r.SourceID)
	if err != nil {
		return nil, err
	}
	return activityapi.GetRoleSync200JSONResponse(toAPIRoleSync(view)), nil
}

func (s roles) PutRoleSync(ctx context.Context, r activityapi.PutRoleSyncRequestObject) (activityapi.PutRoleSyncResponseObject, error) {
	view, err := s.app.Put(ctx, reqctx.From(ctx).Actor(), r.SourceID, domain.Edit{Guild: r.Body.GuildID, Token: r.Body.BotToken, Mode: domain.Mode(r.Body.Mode)})
	if err != nil {
		return nil, err
	}
	return activityapi.PutRoleSync200JSONResponse(toAPIRoleSync(view)), nil
}

func (s roles) DeleteRoleSync(ctx context.Context, r activityapi.DeleteRoleSyncRequestObject) (activityapi.DeleteRoleSyncResponseObject, error) {
	if err := s.app.Delete(ctx, reqctx.From(ctx).Actor(), r.SourceID); err != nil {
		return nil, err
	}
	return activityapi.DeleteRoleSync204Response{}, nil
}

func (s roles) ListDiscordRoles(ctx context.Context, r activityapi.ListDiscordRolesRequestObject) (activityapi.ListDiscordRolesResponseObject, error) {
	list, err := s.app.DiscordRoles(ctx, reqctx.From(ctx).Actor(), r.SourceID)
	if err != nil {
		return nil, err
	}
	return activityapi.ListDiscordRoles200JSONResponse{Items: wire.Each(list, func(r domain.DiscordRole) activityapi.DiscordRole {
		return activityapi.DiscordRole{ID: r.ID, Name: r.Name}
	})}, nil
}

func (s roles) CreateRoleMapping(ctx context.Context, r activityapi.CreateRoleMappingRequestObject) (activityapi.CreateRoleMappingResponseObject, error) {
	actor := reqctx.From(ctx).Actor()
	scope, err := scopeOf(actor, r.Body.ScopeType, r.Body.ScopeID)
	if err != nil {
		return nil, err
	}
	if scope == nil {
		scope = new(authz.TenantScope(actor.Tenant))
	}
	made, err := s.app.AddMapping(ctx, actor, r.SourceID, domain.MappingDraft{
		DiscordRole: r.Body.DiscordRoleID, Role: r.Body.RoleID, Scope: *scope, Direction: domain.Direction(r.Body.Direction),
	})
	if err != nil {
		return nil, err
	}
	return activityapi.CreateRoleMapping201JSONResponse(toAPIMapping(made)), nil
}

func (s roles) DeleteRoleMapping(ctx context.Context, r activityapi.DeleteRoleMappingRequestObject) (activityapi.DeleteRoleMappingResponseObject, error) {
	if err := s.app.RemoveMapping(ctx, reqctx.From(ctx).Actor(), r.SourceID, r.MappingID); err != nil {
		return nil, err
	}
	return activityapi.DeleteRoleMapping204Response{}, nil
}

func (s roles) ListRoleSyncPeople(ctx context.Context, r activityapi.ListRoleSyncPeopleRequestObject) (activityapi.ListRoleSyncPeopleResponseObject, error) {
	people, all, err := s.app.People(ctx, reqctx.From(ctx).Actor(), r.SourceID)
	if err != nil {
		return nil, err
	}
	return activityapi.ListRoleSyncPeople200JSONResponse{All: all, Items: wire.Each(people, toAPIPerson)}, nil
}

func toAPIRoleSync(v app.View) activityapi.RoleSync {
	return activityapi.RoleSync{
		SourceID: v.SourceID, GuildID: v.Guild, Mode: activityapi.RoleSyncMode(v.Mode), Leaving: v.Leaving, UpdatedAt: v.UpdatedAt, Mappings: wire.Each(v.Mappings, toAPIMapping),
	}
}

func toAPIMapping(m domain.Mapping) activityapi.RoleMapping {
	return activityapi.RoleMapping{
		ID: m.ID, DiscordRoleID: m.DiscordRole, DiscordName: m.DiscordName, Role: activityapi.PairedRole{ID: m.Role.ID, Service: m.Role.Service, Name: m.Role.Name},
		ScopeType: activityapi.SourceScope(m.Scope.Type), ScopeID: m.Scope.ID, Direction: activityapi.RoleDirection(m.Direction), CreatedAt: m.CreatedAt,
	}
}

func toAPIPerson(m domain.Member) activityapi.RoleSyncPerson {
	return activityapi.RoleSyncPerson{
		UserID: m.UserID, Linked: m.Linked, Present: m.Present, Actions: wire.Each(m.Actions, toAPIAction),
		LastAt: wire.TimeOrNull(m.LastAt), LastError: wire.OrNull(m.LastError), NextAt: m.NextAt,
	}
}

func toAPIAction(a domain.Action) activityapi.RoleAction {
	return activityapi.RoleAction{MappingID: a.Mapping, Kind: activityapi.RoleActionKind(a.Kind)}
}
