package standins

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
)

// request is what an application asks for at an authorization endpoint (RFC 6749 section 4.1.1, RFC 7636 section 4.3).
type request struct{ account, redirectURI, challenge, nonce string }

// oauth is the half of an OAuth 2.0 server that all stand-ins share.
type oauth struct {
	system   string
	accounts []Account
	codes    table[request]
	tokens   table[string] // the account of an access token
}

func (o *oauth) page(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("client_id") != ClientID || q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" {
		http.Error(w, "not an authorization request of "+ClientID, http.StatusBadRequest)
		return
	}
	choose(w, o.system, o.accounts)
}

func (o *oauth) answer(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	account, ok := chosen(r)
	if !ok {
		back(w, r, q.Get("redirect_uri"), url.Values{"error": {"access_denied"}, "state": q["state"]})
		return
	}
	code := o.codes.put(request{account, q.Get("redirect_uri"), q.Get("code_challenge"), q.Get("nonce")})
	back(w, r, q.Get("redirect_uri"), url.Values{"code": {code}, "state": q["state"]})
}

// redeem reads a token request (RFC 6749 section 4.1.3) and uses its code up. Errors have status, which GitHub does not use.
func (o *oauth) redeem(w http.ResponseWriter, r *http.Request, status int) (asked request, token string, ok bool) {
	id, secret, basic := r.BasicAuth()
	if !basic {
		id, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	if id != ClientID || secret != ClientSecret {
		writeJSON(w, status, map[string]string{"error": "invalid_client"})
		return request{}, "", false
	}
	asked, known := o.codes.take(r.PostFormValue("code"))
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if !known || asked.redirectURI != r.PostFormValue("redirect_uri") || asked.challenge != base64.RawURLEncoding.EncodeToString(sum[:]) {
		writeJSON(w, status, map[string]string{"error": "invalid_grant", "error_description": "The code is not valid."})
		return request{}, "", false
	}
	return asked, o.tokens.put(asked.account), true
}

// bearer is the account of the access token of a request.
func (o *oauth) bearer(w http.ResponseWriter, r *http.Request) (account string, ok bool) {
	const scheme = "Bearer "
	header := r.Header.Get("Authorization")
	if len(header) > len(scheme) {
		account, ok = o.tokens.get(header[len(scheme):])
	}
	if !ok {
		writeJSON(w, http.StatusUnauthorized, map[string]string{"message": "401: Unauthorized"})
	}
	return account, ok
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // only the connection can fail
}
