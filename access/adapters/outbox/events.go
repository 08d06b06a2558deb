// Package outbox publishes the events of api/events/access.yaml through the outbox.
package outbox

import (
	"strconv"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/api/accessevents"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/outbox"
)

// New implements ports.Events through publisher.
func New(publisher *outbox.Publisher) *outbox.Events[domain.Event] {
	return outbox.NewEvents(publisher, toWire)
}

func toWire(event domain.Event) (outbox.Event, error) {
	switch e := event.(type) {
	case domain.RoleGiven:
		data := binding(e.Binding, e.By)
		return outbox.Event{Type: accessevents.TypeRoleGiven, Subject: data.Subject(), Data: data}, nil
	case domain.RoleTaken:
		data := binding(e.Binding, e.By)
		return outbox.Event{Type: accessevents.TypeRoleTaken, Subject: data.Subject(), Data: data}, nil
	}
	return outbox.Event{}, errs.Internalf("access: no wire form of %T", event)
}

func binding(b domain.BindingRecord, by uuid.UUID) accessevents.RoleBinding {
	data := accessevents.RoleBinding{
		BindingID: b.ID, UserID: b.User, RoleID: b.Role.ID, RoleService: string(b.Role.Service), RoleName: b.Role.Name, ScopeType: string(b.Scope.Type),
		ScopeID: b.Scope.ID, Source: string(b.Source), ExpiresAt: orNil(b.Expires), SourceRef: "binding:" + strconv.FormatInt(b.ID, 10),
	}
	if by != uuid.Nil {
		data.ActorID = &by
	}
	return data
}

func orNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
