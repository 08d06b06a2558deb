package app

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/idempotency"
)

// Deps are the ports that the use cases are built on.
type Deps struct {
	Access      authz.Checker
	Events      ports.Events
	Occurrences ports.Occurrences
	Answers     ports.Answers
	Attendance  ports.Attendance
	Groups      groups.Store
	Publisher   ports.Publisher
	Audit       ports.AuditLog
	Tx          ports.Tx
	Once        idempotency.Requests
	Clock       ports.Clock
}

// EventView is an event on one of its dates, as it is shown to one caller.
type EventView struct {
	ports.Dated
	domain.EventAccess
	Mine *domain.Answer // of the caller; nil without one
	Open bool           // the date accepts answers
}

// withAnswers adds the answers of the caller, and whether the dates accept any.
func (d Deps) withAnswers(ctx context.Context, caller authz.Actor, views ...EventView) ([]EventView, error) {
	ids := make([]uuid.UUID, len(views))
	for i, v := range views {
		ids[i] = v.Occurrence.ID()
	}
	answers, err := d.Answers.OfUser(ctx, caller.User, ids...)
	for i, v := range views {
		views[i].Open = v.Event.AcceptsAnswers(v.Occurrence, d.Clock.Now()) == nil
		if a, ok := answers[v.Occurrence.ID()]; ok && a.Status != domain.AnswerWithdrawn {
			views[i].Mine = &a
		}
	}
	return views, err
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

// accessTo is what the caller may do with an event, and which further permissions the caller holds in its scope.
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
func (d Deps) apply(ctx context.Context, plan domain.Plan) error {
	if err := d.Occurrences.Remove(ctx, plan.Removed...); err != nil {
		return err
	}
	if err := d.Occurrences.Update(ctx, plan.Changed...); err != nil {
		return err
	}
	return d.Occurrences.Add(ctx, plan.Added...)
}

// shown is the event on a date: the one of the id if the event has it, else the one that is on or comes next.
func (d Deps) shown(ctx context.Context, by authz.Actor, event domain.Event, access domain.EventAccess, occurrence *uuid.UUID) (EventView, error) {
	var o domain.Occurrence
	err := error(domain.ErrOccurrenceNotFound)
	if occurrence != nil {
		o, err = d.Occurrences.Find(ctx, event.ID(), *occurrence)
	}
	if err != nil {
		o, err = d.Occurrences.Shown(ctx, event.ID(), d.Clock.Now())
	}
	if err != nil {
		return EventView{}, err
	}
	views, err := d.withAnswers(ctx, by, EventView{Dated: ports.Dated{Event: event, Occurrence: o}, EventAccess: access})
	return views[0], err
}

// record publishes domain events and writes them to the audit log, in the transaction of the change.
func (d Deps) record(ctx context.Context, events ...domain.DomainEvent) error {
	if err := d.Publisher.Publish(ctx, events...); err != nil {
		return err
	}
	var entries []audit.Entry
	for _, event := range events {
		entries = append(entries, auditEntry(event))
	}
	return d.Audit.Write(ctx, entries...)
}

func auditEntry(event domain.DomainEvent) audit.Entry {
	switch e := event.(type) {
	case domain.EventCreated:
		return entryOf("event.created", e.Change)
	case domain.EventUpdated:
		entry := entryOf("event.updated", e.Change)
		entry.Metadata["fields"] = slices.Clone(e.Fields)
		return entry
	case domain.EventCancelled:
		entry := entryOf("event.cancelled", e.Change)
		entry.Reason = e.Event.Data().CancelReason
		if e.Occurrence != nil {
			entry.Reason = e.Occurrence.Data().CancelReason
		}
		return entry
	case domain.EventDeleted:
		return entryOf("event.deleted", e.Change)
	case domain.AttendanceMarked:
		return about(entryOf("attendance.marked", e.Change), e.Attendance.UserID)
	case domain.AttendanceUnmarked:
		return about(entryOf("attendance.unmarked", e.Change), e.Attendance.UserID)
	}
	return audit.Entry{Action: "unknown"}
}

func about(entry audit.Entry, user uuid.UUID) audit.Entry {
	entry.About, entry.Metadata["user_id"] = user, user.String()
	return entry
}

func entryOf(action string, c domain.Change) audit.Entry {
	entry := audit.Entry{
		Action: action, TargetType: "event", TargetID: c.Event.ID().String(),
		Metadata: map[string]any{"status": string(c.Event.Data().Status), "version": c.Event.Version()},
	}
	if c.Occurrence != nil {
		entry.Metadata["occurrence_id"] = c.Occurrence.ID().String()
	}
	return entry
}
