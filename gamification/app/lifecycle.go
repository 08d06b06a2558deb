package app

import (
	"context"

	"go.updspace.com/libs/groups"
)

// Lifecycle are the use cases that work without a user: they follow portal's groups.
type Lifecycle struct{ Deps }

// NewLifecycle returns the use cases.
func NewLifecycle(d Deps) *Lifecycle { return &Lifecycle{d} }

// GroupChanged stores the state of a community or a team. The achievements of a deleted one leave the lists. It runs in the
// transaction of portal's event.
func (s *Lifecycle) GroupChanged(ctx context.Context, group groups.Group) error {
	if err := s.Groups.Put(ctx, group); err != nil || group.State != groups.Deleted {
		return err
	}
	ids, err := s.Achievements.ListByGroup(ctx, group.Scope)
	if err != nil {
		return err
	}
	for _, id := range ids {
		achievement, err := s.Achievements.Lock(ctx, id)
		if err != nil {
			return err
		}
		removed := achievement.Remove(s.Clock.Now())
		if err := s.Achievements.Update(ctx, removed); err != nil {
			return err
		}
		if err := s.Audit.Write(ctx, achievementEntry("achievement.removed", removed)); err != nil {
			return err
		}
	}
	return nil
}
