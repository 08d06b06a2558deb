package providers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"

	"golang.org/x/oauth2"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/egress"
)

// oauth is a provider with an authorization code (RFC 6749), PKCE (RFC 7636) and an address that says whose the access token is.
type oauth struct {
	provider domain.Provider
	config   oauth2.Config
	client   *egress.Client
	userURL  string
	account  func(body []byte) (domain.ExternalAccount, error)
}

func (o *oauth) about() domain.Provider { return o.provider }

func (o *oauth) begin(_ context.Context, callback string, state domain.Secret, proof domain.FlowProof) (string, error) {
	return authorizeURL(o.config, callback, state, proof), nil
}

func (o *oauth) finish(ctx context.Context, callback string, answer url.Values, _ domain.Secret, proof domain.FlowProof) (domain.ExternalAccount, error) {
	token, err := exchange(ctx, o.client, o.config, callback, answer, proof)
	if err != nil {
		return domain.ExternalAccount{}, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, o.userURL, http.NoBody)
	if err != nil {
		return domain.ExternalAccount{}, err
	}
	r.Header.Set("Authorization", "Bearer "+token.AccessToken)
	r.Header.Set("Accept", "application/json")
	said, err := o.client.Do(r)
	switch {
	case err != nil:
		return domain.ExternalAccount{}, err
	case said.Status != http.StatusOK:
		return domain.ExternalAccount{}, failedWith(said.Status)
	}
	return o.account(said.Body)
}

func authorizeURL(c oauth2.Config, callback string, state domain.Secret, proof domain.FlowProof, more ...oauth2.AuthCodeOption) string {
	c.RedirectURL = callback
	return c.AuthCodeURL(string(state), append(more, oauth2.S256ChallengeOption(string(proof.Verifier)))...)
}

// exchange redeems the code with which a browser came back.
func exchange(ctx context.Context, client *egress.Client, c oauth2.Config, callback string, answer url.Values, proof domain.FlowProof) (*oauth2.Token, error) {
	switch {
	case answer.Get("error") == "access_denied":
		return nil, domain.ErrAccessDenied
	case answer.Get("error") == "temporarily_unavailable":
		return nil, domain.ErrProviderUnavailable
	case answer.Has("error") || answer.Get("code") == "":
		return nil, domain.ErrIdentityNotProven
	}
	c.RedirectURL = callback
	token, err := c.Exchange(context.WithValue(ctx, oauth2.HTTPClient, client.HTTP()), answer.Get("code"), oauth2.VerifierOption(string(proof.Verifier)))
	var refused *oauth2.RetrieveError
	var unreached *url.Error
	switch {
	case err == nil:
		return token, nil
	case errors.As(err, &refused) && refused.ErrorCode == "":
		return nil, failedWith(refused.Response.StatusCode)
	case errors.As(err, &refused):
		return nil, refusal(refused.ErrorCode)
	case errors.As(err, &unreached):
		return nil, unreached.Err // the address is of no use in a log
	}
	return nil, domain.ErrProviderAnswer.Wrap(err)
}

// refusal is the error for a code of RFC 6749, section 5.2, or GitHub's. What is wrong with our own credentials is not the user's doing. A code that
// is not known is not quoted: it can be anything that was sent.
func refusal(code string) error {
	switch code {
	case "invalid_client", "unauthorized_client", "unsupported_grant_type", "invalid_scope", "incorrect_client_credentials", "redirect_uri_mismatch":
		return domain.ErrProviderAnswer.Wrap(fmt.Errorf("it refused us: %q", code))
	case "invalid_grant", "invalid_request", "bad_verification_code", "unverified_user_email":
		return domain.ErrIdentityNotProven.Wrap(fmt.Errorf("it refused the code: %q", code))
	}
	return domain.ErrIdentityNotProven.Wrap(errors.New("it refused the code for a reason that is not known"))
}

var snowflake = regexp.MustCompile(`^[1-9][0-9]{0,19}$`)

func discord(c Config, client *egress.Client) *oauth {
	return &oauth{
		provider: domain.Provider{ID: string(domain.ProviderDiscord), Name: "Discord", Kind: domain.ProviderDiscord},
		config: oauth2.Config{
			ClientID: c.DiscordID, ClientSecret: c.DiscordSecret, Scopes: []string{"identify"},
			Endpoint: oauth2.Endpoint{AuthURL: c.DiscordURL + "/oauth2/authorize", TokenURL: c.DiscordURL + "/api/oauth2/token", AuthStyle: oauth2.AuthStyleInParams},
		},
		client: client, userURL: c.DiscordURL + "/api/v10/users/@me",
		account: func(body []byte) (domain.ExternalAccount, error) {
			var user struct {
				ID       string `json:"id"`
				Username string `json:"username"`
			}
			if err := json.Unmarshal(body, &user); err != nil || !snowflake.MatchString(user.ID) {
				return domain.ExternalAccount{}, domain.ErrProviderAnswer
			}
			return domain.NewExternalAccount(user.ID, user.Username)
		},
	}
}

// gitHub asks for no scope: the id of an account is public. Its login may pass to another person, the id does not.
func gitHub(c Config, client *egress.Client) *oauth {
	return &oauth{
		provider: domain.Provider{ID: string(domain.ProviderGitHub), Name: "GitHub", Kind: domain.ProviderGitHub},
		config: oauth2.Config{
			ClientID: c.GitHubID, ClientSecret: c.GitHubSecret,
			Endpoint: oauth2.Endpoint{AuthURL: c.GitHubURL + "/login/oauth/authorize", TokenURL: c.GitHubURL + "/login/oauth/access_token", AuthStyle: oauth2.AuthStyleInParams},
		},
		client: client, userURL: c.GitHubAPIURL + "/user",
		account: func(body []byte) (domain.ExternalAccount, error) {
			var user struct {
				ID    int64  `json:"id"`
				Login string `json:"login"`
			}
			if err := json.Unmarshal(body, &user); err != nil || user.ID <= 0 {
				return domain.ExternalAccount{}, domain.ErrProviderAnswer
			}
			return domain.NewExternalAccount(strconv.FormatInt(user.ID, 10), user.Login)
		},
	}
}
