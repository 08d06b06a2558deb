package app

import (
	"cmp"
	"context"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
)

// Administration decides who may administrate the platform: system administrators, in a session of theirs on the ID host.
type Administration struct {
	*Deps
	Sessions *Sessions
}

// Admin is a system administrator who makes a request.
type Admin struct {
	Current
	From domain.Origin
}

type adminKey struct{}

// AdminOf is the system administrator whom [Administration.Enter] let in; the zero Admin in the context of an operator.
func AdminOf(ctx context.Context) Admin {
	admin, _ := ctx.Value(adminKey{}).(Admin)
	return admin
}

// Enter lets the session of a system administrator in. The audit log names them in what is done in the context that it returns. A change
// needs a fresh proof of identity. Where the installation demands it, the session must have shown more than a password.
func (a *Administration) Enter(ctx context.Context, token domain.Secret, from domain.Origin, change bool) (context.Context, error) {
	who, err := a.Sessions.Find(ctx, token)
	if err != nil {
		return nil, err
	}
	switch {
	case !who.User.SystemAdmin:
		return nil, domain.ErrNotSystemAdmin
	case a.AdminSecondFactor && !who.Session.Strong:
		return nil, domain.ErrAdminSecondFactor
	case change && !who.Session.Confirmed(a.Clock.Now()):
		return nil, domain.ErrReauthentication
	}
	limit := limitAdminReads
	if change {
		limit = limitAdminChanges
	}
	if err := Limited(a.Limiter.Take(ctx, limit, who.User.ID.String(), 1), domain.ErrRateLimited); err != nil {
		return nil, err
	}
	ctx = At(context.WithValue(ctx, adminKey{}, Admin{who, from}), from.IP)
	return audit.As(ctx, by(who.User.ID), ""), nil
}

// requireAdmin refuses what is done neither by a system administrator whom Enter let in, nor by an operator, nor by the service itself.
func requireAdmin(ctx context.Context) error {
	if AdminOf(ctx).User.SystemAdmin || isOperator(ctx) {
		return nil
	}
	return domain.ErrNotSystemAdmin
}

// isOperator reports whether a command or the service itself does what is done in ctx.
func isOperator(ctx context.Context) bool {
	actor, _ := audit.ActorOf(ctx)
	return actor.Type == audit.Operator || actor.Type == audit.System
}

// Because returns a context whose entries of the audit log have a reason and the actor of ctx.
func Because(ctx context.Context, reason string) context.Context {
	actor, before := audit.ActorOf(ctx)
	return audit.As(ctx, actor, cmp.Or(reason, before))
}
