package pg

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/pg"
)

type reader = func(context.Context, uuid.UUID, string, int) ([]personaldata.Item, error)

// PersonalData lists what the service stores about a user. The account belongs to no tenant, so the sections run across tenants. No section has
// secrets: password hashes, seeds, codes and tokens are erased and not exported. The account is the last: the others find its address in it.
func PersonalData(db *pg.DB) []personaldata.Section {
	erase := func(statement string) func(section personaldata.Section) personaldata.Section {
		return func(section personaldata.Section) personaldata.Section {
			section.Erase = personaldata.Statements(db, statement)
			return section
		}
	}
	own := func(table string) func(personaldata.Section) personaldata.Section {
		return erase("DELETE FROM " + table + " WHERE user_id = ?1")
	}
	rows := func(query string) reader { return personaldata.Rows(db, query) }
	const address = "(SELECT email FROM users WHERE id = ?1)"
	return slices.Concat(personaldata.Kit(db), []personaldata.Section{
		own("memberships")(personaldata.Section{
			Name: "memberships", Columns: []string{"memberships.user_id", "memberships.base_role"},
			Read: rows(`SELECT t.slug AS key, jsonb_build_object('tenant', t.slug, 'name', t.name, 'status', m.status, 'role', m.base_role, 'since', m.created_at) AS data
				FROM memberships m JOIN tenants t ON t.id = m.tenant_id WHERE m.user_id = ?1`),
		}),
		own("sessions")(personaldata.Section{
			Name: "sessions", Columns: []string{"sessions.user_id", "sessions.ip", "sessions.user_agent"},
			Read: rows(`SELECT id::text AS key, jsonb_build_object('method', method, 'ip', ip, 'user_agent', user_agent, 'created_at', created_at, 'used_at', used_at,
				'expires_at', expires_at, 'ended_at', revoked_at, 'ended', revoked_reason) AS data FROM sessions WHERE user_id = ?1`),
		}),
		own("login_events")(personaldata.Section{
			Name: "logins", Columns: []string{"login_events.user_id", "login_events.ip", "login_events.user_agent", "login_events.device_id"},
			Read: rows(`SELECT id::text AS key, jsonb_build_object('at', created_at, 'succeeded', succeeded, 'method', method, 'reason', reason, 'ip', ip,
				'user_agent', user_agent, 'device_id', device_id, 'new_device', new_device) AS data FROM login_events WHERE user_id = ?1`),
		}),
		own("user_consents")(personaldata.Section{
			Name: "consents", Columns: []string{"user_consents.user_id", "user_consents.guardian_email"},
			Read: rows(`SELECT id::text AS key, jsonb_build_object('kind', kind, 'version', version, 'source', source, 'guardian_email', guardian_email,
				'granted_at', granted_at, 'revoked_at', revoked_at) AS data FROM user_consents WHERE user_id = ?1`),
		}),
		own("user_scope_policies")(personaldata.Section{
			Name: "scope_policies", Columns: []string{"user_scope_policies.user_id"},
			Read: rows(`SELECT scope AS key, jsonb_build_object('scope', scope, 'policy', policy) AS data FROM user_scope_policies WHERE user_id = ?1`),
		}),
		own("oidc_consents")(personaldata.Section{
			Name: "applications_allowed", Columns: []string{"oidc_consents.user_id"},
			Read: rows(`SELECT client_id AS key, jsonb_build_object('client', client_id, 'scopes', scopes, 'created_at', created_at, 'updated_at', updated_at) AS data
				FROM oidc_consents WHERE user_id = ?1`),
		}),
		own("oidc_grants")(personaldata.Section{
			Name: "application_grants", Columns: []string{"oidc_grants.user_id"},
			Read: rows(`SELECT id::text AS key, jsonb_build_object('client', client_id, 'scopes', scopes, 'created_at', created_at, 'expires_at', expires_at,
				'revoked_at', revoked_at) AS data FROM oidc_grants WHERE user_id = ?1`),
		}),
		own("external_identities")(personaldata.Section{
			Name:    "external_identities",
			Columns: []string{"external_identities.user_id", "external_identities.provider", "external_identities.subject", "external_identities.label"},
			Read: rows(`SELECT provider AS key, jsonb_build_object('provider', provider, 'subject', subject, 'name', label, 'linked_at', linked_at) AS data
				FROM external_identities WHERE user_id = ?1`),
		}),
		erase("UPDATE avatars SET user_id = NULL, digest = '', in_use = FALSE WHERE user_id = ?1")(personaldata.Section{
			Name: "avatars", Columns: []string{"avatars.user_id", "avatars.digest"}, // a job deletes the content of those without a user
			Read: rows(`SELECT id::text AS key, jsonb_build_object('id', id, 'content_type', content_type, 'created_at', created_at) AS data
				FROM avatars WHERE user_id = ?1 AND in_use`),
		}),
		own("passkeys")(personaldata.Section{
			Name: "passkeys", Columns: []string{"passkeys.user_id", "passkeys.name", "passkeys.credential_id"},
			Read: rows(`SELECT id::text AS key, jsonb_build_object('name', name, 'without_password', alone, 'created_at', created_at, 'last_used_at', last_used_at) AS data
				FROM passkeys WHERE user_id = ?1`),
		}),
		own("totp")(personaldata.Section{
			Name: "authenticator_app", Columns: []string{"totp.user_id"},
			Read: rows(`SELECT '1' AS key, jsonb_build_object('created_at', created_at, 'last_used_at', last_used_at) AS data FROM totp WHERE user_id = ?1`),
		}),
		own("mail_unsubscriptions")(personaldata.Section{
			Name: "unsubscriptions", Columns: []string{"mail_unsubscriptions.user_id"},
			Read: rows(`SELECT t.slug || ' ' || s.kind AS key, jsonb_build_object('tenant', t.slug, 'kind', s.kind, 'created_at', s.created_at) AS data
				FROM mail_unsubscriptions s JOIN tenants t ON t.id = s.tenant_id WHERE s.user_id = ?1`),
		}),
		erase("DELETE FROM applications WHERE email = " + address)(personaldata.Section{
			Name: "applications", Columns: []string{"applications.email", "applications.display_name", "applications.answers", "applications.reason"},
			Read: rows(`SELECT t.slug || ' ' || a.id AS key, jsonb_build_object('tenant', t.slug, 'display_name', a.display_name, 'answers', a.answers, 'status', a.status,
				'reason', a.reason, 'created_at', a.created_at, 'reviewed_at', a.reviewed_at) AS data
				FROM applications a JOIN tenants t ON t.id = a.tenant_id WHERE a.email = ` + address),
		}),
		erase("UPDATE applications SET reviewed_by = NULL WHERE reviewed_by = ?1")(personaldata.Section{
			Name: "reviews", Columns: []string{"applications.reviewed_by"},
			Read: rows(`SELECT t.slug || ' ' || a.id AS key, jsonb_build_object('tenant', t.slug, 'application', a.id, 'status', a.status, 'reviewed_at', a.reviewed_at) AS data
				FROM applications a JOIN tenants t ON t.id = a.tenant_id WHERE a.reviewed_by = ?1`),
		}),
		erase("DELETE FROM registrations WHERE email = " + address)(personaldata.Section{
			Name: "registrations", Reason: "Sign-ups that wait for the confirmation of the address, for a day.",
			Columns: []string{
				"registrations.email", "registrations.display_name", "registrations.guardian_email", "registrations.timezone", "registrations.language",
				"registrations.password_hash",
			},
		}),
		erase("DELETE FROM invitations WHERE email = " + address)(personaldata.Section{
			Name: "invitations", Columns: []string{"invitations.email", "invitations.display_name"},
			Read: rows(`SELECT i.id::text AS key, jsonb_build_object('tenant', t.slug, 'kind', i.kind, 'display_name', i.display_name, 'created_at', i.created_at,
				'accepted_at', i.accepted_at) AS data FROM invitations i JOIN tenants t ON t.id = i.tenant_id WHERE i.email = ` + address),
		}),
		erase("UPDATE invitations SET invited_by = NULL WHERE invited_by = ?1")(personaldata.Section{
			Name: "invitations_sent", Columns: []string{"invitations.invited_by"},
			Read: rows(`SELECT i.id::text AS key, jsonb_build_object('tenant', t.slug, 'created_at', i.created_at, 'accepted_at', i.accepted_at) AS data
				FROM invitations i JOIN tenants t ON t.id = i.tenant_id WHERE i.invited_by = ?1`),
		}),
		erase("DELETE FROM data_requests WHERE user_id = ?1 AND (kind = 'export' OR state = 'canceled')")(personaldata.Section{
			Name: "data_requests", Columns: []string{"data_requests.user_id", "data_requests.reason"},
			Read: rows(`SELECT id::text AS key, jsonb_build_object('kind', kind, 'state', state, 'reason', reason, 'requested_at', requested_at, 'due_at', due_at) AS data
				FROM data_requests WHERE user_id = ?1`),
		}),
		erase("DELETE FROM logout_notices WHERE user_id = ?1")(personaldata.Section{
			Name: "logout_notices", Columns: []string{"logout_notices.user_id"}, Reason: "They tell applications that a session has ended, for minutes.",
		}),
		{
			Name: "applications_of_others", Reason: "They are about other people. Names are removed from them.",
			Scrub: personaldata.ScrubStatement(db, `UPDATE applications SET reason = regexp_replace(reason, ?1, ?3, 'g'), answers = (
				SELECT coalesce(jsonb_object_agg(key, regexp_replace(value, ?1, ?3, 'g')), '{}') FROM jsonb_each_text(answers))
				WHERE reason ~ ?1 OR EXISTS (SELECT FROM jsonb_each_text(answers) WHERE value ~ ?1)`),
		},
		{
			Name: "restrictions_of_others", Reason: "They are about other people. Names are removed from them.",
			Scrub: personaldata.ScrubStatement(db, "UPDATE users SET status_reason = regexp_replace(status_reason, ?1, ?3, 'g') WHERE status_reason ~ ?1"),
		},
		{
			Name: "requests_of_others", Reason: "They are about other people. Names are removed from them.",
			Scrub: personaldata.ScrubStatement(db, "UPDATE data_requests SET reason = regexp_replace(reason, ?1, ?3, 'g') WHERE reason ~ ?1"),
		},
		erase("DELETE FROM users WHERE id = ?1")(personaldata.Section{
			Name: "account",
			Columns: []string{
				"users.email", "users.username", "users.display_name", "users.first_name", "users.last_name", "users.phone", "users.language", "users.timezone",
				"users.password_hash", "users.username_key", "users.status_reason", "users.avatar_id",
				// What goes with the account and is no one's to read: secrets, and steps of minutes.
				"recovery_codes.user_id", "passkey_handles.user_id", "passkey_handles.handle", "ceremonies.user_id", "magic_links.user_id",
				"account_tokens.user_id", "account_tokens.email", "oidc_codes.user_id", "oidc_requests.user_id",
			},
			Read: rows(`SELECT id::text AS key, jsonb_build_object('user_id', id, 'email', email, 'email_verified', email_verified, 'username', username,
				'display_name', display_name, 'first_name', first_name, 'last_name', last_name, 'phone_number', phone, 'phone_verified', phone_verified,
				'birth_date', birth_date, 'language', language, 'timezone', timezone, 'theme', theme, 'status', status,
				'status_reason', status_reason, 'status_until', status_until, 'system_admin', system_admin,
				'has_password', password_hash <> '', 'created_at', created_at) AS data FROM users WHERE id = ?1`),
		}),
	})
}
