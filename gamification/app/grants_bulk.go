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
	"go.updspace.com/libs/valid"
)

// GrantMany is the input of Grants.CreateMany.
type GrantMany struct {
	Achievement uuid.UUID
	Recipients  []uuid.UUID
	Table       string    // CSV, instead of Recipients
	Event       uuid.UUID // whose attendees are meant, instead of Recipients
	Occurrence  uuid.UUID // of Event; zero for any
	Reason      string    // of lines without one of their own
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

// lines are the members that the input names.
func (s *Grants) lines(ctx context.Context, by authz.Actor, in GrantMany) ([]domain.GrantLine, error) {
	given := 0
	for _, there := range []bool{in.Table != "", len(in.Recipients) > 0, in.Event != uuid.Nil} {
		if there {
			given++
		}
	}
	switch {
	case given != 1:
		return nil, errs.Field("recipient_ids", why.Required.Saying("give one of recipient_ids, csv and event"))
	case in.Table != "":
		return domain.ReadGrantTable(in.Table)
	case in.Event != uuid.Nil:
		return s.attendees(ctx, by, in)
	case len(in.Recipients) > domain.MaxGrantLines:
		return nil, errs.Field("recipient_ids", why.TooMany(domain.MaxGrantLines))
	}
	return linesOf(in.Recipients), nil
}

func linesOf(recipients []uuid.UUID) []domain.GrantLine {
	lines := make([]domain.GrantLine, len(recipients))
	for i, id := range recipients {
		lines[i] = domain.GrantLine{Line: i + 1, Text: id.String(), Recipient: id}
	}
	return lines
}

// attendees are who was present at an event, as its facts tell. An event whose attendees the caller may not see is not found.
func (s *Grants) attendees(ctx context.Context, by authz.Actor, in GrantMany) ([]domain.GrantLine, error) {
	found, err := s.Facts.Attendees(ctx, in.Event, in.Occurrence, domain.MaxAttendees+1)
	if err != nil {
		return nil, err
	}
	var recipients []uuid.UUID
	var checks []authz.Check
	for _, attendee := range found {
		check := authz.Check{Permission: domain.PermissionAttendanceMark, Scope: attendee.Scope}
		if !slices.Contains(checks, check) {
			checks = append(checks, check)
		}
		if attendee.Person != by.User { // members do not grant to themselves
			recipients = append(recipients, attendee.Person)
		}
	}
	answers, err := s.Access.CheckAll(ctx, checks)
	switch {
	case err != nil:
		return nil, err
	case len(checks) == 0 || slices.Contains(answers, false):
		return nil, errs.Field("event.event_id", why.NotFound("must be an event whose attendance is recorded"))
	case len(found) > domain.MaxAttendees:
		return nil, errs.Field("event.event_id", why.TooMany(domain.MaxAttendees))
	}
	return linesOf(recipients), nil
}

const grantsInStatement = 100

// CreateMany grants an achievement to the members of a list, as far as it can be granted to each. A repeated request makes no second grant
// to a member.
func (s *Grants) CreateMany(ctx context.Context, by authz.Actor, in GrantMany) (report []LineReport, err error) {
	if err := s.requireAssign(ctx, by, in.Achievement); err != nil {
		return nil, err
	}
	lines, err := s.lines(ctx, by, in)
	if err != nil {
		return nil, err
	}
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		if err := s.lockPersons(ctx, recipientsOf(lines)...); err != nil {
			return err
		}
		a, err := s.Achievements.Lock(ctx, in.Achievement)
		if err != nil {
			return err
		}
		if !a.Grantable() {
			return domain.ErrNotPublished
		}
		batch, made, err := s.batch(ctx, in)
		if err != nil {
			return err
		}
		var recipients []uuid.UUID
		for _, line := range lines {
			if _, granted := made[line.Recipient]; line.Recipient != uuid.Nil && !granted {
				recipients = append(recipients, line.Recipient)
			}
		}
		round, err := s.round(ctx, by, a, recipients...)
		if err != nil {
			return err
		}
		var grants []domain.Grant
		seen := map[uuid.UUID]bool{}
		for _, line := range lines {
			done, grant, err := round.line(in, batch, line, seen, made)
			if err != nil {
				return err
			}
			if grant.ID() != uuid.Nil {
				grants = append(grants, grant)
			}
			report = append(report, done)
		}
		if in.DryRun {
			return nil
		}
		for part := range slices.Chunk(grants, grantsInStatement) {
			if err := s.add(ctx, a, part...); err != nil {
				return err
			}
		}
		return nil
	})
	return report, err
}

func recipientsOf(lines []domain.GrantLine) []uuid.UUID {
	ids := make([]uuid.UUID, len(lines))
	for i, line := range lines {
		ids[i] = line.Recipient
	}
	return ids
}

// batch names the request, and returns what it has granted before.
func (s *Grants) batch(ctx context.Context, in GrantMany) (batch uuid.UUID, made map[uuid.UUID]domain.Grant, err error) {
	if in.DryRun {
		return uuid.Nil, nil, nil
	}
	isNew := false
	batch, err = s.Once.Once(ctx, "createGrants", in, func(context.Context) (uuid.UUID, error) {
		isNew = true
		return valid.NewID(), nil
	})
	if err != nil || isNew {
		return batch, nil, err
	}
	made, err = s.Grants.OfBatch(ctx, batch)
	return batch, made, err
}

// line decides about one line; grant is the new one, if there is one. Only what is no refusal of the line is an error.
func (r *round) line(
	in GrantMany, batch uuid.UUID, line domain.GrantLine, seen map[uuid.UUID]bool, made map[uuid.UUID]domain.Grant,
) (done LineReport, grant domain.Grant, err error) {
	done.GrantLine = line
	switch {
	case line.Recipient == uuid.Nil:
		return done, grant, done.refuse(errs.Field("recipient", why.NotFormat("uuid", "must be the id of a member")))
	case seen[line.Recipient]:
		return done, grant, done.refuse(errs.Field("recipient", why.Duplicate("is in the list twice")))
	}
	seen[line.Recipient] = true
	if before, granted := made[line.Recipient]; granted {
		done.Outcome, done.Grant = OutcomeGranted, before.ID()
		return done, grant, nil
	}
	draft := domain.GrantDraft{Recipient: line.Recipient, Reason: line.Reason, Visibility: in.Visibility, Batch: batch}
	if draft.Reason == "" {
		draft.Reason = in.Reason
	}
	decided, held, err := r.decide(draft)
	switch {
	case err != nil:
		return done, grant, done.refuse(err)
	case held:
		done.Outcome, done.Grant = OutcomeHeld, decided.ID()
		return done, grant, nil
	}
	done.Outcome = OutcomeGranted
	if !in.DryRun {
		done.Grant = decided.ID()
	}
	return done, decided, nil
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
