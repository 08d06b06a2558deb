package app

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// Rewards binds roles that members have because they hold achievements, or a role at Discord.
type Rewards struct{ Administration }

// RewardCheck asks whether the user of the request may reward others with a role.
type RewardCheck struct {
	Role  int64
	Scope ScopeInput
}

// RewardAnswer is the answer. Refusal is nil if the user may.
type RewardAnswer struct {
	Role    domain.Role // zero if there is none
	Refusal *errs.Error
}

// Check answers whether the user of the request may reward others with a role. Nothing is bound.
func (r Rewards) Check(ctx context.Context, in RewardCheck) (RewardAnswer, error) {
	s, err := subjectOf(ctx)
	if err != nil {
		return RewardAnswer{}, err
	}
	scope, err := domain.NewScope(s.Tenant, in.Scope.Type, in.Scope.ID, "scope.")
	if err != nil {
		return RewardAnswer{}, err
	}
	if err := rewardScope(scope, "scope.type"); err != nil {
		return RewardAnswer{}, err
	}
	if scope.Type == domain.Tenant && scope != domain.TenantScope(s.Tenant) {
		return RewardAnswer{}, domain.ErrTenantMismatch
	}
	var answer RewardAnswer
	if answer.Role, err = r.Roles.Find(ctx, in.Role); err == nil {
		err = r.mayGive(ctx, s, answer.Role, scope)
	}
	answer.Refusal, err = rewardRefusal(err)
	return answer, err
}

func rewardScope(scope domain.Scope, field string) error {
	switch scope.Type {
	case domain.Tenant, domain.Community, domain.Team:
		return nil
	}
	return errs.Field(field, why.NotAllowed("must be TENANT, COMMUNITY or TEAM"))
}

// rewardRefusal tells refusals of a reward from failures.
func rewardRefusal(err error) (*errs.Error, error) {
	for _, refusal := range []*errs.Error{
		domain.ErrRoleNotFound, domain.ErrNotRewardable, domain.ErrMemberNotFound, domain.ErrScopeNotFound, domain.ErrScopeArchived,
		domain.ErrForbidden, domain.ErrNotHeld,
	} {
		if errors.Is(err, refusal) {
			var found *errs.Error
			errors.As(err, &found)
			return found, nil
		}
	}
	return nil, err
}

// mayGive returns why a user may not reward others with a role. It reads what is stored, and no flags of a request but
// suspension, because a reward falls due without a request of the user.
func (r Rewards) mayGive(ctx context.Context, s domain.Subject, role domain.Role, scope domain.Scope) error {
	if err := role.Rewardable(); err != nil {
		return err
	}
	refs, err := r.Memberships.References(ctx, s.User, scope)
	if err != nil {
		return err
	}
	refs.Member = refs.Member || s.Member
	if err := refs.Check(scope); err != nil {
		return err
	}
	s.SystemAdmin, s.Member = false, refs.Member
	facts, err := r.Stored.Load(ctx, s, r.Clock.Now())
	if err != nil {
		return err
	}
	authority := r.Catalogue.Authority(s, facts)
	if !authority.Holds(domain.WriteBindings, domain.TenantScope(s.Tenant)) {
		return authz.Denied(domain.WriteBindings)
	}
	return authority.MayBind(role, scope)
}

// OnGiven handles that a member holds an achievement, or a role at Discord, that gives a role here. The role is bound unless a later event took it,
// or one of those who are responsible may not give it any more; then the refusal is recorded.
func (r Rewards) OnGiven(ctx context.Context, tenant uuid.UUID, given domain.Reward) error {
	fields := errs.Fields{}
	fields.Check(given.Role > 0, "role_id", why.Below(1))
	fields.Check(len(given.Responsible) > 0, "defined_by", why.Required)
	if err := errors.Join(fields.Err(), rewardScope(given.Scope, "scope_type")); err != nil {
		return err
	}
	if given.Scope.Type == domain.Tenant && given.Scope != domain.TenantScope(tenant) {
		return errs.Field("scope_id", why.Mismatch("must be the tenant of the event"))
	}
	return r.replace(ctx, given, func(ctx context.Context) error {
		role, err := r.Roles.Find(ctx, given.Role)
		if err != nil {
			return err
		}
		recipient, err := r.Memberships.References(ctx, given.User, given.Scope)
		if err == nil {
			err = recipient.Check(given.Scope)
		}
		for _, user := range given.Responsible {
			if err == nil {
				err = r.mayGive(ctx, domain.Subject{Tenant: tenant, User: user}, role, given.Scope)
			}
		}
		return err
	})
}

// OnTaken handles that a member does not hold the achievement any more, or that it does not reward any more.
func (r Rewards) OnTaken(ctx context.Context, taken domain.Reward) error {
	taken.Role, taken.Scope, taken.Expires = 0, domain.Scope{}, time.Time{}
	return r.replace(ctx, taken, func(context.Context) error { return nil })
}

// replace stores what an event tells about the reward of a grant, unless a later one did, and corrects the bindings.
func (r Rewards) replace(ctx context.Context, told domain.Reward, check func(ctx context.Context) error) error {
	fields := errs.Fields{}
	fields.Check(told.Grant != uuid.Nil, "grant_id", why.Required)
	fields.Check(told.User != uuid.Nil, "user_id", why.Required)
	fields.Check(told.Version > 0, "version", why.Below(1))
	if err := fields.Err(); err != nil {
		return err
	}
	return r.Do(ctx, func(ctx context.Context) error {
		before, found, err := r.Rewards.Find(ctx, told.Grant)
		if err != nil || found && before.Version >= told.Version {
			return err
		}
		refusal, err := rewardRefusal(check(ctx))
		if err != nil {
			return err
		}
		entries := auditEntries{via: viaReward[told.Source], at: r.Clock.Now()}
		if refusal != nil {
			told.Refused = refusal.Code
			if err := r.Audit.Write(ctx, entries.rewardRefused(told)); err != nil {
				return err
			}
		}
		if err := r.Rewards.Put(ctx, told, entries.at); err != nil {
			return err
		}
		key, given := told.Key()
		if was, had := before.Key(); had && (!given || was != key) {
			if err := r.derive(ctx, entries, was); err != nil {
				return err
			}
		}
		if !given {
			return nil
		}
		return r.derive(ctx, entries, key)
	})
}

// derive corrects a binding and records the change.
func (r Rewards) derive(ctx context.Context, entries auditEntries, key domain.RewardKey) error {
	before, after, err := r.Rewards.Derive(ctx, key, entries.at)
	if err != nil {
		return err
	}
	var changed []audit.Entry
	var event domain.Event
	switch {
	case before.ID == after.ID && before.Expires.Equal(after.Expires) && before.Achievement == after.Achievement:
		return nil
	case before.ID == 0:
		changed, event = entries.bindings(ActionBindingCreated, after), domain.RoleGiven{Binding: after}
	case after.ID == 0:
		changed, event = entries.bindings(ActionBindingDeleted, before), domain.RoleTaken{Binding: before}
	default:
		both := entries.bindings(ActionBindingUpdated, before, after)
		changed = append(changed, updated(both[0], both[1]))
	}
	if err := r.Audit.Write(ctx, changed...); err != nil || event == nil || key.Source == domain.FromAchievement {
		return err // gamification tells of its rewards
	}
	return r.Events.Publish(ctx, event)
}
