package app

import (
	"context"

	"go.updspace.com/libs/authz"
	"go.updspace.com/portal/groups/domain"
	"go.updspace.com/portal/groups/ports"
)

// Queue is the use case of what waits for a user.
type Queue struct{ Deps }

// Waiting is what waits for a user.
type Waiting struct {
	Invites      Queued[domain.Invite]
	JoinRequests Queued[domain.JoinRequest]
}

// Queued is the beginning of a queue.
type Queued[T any] struct {
	Count int
	First []WithGroup[T]
}

// queued is how much of each kind is shown.
const queued = 20

// Mine returns what waits for the caller. It asks Access once, for the groups in which the caller decides.
func (s Queue) Mine(ctx context.Context, by authz.Actor) (Waiting, error) {
	allowed, err := s.Access.AllowedScopes(ctx, []authz.ScopeQuery{
		{Permission: domain.PermissionManageMembers.Community}, {Permission: domain.PermissionManageMembers.Team},
	})
	if err != nil {
		return Waiting{}, err
	}
	now := s.Clock.Now()
	found, err := s.Queues.Queue(ctx, ports.QueueSearch{User: by.User, At: now, Decides: allowed[0], DecidesTeam: allowed[1]}, queued)
	if err != nil {
		return Waiting{}, err
	}
	for i := range found.Invites.First {
		found.Invites.First[i] = found.Invites.First[i].At(now)
	}
	return Waiting{Invites: inGroups(found.Invites), JoinRequests: inGroups(found.JoinRequests)}, nil
}

func inGroups[T scoped](q ports.Queued[T]) Queued[T] {
	first := make([]WithGroup[T], len(q.First))
	for i, v := range q.First {
		first[i] = WithGroup[T]{v, q.Names[v.Scope().ID]}
	}
	return Queued[T]{Count: q.Count, First: first}
}
