package accessclient

import (
	"context"

	"go.updspace.com/api/accessapi"
)

// MaxScopeQuestions is how many questions about scopes one call may hold.
const MaxScopeQuestions = 16

// ScopeQuestion asks in which scopes the subject may do something.
type ScopeQuestion struct {
	Permission string
	Visibility string // of the resources: public, community, team, private; empty is public
}

// AllowedScopes is where a Check would be allowed, about resources that the
// subject does not own: a list is filtered by it in SQL instead of row by row.
type AllowedScopes struct {
	Everywhere  bool     // in the tenant, in every community and team; the rest is empty then
	Tenant      bool     // in the TENANT scope
	Communities []string // in these and all their teams
	Teams       []string // in these besides
}

// Nowhere reports whether no scope is allowed.
func (a AllowedScopes) Nowhere() bool {
	return !a.Everywhere && !a.Tenant && len(a.Communities) == 0 && len(a.Teams) == 0
}

// AllowedScopes answers up to MaxScopeQuestions questions in one call, in their order.
func (c *Client) AllowedScopes(ctx context.Context, questions []ScopeQuestion) ([]AllowedScopes, error) {
	if len(questions) == 0 {
		return nil, nil
	}
	body := accessapi.ScopeQuestions{Questions: make([]accessapi.ScopeQuestion, len(questions))}
	for i, q := range questions {
		body.Questions[i].Permission = q.Permission
		if q.Visibility != "" {
			v := accessapi.Visibility(q.Visibility)
			body.Questions[i].ResourceVisibility = &v
		}
	}
	resp, err := ask(ctx, c, "asking for allowed scopes", func(ctx context.Context) (*accessapi.ListAllowedScopesResponse, error) {
		return c.api.ListAllowedScopesWithResponse(ctx, body)
	})
	if err != nil {
		return nil, err
	}
	if resp.JSON200 == nil || len(resp.JSON200.Answers) != len(questions) {
		return nil, unexpected("allowed scopes", resp.StatusCode())
	}
	answers := make([]AllowedScopes, len(questions))
	for i, a := range resp.JSON200.Answers {
		answers[i] = AllowedScopes{Everywhere: a.Everywhere, Tenant: a.Tenant, Communities: a.Communities, Teams: a.Teams}
	}
	return answers, nil
}
