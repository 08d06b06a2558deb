package httpapi

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/oapi-codegen/nullable"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/adapters/httpapi/browserauth"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/wire"
)

// keysMaxAge is shorter than the time for which a new key is published before it signs.
const keysMaxAge = "public, max-age=300"

// GetDiscovery advertises what works and nothing else.
func (s server) GetDiscovery(context.Context, identityapi.GetDiscoveryRequestObject) (identityapi.GetDiscoveryResponseObject, error) {
	return identityapi.GetDiscovery200JSONResponse{
		Headers: identityapi.GetDiscovery200ResponseHeaders{CacheControl: new(keysMaxAge)}, Body: s.metadata(),
	}, nil
}

// GetServerMetadata is the same under the name of RFC 8414.
func (s server) GetServerMetadata(context.Context, identityapi.GetServerMetadataRequestObject) (identityapi.GetServerMetadataResponseObject, error) {
	return identityapi.GetServerMetadata200JSONResponse{
		Headers: identityapi.GetServerMetadata200ResponseHeaders{CacheControl: new(keysMaxAge)}, Body: s.metadata(),
	}, nil
}

func (s server) metadata() identityapi.Discovery {
	at := func(path string) string { return s.issuer + path }
	names := func(n ...string) *identityapi.Names { return &n }
	algorithms := wire.Each(domain.Algorithms, func(a domain.Algorithm) string { return string(a) })
	confidential := []string{"client_secret_basic", "client_secret_post", "private_key_jwt"}
	all := names(append(confidential, "none")...)
	return identityapi.Discovery{
		Issuer:                                    s.issuer,
		AuthorizationEndpoint:                     at("/oauth/authorize"),
		TokenEndpoint:                             at(app.PathToken),
		UserinfoEndpoint:                          at(pathUserinfo),
		EndSessionEndpoint:                        new(at("/oauth/end_session")),
		JwksURI:                                   at("/.well-known/jwks.json"),
		RevocationEndpoint:                        new(at("/oauth/revoke")),
		IntrospectionEndpoint:                     new(at("/oauth/introspect")),
		ResponseTypesSupported:                    identityapi.Names{"code"},
		ResponseModesSupported:                    names("query"),
		GrantTypesSupported:                       names(domain.GrantCode, domain.GrantRefresh),
		SubjectTypesSupported:                     identityapi.Names{"public", "pairwise"},
		IDTokenSigningAlgValuesSupported:          algorithms,
		AcrValuesSupported:                        names(domain.ACRValues...),
		DisplayValuesSupported:                    names("page"),
		PromptValuesSupported:                     names("none", "login", "consent", "select_account"),
		ScopesSupported:                           new(wire.Each(domain.Scopes, func(s domain.Scope) string { return s.Name })),
		ClaimTypesSupported:                       names("normal"),
		ClaimsSupported:                           names(domain.ClaimNames...),
		TokenEndpointAuthMethodsSupported:         all,
		RevocationEndpointAuthMethodsSupported:    all,
		IntrospectionEndpointAuthMethodsSupported: names(confidential...),
		CodeChallengeMethodsSupported:             names("S256"),
		UILocalesSupported:                        names("en", "ru"),
		ClaimsParameterSupported:                  new(false),
		RequestParameterSupported:                 new(false),
		RequestURIParameterSupported:              new(false),

		TokenEndpointAuthSigningAlgValuesSupported: &algorithms, RevocationEndpointAuthSigningAlgValuesSupported: &algorithms,
		IntrospectionEndpointAuthSigningAlgValuesSupported: &algorithms,
		AuthorizationResponseIssParameterSupported:         new(true), BackchannelLogoutSupported: new(true), BackchannelLogoutSessionSupported: new(true),
	}
}

func (s server) GetJWKS(context.Context, identityapi.GetJWKSRequestObject) (identityapi.GetJWKSResponseObject, error) {
	set, err := s.keySet()
	return identityapi.GetJWKS200JSONResponse{Body: set, Headers: identityapi.GetJWKS200ResponseHeaders{CacheControl: new(keysMaxAge)}}, err
}

func (s server) GetOAuthJWKS(context.Context, identityapi.GetOAuthJWKSRequestObject) (identityapi.GetOAuthJWKSResponseObject, error) {
	set, err := s.keySet()
	return identityapi.GetOAuthJWKS200JSONResponse{Body: set, Headers: identityapi.GetOAuthJWKS200ResponseHeaders{CacheControl: new(keysMaxAge)}}, err
}

// keySet goes through JSON, which is the form the key types know.
func (s server) keySet() (identityapi.JWKS, error) {
	text, err := json.Marshal(s.keys.KeySet())
	if err != nil {
		return identityapi.JWKS{}, fmt.Errorf("encoding the key set: %w", err)
	}
	set := identityapi.JWKS{Keys: []identityapi.JWK{}}
	if err := json.Unmarshal(text, &set); err != nil {
		return identityapi.JWKS{}, fmt.Errorf("decoding the key set: %w", err)
	}
	return set, nil
}

// presented is what a request says of its client.
type presented struct{ id, secret, assertionType, assertion *string }

// authenticate finds the client, unless too many requests of its address have failed.
func (s server) authenticate(ctx context.Context, p presented) (domain.Client, error) {
	ip := browserauth.From(ctx).Origin.IP
	if err := app.Limited(s.gate.Limiter.Peek(ctx, app.LimitOAuthFailures, ip), domain.ErrRateLimited); err != nil {
		return domain.Client{}, err
	}
	client, err := s.credentials(ctx, p)
	return client, s.count(ctx, err)
}

// count counts a client or code that is not valid against the address.
func (s server) count(ctx context.Context, err error) error {
	if name := app.OAuthError(err); err != nil && (name == "invalid_client" || name == "invalid_grant") {
		s.gate.Limiter.Take(ctx, app.LimitOAuthFailures, browserauth.From(ctx).Origin.IP, 1)
	}
	return err
}

// credentials finds the client by HTTP Basic, by a secret or by an assertion in the body. Two of them are refused (RFC 6749
// section 2.3).
func (s server) credentials(ctx context.Context, p presented) (domain.Client, error) {
	from := browserauth.From(ctx)
	asserts := wire.Value(p.assertion) != "" || wire.Value(p.assertionType) != ""
	basic := from.Basic != nil
	switch {
	case from.BasicBroken:
		return domain.Client{}, domain.ErrInvalidClient
	case (basic || asserts) && wire.Value(p.secret) != "", basic && asserts,
		basic && wire.Value(p.id) != "" && wire.Value(p.id) != from.Basic.Username():
		return domain.Client{}, domain.ErrOAuthRequest.WithMessage("The client must authenticate in one way only.")
	case asserts:
		return s.Clients.AuthenticateAssertion(ctx, wire.Value(p.id), wire.Value(p.assertionType), wire.Value(p.assertion))
	case !basic:
		return s.Clients.Authenticate(ctx, wire.Value(p.id), wire.Value(p.secret))
	}
	password, _ := from.Basic.Password()
	return s.Clients.Authenticate(ctx, from.Basic.Username(), password)
}

func (s server) token(ctx context.Context, in identityapi.TokenRequest) (out identityapi.TokenResponse, err error) {
	client, err := s.authenticate(ctx, presented{in.ClientID, in.ClientSecret, in.ClientAssertionType, in.ClientAssertion})
	if err != nil {
		return out, err
	}
	var set app.TokenSet
	switch wire.Value(in.GrantType) {
	case domain.GrantCode:
		set, err = s.Tokens.Redeem(ctx, client, app.CodeExchange{Code: wire.Value(in.Code), RedirectURI: wire.Value(in.RedirectURI), Verifier: wire.Value(in.CodeVerifier)})
	case domain.GrantRefresh:
		set, err = s.Tokens.Refresh(ctx, client, domain.Secret(wire.Value(in.RefreshToken)), wire.Value(in.Scope))
	default:
		err = domain.ErrGrantType
	}
	return identityapi.TokenResponse{
		AccessToken: set.Access, IDToken: nullable.NewNullableWithValue(set.ID), RefreshToken: wire.OrNull(string(set.Refresh)),
		TokenType: identityapi.TokenResponseTokenTypeBearer, ExpiresIn: int(domain.AccessTokenLifetime.Seconds()),
		Scope: strings.Join(set.Scopes, " "),
	}, s.count(ctx, err)
}

func (s server) revoke(ctx context.Context, in identityapi.TokenQuestion) (identityapi.Message, error) {
	client, err := s.authenticate(ctx, presented{in.ClientID, in.ClientSecret, in.ClientAssertionType, in.ClientAssertion})
	if err == nil {
		err = s.Tokens.Revoke(ctx, client, wire.Value(in.Token))
	}
	return identityapi.Message{Ok: true, Message: "Revoked."}, err
}

func (s server) introspect(ctx context.Context, in identityapi.TokenQuestion) (identityapi.Introspection, error) {
	client, err := s.authenticate(ctx, presented{in.ClientID, in.ClientSecret, in.ClientAssertionType, in.ClientAssertion})
	if err != nil {
		return identityapi.Introspection{}, err
	}
	claims, err := s.Tokens.Introspect(ctx, client, wire.Value(in.Token))
	return toIntrospection(s.issuer, claims), err
}

func (s server) IssueToken(ctx context.Context, r identityapi.IssueTokenRequestObject) (identityapi.IssueTokenResponseObject, error) {
	body, err := s.token(ctx, *r.JSONBody)
	return identityapi.IssueToken200JSONResponse{
		Headers: identityapi.IssueToken200ResponseHeaders{Pragma: new("no-cache")}, Body: body,
	}, err
}

func (s server) GetUserinfo(ctx context.Context, _ identityapi.GetUserinfoRequestObject) (identityapi.GetUserinfoResponseObject, error) {
	info, err := s.Tokens.Userinfo(ctx, browserauth.From(ctx).Bearer)
	if err != nil {
		return nil, err
	}
	return identityapi.GetUserinfo200JSONResponse{Body: s.toUserinfo(info)}, nil
}

func (s server) PostUserinfo(ctx context.Context, _ identityapi.PostUserinfoRequestObject) (identityapi.PostUserinfoResponseObject, error) {
	info, err := s.Tokens.Userinfo(ctx, browserauth.From(ctx).Bearer)
	if err != nil {
		return nil, err
	}
	return identityapi.PostUserinfo200JSONResponse{Body: s.toUserinfo(info)}, nil
}

func (s server) RevokeToken(ctx context.Context, r identityapi.RevokeTokenRequestObject) (identityapi.RevokeTokenResponseObject, error) {
	body, err := s.revoke(ctx, *r.JSONBody)
	return identityapi.RevokeToken200JSONResponse{Body: body}, err
}

func (s server) IntrospectToken(ctx context.Context, r identityapi.IntrospectTokenRequestObject) (identityapi.IntrospectTokenResponseObject, error) {
	body, err := s.introspect(ctx, *r.JSONBody)
	return identityapi.IntrospectToken200JSONResponse{Body: body}, err
}
