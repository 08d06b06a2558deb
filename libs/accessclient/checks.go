package accessclient

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/api/accessapi"
	"go.updspace.com/api/commonapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/httpx"
)

// maxBatch is how many checks access accepts in one call.
const maxBatch = 100

// Check implements authz.Checker.
func (c *Client) Check(ctx context.Context, check authz.Check) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, c.budget)
	defer cancel()
	allowed, err := c.checkBatch(ctx, []authz.Check{check})
	return err == nil && allowed[0], err
}

// decision reports whether a check is allowed, and leaves the reason of a denial for the access log.
func decision(ctx context.Context, check authz.Check, d accessapi.Decision) bool {
	if !d.Allowed {
		httpx.RecordDenial(ctx, check, string(d.ReasonCode))
	}
	return d.Allowed
}

// CheckAll implements authz.Checker. Equal checks are sent once, in batches of maxBatch; all batches share one budget.
func (c *Client) CheckAll(ctx context.Context, checks []authz.Check) ([]bool, error) {
	ctx, cancel := context.WithTimeout(ctx, c.budget)
	defer cancel()
	var distinct []authz.Check
	position := make(map[authz.Check]int, len(checks))
	for _, check := range checks {
		if _, known := position[check]; !known {
			position[check] = len(distinct)
			distinct = append(distinct, check)
		}
	}
	decisions := make([]bool, 0, len(distinct))
	for batch := range slices.Chunk(distinct, maxBatch) {
		answers, err := c.checkBatch(ctx, batch)
		if err != nil {
			return nil, err
		}
		decisions = append(decisions, answers...)
	}
	allowed := make([]bool, len(checks))
	for i, check := range checks {
		allowed[i] = decisions[position[check]]
	}
	return allowed, nil
}

func (c *Client) checkBatch(ctx context.Context, checks []authz.Check) ([]bool, error) {
	decisions, err := c.ask(ctx, checks)
	if err != nil {
		return nil, err
	}
	allowed := make([]bool, len(checks))
	for i, d := range decisions {
		allowed[i] = decision(ctx, checks[i], d)
	}
	return allowed, nil
}

// Effective lists what the caller of the request context may do in a scope.
func (c *Client) Effective(ctx context.Context, scope authz.Scope) (authz.Effective, error) {
	id := toAPIScopeID(scope)
	resp, err := call(ctx, c, "listing effective permissions", func(ctx context.Context) (*accessapi.GetEffectivePermissionsResponse, error) {
		return c.api.GetEffectivePermissionsWithResponse(ctx, &accessapi.GetEffectivePermissionsParams{
			ScopeType: commonapi.ScopeType(scope.Type), ScopeID: &id,
		})
	})
	if err != nil {
		return authz.Effective{}, err
	}
	if resp.JSON200 == nil {
		return authz.Effective{}, unexpected("effective permissions", resp.StatusCode())
	}
	e := authz.Effective{Permissions: resp.JSON200.Permissions, Roles: make([]string, len(resp.JSON200.Roles))}
	for i, role := range resp.JSON200.Roles {
		e.Roles[i] = role.Service + ":" + role.Name
	}
	return e, nil
}

func toAPICheck(check authz.Check) accessapi.Check {
	out := accessapi.Check{
		Permission:         string(check.Permission),
		Scope:              accessapi.Scope{Type: commonapi.ScopeType(check.Scope.Type), ID: toAPIScopeID(check.Scope)},
		ResourceVisibility: toAPIVisibility(check.Visibility),
	}
	if check.Owner != uuid.Nil {
		out.ResourceOwnerID = &check.Owner
	}
	return out
}

// toAPIScopeID leaves the id of GLOBAL empty.
func toAPIScopeID(scope authz.Scope) string {
	if scope.Type == authz.ScopeGlobal {
		return ""
	}
	return scope.ID.String()
}

func toAPIVisibility(v authz.Visibility) *commonapi.Visibility {
	if v == "" {
		return nil
	}
	out := commonapi.Visibility(v)
	return &out
}
