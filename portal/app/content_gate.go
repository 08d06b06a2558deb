package app

import (
	"context"

	"go.updspace.com/portal/domain"
)

// ask lets in those of whom Access says yes to a question.
func (g gate) ask(ctx context.Context, ask domain.Ask) error {
	allowed, err := g.access.Allowed(ctx, ask)
	if err == nil && !allowed {
		err = refused(ask.Permission)
	}
	return err
}
