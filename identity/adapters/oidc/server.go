// Package oidc answers standard OAuth clients: requests with a form body, in
// the shapes of RFC 6749, 7009 and 7662. The protocol's parsing and rules of
// form are zitadel/oidc's; what is granted is decided by the use cases.
package oidc

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	zitadel "github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/httpx"
)

// New returns the handler of /oauth/token, /oauth/revoke and /oauth/introspect.
func New(issuer string, clients *app.Clients, tokens *app.Tokens) http.Handler {
	handler := op.RegisterServer(&server{issuer: issuer, clients: clients, tokens: tokens}, op.Endpoints{
		Token:         op.NewEndpoint("oauth/token"),
		Revocation:    op.NewEndpoint("oauth/revoke"),
		Introspection: op.NewEndpoint("oauth/introspect"),
	}, op.WithServerCORSOptions(nil))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// The library reads parameters from query and body alike; a secret or a
		// code in a URL ends up in logs, so only the body counts.
		r.URL.RawQuery = ""
		// RFC 6749 section 5.2: who tried HTTP Basic is told to.
		_, _, basic := r.BasicAuth()
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Pragma", "no-cache")
		handler.ServeHTTP(&challenger{ResponseWriter: w, basic: basic}, r)
	})
}

// challenger adds the header that a 401 must have.
type challenger struct {
	http.ResponseWriter
	basic bool
}

func (c *challenger) WriteHeader(status int) {
	if status == http.StatusUnauthorized && c.basic {
		c.Header().Set("WWW-Authenticate", `Basic realm="oauth", charset="UTF-8"`)
	}
	c.ResponseWriter.WriteHeader(status)
}

func (c *challenger) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// server implements op.Server for what we offer; the rest it refuses.
type server struct {
	op.UnimplementedServer

	issuer  string
	clients *app.Clients
	tokens  *app.Tokens
}

func (s *server) VerifyClient(ctx context.Context, r *op.Request[op.ClientCredentials]) (op.Client, error) {
	c, err := s.authenticate(ctx, r.Data)
	if err != nil {
		return nil, err
	}
	return client{c}, nil
}

func (s *server) authenticate(ctx context.Context, cc *op.ClientCredentials) (domain.Client, error) {
	if cc.ClientAssertion != "" {
		return domain.Client{}, invalidClient()
	}
	c, err := s.clients.Authenticate(ctx, cc.ClientID, cc.ClientSecret)
	return c, failure(err)
}

func (s *server) CodeExchange(ctx context.Context, r *op.ClientRequest[zitadel.AccessTokenRequest]) (*op.Response, error) {
	set, err := s.tokens.Redeem(ctx, r.Client.(client).Client, app.CodeExchange{
		Code: r.Data.Code, RedirectURI: r.Data.RedirectURI, Verifier: r.Data.CodeVerifier,
	})
	return answer(set), failure(err)
}

func (s *server) RefreshToken(ctx context.Context, r *op.ClientRequest[zitadel.RefreshTokenRequest]) (*op.Response, error) {
	set, err := s.tokens.Refresh(ctx, r.Client.(client).Client, domain.Secret(r.Data.RefreshToken), strings.Join(r.Data.Scopes, " "))
	return answer(set), failure(err)
}

// tokens is the answer to form and JSON requests alike: RFC 6749 with the
// members that are always there in JSON.
type tokens struct {
	AccessToken  string  `json:"access_token"`
	IDToken      string  `json:"id_token"`
	RefreshToken *string `json:"refresh_token"`
	TokenType    string  `json:"token_type"`
	ExpiresIn    int     `json:"expires_in"`
	Scope        string  `json:"scope"`
}

func answer(set app.TokenSet) *op.Response {
	out := tokens{
		AccessToken: set.Access, IDToken: set.ID, TokenType: zitadel.BearerToken,
		ExpiresIn: int(domain.AccessTokenLifetime / time.Second), Scope: strings.Join(set.Scopes, " "),
	}
	if set.Refresh != "" {
		out.RefreshToken = (*string)(&set.Refresh)
	}
	return op.NewResponse(out)
}

type done struct {
	OK      bool   `json:"ok"`
	Message string `json:"message"`
}

func (s *server) Revocation(ctx context.Context, r *op.ClientRequest[zitadel.RevocationRequest]) (*op.Response, error) {
	return op.NewResponse(done{OK: true, Message: "Revoked."}), failure(s.tokens.Revoke(ctx, r.Client.(client).Client, r.Data.Token))
}

func (s *server) Introspect(ctx context.Context, r *op.Request[op.IntrospectionRequest]) (*op.Response, error) {
	c, err := s.authenticate(ctx, r.Data.ClientCredentials)
	if err != nil {
		return nil, err
	}
	claims, err := s.tokens.Introspect(ctx, c, r.Data.Token)
	if err != nil {
		return nil, failure(err)
	}
	out := &zitadel.IntrospectionResponse{}
	if claims != nil {
		out.Active, out.Issuer, out.Subject, out.ClientID = true, s.issuer, claims.Subject.String(), claims.ClientID
		out.Scope, out.Expiration, out.IssuedAt = claims.Scopes, zitadel.FromTime(claims.ExpiresAt), zitadel.FromTime(claims.IssuedAt)
		if !claims.Refresh() {
			out.TokenType, out.JWTID = zitadel.BearerToken, claims.ID.String()
		}
	}
	return op.NewResponse(out), nil
}

func invalidClient() error {
	return op.NewStatusError(zitadel.ErrInvalidClient().WithDescription("The client could not be authenticated."), http.StatusUnauthorized)
}

// failure is an error of a use case as the RFC has it. Its message is for
// people; the cause stays with us.
func failure(err error) error {
	if err == nil {
		return nil
	}
	name := app.OAuthError(err)
	if name == "invalid_client" {
		return invalidClient()
	}
	var known *errs.Error
	if !errors.As(err, &known) {
		known = httpx.Public(err)
	}
	out := zitadel.ErrServerError()
	status := http.StatusBadRequest
	switch name {
	case "invalid_grant":
		out = zitadel.ErrInvalidGrant()
	case "invalid_request":
		out = zitadel.ErrInvalidRequest()
	case "invalid_scope":
		out = zitadel.ErrInvalidScope()
	case "unsupported_grant_type":
		out = zitadel.ErrUnauthorizedClient() // the type exists, this client may not use it
	default:
		status = httpx.Status(known.Kind)
	}
	return op.NewStatusError(out.WithDescription("%s", known.Message).WithParent(err), status)
}
