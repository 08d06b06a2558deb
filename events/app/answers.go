package app

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/page"
)

// Answers are the use cases of answers.
type Answers struct{ Deps }

// SetAnswer is the input of Answers.Set.
type SetAnswer struct {
	Event      uuid.UUID
	Occurrence *uuid.UUID // nil is the date that is on or comes next
	Series     bool       // all dates to come that take answers, and those that are added; Occurrence must be nil
	User       uuid.UUID  // the member that is answered for; uuid.Nil is the caller
	Answer     domain.AnswerDraft
	guest      bool // User is that of an invitation to an address
}

// Validate checks what needs no lookup.
func (in SetAnswer) Validate() error {
	fields := errs.Fields{}
	fields.Check(!in.Series || in.Occurrence == nil, "occurrenceId", why.Mismatch("must be absent with series"))
	return fields.Err()
}

// tries is how often an answer is decided anew because the event was changed meanwhile.
const tries = 5

// Set stores an answer of the caller, or of a member whom the caller answers for as one who runs the event.
func (s *Answers) Set(ctx context.Context, by authz.Actor, in SetAnswer) (EventView, error) {
	return s.set(ctx, by, in, func(ctx context.Context, event domain.Event) (domain.EventAccess, error) {
		access, _, err := s.accessTo(ctx, by, event)
		return access, err
	})
}

// accessFunc returns what a caller may do with an event.
type accessFunc func(ctx context.Context, event domain.Event) (domain.EventAccess, error)

// set is Set for a caller whose access the function returns. The first try may read from a cache: it can accept an answer, and never refuse
// one, because the answer is stored only if the event was not changed.
func (s *Answers) set(ctx context.Context, by authz.Actor, in SetAnswer, accessTo accessFunc) (EventView, error) {
	if err := in.Validate(); err != nil {
		return EventView{}, err
	}
	if in.User == uuid.Nil {
		in.User = by.User
	}
	for try := range tries {
		about, err := s.Deps.Answers.Answerable(ctx, in.Event, in.Occurrence, s.Clock.Now(), in.Series || try > 0)
		if err != nil {
			return EventView{}, err
		}
		view := EventView{Dated: about.Dated}
		outcome, err := s.setOn(ctx, by, &view, in, accessTo)
		switch {
		case outcome == ports.OutcomeStale, about.Cached && refused(err):
			continue
		case err != nil:
			return EventView{}, err
		case outcome == ports.OutcomeFull:
			return EventView{}, domain.ErrNoSeats
		case view.Mine != nil:
			return view, nil
		}
		id := view.Occurrence.ID()
		return s.shown(ctx, by, view.Event, view.EventAccess, &id)
	}
	return EventView{}, domain.ErrEventChanged
}

// refused reports whether an error says no to the caller, and not that something is away or broken.
func refused(err error) bool {
	kind := errs.KindOf(err)
	return err != nil && kind != errs.Unavailable && kind != errs.Internal
}

// setOn answers about the date of a view, if the caller may.
func (s *Answers) setOn(ctx context.Context, by authz.Actor, view *EventView, in SetAnswer, accessTo accessFunc) (outcome ports.Outcome, err error) {
	view.EventAccess, err = accessTo(ctx, view.Event)
	switch {
	case err != nil:
		return "", err
	case !view.CanAnswer:
		return "", authz.Denied(domain.PermissionRSVPSet)
	case in.User != by.User && !view.CanManage:
		return "", authz.Denied(domain.PermissionEventManage)
	case in.Series:
		return s.setSeries(ctx, by, view, in)
	}
	return s.setOne(ctx, by, view, in)
}

// setOne answers about the date of a view, and brings the view up to date where that needs no further read.
func (s *Answers) setOne(ctx context.Context, by authz.Actor, view *EventView, in SetAnswer) (ports.Outcome, error) {
	now := s.Clock.Now()
	answer, err := view.Event.Answer(view.Occurrence, in.User, by.User, in.User != by.User, in.Answer, now)
	if err != nil {
		return "", err
	}
	answer.Guest = in.guest
	outcome, counts, err := s.Deps.Answers.Set(ctx, view.Event, view.Occurrence, answer)
	if err != nil {
		return "", err
	}
	stored := outcome == ports.OutcomeSaved || outcome == ports.OutcomeWaiting
	if stored && in.User == by.User && answer.Status != domain.AnswerWithdrawn {
		answer.Waiting = outcome == ports.OutcomeWaiting
		view.Occurrence, view.Mine = view.Occurrence.Counting(counts), &answer
		view.Open = view.Event.AcceptsAnswers(view.Occurrence, now) == nil
	}
	return outcome, nil
}

// setSeries answers about all dates to come that take answers, and about those that the series gets later. One domain event tells of
// all.
func (s *Answers) setSeries(ctx context.Context, by authz.Actor, view *EventView, in SetAnswer) (outcome ports.Outcome, err error) {
	now := s.Clock.Now()
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		dates, err := s.Occurrences.List(ctx, view.Event.ID())
		if err != nil {
			return err
		}
		var answer domain.Answer
		var open []uuid.UUID
		for _, o := range dates {
			on, err := view.Event.Answer(o, in.User, by.User, in.User != by.User, in.Answer, now)
			switch {
			case err == nil:
				answer, open = on, append(open, o.ID())
			case errs.KindOf(err) == errs.Invalid:
				return err
			}
		}
		if len(open) == 0 {
			return domain.ErrAnswersClosed
		}
		outcomes, err := s.Deps.Answers.SetAll(ctx, view.Event, answer, open...)
		if err != nil {
			return err
		}
		outcome = ports.OutcomeSame
		for _, o := range outcomes {
			switch o {
			case ports.OutcomeStale, ports.OutcomeFull:
				outcome = o
				return errUndone
			case ports.OutcomeSame:
			default:
				outcome = ports.OutcomeSaved
			}
		}
		if err := s.Deps.Answers.SetSeries(ctx, view.Event, answer); err != nil || outcome == ports.OutcomeSame {
			return err
		}
		answer.Guest = in.guest
		return s.Publisher.Publish(ctx, domain.RSVPChanged{Change: domain.Change{Event: view.Event, By: by.User}, Answer: answer, Series: true})
	})
	if errors.Is(err, errUndone) {
		err = nil
	}
	return outcome, err
}

// errUndone rolls a transaction back whose outcome is no error.
var errUndone = errs.Internalf("events: undone")

// ListAnswers is the input of Answers.List.
type ListAnswers struct {
	Event      uuid.UUID
	Occurrence *uuid.UUID // nil is the date that is on or comes next
	Status     domain.AnswerStatus
	Waiting    *bool
	page.Request
}

// List returns who answered about a date. Members who do not come, and the addresses of guests, are shown only to those who run the
// event; comments to them and to the member.
func (s *Answers) List(ctx context.Context, by authz.Actor, in ListAnswers) (page.Page[domain.Answer], error) {
	event, access, err := s.load(ctx, by, in.Event)
	if err != nil {
		return page.Page[domain.Answer]{}, err
	}
	view, err := s.viewOn(ctx, event, access, in.Occurrence)
	if err != nil {
		return page.Page[domain.Answer]{}, err
	}
	var at ports.AnswerPosition
	var after *ports.AnswerPosition
	found, err := page.Decode("answers", in.Cursor, &at.Rank, &at.Place, &at.At, &at.User)
	if err != nil {
		return page.Page[domain.Answer]{}, err
	}
	if found {
		after = &at
	}
	filter := ports.AnswerFilter{Status: in.Status, Waiting: in.Waiting, NotGoing: access.CanManage}
	answers, err := page.Fetch(in.Limit, func(limit int) ([]domain.Answer, error) {
		return s.Deps.Answers.Page(ctx, view.Occurrence.ID(), filter, after, limit)
	}, func(last domain.Answer) string {
		p := ports.PositionOfAnswer(last)
		return page.Encode("answers", p.Rank, p.Place, p.At, p.User)
	})
	return page.Map(answers, func(a domain.Answer) domain.Answer {
		if !access.CanManage && a.UserID != by.User {
			a.Comment = ""
		}
		if !access.CanManage {
			a.Address = ""
		}
		return a
	}), err
}
