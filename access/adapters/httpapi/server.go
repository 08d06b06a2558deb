// Package httpapi serves the operations of api/openapi/access.yaml.
package httpapi

import (
	"fmt"
	"net/http"

	"go.updspace.com/access/app"
	"go.updspace.com/api/accessapi"
	"go.updspace.com/libs/httpx"
)

// server implements every operation.
type server struct {
	decisions
	rewards
	memberships
	roles
	bindings
	overrides
	overview
	own
	personalData
}

var _ accessapi.StrictServerInterface = server{}

// Options adapt the kit to the operations that every request to every service calls several times.
func Options(o *httpx.Options) {
	o.DebugLogOperations = []string{"checkPermission", "checkPermissions", "checkSubjects", "listAllowedScopes", "getEffectivePermissions"}
	o.BodyScanners = map[string]httpx.BodyScanner{"checkPermission": scanCheck, "checkPermissions": scanChecks, "checkSubjects": scanSubjects}
}

// New returns the handler of the service.
func New(kit *httpx.Server, d app.Deps, p app.PersonalData) (http.Handler, error) {
	spec, err := accessapi.GetSpec()
	if err != nil {
		return nil, fmt.Errorf("reading the embedded specification: %w", err)
	}
	admin := app.Administration{Deps: d}
	strict := accessapi.NewStrictHandlerWithOptions(server{
		decisions{app.Decisions{Deps: d}}, rewards{app.Rewards{Administration: admin}}, memberships{app.Memberships{Deps: d}}, roles{app.Roles{Administration: admin}},
		bindings{app.Bindings{Administration: admin}}, overrides{app.Overrides{Administration: admin}}, overview{app.Overview{Deps: d}}, own{app.Own{Deps: d}}, personalData{p},
	}, nil, accessapi.StrictHTTPServerOptions{RequestErrorHandlerFunc: kit.RequestError, ResponseErrorHandlerFunc: kit.ResponseError})
	mux := http.NewServeMux()
	accessapi.HandlerWithOptions(strict, accessapi.StdHTTPServerOptions{BaseRouter: mux, ErrorHandlerFunc: kit.RequestError})
	return kit.Handler(mux, spec, accessapi.Operations)
}

// nextCursor is the X-Next-Cursor of lists that are arrays: absent on the last page.
func nextCursor(next string) *string {
	if next == "" {
		return nil
	}
	return &next
}
