package domain

// The actions that the audit log records.
const (
	ActionSignedIn         = "session.created"
	ActionSignInFailed     = "session.refused"
	ActionSignedOut        = "session.ended"
	ActionSessionsEnded    = "user.sessions_ended"
	ActionLinkRequested    = "magic_link.requested"
	ActionLinkUsed         = "magic_link.used"
	ActionAuthorized       = "oidc.authorized"
	ActionDenied           = "oidc.denied"
	ActionGrantRevoked     = "oidc.grant_revoked"
	ActionCodeReplayed     = "oidc.code_replayed"
	ActionRefreshReplayed  = "oidc.refresh_replayed"
	ActionClientRegistered = "oidc.client_registered"
	ActionUserCreated      = "user.created"
	ActionUserStatus       = "user.status_changed"
	ActionUserRenamed      = "user.renamed"
	ActionUserPreferences  = "user.preferences_changed"
	ActionSystemAdmin      = "user.system_admin_changed"
	ActionTenantCreated    = "tenant.created"
	ActionTenantRenamed    = "tenant.renamed"
	ActionTenantClosed     = "tenant.closed"
	ActionTenantChanged    = "tenant.changed"
	ActionMembershipSet    = "membership.set"
	ActionKeyCreated       = "signing_key.created"
)
