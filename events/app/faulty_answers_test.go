package app_test

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/tools/devkit/testkit/faults"
)

type faultyAnswers struct {
	ports.Answers
	f *faults.Faults
}

func (p faultyAnswers) Answerable(ctx context.Context, event uuid.UUID, occurrence *uuid.UUID, now time.Time, fresh bool) (ports.Answerable, error) {
	return faults.Call(p.f, func() (ports.Answerable, error) { return p.Answers.Answerable(ctx, event, occurrence, now, fresh) })
}

func (p faultyAnswers) Set(ctx context.Context, event domain.Event, occurrence domain.Occurrence, answer domain.Answer) (outcome ports.Outcome, counts domain.Counts, err error) {
	err = faults.Do(p.f, func() error {
		outcome, counts, err = p.Answers.Set(ctx, event, occurrence, answer)
		return err
	})
	return outcome, counts, err
}

func (p faultyAnswers) SetAll(ctx context.Context, event domain.Event, answer domain.Answer, occurrences ...uuid.UUID) ([]ports.Outcome, error) {
	return faults.Call(p.f, func() ([]ports.Outcome, error) { return p.Answers.SetAll(ctx, event, answer, occurrences...) })
}

func (p faultyAnswers) SetSeries(ctx context.Context, event domain.Event, answer domain.Answer) error {
	return faults.Do(p.f, func() error { return p.Answers.SetSeries(ctx, event, answer) })
}

func (p faultyAnswers) FollowSeries(ctx context.Context, event uuid.UUID, occurrences ...domain.Occurrence) error {
	return faults.Do(p.f, func() error { return p.Answers.FollowSeries(ctx, event, occurrences...) })
}

func (p faultyAnswers) CopySeries(ctx context.Context, from, to uuid.UUID) error {
	return faults.Do(p.f, func() error { return p.Answers.CopySeries(ctx, from, to) })
}

func (p faultyAnswers) SeatWaiting(ctx context.Context, event domain.Event, now time.Time) error {
	return faults.Do(p.f, func() error { return p.Answers.SeatWaiting(ctx, event, now) })
}

func (p faultyAnswers) MostSeats(ctx context.Context, event uuid.UUID, now time.Time) (int, error) {
	return faults.Call(p.f, func() (int, error) { return p.Answers.MostSeats(ctx, event, now) })
}

func (p faultyAnswers) OfUser(ctx context.Context, user uuid.UUID, occurrences ...uuid.UUID) (map[uuid.UUID]domain.Answer, error) {
	return faults.Call(p.f, func() (map[uuid.UUID]domain.Answer, error) { return p.Answers.OfUser(ctx, user, occurrences...) })
}

func (p faultyAnswers) IsGuest(ctx context.Context, event, user uuid.UUID) (bool, error) {
	return faults.Call(p.f, func() (bool, error) { return p.Answers.IsGuest(ctx, event, user) })
}

func (p faultyAnswers) Page(ctx context.Context, occurrence uuid.UUID, filter ports.AnswerFilter, after *ports.AnswerPosition, limit int) ([]domain.Answer, error) {
	return faults.Call(p.f, func() ([]domain.Answer, error) { return p.Answers.Page(ctx, occurrence, filter, after, limit) })
}

func (p faultyAnswers) ListPromotions(ctx context.Context, limit int) ([]ports.Promotion, error) {
	return faults.Call(p.f, func() ([]ports.Promotion, error) { return p.Answers.ListPromotions(ctx, limit) })
}

func (p faultyAnswers) TakePromotion(ctx context.Context, id uuid.UUID) (bool, error) {
	return faults.Call(p.f, func() (bool, error) { return p.Answers.TakePromotion(ctx, id) })
}

type faultyReminders struct {
	ports.Reminders
	f *faults.Faults
}

func (p faultyReminders) ListLooks(ctx context.Context, now time.Time, limit int) ([]ports.OccurrenceOfTenant, error) {
	return faults.Call(p.f, func() ([]ports.OccurrenceOfTenant, error) { return p.Reminders.ListLooks(ctx, now, limit) })
}

func (p faultyReminders) Queue(ctx context.Context, event domain.Event, o domain.Occurrence, due []int) error {
	return faults.Do(p.f, func() error { return p.Reminders.Queue(ctx, event, o, due) })
}

func (p faultyReminders) ListDue(ctx context.Context, limit int) ([]ports.DueReminder, error) {
	return faults.Call(p.f, func() ([]ports.DueReminder, error) { return p.Reminders.ListDue(ctx, limit) })
}

func (p faultyReminders) Take(ctx context.Context, due ports.DueReminder) (bool, error) {
	return faults.Call(p.f, func() (bool, error) { return p.Reminders.Take(ctx, due) })
}

func (p faultyReminders) Settings(ctx context.Context, user uuid.UUID) (*[]int, error) {
	return faults.Call(p.f, func() (*[]int, error) { return p.Reminders.Settings(ctx, user) })
}

func (p faultyReminders) SetSettings(ctx context.Context, user uuid.UUID, minutes *[]int) error {
	return faults.Do(p.f, func() error { return p.Reminders.SetSettings(ctx, user, minutes) })
}

func (p faultyReminders) Choice(ctx context.Context, event, user uuid.UUID) (*[]int, error) {
	return faults.Call(p.f, func() (*[]int, error) { return p.Reminders.Choice(ctx, event, user) })
}

func (p faultyReminders) SetChoice(ctx context.Context, event, user uuid.UUID, minutes *[]int) error {
	return faults.Do(p.f, func() error { return p.Reminders.SetChoice(ctx, event, user, minutes) })
}

func (p faultyReminders) CopyChoices(ctx context.Context, from, to uuid.UUID) error {
	return faults.Do(p.f, func() error { return p.Reminders.CopyChoices(ctx, from, to) })
}
