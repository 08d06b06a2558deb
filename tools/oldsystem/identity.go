package oldsystem

import (
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
)

func (g *generator) identity() {
	g.identityTenants()
	g.identityPeople()
}

// identityTenants: the second tenant has another id here than everywhere else.
func (g *generator) identityTenants() {
	tenants := g.table("usid_tenant", "id", "slug", "created_at")
	for _, slug := range []string{Tenant, Second, oddSlug, onlyInID, placeholder} {
		tenants(ownTenantID(slug), slug, began)
	}
}

func ownTenantID(slug string) uuid.UUID {
	if slug == Second {
		return id("identity's tenant", 1)
	}
	return tenantID(slug)
}

func (g *generator) identityPeople() {
	users := g.table("usid_user", "user_id", "username", "display_name", "email", "email_verified", "status", "system_admin", "created_at")
	accounts := g.table("auth_user", "id", "password", "last_login", "is_superuser", "username", "first_name", "last_name", "email", "is_staff", "is_active", "date_joined")
	addresses := g.table("account_emailaddress", "id", "user_id", "email", "verified", "primary")
	members := g.table("usid_tenant_membership", "id", "user_id", "tenant_id", "status", "base_role", "created_at")
	profiles := g.table("accounts_userprofile", "id", "user_id", "avatar", "avatar_source", "gravatar_enabled", "phone_number", "phone_verified", "birth_date", "created_at", "updated_at")
	preferences := g.table("accounts_userpreferences", "id", "user_id", "language", "timezone", "marketing_opt_in", "privacy_scope_defaults", "created_at", "updated_at")
	consents := g.table("accounts_userconsent", "id", "user_id", "kind", "version", "granted_at", "source", "meta")
	factors := g.table("mfa_authenticator", "id", "user_id", "type", "data", "created_at")
	links := g.table("usid_external_identity", "id", "user_id", "provider", "subject", "created_at")
	sessions := g.table("usid_session", "token", "user_id", "created_at", "expires_at", "ip_hash", "ua_hash")
	applications := g.table("usid_application", "id", "tenant_slug", "payload_json", "status", "created_at")
	log := g.table("usid_audit_log", "id", "actor_user_id", "action", "target_type", "target_id", "tenant_id", "meta_json", "created_at")

	for n := 1; n <= g.people; n++ {
		at := g.at("joined", n)
		email := Email(n)
		if is(n, badAddress) {
			email = fmt.Sprintf("person%d at old.example", n)
		}
		first, last := fmt.Sprintf("Имя%d", n), fmt.Sprintf("Фамилия%d", n)
		if is(n, damagedName) {
			first = "Na\u202eme\u0007"
		}
		verified := !is(n, unverified)
		if !is(n, noUser) {
			users(User(n), fmt.Sprintf("person%d", n), first+" "+last, email, verified, status(n), n == Admin+1, at)
			for i, slug := range []string{Tenant, Second, oddSlug, placeholder} {
				if i == 0 || i == 1 && n%2 == 0 || i == 2 && n%50 == 0 || i == 3 && n%60 == 0 {
					role := "member"
					if n == Admin {
						role = "admin"
					}
					state := "active"
					if i == 0 && n%19 == 0 {
						state = "disabled"
					}
					members(g.next("usid_tenant_membership"), User(n), ownTenantID(slug), state, role, at)
				}
			}
			if is(n, externalLinks) {
				links(g.next("usid_external_identity"), User(n), []string{"github", "discord", "steam"}[n%3], fmt.Sprint(70_000+n), at)
			}
			sessions(fmt.Sprintf("token-%d", n), User(n), ended, ended.Add(time.Hour), "hash", "hash")
		}
		if is(n, noAccount) {
			continue
		}
		account := int32(2*n - 1)
		address := email
		switch {
		case is(n, deleted):
			address = fmt.Sprintf("deleted-%x@deleted.local", n)
		case is(n, otherAddress):
			address = "new-" + email
		case n%17 == 0:
			address = strings.ToUpper(email[:1]) + email[1:] // as it was typed
		}
		active := !is(n, deleted) && !is(n, locked)
		accounts(account, g.password(n), at, false, fmt.Sprintf("account%d", n), first, last, address, false, active, at)
		addresses(g.next("account_emailaddress"), account, address, verified, true)
		if is(n, otherAddress) {
			addresses(g.next("account_emailaddress"), account, email, true, false)
		}
		if is(n, twoAccounts) {
			accounts(account+1, g.hashes["argon2"], at, false, fmt.Sprintf("account%d-again", n), "Someone", "Else", strings.ToUpper(email), false, true, at)
			addresses(g.next("account_emailaddress"), account+1, strings.ToUpper(email), false, true)
		}
		birth := any(time.Date(1970+n%40, time.Month(1+n%12), 1+n%28, 0, 0, 0, 0, time.UTC))
		if is(n, oddBirthDate) {
			birth = time.Date(2199, 1, 1, 0, 0, 0, 0, time.UTC)
		}
		phone := ""
		if n%4 == 0 {
			phone = fmt.Sprintf("+7900%07d", n)
		}
		profiles(int64(n), account, nil, "none", true, phone, false, birth, at, at)
		language, zone := []string{"ru", "en"}[n%2], []string{"Europe/Moscow", "Asia/Kolkata", ""}[n%3]
		if is(n, oddLanguage) {
			language = "tlh"
		}
		if is(n, oddZone) {
			zone = "Mars/Phobos"
		}
		preferences(int64(n), account, language, zone, false, `{"email": "ask"}`, at, at)
		consents(g.next("accounts_userconsent"), account, "data_processing", "2024-01", at, "signup", "{}")
		switch n % 9 {
		case 1: // once more, of a later text
			consents(g.next("accounts_userconsent"), account, "data_processing", "2025-03", at.AddDate(0, 6, 0), "settings", "{}")
		case 2:
			consents(g.next("accounts_userconsent"), account, "parental", "2024-01", at, "signup", `{"guardian_email": "guardian@old.example"}`)
		case 3:
			consents(g.next("accounts_userconsent"), account, "cookies", "2024-01", at, "banner", "{}")
		}
		if is(n, withTOTP) {
			factors(g.next("mfa_authenticator"), account, "totp", `{"secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"}`, at)
			factors(g.next("mfa_authenticator"), account, "recovery_codes", `{"seed": "00", "used_mask": 5}`, at)
		}
		if n%40 == 0 {
			applications(g.next("usid_application"), Tenant, fmt.Sprintf(`{"email": "new%[1]d@old.example", "display_name": "New %[1]d", "games": "Chess", "age": 20}`, n), "pending", at)
			applications(g.next("usid_application"), Tenant, fmt.Sprintf(`{"email": "old%d@old.example"}`, n), "approved", at)
			log(g.next("usid_audit_log"), User(n), "application.approved", "application", fmt.Sprint(n), nil, "{}", at)
		}
	}
}

func status(n int) string {
	switch {
	case is(n, banned):
		return "banned"
	case is(n, suspended):
		return "suspended"
	case is(n, oddStatus):
		return "resting"
	case is(n, noAccount):
		return "migrated_unclaimed"
	}
	return "active"
}

func (g *generator) password(n int) string {
	switch {
	case is(n, damagedHash):
		return "md5$salt$0123456789abcdef"
	case is(n, unusable), is(n, deleted):
		return "!0123456789012345678901234567890123456789"
	case is(n, byPBKDF2):
		return g.hashes["pbkdf2_sha256"]
	case is(n, byBcrypt):
		return g.hashes["bcrypt_sha256"]
	}
	return g.hashes["argon2"]
}
