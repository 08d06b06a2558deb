package portstest

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
)

type memoryAnswers struct{ *Memory }

type promotion struct {
	ports.Promotion
	at    time.Time
	place int
}

// seriesAnswer is an answer about a whole series.
type seriesAnswer struct {
	event uuid.UUID
	place int
	domain.Answer
}

func (m memoryAnswers) Answerable(ctx context.Context, event uuid.UUID, occurrence *uuid.UUID, now time.Time, _ bool) (a ports.Answerable, err error) {
	if a.Event, err = memoryEvents(m).Find(ctx, event); err != nil {
		return a, err
	}
	if occurrence != nil {
		a.Occurrence, err = memoryOccurrences(m).Find(ctx, event, *occurrence)
	} else {
		a.Occurrence, err = memoryOccurrences(m).Shown(ctx, event, now)
	}
	return a, err
}

func (m memoryAnswers) Set(ctx context.Context, event domain.Event, occurrence domain.Occurrence, answer domain.Answer) (outcome ports.Outcome, counts domain.Counts, err error) {
	if m.InTx(ctx) {
		return "", domain.Counts{}, errs.Internalf("events: an answer is set outside of transactions")
	}
	err = m.Do(ctx, func(ctx context.Context) error {
		outcome = m.set(ctx, event.ID(), event.Version(), answer)
		if outcome != ports.OutcomeSaved && outcome != ports.OutcomeWaiting {
			return nil
		}
		stored, err := memoryOccurrences(m).Find(ctx, event.ID(), answer.OccurrenceID)
		if err != nil {
			return err
		}
		counts, answer.Waiting = stored.Data().Counts, outcome == ports.OutcomeWaiting
		return m.Publish(ctx, domain.RSVPChanged{Change: domain.Change{Event: event, Occurrence: &occurrence, By: answer.By}, Answer: answer})
	})
	return outcome, counts, err
}

// set follows the SQL function set_answer.
func (m memoryAnswers) set(ctx context.Context, id uuid.UUID, version int, a domain.Answer) ports.Outcome {
	event, ok := m.events.Get(ctx, id)
	if !ok || event.Version() != version {
		return ports.OutcomeStale
	}
	o, err := memoryOccurrences(m).Find(ctx, id, a.OccurrenceID)
	if err != nil || o.Data().Cancelled {
		return ports.OutcomeStale
	}
	was, has := m.answers.Get(ctx, ofUser{a.OccurrenceID, a.UserID})
	if !has && a.Status == domain.AnswerWithdrawn || has && was.Status == a.Status && was.PlusOnes == a.PlusOnes && was.Comment == a.Comment {
		return ports.OutcomeSame
	}
	need, had, capacity, counts := seats(a), seats(was), event.Data().Answers.Capacity, o.Data().Counts
	a.Waiting, a.Place, a.Guest = false, 0, false
	if capacity > 0 && need > had {
		switch free := counts.Waiting == 0 && counts.Seats-had+need <= capacity; {
		case need > capacity:
			return ports.OutcomeFull
		case was.Waiting:
			a.Waiting, a.Place = true, was.Place
		case !free && had > 0:
			return ports.OutcomeFull
		case !free:
			last, _ := m.places.Get(ctx, a.OccurrenceID)
			a.Waiting, a.Place = true, last+1
			m.places.Put(ctx, a.OccurrenceID, last+1)
		}
	}
	m.answers.Put(ctx, ofUser{a.OccurrenceID, a.UserID}, a)
	m.seat(ctx, event, a.OccurrenceID, a.At)
	if stored, _ := m.answers.Get(ctx, ofUser{a.OccurrenceID, a.UserID}); stored.Waiting {
		return ports.OutcomeWaiting
	}
	return ports.OutcomeSaved
}

// seats are those that an answer has, or asks for.
func seats(a domain.Answer) int {
	if a.Status != domain.AnswerGoing || a.Waiting {
		return 0
	}
	return 1 + a.PlusOnes
}

// seat gives free seats of a date to those who wait, until the next one does not fit, and counts the answers.
func (m memoryAnswers) seat(ctx context.Context, event domain.Event, occurrence uuid.UUID, at time.Time) {
	capacity := event.Data().Answers.Capacity
	for {
		var counts domain.Counts
		var first *domain.Answer
		for _, a := range m.answers.All(ctx, func(a domain.Answer) bool { return a.OccurrenceID == occurrence }) {
			counts.Seats += seats(a)
			switch {
			case a.Waiting:
				counts.Waiting++
				if first == nil || a.Place < first.Place {
					first = &a
				}
			case a.Status == domain.AnswerGoing:
				counts.Going++
			case a.Status == domain.AnswerInterested:
				counts.Interested++
			case a.Status == domain.AnswerNotGoing:
				counts.NotGoing++
			}
		}
		if o, ok := m.occurrences.Get(ctx, occurrence); ok {
			m.occurrences.Put(ctx, occurrence, o.Counting(counts))
		}
		if first == nil || capacity > 0 && counts.Seats+1+first.PlusOnes > capacity {
			return
		}
		p := promotion{ports.Promotion{Tenant: reqctx.From(ctx).TenantID, ID: uuid.New(), Event: event.ID(), Occurrence: occurrence, User: first.UserID}, at, first.Place}
		m.promotions.Put(ctx, p.ID, p)
		first.Waiting, first.Place = false, 0
		m.answers.Put(ctx, ofUser{occurrence, first.UserID}, *first)
	}
}

func (m memoryAnswers) SetAll(ctx context.Context, event domain.Event, answer domain.Answer, occurrences ...uuid.UUID) (outcomes []ports.Outcome, err error) {
	dates := sorted(m.occurrences.All(ctx, func(o domain.Occurrence) bool { return slices.Contains(occurrences, o.ID()) }), byStart)
	for _, o := range dates {
		answer.OccurrenceID = o.ID()
		outcomes = append(outcomes, m.set(ctx, event.ID(), event.Version(), answer))
	}
	if len(dates) < len(occurrences) {
		outcomes = append(outcomes, ports.OutcomeStale) // a date is gone
	}
	return outcomes, m.RequireTx(ctx, "SetAll")
}

func (m memoryAnswers) SetSeries(ctx context.Context, event domain.Event, a domain.Answer) error {
	key := ofUser{event.ID(), a.UserID}
	was, ok := m.series.Get(ctx, key)
	if ok && was.Status != a.Status {
		m.series.Delete(ctx, func(s seriesAnswer) bool { return s.event == event.ID() && s.UserID == a.UserID })
		ok = false
	}
	if a.Status != domain.AnswerWithdrawn {
		place := was.place
		if !ok {
			place = m.nextPlace(ctx)
		}
		m.series.Put(ctx, key, seriesAnswer{event.ID(), place, a})
	}
	return m.RequireTx(ctx, "SetSeries")
}

func (m memoryAnswers) nextPlace(ctx context.Context) (place int) {
	for _, s := range m.series.All(ctx, nil) {
		place = max(place, s.place)
	}
	return place + 1
}

// ofSeries are the answers about a series by their place.
func (m memoryAnswers) ofSeries(ctx context.Context, event uuid.UUID) []seriesAnswer {
	return sorted(m.series.All(ctx, func(s seriesAnswer) bool { return s.event == event }), func(a, b seriesAnswer) int { return a.place - b.place })
}

func (m memoryAnswers) FollowSeries(ctx context.Context, id uuid.UUID, occurrences ...domain.Occurrence) error {
	event, err := memoryEvents(m).Find(ctx, id)
	if err != nil {
		return err
	}
	for _, s := range m.ofSeries(ctx, id) {
		answer := s.Answer
		answer.PlusOnes = min(answer.PlusOnes, event.Data().Answers.PlusOnes)
		for _, o := range sorted(slices.Clone(occurrences), byStart) {
			answer.OccurrenceID = o.ID()
			m.set(ctx, id, event.Version(), answer)
		}
	}
	return m.RequireTx(ctx, "FollowSeries")
}

func (m memoryAnswers) CopySeries(ctx context.Context, from, to uuid.UUID) error {
	for _, s := range m.ofSeries(ctx, from) {
		m.series.Put(ctx, ofUser{to, s.UserID}, seriesAnswer{to, m.nextPlace(ctx), s.Answer})
	}
	return m.RequireTx(ctx, "CopySeries")
}

func (m memoryAnswers) SeatWaiting(ctx context.Context, event domain.Event, now time.Time) error {
	dates, err := memoryOccurrences(m).List(ctx, event.ID())
	for _, o := range dates {
		if o.Data().Ends.After(now) {
			m.seat(ctx, event, o.ID(), now)
		}
	}
	return err
}

func (m memoryAnswers) MostSeats(ctx context.Context, event uuid.UUID, now time.Time) (most int, err error) {
	dates, err := memoryOccurrences(m).List(ctx, event)
	for _, o := range dates {
		if o.Data().Ends.After(now) {
			most = max(most, o.Data().Counts.Seats)
		}
	}
	return most, err
}

func (m memoryAnswers) OfUser(ctx context.Context, user uuid.UUID, occurrences ...uuid.UUID) (map[uuid.UUID]domain.Answer, error) {
	answers := map[uuid.UUID]domain.Answer{}
	for _, id := range occurrences {
		if a, ok := m.answers.Get(ctx, ofUser{id, user}); ok {
			answers[id] = a
		}
	}
	return answers, nil
}

func (m memoryAnswers) IsGuest(ctx context.Context, event, user uuid.UUID) (bool, error) {
	_, invited := m.invitations.First(ctx, func(i ports.InvitationOfTenant) bool { return i.EventID == event && i.UserID == user && !i.Withdrawn })
	dates, err := memoryOccurrences(m).List(ctx, event)
	return invited || slices.ContainsFunc(dates, func(o domain.Occurrence) bool {
		a, ok := m.answers.Get(ctx, ofUser{o.ID(), user})
		return ok && a.Status != domain.AnswerWithdrawn
	}), err
}

func (m memoryAnswers) Page(ctx context.Context, occurrence uuid.UUID, f ports.AnswerFilter, after *ports.AnswerPosition, limit int) ([]domain.Answer, error) {
	list := m.answers.All(ctx, func(a domain.Answer) bool {
		return a.OccurrenceID == occurrence && a.Status != domain.AnswerWithdrawn && (f.Status == "" || a.Status == f.Status) &&
			(f.Waiting == nil || a.Waiting == *f.Waiting) && (f.NotGoing || a.Status != domain.AnswerNotGoing) &&
			(after == nil || comparePositions(ports.PositionOfAnswer(a), *after) > 0)
	})
	for i, a := range list {
		if guest, ok := m.invitations.First(ctx, func(i ports.InvitationOfTenant) bool { return i.Guest && i.UserID == a.UserID }); ok {
			list[i].Guest, list[i].Address = true, guest.Address
		}
	}
	return bounded(sorted(list, func(a, b domain.Answer) int {
		return comparePositions(ports.PositionOfAnswer(a), ports.PositionOfAnswer(b))
	}), limit), nil
}

func comparePositions(a, b ports.AnswerPosition) int {
	return cmp.Or(a.Rank-b.Rank, a.Place-b.Place, a.At.Compare(b.At), bytes.Compare(a.User[:], b.User[:]))
}

func (m memoryAnswers) ListPromotions(ctx context.Context, limit int) (list []ports.Promotion, err error) {
	for _, p := range sorted(m.promotions.AllTenants(ctx, nil), func(a, b promotion) int { return cmp.Or(a.at.Compare(b.at), a.place-b.place) }) {
		list = append(list, p.Promotion)
	}
	return bounded(list, limit), nil
}

func (m memoryAnswers) TakePromotion(ctx context.Context, id uuid.UUID) (bool, error) {
	return m.promotions.Delete(ctx, func(p promotion) bool { return p.ID == id }) == 1, nil
}
