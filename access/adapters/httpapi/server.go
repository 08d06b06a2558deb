// Package httpapi serves the operations of api/openapi/access.yaml.
package httpapi

import (
	"fmt"
	"net/http"

	"go.updspace.com/access/app"
	"go.updspace.com/api/accessapi"
	"go.updspace.com/libs/httpx"
)

// Server implements the generated interface, one embedded part per tag.
type Server struct {
	decisions
	memberships
	catalogue
	roles
	bindings
	overrides
	journal
	users
	dsar
}

// UseCases are what the operations call.
type UseCases struct {
	Decisions   *app.Decisions
	Memberships *app.Memberships
	Catalogue   *app.Catalogue
	Roles       *app.Roles
	Bindings    *app.Bindings
	Overrides   *app.Overrides
	History     *app.History
	Inspection  *app.Inspection
	People      *app.People
}

var done = accessapi.DoneJSONResponse{Ok: true}

var _ accessapi.StrictServerInterface = Server{}

// Quiet are the operations that every request to every service calls several
// times; their success is not worth a line each.
func Quiet() []string {
	return []string{"checkPermission", "checkPermissions", "listAllowedScopes", "getEffectivePermissions"}
}

// New returns the whole handler of the service.
func New(kit *httpx.Kit, u UseCases) (http.Handler, error) {
	spec, err := accessapi.GetSpec()
	if err != nil {
		return nil, fmt.Errorf("reading the embedded specification: %w", err)
	}
	strict := accessapi.NewStrictHandlerWithOptions(
		Server{
			decisions{u.Decisions}, memberships{u.Memberships}, catalogue{u.Catalogue}, roles{u.Roles}, bindings{u.Bindings},
			overrides{u.Overrides}, journal{u.History}, users{u.Inspection}, dsar{u.People},
		},
		nil,
		accessapi.StrictHTTPServerOptions{RequestErrorHandlerFunc: kit.RequestError, ResponseErrorHandlerFunc: kit.ResponseError},
	)
	mux := http.NewServeMux()
	accessapi.HandlerWithOptions(plain{ServerInterface: strict, kit: kit, app: u.Decisions}, accessapi.StdHTTPServerOptions{BaseRouter: mux, ErrorHandlerFunc: kit.RequestError})
	return kit.Handler(mux, spec, accessapi.Operations)
}
