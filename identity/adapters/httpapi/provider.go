package httpapi

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/adapters/httpapi/browser"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
)

// KeySet is the public half of the signing keys.
type KeySet interface{ KeySet() jose.JSONWebKeySet }

type provider struct {
	issuer  string
	clients *app.Clients
	tokens  *app.Tokens
	keys    KeySet
}

// keysMaxAge is shorter than the time for which a new key is published before
// it signs.
const keysMaxAge = "public, max-age=300"

// GetDiscovery advertises what works and nothing else.
func (p provider) GetDiscovery(context.Context, identityapi.GetDiscoveryRequestObject) (identityapi.GetDiscoveryResponseObject, error) {
	at := func(path string) string { return p.issuer + path }
	names := func(n ...string) *identityapi.Names { return &n }
	no := false
	scopes := make(identityapi.Names, 0, len(domain.Scopes))
	for _, s := range domain.Scopes {
		scopes = append(scopes, s.Name)
	}
	algorithms := make(identityapi.Names, 0, len(domain.Algorithms))
	for _, a := range domain.Algorithms {
		algorithms = append(algorithms, string(a))
	}
	cache := keysMaxAge
	return identityapi.GetDiscovery200JSONResponse{
		Headers: identityapi.GetDiscovery200ResponseHeaders{CacheControl: &cache},
		Body: identityapi.Discovery{
			Issuer:                                    p.issuer,
			AuthorizationEndpoint:                     at("/oauth/authorize"),
			TokenEndpoint:                             at("/oauth/token"),
			UserinfoEndpoint:                          at("/oauth/userinfo"),
			JwksURI:                                   at("/.well-known/jwks.json"),
			RevocationEndpoint:                        pointer(at("/oauth/revoke")),
			IntrospectionEndpoint:                     pointer(at("/oauth/introspect")),
			ResponseTypesSupported:                    identityapi.Names{"code"},
			ResponseModesSupported:                    names("query"),
			GrantTypesSupported:                       names(domain.GrantCode, domain.GrantRefresh),
			SubjectTypesSupported:                     identityapi.Names{"public"},
			IDTokenSigningAlgValuesSupported:          algorithms,
			ScopesSupported:                           &scopes,
			ClaimsSupported:                           names(domain.ClaimNames...),
			TokenEndpointAuthMethodsSupported:         names("client_secret_basic", "client_secret_post", "none"),
			RevocationEndpointAuthMethodsSupported:    names("client_secret_basic", "client_secret_post", "none"),
			IntrospectionEndpointAuthMethodsSupported: names("client_secret_basic", "client_secret_post"),
			CodeChallengeMethodsSupported:             names("S256"),
			UILocalesSupported:                        names("en", "ru"),
			ClaimsParameterSupported:                  &no,
			RequestParameterSupported:                 &no,
			RequestURIParameterSupported:              &no,
		},
	}, nil
}

func (p provider) GetJWKS(context.Context, identityapi.GetJWKSRequestObject) (identityapi.GetJWKSResponseObject, error) {
	set, err := p.keySet()
	cache := keysMaxAge
	return identityapi.GetJWKS200JSONResponse{Body: set, Headers: identityapi.GetJWKS200ResponseHeaders{CacheControl: &cache}}, err
}

func (p provider) GetOAuthJWKS(context.Context, identityapi.GetOAuthJWKSRequestObject) (identityapi.GetOAuthJWKSResponseObject, error) {
	set, err := p.keySet()
	cache := keysMaxAge
	return identityapi.GetOAuthJWKS200JSONResponse{Body: set, Headers: identityapi.GetOAuthJWKS200ResponseHeaders{CacheControl: &cache}}, err
}

// keySet goes through JSON, which is the form the key types know.
func (p provider) keySet() (identityapi.JWKS, error) {
	text, err := json.Marshal(p.keys.KeySet())
	if err != nil {
		return identityapi.JWKS{}, fmt.Errorf("encoding the key set: %w", err)
	}
	set := identityapi.JWKS{Keys: []identityapi.JWK{}}
	if err := json.Unmarshal(text, &set); err != nil {
		return identityapi.JWKS{}, fmt.Errorf("decoding the key set: %w", err)
	}
	return set, nil
}

// authenticate finds the client by HTTP Basic or by what the body says. Saying
// both is refused, as RFC 6749 has it.
func (p provider) authenticate(ctx context.Context, id, secret *string) (domain.Client, error) {
	if basic := browser.From(ctx).Basic; basic != nil {
		if text(secret) != "" || (text(id) != "" && text(id) != basic.Username()) {
			return domain.Client{}, domain.ErrOAuthRequest.WithMessage("The client must authenticate in one way only.")
		}
		password, _ := basic.Password()
		return p.clients.Authenticate(ctx, basic.Username(), password)
	}
	return p.clients.Authenticate(ctx, text(id), text(secret))
}

func (p provider) IssueToken(ctx context.Context, r identityapi.IssueTokenRequestObject) (identityapi.IssueTokenResponseObject, error) {
	in := r.JSONBody
	if in == nil {
		return nil, errNoBody
	}
	client, err := p.authenticate(ctx, in.ClientID, in.ClientSecret)
	if err != nil {
		return nil, err
	}
	var set app.TokenSet
	switch text(in.GrantType) {
	case domain.GrantCode:
		set, err = p.tokens.Redeem(ctx, client, app.CodeExchange{Code: text(in.Code), RedirectURI: text(in.RedirectURI), Verifier: text(in.CodeVerifier)})
	case domain.GrantRefresh:
		set, err = p.tokens.Refresh(ctx, client, domain.Secret(text(in.RefreshToken)), text(in.Scope))
	default:
		err = domain.ErrGrantType
	}
	if err != nil {
		return nil, err
	}
	return identityapi.IssueToken200JSONResponse{
		Headers: identityapi.IssueToken200ResponseHeaders{Pragma: pointer("no-cache")},
		Body: identityapi.TokenResponse{
			AccessToken: set.Access, IDToken: value(set.ID), RefreshToken: valueOrNull(string(set.Refresh)),
			TokenType: identityapi.TokenResponseTokenTypeBearer, ExpiresIn: int(domain.AccessTokenLifetime.Seconds()),
			Scope: strings.Join(set.Scopes, " "),
		},
	}, nil
}

func (p provider) GetUserinfo(ctx context.Context, _ identityapi.GetUserinfoRequestObject) (identityapi.GetUserinfoResponseObject, error) {
	info, err := p.tokens.Userinfo(ctx, browser.From(ctx).Bearer)
	if err != nil {
		return nil, err
	}
	return identityapi.GetUserinfo200JSONResponse{Body: toUserinfo(info)}, nil
}

func (p provider) PostUserinfo(ctx context.Context, _ identityapi.PostUserinfoRequestObject) (identityapi.PostUserinfoResponseObject, error) {
	info, err := p.tokens.Userinfo(ctx, browser.From(ctx).Bearer)
	if err != nil {
		return nil, err
	}
	return identityapi.PostUserinfo200JSONResponse{Body: toUserinfo(info)}, nil
}

func (p provider) RevokeToken(ctx context.Context, r identityapi.RevokeTokenRequestObject) (identityapi.RevokeTokenResponseObject, error) {
	in := r.JSONBody
	if in == nil {
		return nil, errNoBody
	}
	client, err := p.authenticate(ctx, in.ClientID, in.ClientSecret)
	if err != nil {
		return nil, err
	}
	if err := p.tokens.Revoke(ctx, client, text(in.Token)); err != nil {
		return nil, err
	}
	return identityapi.RevokeToken200JSONResponse{Body: identityapi.Message{Ok: true, Message: "Revoked."}}, nil
}

func (p provider) IntrospectToken(ctx context.Context, r identityapi.IntrospectTokenRequestObject) (identityapi.IntrospectTokenResponseObject, error) {
	in := r.JSONBody
	if in == nil {
		return nil, errNoBody
	}
	client, err := p.authenticate(ctx, in.ClientID, in.ClientSecret)
	if err != nil {
		return nil, err
	}
	claims, err := p.tokens.Introspect(ctx, client, text(in.Token))
	if err != nil {
		return nil, err
	}
	return identityapi.IntrospectToken200JSONResponse{Body: toIntrospection(p.issuer, claims)}, nil
}
