package importer

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/valid"
	"go.updspace.com/portal/content/domain"
)

const (
	kindProfiles    = "profiles"
	kindCommunities = "communities"
	kindTeams       = "teams"
	kindInGroups    = "memberships of communities and teams"
	kindPosts       = "posts"
)

// portal takes profiles, communities, teams, their members, and posts.
func (r *run) portal() error {
	if err := r.profiles(); err != nil {
		return err
	}
	if err := r.groupsAndMembers(); err != nil {
		return err
	}
	if err := r.accessOfGroups(); err != nil {
		return err
	}
	return r.posts()
}

type oldPortalProfile struct {
	Tenant    uuid.UUID `db:"tenant_id"`
	User      uuid.UUID `db:"user_id"`
	Username  string    `db:"username"`
	Display   string    `db:"display_name"`
	First     string    `db:"first_name"`
	Last      string    `db:"last_name"`
	Bio       string    `db:"bio"`
	CreatedAt time.Time `db:"created_at"`
	UpdatedAt time.Time `db:"updated_at"`
}

// profiles takes the names of accounts, and a profile for every member: the old one, or one that follows the account.
func (r *run) profiles() error {
	accounts, err := r.into("portal", "accounts", "", "user_id", "user_id", "username", "display_name", "first_name", "last_name")
	if err != nil {
		return err
	}
	for id, p := range r.users {
		if err := accounts.add(id, p.username, p.display, p.first, p.last); err != nil {
			return err
		}
	}
	t, err := r.into("portal", "profiles", kindProfiles, "tenant_id, user_id", "tenant_id", "user_id", "username", "username_key", "display_name", "first_name", "last_name",
		"folded", "name_key", "bio", "own_username", "own_display_name", "own_first_name", "own_last_name", "member", "created_at", "updated_at")
	if err != nil {
		return err
	}
	done := map[member]bool{}
	taken := map[uuid.UUID]map[string]bool{} // usernames of tenants
	add := func(p domain.Profile) error {
		d := p.Data()
		key := valid.UsernameKey(d.Username)
		if taken[d.TenantID] == nil {
			taken[d.TenantID] = map[string]bool{}
		}
		if d.Username != "" && taken[d.TenantID][key] {
			r.report.change(kindProfiles, "its username was taken: it has none", d.Username+" of "+d.UserID.String())
			p = p.WithoutUsername()
			d, key = p.Data(), ""
		}
		taken[d.TenantID][key] = true
		done[member{d.TenantID, d.UserID}] = true
		folded := fold(strings.Join([]string{d.FirstName, d.LastName, d.Username, d.DisplayName}, "\n"))
		return t.add(d.TenantID, d.UserID, d.Username, key, d.DisplayName, d.FirstName, d.LastName, folded, beginning(fold(p.Name()), 128), d.Bio,
			d.Own.Username, d.Own.DisplayName, d.Own.FirstName, d.Own.LastName, d.Member, d.CreatedAt, d.UpdatedAt)
	}
	err = each(r.ctx, r.old["portal"], "portal_profile", "", "created_at, id", func(o oldPortalProfile) error {
		home, ok := r.home(kindProfiles, o.Tenant, o.User.String())
		if !ok {
			return nil
		}
		if r.users[o.User] == nil {
			r.report.refuse(kindProfiles, noPerson, o.User.String())
			return nil
		}
		return add(r.profile(home, o))
	})
	if err != nil {
		return err
	}
	for _, m := range sortedMembers(r.members) {
		if !done[m] {
			p := domain.NewProfile(m.tenant, r.accountOf(m.user)).AsMember(r.members[m])
			if err := add(p.Begun(r.now)); err != nil {
				return err
			}
		}
	}
	return store(accounts, t)
}

func (r *run) accountOf(user uuid.UUID) domain.Account {
	p := r.users[user]
	return domain.Account{UserID: user, Username: p.username, DisplayName: p.display, FirstName: p.first, LastName: p.last}
}

// profile is an old profile: names that it has are its own, the others follow the account.
func (r *run) profile(home uuid.UUID, o oldPortalProfile) domain.Profile {
	which := o.User.String()
	p := domain.NewProfile(home, r.accountOf(o.User)).AsMember(r.members[member{home, o.User}]).Data()
	if o.Username != "" {
		fields := errs.Fields{}
		if name := valid.Username(fields, "username", o.Username, domain.MinUsername, domain.MaxUsername); len(fields) == 0 {
			p.Username, p.Own.Username = name, true
		} else {
			r.report.change(kindProfiles, "its username is none that there can be: it has that of the account", which+": "+o.Username)
		}
	}
	own := func(field *string, is *bool, name, s string) {
		if s = r.line(kindProfiles, which, name, s, domain.MaxName); s != "" {
			*is = s != *field
			*field = s
		}
	}
	own(&p.DisplayName, &p.Own.DisplayName, "display name", o.Display)
	own(&p.FirstName, &p.Own.FirstName, "first name", o.First)
	own(&p.LastName, &p.Own.LastName, "last name", o.Last)
	p.Bio = r.text(kindProfiles, which, "bio", o.Bio, domain.MaxBio)
	p.CreatedAt, p.UpdatedAt = timeOr(o.CreatedAt, r.now), timeOr(o.UpdatedAt, r.now)
	return domain.RestoreProfile(p)
}

func sortedMembers(all map[member]bool) []member {
	list := make([]member, 0, len(all))
	for m := range all {
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b member) int {
		return cmp.Or(cmp.Compare(a.tenant.String(), b.tenant.String()), cmp.Compare(a.user.String(), b.user.String()))
	})
	return list
}

// fold is the form in which texts are compared.
func fold(s string) string { return valid.Fold(s) }

// beginning is at most the first characters of a text.
func beginning(s string, most int) string {
	runes := []rune(s)
	return string(runes[:min(len(runes), most)])
}
