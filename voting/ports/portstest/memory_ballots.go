package portstest

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/voting/domain"
)

type memoryBallots struct{ *Memory }

func (m memoryBallots) Selection(ctx context.Context, poll, question, option uuid.UUID, _ bool) (domain.Selection, error) {
	selection := domain.Selection{QuestionID: question, OptionID: option}
	err := m.Do(ctx, func(ctx context.Context) (err error) {
		if selection.Poll, err = m.Polls().Find(ctx, poll); err != nil {
			return err
		}
		if q, ok := m.questions.Get(ctx, question); ok && q.Data().PollID == poll {
			selection.MaxVotes = q.Data().MaxVotes
			o, ok := m.options.Get(ctx, option)
			selection.Offered = ok && o.Data().QuestionID == question
		}
		return nil
	})
	return selection, err
}

func (m memoryBallots) Cast(ctx context.Context, ballot domain.Ballot, read domain.Poll) (cast bool, err error) {
	err = m.Do(ctx, func(ctx context.Context) error {
		poll, known := m.polls.Get(ctx, read.ID())
		question, _ := m.questions.Get(ctx, ballot.Data().QuestionID)
		if !known || poll.Version() != read.Version() || poll.Data().Status != domain.StatusActive || ballot.Data().Slot > question.Data().MaxVotes {
			return nil
		}
		if p, _ := m.participants.Get(ctx, participantKey{poll.ID(), ballot.Data().UserID}); p.Role == domain.RoleObserver {
			return domain.ErrForbidden
		}
		for _, b := range m.of(ctx, poll.ID(), ballot.Data().UserID) {
			was, is := b.Data(), ballot.Data()
			if was.OptionID == is.OptionID || was.QuestionID == is.QuestionID && was.Slot == is.Slot {
				return nil
			}
		}
		m.ballots.Put(ctx, ballot.ID(), ballot)
		cast = true
		return m.Publish(ctx, domain.VoteCast{BallotEvent: domain.BallotEvent{Poll: read, Ballot: ballot}})
	})
	return cast, err
}

func (m memoryBallots) Revoke(ctx context.Context, ballot domain.Ballot, poll domain.Poll) (revoked bool, err error) {
	err = m.Do(ctx, func(ctx context.Context) error {
		if now, ok := m.polls.Get(ctx, poll.ID()); ok && now.Version() == poll.Version() {
			revoked = m.ballots.Delete(ctx, func(b domain.Ballot) bool { return b.ID() == ballot.ID() && b.Data().PollID == poll.ID() }) > 0
		}
		return nil
	})
	return revoked, err
}

func (m memoryBallots) LockVoter(ctx context.Context, _, _ uuid.UUID) error {
	return m.RequireTx(ctx, "LockVoter")
}

func (m memoryBallots) Replace(ctx context.Context, remove, add []domain.Ballot) (bool, error) {
	for _, old := range remove {
		if m.ballots.Delete(ctx, func(b domain.Ballot) bool { return b.ID() == old.ID() }) == 0 {
			return false, nil
		}
	}
	for _, b := range add {
		is := b.Data()
		if slices.ContainsFunc(m.of(ctx, is.PollID, is.UserID), func(b domain.Ballot) bool {
			was := b.Data()
			return was.OptionID == is.OptionID || was.QuestionID == is.QuestionID && was.Slot == is.Slot
		}) {
			return false, nil
		}
		m.ballots.Put(ctx, b.ID(), b)
	}
	return true, nil
}

func (m memoryBallots) Find(ctx context.Context, id uuid.UUID) (domain.Ballot, error) {
	ballot, ok := m.ballots.Get(ctx, id)
	if !ok {
		return domain.Ballot{}, domain.ErrBallotNotFound
	}
	return ballot, nil
}

// of lists the ballots of a user in a poll, oldest first.
func (m memoryBallots) of(ctx context.Context, poll, user uuid.UUID) []domain.Ballot {
	found := m.ballots.All(ctx, func(b domain.Ballot) bool { return b.Data().PollID == poll && b.Data().UserID == user })
	slices.SortFunc(found, func(a, b domain.Ballot) int {
		first, second := a.ID(), b.ID()
		return cmp.Or(a.Data().CastAt.Compare(b.Data().CastAt), bytes.Compare(first[:], second[:]))
	})
	return found
}

func (m memoryBallots) ListByUser(ctx context.Context, poll, user uuid.UUID) ([]domain.Ballot, error) {
	return m.of(ctx, poll, user), nil
}

func (m memoryBallots) Exists(ctx context.Context, poll uuid.UUID) (bool, error) {
	_, found := m.ballots.First(ctx, func(b domain.Ballot) bool { return b.Data().PollID == poll })
	return found, nil
}

func (m memoryBallots) Totals(ctx context.Context, polls ...domain.Poll) (map[uuid.UUID]int64, error) {
	totals := map[uuid.UUID]int64{}
	for _, b := range m.ballots.All(ctx, nil) {
		if slices.ContainsFunc(polls, func(p domain.Poll) bool { return p.ID() == b.Data().PollID }) {
			totals[b.Data().PollID]++
		}
	}
	return totals, nil
}

func (m memoryBallots) Voters(ctx context.Context, poll uuid.UUID) (domain.Voters, error) {
	voters, users := domain.Voters{Questions: map[uuid.UUID]int64{}}, map[[2]uuid.UUID]bool{}
	for _, b := range m.ballots.All(ctx, func(b domain.Ballot) bool { return b.Data().PollID == poll }) {
		d := b.Data()
		if anywhere := [2]uuid.UUID{d.UserID}; !users[anywhere] {
			users[anywhere] = true
			voters.Poll++
		}
		if here := [2]uuid.UUID{d.UserID, d.QuestionID}; !users[here] {
			users[here] = true
			voters.Questions[d.QuestionID]++
		}
	}
	return voters, nil
}

func (m memoryBallots) Progress(ctx context.Context, user uuid.UUID, polls ...uuid.UUID) (map[uuid.UUID]domain.Progress, error) {
	progress := map[uuid.UUID]domain.Progress{}
	for _, poll := range polls {
		questionnaire, err := m.Questionnaires().Find(ctx, poll)
		if err != nil {
			return nil, err
		}
		progress[poll] = questionnaire.Progress(m.of(ctx, poll, user))
	}
	return progress, nil
}

func (m memoryBallots) Tally(ctx context.Context, poll uuid.UUID) (domain.Tally, error) {
	tally := domain.Tally{}
	for _, b := range m.ballots.All(ctx, func(b domain.Ballot) bool { return b.Data().PollID == poll }) {
		tally[b.Data().OptionID]++
	}
	return tally, nil
}
