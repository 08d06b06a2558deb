package app

import (
	"context"
	"slices"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/valid"
	"go.updspace.com/portal/content/domain"
	"go.updspace.com/portal/content/ports"
)

// Preview returns the HTML that a body would have, to callers who may write a post somewhere.
func (s Posts) Preview(ctx context.Context, by authz.Actor, body string) (string, error) {
	queries := domain.WriteQueries()
	allowed, err := s.Access.AllowedScopes(ctx, queries)
	if err != nil {
		return "", err
	}
	if !slices.ContainsFunc(allowed, func(a authz.AllowedScopes) bool { return !a.None() }) {
		return "", authz.Denied(queries[0].Permission, queries[1].Permission, queries[2].Permission, queries[3].Permission)
	}
	if err := s.Quota.Take(ctx, ports.RulePreviews, by.User); err != nil {
		return "", err
	}
	fields := errs.Fields{}
	body = valid.Text(fields, "body", body, 0, domain.MaxPostBody)
	if err := fields.Err(); err != nil || body == "" {
		return "", err
	}
	rendered, err := s.Markdown.Render(body)
	return rendered.HTML, err
}
