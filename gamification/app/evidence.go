package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/rule"
	"go.updspace.com/libs/authz"
)

const maxEvidence = 100

// Evidence is what a grant by a rule was made for.
type Evidence struct {
	Facts []rule.Fact
	Total int // events, forgotten ones among them
}

// Evidence returns what a grant by a rule was made for: for its recipient, and for holders of PermissionViewPrivate.
func (s *Grants) Evidence(ctx context.Context, by authz.Actor, id uuid.UUID) (e Evidence, err error) {
	grant, err := s.Grants.Find(ctx, id)
	if err != nil {
		return e, err
	}
	if grant.Data().RecipientID != by.User {
		_, held, err := s.loadOf(ctx, by, grant.Data().AchievementID, domain.ErrGrantNotFound)
		switch {
		case err != nil:
			return e, err
		case !held.ViewPrivate && (grant.Data().Visibility == domain.GrantPrivate || grant.Ended()):
			return e, domain.ErrGrantNotFound
		case !held.ViewPrivate:
			return e, authz.Denied(domain.PermissionViewPrivate)
		}
	}
	e.Facts, e.Total, err = s.Rules.Evidence(ctx, id, maxEvidence)
	return e, err
}
