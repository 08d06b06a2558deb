package app

import (
	"context"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/page"
)

// Audit is the use case of the audit log.
type Audit struct{ Deps }

// List returns a page of the audit log of the tenant.
func (s *Audit) List(ctx context.Context, by authz.Actor, filter audit.Filter, p page.Request) (page.Page[audit.Entry], error) {
	if err := s.require(ctx, by, domain.PermissionEdit); err != nil {
		return page.Page[audit.Entry]{}, err
	}
	return s.Deps.Audit.List(ctx, filter, p)
}

func categoryEntry(action string, c domain.Category) audit.Entry {
	d := c.Data()
	return audit.Entry{
		Action: action, TargetType: "category", TargetID: d.Slug,
		Metadata: map[string]any{"names": d.Names, "active": d.Active, "order": d.Order, "version": d.Version},
	}
}

func achievementEntry(action string, a domain.Achievement) audit.Entry {
	d := a.Data()
	return audit.Entry{
		Action: action, TargetType: "achievement", TargetID: d.ID.String(),
		Metadata: map[string]any{"names": d.Names, "status": string(d.Status), "version": d.Version},
	}
}

func grantEntry(action string, g domain.Grant) audit.Entry {
	d := g.Data()
	return audit.Entry{
		Action: action, TargetType: "grant", TargetID: d.ID.String(), About: d.RecipientID,
		Metadata: map[string]any{"achievement_id": d.AchievementID.String(), "user_id": d.RecipientID.String(), "visibility": string(d.Visibility)},
	}
}

func nominationEntry(n domain.Nomination) audit.Entry {
	d := n.Data()
	return audit.Entry{
		Action: "nomination." + string(d.Status), TargetType: "nomination", TargetID: d.ID.String(), About: d.NomineeID, Reason: d.DecisionReason,
		Metadata: map[string]any{"achievement_id": d.AchievementID.String(), "user_id": d.NomineeID.String()},
	}
}
