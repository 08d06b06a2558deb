package authz

// RoleRef names a role.
type RoleRef struct {
	ID      int64
	Service string
	Name    string
}

// RewardDecision says whether a user may reward others with a role.
type RewardDecision struct {
	Allowed bool
	Reason  RewardReason
	Missing []string // permissions that the user lacks
	Role    RoleRef  // zero if there is none
}

// RewardReason is the reason code of a RewardDecision.
type RewardReason string

// The reasons.
const (
	RewardAllowed           RewardReason = "ALLOWED"
	RewardRoleNotFound      RewardReason = "ROLE_NOT_FOUND"
	RewardRoleNotRewardable RewardReason = "ROLE_NOT_REWARDABLE" // named admin, or changes rights
	RewardMemberNotFound    RewardReason = "MEMBER_NOT_FOUND"
	RewardScopeNotFound     RewardReason = "SCOPE_NOT_FOUND"
	RewardScopeArchived     RewardReason = "SCOPE_ARCHIVED"
	RewardForbidden         RewardReason = "FORBIDDEN" // the user binds no roles
	RewardNotHeld           RewardReason = "PERMISSION_NOT_HELD"
)

// ScopedRole is a role in a scope.
type ScopedRole struct {
	Role  int64
	Scope Scope
}
