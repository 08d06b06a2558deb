package standins

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const openIDNamespace = "http://specs.openid.net/auth/2.0"

// steamOpenID is a provider of OpenID Authentication 2.0 as Steam is one: no discovery, no associations, every assertion is checked by
// check_authentication (section 11.4.2), once.
type steamOpenID struct {
	base   string
	key    []byte
	nonces table[struct{}]
}

func newSteamOpenID(base string) *steamOpenID {
	return &steamOpenID{base: base, key: []byte(rand.Text())}
}

func (s *steamOpenID) routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /steam/openid/login", func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("openid.mode") != "checkid_setup" || r.FormValue("openid.ns") != openIDNamespace ||
			!strings.HasPrefix(r.FormValue("openid.return_to"), r.FormValue("openid.realm")) || r.FormValue("openid.realm") == "" {
			http.Error(w, "not a request of OpenID 2.0", http.StatusBadRequest)
			return
		}
		choose(w, "Steam", SteamAccounts)
	})
	mux.HandleFunc("POST /steam/openid/login", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("openid.mode") == "checkid_setup" {
			s.assert(w, r)
			return
		}
		s.check(w, r)
	})
}

// assert answers the browser with a signed assertion (section 10.1).
func (s *steamOpenID) assert(w http.ResponseWriter, r *http.Request) {
	returnTo := r.URL.Query().Get("openid.return_to")
	account, ok := chosen(r)
	if !ok {
		back(w, r, returnTo, url.Values{"openid.ns": {openIDNamespace}, "openid.mode": {"cancel"}})
		return
	}
	id := s.base + "/id/" + account
	nonce := time.Now().UTC().Format(time.RFC3339) + s.nonces.put(struct{}{})
	fields := url.Values{
		"openid.ns": {openIDNamespace}, "openid.mode": {"id_res"}, "openid.op_endpoint": {s.base + "/login"}, "openid.claimed_id": {id},
		"openid.identity": {id}, "openid.return_to": {returnTo}, "openid.response_nonce": {nonce}, "openid.assoc_handle": {"1234567890"},
		"openid.signed": {"signed,op_endpoint,claimed_id,identity,return_to,response_nonce,assoc_handle"},
	}
	fields.Set("openid.sig", s.sign(fields))
	back(w, r, returnTo, fields)
}

func (s *steamOpenID) sign(fields url.Values) string {
	mac := hmac.New(sha256.New, s.key)
	for name := range strings.SplitSeq(fields.Get("openid.signed"), ",") {
		fmt.Fprintf(mac, "%s:%s\n", name, fields.Get("openid."+name))
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// check answers a service whether an assertion is ours and is asked about for the first time.
func (s *steamOpenID) check(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil || r.PostForm.Get("openid.mode") != "check_authentication" {
		http.Error(w, "not a request of OpenID 2.0", http.StatusBadRequest)
		return
	}
	signed := r.PostForm
	signed.Set("openid.mode", "id_res")
	nonce := signed.Get("openid.response_nonce")
	valid := hmac.Equal([]byte(s.sign(signed)), []byte(signed.Get("openid.sig")))
	if valid { // so the nonce is one of ours
		_, valid = s.nonces.take(nonce[strings.IndexByte(nonce, 'Z')+1:])
	}
	_, _ = fmt.Fprintf(w, "ns:%s\nis_valid:%t\n", openIDNamespace, valid) // only the connection can fail
}
