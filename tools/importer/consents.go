package importer

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

const kindConsents = "consents"

type oldConsent struct {
	ID        int64     `db:"id"`
	User      int64     `db:"user_id"`
	Kind      string    `db:"kind"`
	Version   string    `db:"version"`
	GrantedAt time.Time `db:"granted_at"`
	RevokedAt time.Time `db:"revoked_at"`
	Meta      jsonText  `db:"meta"`
}

// consents takes what the owners of proven accounts have consented to. Of each kind one is held: a later one ends the one before it.
func (r *run) consents(accounts *accounts) error {
	t, err := r.into("identity", "user_consents", kindConsents, "id", "id", "user_id", "kind", "version", "source", "guardian_email", "granted_at", "revoked_at")
	if err != nil {
		return err
	}
	t.requires = "EXISTS (SELECT FROM users u WHERE u.id = s.user_id)"
	var held oldConsent // the one before, until it is known when it ended
	put := func(o oldConsent) error {
		if o.ID == 0 {
			return nil
		}
		which := accounts.byID[o.User].String() + ", " + o.Kind
		version := r.line(kindConsents, which, "version", o.Version, 32)
		if version == "" {
			version = "0"
		}
		return t.add(derived("consent", o.ID), accounts.byID[o.User].person, o.Kind, version, "import", r.guardian(which, o), o.GrantedAt, orNull(o.RevokedAt))
	}
	err = each(r.ctx, r.old["identity"], "accounts_userconsent", "", "user_id, kind, granted_at, id", func(o oldConsent) error {
		r.report.read(kindConsents)
		a := accounts.byID[o.User]
		switch {
		case a == nil || a.person == uuid.Nil:
			r.report.refuse(kindConsents, noParent, "consent of another account")
			return nil
		case !a.verified:
			r.report.refuse(kindConsents, "the address of the account was never verified: it is given anew", a.String())
			return nil
		case o.Kind != "data_processing" && o.Kind != "marketing" && o.Kind != "parental" || o.GrantedAt.IsZero():
			r.report.refuse(kindConsents, "its kind is none that there is", a.String()+", "+o.Kind)
			return nil
		}
		if held.User == o.User && held.Kind == o.Kind && held.RevokedAt.IsZero() {
			held.RevokedAt = o.GrantedAt
			r.report.change(kindConsents, "a later one of its kind took its place: it ended then", a.String()+", "+o.Kind)
		}
		before := held
		held = o
		return put(before)
	})
	if err != nil {
		return err
	}
	if err := put(held); err != nil {
		return err
	}
	return t.store()
}

// guardian is the address of the guardian who consented.
func (r *run) guardian(which string, o oldConsent) string {
	var meta struct {
		Email string `json:"guardian_email"`
	}
	if o.Kind != "parental" || json.Unmarshal([]byte(o.Meta), &meta) != nil {
		return ""
	}
	return r.line(kindConsents, which, "address of the guardian", meta.Email, 254)
}
