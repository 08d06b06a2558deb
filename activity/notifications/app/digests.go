package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/activity/notifications/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/valid"
)

const (
	digestsAtOnce = 100 // of one read
	maxPending    = 200 // notifications that a digest counts
)

// SendDigests sends the digests of all tenants that are due. Each is sent in the transaction that stores when the next one is due.
func (s Telling) SendDigests(ctx context.Context) error {
	for {
		due, err := s.Preferences.DigestsDue(ctx, s.Clock.Now(), digestsAtOnce)
		if err != nil {
			return err
		}
		for _, d := range due {
			if err := s.sendDigest(reqctx.With(ctx, reqctx.Context{RequestID: uuid.NewString(), TenantID: d.Tenant}), d); err != nil {
				return err
			}
		}
		if len(due) < digestsAtOnce {
			return nil
		}
	}
}

func (s Telling) sendDigest(ctx context.Context, due domain.DigestDue) error {
	now := s.Clock.Now()
	pending, err := s.pendingOf(ctx, due)
	if err != nil {
		return err
	}
	return s.Tx.Do(ctx, func(ctx context.Context) error {
		mine, err := s.Preferences.Postpone(ctx, due, due.Settings.NextDigest(now))
		if err != nil || !mine {
			return err
		}
		if err := s.Inbox.TakeDigest(ctx, due.Person, now); err != nil || len(pending) == 0 {
			return err
		}
		slug, err := s.People.Slug(ctx)
		if err != nil || slug == "" {
			return err
		}
		shown := pending[:min(len(pending), domain.MaxInDigest)]
		return s.Mails.Send(ctx, domain.Mail{ID: valid.NewID(), Person: due.Person, Slug: slug, Digest: true, Items: shown, More: len(pending) - len(shown)})
	})
}

// pendingOf is what a digest tells of: what is unread, and what the person may see now. Access is asked on behalf of the person, once.
func (s Telling) pendingOf(ctx context.Context, due domain.DigestDue) ([]domain.Notification, error) {
	told, err := s.People.Next(ctx, domain.Notice{To: domain.Named, Persons: []uuid.UUID{due.Person}}, 1)
	if err != nil || len(told) == 0 { // has left, or may not sign in
		return nil, err
	}
	pending, err := s.Inbox.Pending(ctx, due.Person, maxPending)
	if err != nil || len(pending) == 0 {
		return nil, err
	}
	var checks []authz.Check
	for _, n := range pending {
		if !n.Sight.Personal() {
			checks = append(checks, n.Sight.Check())
		}
	}
	if len(checks) == 0 {
		return pending, nil
	}
	answers, err := s.Checker.CheckAll(reqctx.With(ctx, reqctx.Context{
		RequestID: reqctx.From(ctx).RequestID, TenantID: due.Tenant, UserID: due.Person, Flags: reqctx.Flags{MembershipStatus: "active"},
	}), checks)
	if err != nil {
		return nil, err
	}
	seen := pending[:0]
	for _, n := range pending {
		if !n.Sight.Personal() {
			allowed := answers[0]
			answers = answers[1:]
			if !allowed {
				continue
			}
		}
		seen = append(seen, n)
	}
	return seen, nil
}
