package app

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/idempotency"
)

// GrantMany is the input of Grants.CreateMany.
type GrantMany struct {
	Achievement uuid.UUID
	Recipients  []uuid.UUID
	Table       string // CSV, instead of Recipients
	Reason      string // of lines without one of their own
	Visibility  domain.GrantVisibility
	DryRun      bool
}

// Outcome is what became of a line.
type Outcome string

// The outcomes.
const (
	OutcomeGranted Outcome = "granted"
	OutcomeHeld    Outcome = "held" // the member has it already
	OutcomeRefused Outcome = "refused"
)

// LineReport is what became of a line of GrantMany.
type LineReport struct {
	domain.GrantLine
	Outcome Outcome
	Grant   uuid.UUID // zero for refused lines and in a dry run
	Code    string    // why it is refused
	Message string
}

func (in GrantMany) lines() ([]domain.GrantLine, error) {
	if (in.Table == "") == (len(in.Recipients) == 0) {
		return nil, errs.Field("recipient_ids", why.Required.Saying("give either recipient_ids or csv"))
	}
	if in.Table != "" {
		return domain.ReadGrantTable(in.Table)
	}
	if len(in.Recipients) > domain.MaxGrantLines {
		return nil, errs.Field("recipient_ids", why.TooMany(domain.MaxGrantLines))
	}
	lines := make([]domain.GrantLine, len(in.Recipients))
	for i, id := range in.Recipients {
		lines[i] = domain.GrantLine{Line: i + 1, Text: id.String(), Recipient: id}
	}
	return lines, nil
}

// CreateMany grants an achievement to the members of a list, as far as it can be granted to each.
func (s *Grants) CreateMany(ctx context.Context, by authz.Actor, in GrantMany) (report []LineReport, err error) {
	if err := s.requireAssign(ctx, by, in.Achievement); err != nil {
		return nil, err
	}
	lines, err := in.lines()
	if err != nil {
		return nil, err
	}
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		a, err := s.Achievements.Lock(ctx, in.Achievement)
		if err != nil {
			return err
		}
		if !a.Grantable() {
			return domain.ErrNotPublished
		}
		seen, planned := map[uuid.UUID]bool{}, 0
		for _, line := range lines {
			done := LineReport{GrantLine: line}
			switch {
			case line.Recipient == uuid.Nil:
				err = done.refuse(errs.Field("recipient", why.NotFormat("uuid", "must be the id of a member")))
			case seen[line.Recipient]:
				err = done.refuse(errs.Field("recipient", why.Duplicate("is in the list twice")))
			default:
				seen[line.Recipient] = true
				err = s.grantLine(ctx, by, a, in, planned, &done)
				if in.DryRun && done.Outcome == OutcomeGranted {
					planned++
				}
			}
			if err != nil {
				return err
			}
			report = append(report, done)
		}
		return nil
	})
	return report, err
}

// grantLine grants one line. Only what is no refusal of the line is an error.
func (s *Grants) grantLine(ctx context.Context, by authz.Actor, a domain.Achievement, in GrantMany, planned int, line *LineReport) error {
	draft := domain.GrantDraft{Recipient: line.Recipient, Reason: line.Reason, Visibility: in.Visibility}
	if draft.Reason == "" {
		draft.Reason = in.Reason
	}
	// Refusals are decided before Once, because a create that fails within a transaction that goes on would leave its claim.
	current, held, err := s.decide(ctx, by, a, draft, planned)
	switch {
	case err != nil:
		return line.refuse(err)
	case held:
		line.Outcome, line.Grant = OutcomeHeld, current.ID()
		return nil
	}
	line.Outcome = OutcomeGranted
	if in.DryRun {
		return nil
	}
	grant, err := idempotency.Once(ctx, s.Once, "createGrants "+line.Recipient.String(), draft, func(ctx context.Context) (domain.Grant, error) {
		grant, _, err := s.grant(ctx, by, a, draft)
		return grant, err
	}, domain.Grant.ID, s.Grants.Find)
	line.Grant = grant.ID()
	return err
}

// refuse notes why a line is refused. An error that is no refusal is returned.
func (l *LineReport) refuse(err error) error {
	var refusal *errs.Error
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &refusal) || !slices.Contains([]errs.Kind{errs.Invalid, errs.Conflict, errs.RateLimited}, refusal.Kind):
		return err
	}
	l.Outcome, l.Code, l.Message = OutcomeRefused, refusal.Code, refusal.Message
	if len(refusal.Reasons) > 0 {
		reason := refusal.Reasons[0]
		l.Code, l.Message = string(reason.Code()), reason.Field+" "+reason.String()
	}
	return nil
}
