package accessclient

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/api/accessapi"
	"go.updspace.com/libs/authz"
)

// maxScopeQueries is how many queries access accepts in one call.
const maxScopeQueries = 16

// AllowedScopes implements authz.Checker.
func (c *Client) AllowedScopes(ctx context.Context, queries []authz.ScopeQuery) ([]authz.AllowedScopes, error) {
	ctx, cancel := context.WithTimeout(ctx, c.budget)
	defer cancel()
	answers := make([]authz.AllowedScopes, 0, len(queries))
	for batch := range slices.Chunk(queries, maxScopeQueries) {
		body := accessapi.ScopeQuestions{Questions: make([]accessapi.ScopeQuestion, len(batch))}
		for i, q := range batch {
			body.Questions[i] = accessapi.ScopeQuestion{Permission: string(q.Permission), ResourceVisibility: toAPIVisibility(q.Visibility)}
		}
		resp, err := call(ctx, c, "listing allowed scopes", func(ctx context.Context) (*accessapi.ListAllowedScopesResponse, error) {
			return c.api.ListAllowedScopesWithResponse(ctx, body)
		})
		if err != nil {
			return nil, err
		}
		if resp.JSON200 == nil || len(resp.JSON200.Answers) != len(batch) {
			return nil, unexpected("allowed scopes", resp.StatusCode())
		}
		for _, a := range resp.JSON200.Answers {
			answers = append(answers, authz.AllowedScopes{
				Everywhere: a.Everywhere, Tenant: a.Tenant, Communities: fromAPIScopeIDs(a.Communities), Teams: fromAPIScopeIDs(a.Teams),
			})
		}
	}
	return answers, nil
}

// fromAPIScopeIDs parses the ids of scopes. Access stores any text as an id; text that is no UUID names no community or
// team of this platform and is left out.
func fromAPIScopeIDs(texts []string) []uuid.UUID {
	ids := make([]uuid.UUID, 0, len(texts))
	for _, text := range texts {
		if id, err := uuid.Parse(text); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}
