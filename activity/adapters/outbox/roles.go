package outbox

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/activity/roles/domain"
	"go.updspace.com/activity/roles/ports"
	"go.updspace.com/api/activityevents"
	"go.updspace.com/libs/outbox"
)

// Roles is roles/ports.Events.
type Roles struct{ publisher *outbox.Publisher }

var _ ports.Events = Roles{}

// NewRoles tells access of roles through publisher.
func NewRoles(publisher *outbox.Publisher) Roles { return Roles{publisher} }

// RoleGiven tells that a person has the role of a pair.
func (r Roles) RoleGiven(ctx context.Context, m domain.Mapping, h domain.Holding, user uuid.UUID) error {
	data := activityevents.RoleGiven{
		HoldingID: h.ID, UserID: user, Version: h.Version, RoleID: m.Role.ID, ScopeType: string(m.Scope.Type), ScopeID: m.Scope.ID, DefinedBy: m.DefinedBy,
	}
	return r.publisher.Publish(ctx, outbox.Event{Type: activityevents.TypeRoleGiven, Subject: data.Subject(), Data: data})
}

// RoleTaken tells that a person has it no more.
func (r Roles) RoleTaken(ctx context.Context, h domain.Holding, user uuid.UUID) error {
	data := activityevents.RoleTaken{HoldingID: h.ID, UserID: user, Version: h.Version}
	return r.publisher.Publish(ctx, outbox.Event{Type: activityevents.TypeRoleTaken, Subject: data.Subject(), Data: data})
}
