package importer

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/identity"
	"go.updspace.com/identity/domain"
)

// account is an account of the old identity service, of which a user knows no more than the address.
type account struct {
	oldAccount
	email    string // as addresses are compared
	verified bool   // the address was proven for this account
	factors  oldFactors
	claimed  bool
	person   uuid.UUID // whose it became
	profile  oldProfile
	prefs    oldPreferences
}

func (a *account) String() string { return fmt.Sprintf("account %d, %s", a.ID, a.email) }

type oldAccount struct {
	ID         int64     `db:"id"`
	Password   string    `db:"password"`
	Username   string    `db:"username"`
	FirstName  string    `db:"first_name"`
	LastName   string    `db:"last_name"`
	Email      string    `db:"email"`
	Active     bool      `db:"is_active"`
	DateJoined time.Time `db:"date_joined"`
}

type oldProfile struct {
	User   int64     `db:"user_id"`
	Avatar string    `db:"avatar"`
	Phone  string    `db:"phone_number"`
	Birth  time.Time `db:"birth_date"`
}

type oldPreferences struct {
	User     int64  `db:"user_id"`
	Language string `db:"language"`
	Timezone string `db:"timezone"`
}

// accounts are all accounts that can be a person's.
type accounts struct {
	byID    map[int64]*account
	byEmail map[string]*account
	others  map[string]int64 // accounts by their other addresses
}

// claim returns the account of an address, for the user of that address.
func (a *accounts) claim(email string) *account {
	found := a.byEmail[email]
	if found != nil {
		found.claimed = true
	}
	return found
}

// ids are those of all accounts, in their order.
func (a *accounts) ids() []int64 { return slices.Sorted(maps.Keys(a.byID)) }

// unclaimed are the accounts without a user, in the order of their ids.
func (a *accounts) unclaimed() (list []*account) {
	for _, found := range a.byEmail {
		if !found.claimed {
			list = append(list, found)
		}
	}
	slices.SortFunc(list, func(x, y *account) int { return cmp.Compare(x.ID, y.ID) })
	return list
}

// readAccounts reads the accounts with what belongs to them. Of several accounts of one address the first one counts, as it did at
// a sign-in.
func (r *run) readAccounts() (*accounts, error) {
	old := r.old["identity"]
	all := &accounts{byID: map[int64]*account{}, byEmail: map[string]*account{}, others: map[string]int64{}}
	err := each(r.ctx, old, "auth_user", "", "id", func(o oldAccount) error {
		r.report.read(kindAccounts)
		a := &account{oldAccount: o, email: strings.ToLower(strings.TrimSpace(o.Email))}
		switch {
		case strings.HasPrefix(a.email, "deleted-") && strings.HasSuffix(a.email, "@deleted.local"):
			r.report.refuse(kindAccounts, "it was deleted", fmt.Sprintf("account %d", o.ID))
			return nil
		case a.email == "":
			r.report.refuse(kindAccounts, "it has no address", a.String())
			return nil
		case all.byEmail[a.email] != nil:
			r.report.refuse(kindAccounts, "an older account has the same address, whose password counts", a.String())
			return nil
		}
		all.byID[a.ID], all.byEmail[a.email] = a, a
		return nil
	})
	if err != nil {
		return nil, err
	}
	type address struct {
		User     int64  `db:"user_id"`
		Email    string `db:"email"`
		Verified bool   `db:"verified"`
	}
	err = each(r.ctx, old, "account_emailaddress", "", "id", func(o address) error {
		if a := all.byID[o.User]; a != nil {
			email := strings.ToLower(strings.TrimSpace(o.Email))
			if email == a.email {
				a.verified = a.verified || o.Verified
			} else {
				all.others[email] = a.ID
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = each(r.ctx, old, "accounts_userprofile", "", "id", func(o oldProfile) error {
		if a := all.byID[o.User]; a != nil {
			a.profile = o
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = each(r.ctx, old, "accounts_userpreferences", "", "id", func(o oldPreferences) error {
		if a := all.byID[o.User]; a != nil {
			a.prefs = o
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, each(r.ctx, old, "mfa_authenticator", "", "id", func(o oldFactor) error {
		if a := all.byID[o.User]; a != nil {
			a.factors.add(o)
		}
		return nil
	})
}

// password is the stored password as it was. It comes along for an address that was proven: else a stranger who signed up with an
// address would sign in as its owner.
func (r *run) password(a *account, proven bool, which string) string {
	r.report.read(kindPasswords)
	switch {
	case !proven:
		r.report.refuse(kindPasswords, "the address was never verified for the account; "+byLink, which)
	case strings.HasPrefix(a.Password, "!"):
		r.report.refuse(kindPasswords, "there was none", which)
	case !identity.ImportableHash(a.Password):
		r.report.refuse(kindPasswords, "it is in no form that sign-in knows; "+byLink, which)
	case a.factors.any && !r.keepsFactor(a):
		r.report.refuse(kindPasswords, "it was half of a sign-in, and second factors are set up anew; "+byLink, which)
	default:
		r.report.kind(kindPasswords).New++
		return a.Password
	}
	return ""
}

// details are phone and date of birth.
func (a *account) details(r *run, which string) (phone, birth any) {
	if s := r.line(kindPeople, which, "phone", a.profile.Phone, 32); s != "" {
		phone = s
	}
	switch b := a.profile.Birth; {
	case b.IsZero():
	case b.Year() < 1900 || b.After(r.now):
		r.report.change(kindPeople, "date of birth: cannot be, and is left out", which+": "+b.Format(time.DateOnly))
	default:
		birth = b
	}
	if a.profile.Avatar != "" {
		r.report.change(kindPeople, "its picture does not come along", which)
	}
	return phone, birth
}

// preferences are language and time zone; what there is not is left to the browser.
func (a *account) preferences(r *run, which string) (language, zone string) {
	if language = a.prefs.Language; language != "" && !slices.Contains(domain.Languages, language) {
		r.report.change(kindPeople, "language: is none of the pages, and is left to the browser", which+": "+language)
		language = ""
	}
	if zone = a.prefs.Timezone; zone != "" {
		if _, err := time.LoadLocation(zone); err != nil || len(zone) > 64 || zone == "Local" {
			r.report.change(kindPeople, "time zone: there is none of this name, and it is left to the browser", which+": "+zone)
			zone = ""
		}
	}
	return language, zone
}
