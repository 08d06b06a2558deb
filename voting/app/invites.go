package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
)

// Invites are the use cases of invites to polls, for those who are invited.
type Invites struct{ Deps }

const maxInvites = 100

// MyInvite is an invite of the caller.
type MyInvite struct {
	ports.PendingInvite
	Phase domain.Phase
}

// ListMine returns the invites that wait for the caller's answer, in polls of scopes in which the caller may read polls. It makes
// one call to access.
func (s *Invites) ListMine(ctx context.Context, by authz.Actor) ([]MyInvite, error) {
	pending, err := s.Invites.ListPending(ctx, by.User, maxInvites)
	if err != nil || len(pending) == 0 {
		return nil, err
	}
	checks := make([]authz.Check, len(pending))
	for i, invite := range pending {
		checks[i] = invite.Poll.Check(domain.PermissionPollRead)
	}
	answers, err := s.Access.CheckAll(ctx, checks)
	if err != nil {
		return nil, err
	}
	mine, now := []MyInvite{}, s.Clock.Now()
	for i, invite := range pending {
		if answers[i] {
			mine = append(mine, MyInvite{PendingInvite: invite, Phase: invite.Poll.Phase(now)})
		}
	}
	return mine, nil
}

// Accept gives the caller the role of an invite.
func (s *Invites) Accept(ctx context.Context, by authz.Actor, poll uuid.UUID) (participant domain.Participant, err error) {
	err = s.answer(ctx, poll, func(ctx context.Context, poll domain.Poll, invites []domain.Participant) error {
		i := indexOf(invites, by.User)
		if i < 0 { // accepted before
			present, err := s.Participants.List(ctx, poll.ID())
			if err != nil {
				return err
			}
			if i = indexOf(present, by.User); i < 0 {
				return domain.ErrInviteNotFound
			}
			participant = present[i]
			return nil
		}
		if participant, err = invites[i].Accept(s.Clock.Now()); err != nil {
			return err
		}
		if err := s.Participants.Put(ctx, participant); err != nil {
			return err
		}
		if err := s.Invites.Remove(ctx, poll.ID(), by.User); err != nil {
			return err
		}
		return s.record(ctx, domain.ParticipantChanged{ParticipantEvent: participantEvent(poll, by, participant)})
	})
	return participant, err
}

// Decline answers an invite with no.
func (s *Invites) Decline(ctx context.Context, by authz.Actor, poll uuid.UUID) error {
	return s.answer(ctx, poll, func(ctx context.Context, poll domain.Poll, invites []domain.Participant) error {
		i := indexOf(invites, by.User)
		switch {
		case i < 0:
			return domain.ErrInviteNotFound
		case invites[i].Status == domain.InviteDeclined:
			return nil
		}
		declined := invites[i].Decline()
		if err := s.Invites.Put(ctx, declined); err != nil {
			return err
		}
		return s.record(ctx, domain.ParticipantDeclined{ParticipantEvent: participantEvent(poll, by, declined)})
	})
}

// answer calls fn with the poll, which is locked, and the invites to it. A poll in a scope in which the caller may not read polls
// does not exist for the caller.
func (s *Invites) answer(ctx context.Context, id uuid.UUID, fn func(context.Context, domain.Poll, []domain.Participant) error) error {
	poll, err := s.Polls.Find(ctx, id)
	if err != nil {
		return err
	}
	allowed, err := s.Access.Check(ctx, poll.Check(domain.PermissionPollRead))
	if err != nil {
		return err
	}
	if !allowed || poll.Data().Hidden {
		return domain.ErrPollNotFound
	}
	return s.Tx.Do(ctx, func(ctx context.Context) error {
		poll, err := s.Polls.Lock(ctx, id)
		if err != nil {
			return err
		}
		invites, err := s.Invites.List(ctx, id)
		if err != nil {
			return err
		}
		return fn(ctx, poll, invites)
	})
}
