package accessclient

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/libs/accessclient"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

var _ ports.Reaches = (*Access)(nil)

// Reach asks where the caller holds permissions, in one call.
func (a *Access) Reach(ctx context.Context, asks []domain.Ask) ([]domain.Reach, error) {
	questions := make([]accessclient.ScopeQuestion, len(asks))
	for i, ask := range asks {
		questions[i] = accessclient.ScopeQuestion{Permission: string(ask.Permission), Visibility: string(ask.Visibility)}
	}
	answers, err := a.client.AllowedScopes(ctx, questions)
	if err != nil {
		return nil, err
	}
	reaches := make([]domain.Reach, len(answers))
	for i, answer := range answers {
		reaches[i] = domain.Reach{
			Everywhere: answer.Everywhere, Tenant: answer.Tenant, Communities: toIDs(answer.Communities), Teams: toIDs(answer.Teams),
		}
	}
	return reaches, nil
}

// toIDs reads the ids of scopes. Access keeps any text as one; what is no id of ours is no place of ours.
func toIDs(texts []string) []uuid.UUID {
	ids := make([]uuid.UUID, 0, len(texts))
	for _, text := range texts {
		if id, err := uuid.Parse(text); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}
