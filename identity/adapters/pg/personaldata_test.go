package pg_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	store "go.updspace.com/identity/adapters/pg"
	"go.updspace.com/identity/adapters/pg/migrations"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
)

// No column that can hold personal data is forgotten.
func TestPersonalDataIsListed(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t, migrations.Set())
	sections := personaldata.New("identity", db, audit.New(db), testkit.NewClock().Now, store.PersonalData(db)...).Sections()
	service.PersonalData(t, db, sections, map[string]string{
		"oidc_clients.id":                        "names an application",
		"oidc_grants.client_id":                  "names an application",
		"oidc_consents.client_id":                "names an application",
		"oidc_codes.client_id":                   "names an application",
		"oidc_requests.client_id":                "names an application",
		"logout_notices.client_id":               "names an application",
		"oidc_clients.secret_hashes":             "what an application registers of itself",
		"oidc_clients.pairwise_salt":             "what an application registers of itself",
		"oidc_clients.name":                      "what an application registers of itself",
		"oidc_clients.post_logout_redirect_uris": "what an application registers of itself",
		"oidc_clients.scopes":                    "what an application registers of itself",
		"oidc_clients.redirect_uris":             "what an application registers of itself",
		"oidc_clients.logo_url":                  "what an application registers of itself",
		"oidc_clients.backchannel_logout_uri":    "what an application registers of itself",
		"oidc_clients.keys_uri":                  "what an application registers of itself",
		"oidc_clients.origins":                   "what an application registers of itself",
		"oidc_clients.keys":                      "what an application registers of itself",
		"oidc_clients.grant_types":               "what an application registers of itself",
		"tenants.default_language":               "what a community shows of itself",
		"tenants.languages":                      "what a community shows of itself",
		"tenants.name":                           "what a community shows of itself",
		"tenants.cover_id":                       "what a community shows of itself",
		"tenants.logo_id":                        "what a community shows of itself",
		"tenants.slug":                           "what a community shows of itself",
		"tenants.description":                    "what a community shows of itself",
		"tenant_images.content_type":             "what a community shows of itself",
		"tenant_images.digest":                   "what a community shows of itself",
		"application_forms.questions":            "what a community shows of itself",
		"tenant_closings.reason":                 "why a community is closed, deleted when its members are told",
		"tenant_closings.told":                   "how far the members are told, deleted when all are",
		"avatars.content_type":                   "a word of the code",
		"login_events.method":                    "a word of the code",
		"login_events.reason":                    "a word of the code",
		"sessions.method":                        "a word of the code",
		"sessions.revoked_reason":                "a word of the code",
		"oidc_grants.acr":                        "a word of the code",
		"oidc_codes.acr":                         "a word of the code",
		"oidc_requests.acr":                      "a word of the code",
		"ceremonies.purpose":                     "a word of the code",
		"external_identity_flows.provider":       "a word of the code",
		"user_consents.version":                  "a word of the code",
		"mail_unsubscriptions.kind":              "a word of the code",
		"user_scope_policies.scope":              "a word of the code",
		"oidc_codes.scopes":                      "a word of the code",
		"oidc_consents.scopes":                   "a word of the code",
		"oidc_grants.scopes":                     "a word of the code",
		"oidc_requests.scopes":                   "a word of the code",
		"invitations.language":                   "a word of the code",
		"applications.language":                  "a word of the code",
		"recovery_codes.code_hash":               "the hash of a secret",
		"oidc_refresh_tokens.token_hash":         "the hash of a secret",
		"invitations.token_hash":                 "the hash of a secret",
		"external_identity_flows.state_hash":     "the hash of a secret",
		"external_identity_flows.browser_hash":   "the hash of a secret",
		"oidc_assertions.id_hash":                "the hash of a secret",
		"account_tokens.token_hash":              "the hash of a secret",
		"oidc_codes.code_hash":                   "the hash of a secret",
		"sessions.token_hash":                    "the hash of a secret",
		"magic_links.token_hash":                 "the hash of a secret",
		"magic_links.browser_hash":               "the hash of a secret",
		"ceremonies.key_hash":                    "the hash of a secret",
		"passkeys.sealed":                        "sealed, and gone with the account",
		"ceremonies.sealed":                      "sealed, and gone with the account",
		"totp.sealed":                            "sealed, and gone with the account",
		"external_identity_flows.sealed":         "sealed, and gone with the account",
		"oidc_refresh_tokens.answer":             "sealed, and gone with the account",
		"mail_queue.seal_key":                    "names a key of the service",
		"external_identity_flows.seal_key":       "names a key of the service",
		"signing_keys.seal_key":                  "names a key of the service",
		"ceremonies.seal_key":                    "names a key of the service",
		"totp.seal_key":                          "names a key of the service",
		"passkeys.seal_key":                      "names a key of the service",
		"oidc_refresh_tokens.seal_key":           "names a key of the service",
		"signing_keys.id":                        "names a key of the service",
		"signing_keys.sealed":                    "a sealed key of the service",
		"oidc_codes.session_id":                  "names a session, which is gone with the account",
		"oidc_grants.session_id":                 "names a session, which is gone with the account",
		"account_tokens.session_id":              "names a session, which is gone with the account",
		"logout_notices.session_id":              "names a session, which is gone with the account",
		"oidc_requests.id":                       "what an application asked for, gone with the account",
		"oidc_requests.state":                    "what an application asked for, gone with the account",
		"oidc_requests.nonce":                    "what an application asked for, gone with the account",
		"oidc_requests.code_challenge":           "what an application asked for, gone with the account",
		"oidc_requests.redirect_uri":             "what an application asked for, gone with the account",
		"oidc_codes.redirect_uri":                "what an application asked for, gone with the account",
		"oidc_codes.nonce":                       "what an application asked for, gone with the account",
		"oidc_codes.code_challenge":              "what an application asked for, gone with the account",
		"oidc_grants.nonce":                      "what an application asked for, gone with the account",
		"external_identity_flows.next":           "what an application asked for, gone with the account",
		"data_requests.user_hash":                "leads back to no one: it proves a deletion",
		"data_request_parts.tenant":              "the slug of a community",
		"data_request_parts.service":             "the name of a service",
		"data_request_parts.counts":              "names of sections and numbers",
		"data_export_pages.tenant":               "the slug of a community",
		"data_export_pages.service":              "the name of a service",
		"data_export_pages.sealed":               "sealed, and gone with the request",
		"data_export_pages.seal_key":             "names a key of the service",
		"registrations.token_hash":               "the hash of a secret",
		"registrations.consent_version":          "names a text",
		"mail_queue.sealed":                      "sealed, and deleted within a day and a half",
		"mail_suppressions.address_hash":         "under a key of the service, of an address that takes no mails: it keeps mails away for 90 days",
		"mail_reports.id_hash":                   "a hash of the name of a report",
		"mail_queue.last_error":                  "of the mail server, deleted within a day and a half",
		"mail_unsubscriptions.address_hash":      "a hash of tenant and address of a recipient without an account: it keeps mails away",
	})
}

// An export has what is stored about a user and no secret; an erasure leaves nothing of the user, and everything of others.
func TestPersonalDataIsExportedAndErased(t *testing.T) {
	w := newWorld(t)
	ctx := reqctx.With(pg.AcrossTenants(context.Background(), "test"), reqctx.Context{Caller: "identity"})
	require.NoError(t, w.memberships.Put(w.ctx, domain.Membership{TenantID: w.aef.ID, UserID: w.alice.ID, Status: domain.MembershipActive, BaseRole: "member", CreatedAt: now}))
	for _, u := range []domain.User{w.alice, w.bob} {
		session, _ := domain.NewSession(uuid.New(), u.ID, domain.MethodPassword, domain.Origin{IP: "10.0.0.1", UserAgent: "Browser"}, now)
		require.NoError(t, store.Sessions{DB: w.db}.Insert(ctx, session))
		require.NoError(t, store.ExternalIdentities{DB: w.db}.Insert(ctx, domain.ExternalIdentity{
			UserID: u.ID, Provider: "steam", ExternalAccount: domain.ExternalAccount{Subject: u.Email, Label: "Gordon"}, LinkedAt: now,
		}))
		require.NoError(t, w.tx.Platform(ctx, func(ctx context.Context) error {
			_, err := w.db.Conn(ctx).NewRaw("INSERT INTO applications (tenant_id, email, display_name, language, answers, status, created_at, expires_at, reviewed_by) VALUES (?, ?, 'N', 'en', '{}', 'approved', now(), now(), ?)",
				w.aef.ID, u.Email, w.alice.ID).Exec(ctx)
			return err
		}))
	}
	data := personaldata.New("identity", w.tx, audit.New(w.db), w.clock.Now, store.PersonalData(w.db)...)
	sections := func() map[string]int {
		export, err := data.Export(ctx, w.alice.ID, page.Request{Limit: 100})
		require.NoError(t, err)
		text, err := json.Marshal(export.Items)
		require.NoError(t, err)
		require.NotContains(t, string(text), w.alice.PasswordHash)
		found := map[string]int{}
		for _, item := range export.Items {
			found[item.Section]++
		}
		return found
	}
	require.Equal(t, map[string]int{"account": 1, "memberships": 1, "sessions": 1, "external_identities": 1, "applications": 1, "reviews": 2}, sections())
	for range 2 {
		receipt, err := data.Erase(ctx, w.alice.ID)
		require.NoError(t, err)
		require.True(t, receipt.Complete)
	}
	require.Empty(t, sections())
	require.Equal(t, 1, w.rows("users"))
	require.Equal(t, 1, w.rows("sessions"))
	require.Equal(t, 1, w.rows("external_identities"))
	require.Equal(t, 1, w.rows("applications"))
	require.Equal(t, 0, w.rows("memberships"))
}
