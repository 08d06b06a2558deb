package domain

import (
	"time"

	"github.com/google/uuid"
)

// AuditEntry says who did what to whom, for operators. It never holds secrets.
type AuditEntry struct {
	ID         uuid.UUID
	At         time.Time
	Actor      *uuid.UUID // nil: nobody known, or an operator on the command line
	Action     string
	TargetType string
	TargetID   string
	IP         string
	RequestID  string
	Meta       map[string]string
}

// The actions that are recorded.
const (
	ActionSignedIn         = "session.created"
	ActionSignInFailed     = "session.refused"
	ActionSignedOut        = "session.ended"
	ActionLinkRequested    = "magic_link.requested"
	ActionLinkUsed         = "magic_link.used"
	ActionAuthorized       = "oidc.authorized"
	ActionDenied           = "oidc.denied"
	ActionGrantRevoked     = "oidc.grant_revoked"
	ActionCodeReplayed     = "oidc.code_replayed"
	ActionRefreshReplayed  = "oidc.refresh_replayed"
	ActionUserCreated      = "user.created"
	ActionUserStatus       = "user.status_changed"
	ActionTenantCreated    = "tenant.created"
	ActionMembershipSet    = "membership.set"
	ActionKeyCreated       = "signing_key.created"
	ActionClientRegistered = "oidc.client_registered"
)
