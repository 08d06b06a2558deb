package app

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/voting/domain"
)

// Participants are the use cases of the roles of users in a poll, for those who manage the poll.
type Participants struct{ Deps }

const maxParticipants = 1000

// List returns the participants of a poll and after them the invites to it.
func (s *Participants) List(ctx context.Context, by authz.Actor, poll uuid.UUID) ([]domain.Participant, error) {
	if _, err := s.requireManaged(ctx, by, poll); err != nil {
		return nil, err
	}
	present, err := s.Participants.List(ctx, poll)
	if err != nil {
		return nil, err
	}
	invites, err := s.Invites.List(ctx, poll)
	return append(present, invites...), err
}

// Put gives a user a role in a poll, in the place of the one before. With invite, a user without a role is asked first.
func (s *Participants) Put(ctx context.Context, by authz.Actor, id, user uuid.UUID, role domain.Role, invite bool) (participant domain.Participant, err error) {
	err = s.change(ctx, by, id, func(ctx context.Context, poll domain.Poll, access domain.PollAccess, present []domain.Participant) error {
		if participant, err = domain.NewParticipant(poll, by, access, user, role, s.Clock.Now()); err != nil {
			return err
		}
		i := indexOf(present, user)
		switch {
		case i < 0:
			_, err := s.add(ctx, by, poll, present, invite, &participant)
			return err
		case present[i].Role == role:
			participant = present[i]
			return nil
		}
		if err := present[i].CanRemove(poll, access, present); err != nil {
			return err
		}
		if err := s.Participants.Put(ctx, participant); err != nil {
			return err
		}
		return s.record(ctx, domain.ParticipantChanged{ParticipantEvent: participantEvent(poll, by, participant)})
	})
	return participant, err
}

// AddParticipants is the input of Add.
type AddParticipants struct {
	Users  []uuid.UUID
	Role   domain.Role
	Invite bool
}

// Add gives users a role in a poll, or invites them. Those who have a role keep it. It returns all users as they are, and how
// many were added.
func (s *Participants) Add(ctx context.Context, by authz.Actor, id uuid.UUID, in AddParticipants) (all []domain.Participant, added int, err error) {
	err = s.change(ctx, by, id, func(ctx context.Context, poll domain.Poll, access domain.PollAccess, present []domain.Participant) error {
		all = make([]domain.Participant, len(in.Users))
		fresh := make([]*domain.Participant, 0, len(in.Users))
		for i, user := range in.Users {
			if j := indexOf(present, user); j >= 0 {
				all[i] = present[j]
				continue
			}
			if all[i], err = domain.NewParticipant(poll, by, access, user, in.Role, s.Clock.Now()); err != nil {
				return err
			}
			fresh = append(fresh, &all[i])
		}
		added, err = s.add(ctx, by, poll, present, in.Invite, fresh...)
		return err
	})
	return all, added, err
}

// add stores users who have no role in the poll as participants, or invites them; a pending invite stays as it is. It returns
// how many it stored. One user may be named twice.
func (s *Participants) add(ctx context.Context, by authz.Actor, poll domain.Poll, present []domain.Participant, invite bool, fresh ...*domain.Participant) (int, error) {
	invites, err := s.Invites.List(ctx, poll.ID())
	if err != nil {
		return 0, err
	}
	var stored []domain.Participant
	var events []domain.Event
	var answered []uuid.UUID
	people := len(present) + len(invites)
	for _, p := range fresh {
		if i := indexOf(stored, p.UserID); i >= 0 {
			*p = stored[i]
			continue
		}
		i := indexOf(invites, p.UserID)
		switch {
		case i < 0:
			people++
		case invite && invites[i].Status == domain.InvitePending:
			*p = invites[i]
			continue
		case !invite:
			answered = append(answered, p.UserID)
		}
		if invite {
			*p = p.Invited()
			events = append(events, domain.ParticipantInvited{ParticipantEvent: participantEvent(poll, by, *p)})
		} else {
			events = append(events, domain.ParticipantChanged{ParticipantEvent: participantEvent(poll, by, *p)})
		}
		stored = append(stored, *p)
	}
	switch {
	case len(stored) == 0:
		return 0, nil
	case people > maxParticipants:
		return 0, domain.ErrTooManyPeople
	case invite:
		err = s.Invites.Put(ctx, stored...)
	default:
		err = s.Participants.Put(ctx, stored...)
	}
	if err == nil && len(answered) > 0 {
		err = s.Invites.Remove(ctx, poll.ID(), answered...)
	}
	if err != nil {
		return 0, err
	}
	return len(stored), s.record(ctx, events...)
}

// Remove takes the role of a user away, or the invite. It succeeds when the user has neither.
func (s *Participants) Remove(ctx context.Context, by authz.Actor, id, user uuid.UUID) error {
	return s.change(ctx, by, id, func(ctx context.Context, poll domain.Poll, access domain.PollAccess, present []domain.Participant) error {
		i := indexOf(present, user)
		if i < 0 {
			return s.Invites.Remove(ctx, id, user)
		}
		if err := present[i].CanRemove(poll, access, present); err != nil {
			return err
		}
		if err := s.Participants.Remove(ctx, id, user); err != nil {
			return err
		}
		return s.record(ctx, domain.ParticipantRemoved{ParticipantEvent: participantEvent(poll, by, present[i])})
	})
}

// change calls fn with the poll and its participants, while the poll is locked.
func (s *Participants) change(ctx context.Context, by authz.Actor, id uuid.UUID, fn func(context.Context, domain.Poll, domain.PollAccess, []domain.Participant) error) error {
	access, err := s.requireManaged(ctx, by, id)
	if err != nil {
		return err
	}
	return s.Tx.Do(ctx, func(ctx context.Context) error {
		poll, err := s.Polls.Lock(ctx, id)
		if err != nil {
			return err
		}
		present, err := s.Participants.List(ctx, id)
		if err != nil {
			return err
		}
		return fn(ctx, poll, access, present)
	})
}

func indexOf(participants []domain.Participant, user uuid.UUID) int {
	return slices.IndexFunc(participants, func(p domain.Participant) bool { return p.UserID == user })
}

func participantEvent(poll domain.Poll, by authz.Actor, participant domain.Participant) domain.ParticipantEvent {
	return domain.ParticipantEvent{PollEvent: domain.PollEvent{Poll: poll, By: by.User}, Participant: participant}
}
