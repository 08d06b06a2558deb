package httpapi

import (
	"context"
	"errors"
	"math"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/httpx"
)

// forms answers requests of standard OAuth clients, which send forms and expect the errors of RFC 6749 section 5.2. Requests
// with a JSON body at the same addresses go on to next.
func (s server) forms(next http.Handler) http.Handler {
	answers := map[string]http.Handler{}
	for path, f := range map[string]struct {
		operation string
		answer    func(ctx context.Context, form url.Values) (any, error)
	}{
		app.PathToken: {"issueToken", s.tokenForm}, "/oauth/revoke": {"revokeToken", s.revokeForm}, "/oauth/introspect": {"introspectToken", s.introspectForm},
	} {
		answers[path] = s.gate.Read(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			httpx.SetOperation(r.Context(), f.operation)
			w.Header().Set("Cache-Control", "no-store")
			w.Header().Set("Pragma", "no-cache")
			form, err := readForm(w, r)
			var answer any
			if err == nil {
				answer, err = f.answer(r.Context(), form)
			}
			if err != nil {
				writeOAuthError(w, r, err)
				return
			}
			httpx.WriteJSON(w, http.StatusOK, answer)
		}))
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == pathUserinfo && r.Method == http.MethodPost && isForm(r) {
			s.userinfoForm(w, r, next)
			return
		}
		answer, ok := answers[r.URL.Path]
		kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if !ok || r.Method != http.MethodPost || kind == "application/json" {
			next.ServeHTTP(w, r)
			return
		}
		answer.ServeHTTP(w, r)
	})
}

// isForm reports whether the body is a form.
func isForm(r *http.Request) bool {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return kind == "application/x-www-form-urlencoded"
}

// userinfoForm takes the access token out of a form (RFC 6750 section 2.2): the request goes on with it in its header. Two tokens
// are refused.
func (s server) userinfoForm(w http.ResponseWriter, r *http.Request, next http.Handler) {
	form, err := readForm(w, r)
	token := form.Get("access_token")
	if err == nil && token != "" && r.Header.Get("Authorization") != "" {
		err = domain.ErrOAuthRequest.WithMessage("The access token must be sent in one way only.")
	}
	if err != nil {
		httpx.SetOperation(r.Context(), "postUserinfo")
		w.Header().Set("Cache-Control", "no-store")
		httpx.WriteError(w, r, err)
		return
	}
	r = r.Clone(r.Context())
	r.Body, r.ContentLength, r.PostForm, r.Form = http.NoBody, 0, nil, nil
	r.Header.Del("Content-Type")
	r.Header.Del("Content-Length")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	next.ServeHTTP(w, r)
}

var errMediaType = errs.New(errs.Unsupported, "INVALID_REQUEST", "The body must be a form or JSON.")

// readForm reads the body alone: a secret or a code in an address would end up in logs, so parameters there do not count.
func readForm(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "" && kind != "application/x-www-form-urlencoded" {
		return nil, errMediaType
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		return nil, domain.ErrOAuthRequest.WithMessage("The form cannot be read, or is too large.").Wrap(err)
	}
	for _, values := range r.PostForm {
		if len(values) > 1 {
			return nil, domain.ErrOAuthRequest.WithMessage("A parameter is repeated.")
		}
	}
	return r.PostForm, nil
}

func (s server) tokenForm(ctx context.Context, form url.Values) (any, error) {
	if form.Get("grant_type") == "" {
		return nil, domain.ErrOAuthRequest.WithMessage("grant_type is required.")
	}
	if form.Get("grant_type") == domain.GrantCode && form.Has("client_id") && form.Get("redirect_uri") == "" {
		return nil, domain.ErrOAuthRequest.WithMessage("redirect_uri is required.")
	}
	get := func(name string) *string { return new(form.Get(name)) }
	return s.token(ctx, identityapi.TokenRequest{
		GrantType: get("grant_type"), Code: get("code"), RedirectURI: get("redirect_uri"), CodeVerifier: get("code_verifier"),
		RefreshToken: get("refresh_token"), Scope: get("scope"), ClientID: get("client_id"), ClientSecret: get("client_secret"),
		ClientAssertionType: get("client_assertion_type"), ClientAssertion: get("client_assertion"),
	})
}

func (s server) revokeForm(ctx context.Context, form url.Values) (any, error) {
	return s.revoke(ctx, question(form))
}

func (s server) introspectForm(ctx context.Context, form url.Values) (any, error) {
	return s.introspect(ctx, question(form))
}

func question(form url.Values) identityapi.TokenQuestion {
	return identityapi.TokenQuestion{
		Token: new(form.Get("token")), ClientID: new(form.Get("client_id")), ClientSecret: new(form.Get("client_secret")),
		ClientAssertionType: new(form.Get("client_assertion_type")), ClientAssertion: new(form.Get("client_assertion")),
	}
}

const challenge = `Basic realm="oauth", charset="UTF-8"`

// writeOAuthError answers with an error of RFC 6749. The message is for people; the cause goes to the log only.
func writeOAuthError(w http.ResponseWriter, r *http.Request, err error) {
	name := app.OAuthError(err)
	public := httpx.Public(err)
	status := http.StatusBadRequest
	switch {
	case name == "invalid_client":
		status = http.StatusUnauthorized
		w.Header().Set("WWW-Authenticate", challenge)
	case name == "server_error", name == "temporarily_unavailable", errors.Is(err, errMediaType), public.Kind == errs.RateLimited:
		status = httpx.Status(public.Kind)
	}
	if public.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(public.RetryAfter.Seconds()))))
	}
	httpx.RecordError(r.Context(), err)
	httpx.WriteJSON(w, status, identityapi.OAuthError{Error: name, ErrorDescription: new(strings.NewReplacer(`"`, "'", `\`, "/").Replace(public.Message))})
}
