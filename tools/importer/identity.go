package importer

import (
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"go.updspace.com/identity/domain"
)

const (
	kindPeople      = "people"
	kindAccounts    = "accounts"
	kindMembers     = "memberships of tenants"
	kindExternal    = "linked accounts"
	kindPasswords   = "passwords"
	byLink          = "it does not come along: the person enters by a mailed link"
	statusMigrated  = string(domain.StatusMigrated)
	statusSuspended = string(domain.StatusSuspended)
	statusActive    = string(domain.StatusActive)
)

// identity takes tenants, people with their passwords, memberships and linked accounts.
func (r *run) identity() error {
	if err := r.tenantsOfAll(); err != nil {
		return err
	}
	accounts, err := r.readAccounts()
	if err != nil {
		return err
	}
	if err := r.peopleHere(); err != nil {
		return err
	}
	users, err := r.into("identity", "users", kindPeople, "id", "id", "email", "email_verified", "username", "display_name", "first_name", "last_name", "phone", "birth_date",
		"language", "timezone", "status", "system_admin", "password_hash", "sessions_valid_from", "created_at")
	if err != nil {
		return err
	}
	if err := r.people(users, accounts); err != nil {
		return err
	}
	if err := r.accountsAlone(users, accounts); err != nil {
		return err
	}
	if err := users.store(); err != nil {
		return err
	}
	for _, part := range []func() error{r.tenantMembers, r.externalIdentities, func() error { return r.consents(accounts) }, func() error { return r.factors(accounts) }, r.applications} {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}

// peopleHere notes who was here before the import.
func (r *run) peopleHere() error {
	rows, err := r.tx["identity"].Query(r.ctx, "SELECT id FROM users")
	if err != nil {
		return fmt.Errorf("reading who is here: %w", err)
	}
	var id uuid.UUID
	_, err = pgx.ForEachRow(rows, []any{&id}, func() error {
		r.here[id] = true
		return nil
	})
	return err
}

type oldUser struct {
	ID            uuid.UUID `db:"user_id"`
	Username      string    `db:"username"`
	DisplayName   string    `db:"display_name"`
	Email         string    `db:"email"`
	EmailVerified bool      `db:"email_verified"`
	Status        string    `db:"status"`
	SystemAdmin   bool      `db:"system_admin"`
	CreatedAt     time.Time `db:"created_at"`
}

// people takes the users, each with the account of the same address.
func (r *run) people(users *table, accounts *accounts) error {
	return each(r.ctx, r.old["identity"], "usid_user", "", "created_at, user_id", func(o oldUser) error {
		r.report.read(kindPeople)
		email := strings.ToLower(strings.TrimSpace(o.Email))
		which := email + " " + o.ID.String()
		if len(email) < 3 {
			r.report.refuse(kindPeople, "it has no e-mail address", which)
			return nil
		}
		if _, err := domain.NormalizeEmail(email); err != nil {
			r.report.change(kindPeople, "its e-mail address is none: it cannot be mailed until an administrator corrects it", which)
			o.EmailVerified = false
		}
		a := accounts.claim(email)
		switch {
		case a == nil && accounts.others[email] != 0:
			r.report.change(kindPeople, "its account has another address now; the two are not joined until a person decides", which)
		case a == nil && o.Status == statusActive && o.EmailVerified:
			r.report.change(kindPeople, "it had no account any more; perhaps it was deleted", which)
		}
		if o.SystemAdmin {
			r.report.change(kindPeople, "it is a system administrator; the old system gave this at a sign-in of staff and never took it", which)
		}
		return r.putPerson(users, o, email, a)
	})
}

// accountsAlone takes the accounts without a user. They have no memberships: nothing can belong to them.
func (r *run) accountsAlone(users *table, accounts *accounts) error {
	for _, a := range accounts.unclaimed() {
		if _, err := domain.NormalizeEmail(a.email); err != nil {
			r.report.refuse(kindAccounts, "its e-mail address is none", a.String())
			continue
		}
		r.report.change(kindAccounts, "it had no user: it becomes a person without a membership", a.String())
		o := oldUser{ID: derived("account", a.ID), Email: a.email, Status: statusActive, CreatedAt: a.DateJoined}
		if err := r.putPerson(users, o, a.email, a); err != nil {
			return err
		}
	}
	return nil
}

// putPerson writes a person. a is nil for one without an account.
func (r *run) putPerson(users *table, o oldUser, email string, a *account) error {
	which := email + " " + o.ID.String()
	proven := a != nil && a.verified
	verified := o.EmailVerified || proven
	status := r.statusOf(o.Status, verified, proven, which)
	p := &person{
		username: r.line(kindPeople, which, "username", o.Username, 150), display: r.line(kindPeople, which, "display name", o.DisplayName, 128),
		admin: o.SystemAdmin, proven: verified && (a == nil || proven),
	}
	var phone, birth any
	language, zone, password := "", "", ""
	if a != nil {
		if !a.Active && status != string(domain.StatusBanned) {
			r.report.change(kindPeople, "its account was locked: it is suspended", which)
			status = statusSuspended
		}
		if p.username == "" {
			p.username = r.line(kindPeople, which, "username", a.Username, 150)
		}
		p.first, p.last = r.line(kindPeople, which, "first name", a.FirstName, 150), r.line(kindPeople, which, "last name", a.LastName, 150)
		phone, birth = a.details(r, which)
		language, zone = a.preferences(r, which)
		password = r.password(a, proven, which)
		a.person = o.ID
	}
	p.blocked = status == statusSuspended || status == string(domain.StatusBanned)
	r.users[o.ID] = p
	return users.add(o.ID, email, verified, p.username, p.display, p.first, p.last, phone, birth, language, zone, status, o.SystemAdmin, password,
		timeOr(o.CreatedAt, r.now), timeOr(o.CreatedAt, r.now))
}

// statusOf is the status of a person. One whose address was never proven is unclaimed: it is claimed by a link that is mailed to it.
func (r *run) statusOf(old string, verified, proven bool, which string) string {
	switch domain.Status(old) {
	case domain.StatusBanned, domain.StatusSuspended:
		r.report.change(kindPeople, "it stays "+old+"; the old system lifted this at the next sign-in, so look again at those whom it is not about", which)
		return old
	case domain.StatusActive:
		if !verified {
			r.report.change(kindPeople, "its address was never verified: it is claimed by a mailed link", which)
			return statusMigrated
		}
		return statusActive
	case domain.StatusMigrated:
		if proven {
			return statusActive // its next sign-in would have made it so
		}
		return statusMigrated
	}
	r.report.change(kindPeople, "its status is none that there is: it is suspended", which+": "+old)
	return statusSuspended
}

type oldMembership struct {
	User      uuid.UUID `db:"user_id"`
	Tenant    uuid.UUID `db:"tenant_id"`
	Status    string    `db:"status"`
	BaseRole  string    `db:"base_role"`
	CreatedAt time.Time `db:"created_at"`
}

func (r *run) tenantMembers() error {
	t, err := r.into("identity", "memberships", kindMembers, "tenant_id, user_id", "tenant_id", "user_id", "status", "base_role", "created_at")
	if err != nil {
		return err
	}
	t.requires = "EXISTS (SELECT FROM users u WHERE u.id = s.user_id) AND EXISTS (SELECT FROM tenants t WHERE t.id = s.tenant_id)"
	err = each(r.ctx, r.old["identity"], "usid_tenant_membership", "", "created_at, id", func(o oldMembership) error {
		r.report.read(kindMembers)
		which := o.User.String()
		home, ok := r.ofID[o.Tenant]
		if !ok {
			r.report.refuse(kindMembers, noTenant, which)
			return nil
		}
		if r.users[o.User] == nil {
			r.report.refuse(kindMembers, noPerson, which)
			return nil
		}
		status, role := o.Status, r.line(kindMembers, which, "role", o.BaseRole, 64)
		if status != "active" && status != "disabled" {
			r.report.change(kindMembers, "its status is none that there is: it is disabled", which+": "+status)
			status = "disabled"
		}
		if role == "" {
			role = domain.RoleMember
		}
		r.members[member{home, o.User}] = status == "active"
		if status == "active" {
			if err := r.fact(joinedTenant(home, o.User, o.CreatedAt)); err != nil {
				return err
			}
		}
		return t.add(home, o.User, status, role, o.CreatedAt)
	})
	if err != nil {
		return err
	}
	return t.store()
}

type oldExternal struct {
	User      uuid.UUID `db:"user_id"`
	Provider  string    `db:"provider"`
	Subject   string    `db:"subject"`
	CreatedAt time.Time `db:"created_at"`
}

func (r *run) externalIdentities() error {
	t, err := r.into("identity", "external_identities", kindExternal, "user_id, provider", "user_id", "provider", "subject", "linked_at")
	if err != nil {
		return err
	}
	t.requires = "EXISTS (SELECT FROM users u WHERE u.id = s.user_id)"
	err = each(r.ctx, r.old["identity"], "usid_external_identity", "", "created_at, id", func(o oldExternal) error {
		r.report.read(kindExternal)
		which := o.Provider + " of " + o.User.String()
		switch {
		case r.users[o.User] == nil:
			r.report.refuse(kindExternal, noPerson, which)
		case !r.users[o.User].proven: // a stranger may have signed up with the address, and could sign in by this link once its owner has come in
			r.report.refuse(kindExternal, "the address of the account was never verified: it is linked anew", which)
		case o.Provider != "github" && o.Provider != "discord" && o.Provider != "steam" || o.Subject == "":
			r.report.refuse(kindExternal, "its provider is none that there is", which)
		default:
			return t.add(o.User, o.Provider, o.Subject, o.CreatedAt)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return t.store()
}
