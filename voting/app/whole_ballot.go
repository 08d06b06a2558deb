package app

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/voting/domain"
)

// ReplaceBallot is the input of Ballots.Replace: all that the caller chooses in a poll.
type ReplaceBallot struct {
	PollID    uuid.UUID
	Answers   []domain.Answer
	RequestID string
}

// Validate checks what needs no lookup.
func (in ReplaceBallot) Validate() error {
	fields := errs.Fields{}
	fields.Check(len(in.Answers) <= domain.MaxQuestions, "answers", why.TooMany(domain.MaxQuestions))
	return fields.Err()
}

// errInTheWay undoes a replacement that met another ballot of the voter.
var errInTheWay = errors.New("voting: another ballot of the voter is in the way")

// Replace makes the answers the caller's only ballots in the poll, all or nothing, and returns them. The same answers again
// change nothing.
func (s *Ballots) Replace(ctx context.Context, by authz.Actor, in ReplaceBallot) ([]domain.Ballot, error) {
	if err := in.Validate(); err != nil {
		return nil, err
	}
	poll, err := s.Polls.Find(ctx, in.PollID)
	if err != nil {
		return nil, err
	}
	if err := (authorizer{s.Deps}).requireVote(ctx, by, poll); err != nil {
		return nil, err
	}
	for range attempts {
		var replaced domain.Replacement
		err := s.Tx.Do(ctx, func(ctx context.Context) (err error) {
			replaced, err = s.replace(ctx, by, in)
			return err
		})
		if !errors.Is(err, errInTheWay) {
			return replaced.Ballots(), err
		}
	}
	return nil, errBusy
}

// replace decides on the state that its locks keep: the access that was asked about before may have changed for the poll.
func (s *Ballots) replace(ctx context.Context, by authz.Actor, in ReplaceBallot) (domain.Replacement, error) {
	if err := s.Ballots.LockVoter(ctx, in.PollID, by.User); err != nil {
		return domain.Replacement{}, err
	}
	poll, err := s.Polls.LockShared(ctx, in.PollID)
	if err != nil {
		return domain.Replacement{}, err
	}
	role, err := s.Participants.Role(ctx, in.PollID, by.User)
	if err != nil {
		return domain.Replacement{}, err
	}
	if role == domain.RoleObserver {
		return domain.Replacement{}, domain.ErrForbidden
	}
	questionnaire, err := s.Questionnaires.Find(ctx, in.PollID)
	if err != nil {
		return domain.Replacement{}, err
	}
	mine, err := s.Ballots.ListByUser(ctx, in.PollID, by.User)
	if err != nil {
		return domain.Replacement{}, err
	}
	r, err := questionnaire.ReplaceBallots(poll, by, in.Answers, mine, in.RequestID, s.Clock.Now())
	if err != nil || !r.Changes() {
		return r, err
	}
	stored, err := s.Ballots.Replace(ctx, r.Remove, r.Add)
	if err == nil && !stored {
		err = errInTheWay
	}
	if err != nil {
		return domain.Replacement{}, err
	}
	events := make([]domain.Event, 0, len(r.Remove)+len(r.Add))
	for _, b := range r.Remove {
		events = append(events, domain.VoteRevoked{BallotEvent: domain.BallotEvent{Poll: poll, Ballot: b}})
	}
	for _, b := range r.Add {
		events = append(events, domain.VoteCast{BallotEvent: domain.BallotEvent{Poll: poll, Ballot: b}})
	}
	return r, s.Events.Publish(ctx, events...)
}
