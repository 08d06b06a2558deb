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
}

var _ accessapi.StrictServerInterface = Server{}

// New returns the whole handler of the service.
func New(kit *httpx.Kit, d *app.Decisions, m *app.Memberships, c *app.Catalogue) (http.Handler, error) {
	spec, err := accessapi.GetSpec()
	if err != nil {
		return nil, fmt.Errorf("reading the embedded specification: %w", err)
	}
	strict := accessapi.NewStrictHandlerWithOptions(
		Server{decisions{d}, memberships{m}, catalogue{c}},
		nil,
		accessapi.StrictHTTPServerOptions{RequestErrorHandlerFunc: kit.RequestError, ResponseErrorHandlerFunc: kit.ResponseError},
	)
	mux := http.NewServeMux()
	accessapi.HandlerWithOptions(strict, accessapi.StdHTTPServerOptions{BaseRouter: mux, ErrorHandlerFunc: kit.RequestError})
	return kit.Handler(mux, spec, accessapi.Operations)
}
