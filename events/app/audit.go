package app

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/events/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/page"
)

// Audit is the use case of the audit log.
type Audit struct{ Deps }

// List returns a page of the audit log of the tenant.
func (s *Audit) List(ctx context.Context, by authz.Actor, filter audit.Filter, p page.Request) (page.Page[audit.Entry], error) {
	if err := authz.Require(ctx, s.Access, authz.Check{Permission: domain.PermissionEventManage, Scope: authz.TenantScope(by.Tenant)}); err != nil {
		return page.Page[audit.Entry]{}, err
	}
	return s.Deps.Audit.List(ctx, filter, p)
}

// record publishes domain events and writes them to the audit log, in the transaction of the change.
func (d Deps) record(ctx context.Context, events ...domain.DomainEvent) error {
	if err := d.Publisher.Publish(ctx, events...); err != nil {
		return err
	}
	var entries []audit.Entry
	for _, event := range events {
		entry, err := auditEntry(event)
		if err != nil {
			return err
		}
		entries = append(entries, entry)
	}
	return d.Audit.Write(ctx, entries...)
}

func auditEntry(event domain.DomainEvent) (audit.Entry, error) {
	switch e := event.(type) {
	case domain.EventCreated:
		return entryOf("event.created", e.Change), nil
	case domain.EventUpdated:
		entry := entryOf("event.updated", e.Change)
		entry.Metadata["fields"] = slices.Clone(e.Fields)
		return entry, nil
	case domain.EventCancelled:
		entry := entryOf("event.cancelled", e.Change)
		entry.Reason = e.Event.Data().CancelReason
		if e.Occurrence != nil {
			entry.Reason = e.Occurrence.Data().CancelReason
		}
		return entry, nil
	case domain.EventDeleted:
		return entryOf("event.deleted", e.Change), nil
	case domain.AttendanceMarked:
		return about(entryOf("attendance.marked", e.Change), e.Attendance.UserID), nil
	case domain.AttendanceUnmarked:
		return about(entryOf("attendance.unmarked", e.Change), e.Attendance.UserID), nil
	}
	return audit.Entry{}, errs.Internalf("events: no audit entry of %T", event)
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
