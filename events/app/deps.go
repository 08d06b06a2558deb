package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/idempotency"
)

// Deps are the ports that the use cases are built on.
type Deps struct {
	Access        authz.Checker
	Events        ports.Events
	Occurrences   ports.Occurrences
	Answers       ports.Answers
	Attendance    ports.Attendance
	Reminders     ports.Reminders
	Accounts      ports.Accounts
	Invitations   ports.Invitations
	Members       ports.Members
	Mails         ports.InvitationMails
	Inbound       ports.InboundMails
	Calendars     ports.CalendarAddresses
	TenantMembers ports.TenantMembers
	Groups        groups.Store
	Publisher     ports.Publisher
	Audit         ports.AuditLog
	Tx            ports.Tx
	Once          idempotency.Requests
	Clock         ports.Clock
}

// load returns an event and what the caller may do with it. An event that the caller cannot see does not exist for the caller.
// Access is asked before any lock is taken, because it may be slow.
func (d Deps) load(ctx context.Context, caller authz.Actor, id uuid.UUID) (domain.Event, domain.EventAccess, error) {
	event, err := d.Events.Find(ctx, id)
	if err != nil {
		return domain.Event{}, domain.EventAccess{}, err
	}
	access, _, err := d.accessTo(ctx, caller, event)
	return event, access, err
}

// accessTo returns what the caller may do with an event, and which further permissions the caller holds in its scope. It asks access
// once. A caller who cannot see the event gets domain.ErrEventNotFound.
func (d Deps) accessTo(ctx context.Context, caller authz.Actor, event domain.Event, also ...authz.Permission) (domain.EventAccess, map[authz.Permission]bool, error) {
	checks := []authz.Check{
		event.Check(domain.PermissionEventRead), event.Audience().Check(domain.PermissionEventRead), event.Check(domain.PermissionEventManage),
		event.Check(domain.PermissionRSVPSet),
	}
	answers, held, err := authz.CheckAlso(ctx, d.Access, checks, event.Data().Scope, also...)
	if err != nil {
		return domain.EventAccess{}, nil, err
	}
	grants := domain.Grants{Read: answers[0], Audience: answers[1], Manage: answers[2], Answer: answers[3]}
	access := domain.NewEventAccess(event, caller, grants)
	if !access.CanRead && grants.Read {
		if grants.Guest, err = d.Answers.IsGuest(ctx, event.ID(), caller.User); err != nil {
			return domain.EventAccess{}, nil, err
		}
		access = domain.NewEventAccess(event, caller, grants)
	}
	if !access.CanRead {
		err = domain.ErrEventNotFound
	}
	return access, held, err
}

// requireManaged refuses callers who do not manage the event.
func (d Deps) requireManaged(ctx context.Context, caller authz.Actor, id uuid.UUID) (domain.EventAccess, error) {
	_, access, err := d.load(ctx, caller, id)
	if err == nil && !access.CanManage {
		err = authz.Denied(domain.PermissionEventManage)
	}
	return access, err
}

// lock locks an event for a change that is made to a version of it; nil is any version.
func (d Deps) lock(ctx context.Context, id uuid.UUID, version *int) (domain.Event, error) {
	event, err := d.Events.Lock(ctx, id)
	if err == nil && version != nil && *version != event.Version() {
		err = domain.ErrEventChanged
	}
	return event, err
}

// apply stores what a new schedule means for the dates of an event.
func (d Deps) apply(ctx context.Context, event uuid.UUID, plan domain.Plan) error {
	if err := d.Occurrences.Remove(ctx, plan.Removed...); err != nil {
		return err
	}
	if err := d.Occurrences.Update(ctx, plan.Changed...); err != nil {
		return err
	}
	return d.addDates(ctx, event, plan.Added...)
}

// addDates stores new dates of an event, with the answers of the members who have answered about the whole series.
func (d Deps) addDates(ctx context.Context, event uuid.UUID, dates ...domain.Occurrence) error {
	if err := d.Occurrences.Add(ctx, dates...); err != nil {
		return err
	}
	return d.Answers.FollowSeries(ctx, event, dates...)
}
