// Package accessclient asks the access service about the caller of the request context.
package accessclient

import (
	"context"
	"slices"

	"go.updspace.com/libs/accessclient"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// Access is ports.Access.
type Access struct {
	client *accessclient.Client
}

var _ ports.Access = (*Access)(nil)

// New asks through client.
func New(client *accessclient.Client) *Access { return &Access{client: client} }

// Allowed asks one question.
func (a *Access) Allowed(ctx context.Context, ask domain.Ask) (bool, error) {
	decision, err := a.client.Check(ctx, toQuestion(ask))
	return decision.Allowed, err
}

// AllowedEach asks in batches of the size that access takes. The same question is asked once, however often it occurs.
func (a *Access) AllowedEach(ctx context.Context, asks []domain.Ask) ([]bool, error) {
	var questions []accessclient.Question
	position := make(map[domain.Ask]int, len(asks))
	for _, ask := range asks {
		if _, known := position[ask]; !known {
			position[ask] = len(questions)
			questions = append(questions, toQuestion(ask))
		}
	}
	decisions := make([]accessclient.Decision, 0, len(questions))
	for batch := range slices.Chunk(questions, accessclient.MaxBatch) {
		answers, err := a.client.CheckBatch(ctx, batch)
		if err != nil {
			return nil, err
		}
		decisions = append(decisions, answers...)
	}
	allowed := make([]bool, len(asks))
	for i, ask := range asks {
		allowed[i] = decisions[position[ask]].Allowed
	}
	return allowed, nil
}

func toQuestion(ask domain.Ask) accessclient.Question {
	return accessclient.Question{
		Permission: string(ask.Permission),
		Scope:      accessclient.Scope{Type: string(ask.Scope.Type), ID: ask.Scope.ID.String()},
		Visibility: string(ask.Visibility), OwnerID: ask.Owner,
	}
}
