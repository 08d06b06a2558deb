// Package domain holds the rules of roles that follow one another here and at Discord. It does no I/O and reads no clock.
package domain

import (
	"regexp"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// Direction says which side of a mapping leads.
type Direction string

// The directions.
const (
	ToDiscord   Direction = "to_discord"   // who holds the role here gets the one at Discord
	FromDiscord Direction = "from_discord" // who has the role at Discord gets the one here
	Both        Direction = "both"
)

func (d Direction) to() bool   { return d == ToDiscord || d == Both }
func (d Direction) from() bool { return d == FromDiscord || d == Both }

// MaxMappings is how many pairs of roles a server of Discord may have.
const MaxMappings = 50

// Mapping is a pair of roles: one of the tenant in a scope, and one of a server of Discord.
type Mapping struct {
	ID          int64 // given by the store; zero before
	DiscordRole string
	DiscordName string // when it was paired
	Role        authz.RoleRef
	Scope       authz.Scope
	Direction   Direction
	Removed     bool      // what it put is being taken back
	DefinedBy   uuid.UUID // answers for the roles that are given here
	CreatedAt   time.Time
}

// snowflake is an id of Discord.
var snowflake = regexp.MustCompile(`^[1-9][0-9]{15,19}$`)

// MappingDraft states a pair.
type MappingDraft struct {
	DiscordRole string
	Role        int64
	Scope       authz.Scope
	Direction   Direction
}

// Check reports every wrong field.
func (d MappingDraft) Check(tenant uuid.UUID) error {
	refused := errs.Fields{}
	refused.Check(snowflake.MatchString(d.DiscordRole), "discord_role_id", why.InvalidFormat("must be the id of a role of Discord"))
	refused.Check(d.Role > 0, "role_id", why.Below(1))
	refused.Check(slices.Contains([]Direction{ToDiscord, FromDiscord, Both}, d.Direction), "direction", why.NotAllowed("must be to_discord, from_discord or both"))
	switch d.Scope.Type {
	case authz.ScopeTenant:
		refused.Check(d.Scope.ID == tenant, "scope_id", why.Mismatch("must be the tenant"))
	case authz.ScopeCommunity, authz.ScopeTeam:
	default:
		refused.Add("scope_type", why.NotAllowed("must be TENANT, COMMUNITY or TEAM"))
	}
	return refused.Err()
}

// RequireGivable refuses a role that the caller may not let others have, as access decides. For a role that only goes to Discord it is enough
// that there is one.
func RequireGivable(d authz.RewardDecision, direction Direction) error {
	if d.Role.ID == 0 {
		return ErrRoleNotFound
	}
	if d.Allowed || !direction.from() {
		return nil
	}
	if d.Reason == authz.RewardRoleNotRewardable {
		return ErrRoleNotGivable
	}
	return ErrRoleForbidden.WithDetails(map[string]any{"reason": string(d.Reason), "missing": d.Missing})
}
