package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/page"
)

// Nominations are the use cases around nominations.
type Nominations struct{ Deps }

// Create proposes a member for an achievement.
func (s *Nominations) Create(ctx context.Context, by authz.Actor, achievement uuid.UUID, draft domain.NominationDraft) (domain.Nomination, error) {
	view, _, err := s.load(ctx, by, achievement)
	if err != nil {
		return domain.Nomination{}, err
	}
	input := struct {
		Achievement uuid.UUID
		Draft       domain.NominationDraft
	}{achievement, draft}
	return idempotency.Once(ctx, s.Once, "createNomination", input, func(ctx context.Context) (nomination domain.Nomination, err error) {
		var standing domain.NominationStanding
		if standing.Member, err = s.Members.IsActive(ctx, draft.Nominee); err != nil {
			return nomination, err
		}
		if standing.Holds, err = s.Grants.Holds(ctx, achievement, draft.Nominee); err != nil {
			return nomination, err
		}
		if standing.Open, err = s.Nominations.CountOpen(ctx, by.User); err != nil {
			return nomination, err
		}
		if nomination, err = domain.NewNomination(view.Achievement, by, draft, standing, s.Clock.Now()); err != nil {
			return nomination, err
		}
		if err := s.Nominations.Add(ctx, nomination); err != nil {
			return nomination, err
		}
		return nomination, s.Audit.Write(ctx, nominationEntry(nomination))
	}, domain.Nomination.ID, s.Nominations.Find)
}

// decide locks the nominee, the achievement and the nomination, which the caller may decide, in this order, and stores what fn makes of it.
func (s *Nominations) decide(
	ctx context.Context, by authz.Actor, id uuid.UUID, grants bool,
	fn func(ctx context.Context, a domain.Achievement, n domain.Nomination) (domain.Nomination, error),
) (decided domain.Nomination, err error) {
	nomination, err := s.Nominations.Find(ctx, id)
	if err != nil {
		return nomination, err
	}
	achievement := nomination.Data().AchievementID
	view, held, err := s.loadOf(ctx, by, achievement, domain.ErrNominationNotFound)
	switch {
	case err != nil:
		return domain.Nomination{}, err
	case !held.Assign || nomination.Data().NomineeID == by.User:
		return domain.Nomination{}, authz.Denied(domain.PermissionAssign)
	}
	if grants {
		if err := s.requireGiving(ctx, achievement, view.Data().Scope); err != nil {
			return domain.Nomination{}, err
		}
	}
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		if err := s.lockPersons(ctx, nomination.Data().NomineeID); err != nil {
			return err
		}
		locked, err := s.Achievements.Lock(ctx, achievement)
		if err != nil {
			return err
		}
		if nomination, err = s.Nominations.Lock(ctx, id); err != nil {
			return err
		}
		if err := nomination.RequireOpen(); err != nil {
			return err
		}
		if decided, err = fn(ctx, locked, nomination); err != nil {
			return err
		}
		if err := s.Nominations.Update(ctx, decided); err != nil {
			return err
		}
		return s.Audit.Write(ctx, nominationEntry(decided))
	})
	return decided, err
}

// Withdraw removes an open nomination that the caller has made. One of another member does not exist for the caller.
func (s *Nominations) Withdraw(ctx context.Context, by authz.Actor, id uuid.UUID) error {
	if err := s.require(ctx, by, domain.PermissionRead); err != nil {
		return err
	}
	return s.Tx.Do(ctx, func(ctx context.Context) error {
		nomination, err := s.Nominations.Lock(ctx, id)
		switch {
		case err != nil:
			return err
		case nomination.Data().NominatorID != by.User:
			return domain.ErrNominationNotFound
		}
		if err := nomination.RequireOpen(); err != nil {
			return err
		}
		if err := s.Nominations.Delete(ctx, id); err != nil {
			return err
		}
		entry := nominationEntry(nomination)
		entry.Action = "nomination.withdrawn"
		return s.Audit.Write(ctx, entry)
	})
}

// Approve grants the achievement to the nominee. A nominee who has it, and can have only one, keeps that grant.
func (s *Nominations) Approve(ctx context.Context, by authz.Actor, id uuid.UUID, reason string, visibility domain.GrantVisibility) (domain.Nomination, error) {
	return s.decide(ctx, by, id, true, func(ctx context.Context, a domain.Achievement, n domain.Nomination) (domain.Nomination, error) {
		grants := Grants{s.Deps}
		grant, _, err := grants.grant(ctx, by, a, domain.GrantDraft{Recipient: n.Data().NomineeID, Reason: reason, Visibility: visibility})
		if err != nil {
			return n, err
		}
		return n.Approve(by, grant.ID(), s.Clock.Now())
	})
}

// Decline turns a nomination down.
func (s *Nominations) Decline(ctx context.Context, by authz.Actor, id uuid.UUID, reason string) (domain.Nomination, error) {
	return s.decide(ctx, by, id, false, func(_ context.Context, _ domain.Achievement, n domain.Nomination) (domain.Nomination, error) {
		return n.Decline(by, reason, s.Clock.Now())
	})
}

// ListMine returns a page of the nominations that the caller has made.
func (s *Nominations) ListMine(ctx context.Context, by authz.Actor, p page.Request) (page.Page[domain.Nomination], error) {
	if err := s.require(ctx, by, domain.PermissionRead); err != nil {
		return page.Page[domain.Nomination]{}, err
	}
	return s.page(ctx, ports.NominationFilter{Nominator: by.User}, p)
}

// List returns a page of the nominations that the caller can decide.
func (s *Nominations) List(ctx context.Context, by authz.Actor, status domain.NominationStatus, p page.Request) (page.Page[domain.Nomination], error) {
	none := page.Page[domain.Nomination]{}
	audiences, err := s.Achievements.Audiences(ctx, ports.AchievementFilter{})
	if err != nil {
		return none, err
	}
	viewer, err := authz.RequireViewer(ctx, s.Access, by, authz.ViewerQuery{
		Read: domain.PermissionAssign, Scope: authz.TenantScope(by.Tenant), Audiences: audiences,
	})
	if err != nil {
		return none, err
	}
	return s.page(ctx, ports.NominationFilter{Status: status, Scopes: viewer.Holds[domain.PermissionAssign]}, p)
}

func (s *Nominations) page(ctx context.Context, filter ports.NominationFilter, p page.Request) (page.Page[domain.Nomination], error) {
	var before uuid.UUID
	if _, err := page.Decode("nominations", p.Cursor, &before); err != nil {
		return page.Page[domain.Nomination]{}, err
	}
	return page.Fetch(p.Limit, func(limit int) ([]domain.Nomination, error) { return s.Nominations.Page(ctx, filter, before, limit) },
		func(last domain.Nomination) string { return page.Encode("nominations", last.ID()) })
}
