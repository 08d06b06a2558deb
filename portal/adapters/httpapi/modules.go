package httpapi

import (
	"context"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/wire"
)

type modules struct{}

// ListModules names the parts of the portal. They are the same in every tenant.
func (modules) ListModules(context.Context, portalapi.ListModulesRequestObject) (portalapi.ListModulesResponseObject, error) {
	all := []portalapi.ModuleKey{portalapi.ModuleKeyProfile, portalapi.ModuleKeyCommunities, portalapi.ModuleKeyTeams, portalapi.ModuleKeyPosts}
	return portalapi.ListModules200JSONResponse{Modules: wire.Each(all, func(key portalapi.ModuleKey) portalapi.Module {
		return portalapi.Module{Key: key, Enabled: true}
	})}, nil
}
