package providers

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/egress"
)

const openIDNamespace = "http://specs.openid.net/auth/2.0"

// steam is Steam's provider of OpenID Authentication 2.0. What the browser brings proves nothing, whatever is signed in it: Steam itself is
// asked about each assertion (section 11.4.2), so that there are no associations and no discovery.
type steam struct {
	base   string // of the provider; the endpoint is base/login, an account base/id/<SteamID64>
	realm  string
	client *egress.Client
	now    func() time.Time
}

func (steam) about() domain.Provider {
	return domain.Provider{ID: string(domain.ProviderSteam), Name: "Steam", Kind: domain.ProviderSteam}
}

func (s steam) endpoint() string { return s.base + "/login" }

// returnTo has the state in it, which Steam signs with it.
func returnTo(callback string, state domain.Secret) string {
	return callback + "?" + url.Values{"state": {string(state)}}.Encode()
}

func (s steam) begin(_ context.Context, callback string, state domain.Secret, _ domain.FlowProof) (string, error) {
	const anyAccount = openIDNamespace + "/identifier_select"
	return s.endpoint() + "?" + url.Values{
		"openid.ns": {openIDNamespace}, "openid.mode": {"checkid_setup"}, "openid.realm": {s.realm}, "openid.return_to": {returnTo(callback, state)},
		"openid.claimed_id": {anyAccount}, "openid.identity": {anyAccount},
	}.Encode(), nil
}

// mustBeSigned is what an assertion says about an account and for whom (section 10.1).
var mustBeSigned = []string{"op_endpoint", "claimed_id", "identity", "return_to", "response_nonce", "assoc_handle"}

func (s steam) finish(ctx context.Context, callback string, answer url.Values, state domain.Secret, _ domain.FlowProof) (domain.ExternalAccount, error) {
	get := func(name string) string { return answer.Get("openid." + name) }
	if get("mode") == "cancel" {
		return domain.ExternalAccount{}, domain.ErrAccessDenied
	}
	id, ok := strings.CutPrefix(get("claimed_id"), s.base+"/id/")
	signed := strings.Split(get("signed"), ",")
	for _, name := range mustBeSigned {
		ok = ok && slices.Contains(signed, name)
	}
	if !ok || get("ns") != openIDNamespace || get("mode") != "id_res" || get("op_endpoint") != s.endpoint() || get("identity") != get("claimed_id") ||
		get("return_to") != returnTo(callback, state) || !steamID(id) || !s.recent(get("response_nonce")) {
		return domain.ExternalAccount{}, domain.ErrIdentityNotProven
	}
	if err := s.check(ctx, answer); err != nil {
		return domain.ExternalAccount{}, err
	}
	return domain.NewExternalAccount(id, "")
}

// steamID reports whether an id is the SteamID64 of a person: of the public universe, an individual account, its one instance.
func steamID(id string) bool {
	n, err := strconv.ParseUint(id, 10, 64)
	return err == nil && strconv.FormatUint(n, 10) == id && n>>32 == 0x01100001 && uint32(n) != 0
}

// nonceAge is how far the clocks may differ, and how long a person may look at Steam's page after it has answered.
const nonceAge = 5 * time.Minute

// recent reports whether a nonce begins with a time near now (section 10.1). Nonces need not be remembered: the return_to beside it is signed
// and has a state that can be used once.
func (s steam) recent(nonce string) bool {
	const size = len("2006-01-02T15:04:05Z")
	if len(nonce) < size || len(nonce) > 255 {
		return false
	}
	at, err := time.Parse(time.RFC3339, nonce[:size])
	return err == nil && s.now().Sub(at).Abs() <= nonceAge
}

// check asks Steam whether an assertion is its own.
func (s steam) check(ctx context.Context, answer url.Values) error {
	ask := url.Values{}
	for name, values := range answer {
		if strings.HasPrefix(name, "openid.") {
			ask[name] = values
		}
	}
	ask.Set("openid.mode", "check_authentication")
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.endpoint(), strings.NewReader(ask.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	said, err := s.client.Do(r)
	switch {
	case err != nil:
		return err
	case said.Status != http.StatusOK:
		return failedWith(said.Status)
	}
	lines := strings.Split(string(said.Body), "\n") // key-value form, section 4.1.1
	switch {
	case !slices.Contains(lines, "ns:"+openIDNamespace):
		return domain.ErrProviderAnswer.Wrap(fmt.Errorf("the answer is not one of OpenID 2.0"))
	case !slices.Contains(lines, "is_valid:true") || slices.Contains(lines, "is_valid:false"):
		return domain.ErrIdentityNotProven
	}
	return nil
}

// failedWith is the error of an answer that is none.
func failedWith(status int) error {
	err := fmt.Errorf("it answered %d", status)
	if status >= http.StatusInternalServerError || status == http.StatusTooManyRequests {
		return domain.ErrProviderUnavailable.Wrap(err)
	}
	return domain.ErrProviderAnswer.Wrap(err)
}
