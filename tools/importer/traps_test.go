package importer_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/identity"
	"go.updspace.com/tools/importer"
	"go.updspace.com/tools/oldsystem"
)

// reasons are those of a report, by kind: why rows were not taken, and why not as they were.
func reasons(r *importer.Report, kind string) (refused, changed []string) {
	k := r.Kind(kind)
	for reason := range k.Refused {
		refused = append(refused, reason)
	}
	for reason := range k.Changed {
		changed = append(changed, reason)
	}
	return refused, changed
}

func has(t *testing.T, list []string, part string) {
	t.Helper()
	for _, one := range list {
		if strings.Contains(one, part) {
			return
		}
	}
	require.Fail(t, "not in the report", "%s\n%s", part, strings.Join(list, "\n"))
}

// Everything that makes an import hard is in the report.
func TestEachTrapIsInTheReport(t *testing.T) {
	t.Parallel()
	to := platform(t)
	report := run(t, installation(t), to, false)
	for kind, parts := range map[string][]string{
		"accounts":                             {"it was deleted", "an older account has the same address"},
		"passwords":                            {"the address was never verified", "there was none", "in no form that sign-in knows", "half of a sign-in"},
		"authenticator apps":                   {"no seal key was given"},
		"consents":                             {"the address of the account was never verified", "its kind is none that there is"},
		"linked accounts":                      {"the address of the account was never verified"},
		"permissions of roles":                 {"no such permission any more", "another service than the role"},
		"role bindings":                        {"its scope is not the tenant", "no such community or team", "its scope is none", "its person is not known"},
		"roles":                                {"its tenant is not known"},
		"policy overrides":                     {"neither allows nor denies", "no such permission any more"},
		"profiles":                             {"its person is not known"},
		"memberships of communities and teams": {"its person is not known", "its tenant is not that of what it belongs to"},
		"memberships of tenants":               {"its tenant is not known"},
		"posts":                                {"it says nothing"},
		"polls":                                {"its tenant is not known"},
		"votes": {
			"has voted for the same before", "as many votes as the question takes", "do not belong together", "its tenant is not that of what it belongs to",
		},
		"events":                {"what it belongs to is nothing that there is"},
		"answers to events":     {"its person is not known", "it is none that there is", "its tenant is not that of what it belongs to", "what it belongs to was not taken"},
		"grants":                {"its person is not known", "its tenant is not that of what it belongs to"},
		"reactions to news":     {"it is no emoji"},
		"comments":              {"it says nothing"},
		"likes of comments":     {"the comment was deleted"},
		"items of the old feed": {"of the type steam.achievement", "the news that it showed is not there"},
		"applications":          {"it was decided"},
	} {
		refused, _ := reasons(report, kind)
		for _, part := range parts {
			has(t, refused, part)
		}
	}
	for kind, parts := range map[string][]string{
		"tenants":  {"its address cannot be what it was", "the gateway did not know it"},
		"accounts": {"it had no user"},
		"people": {
			"perhaps it was deleted", "e-mail address is none", "has another address now", "a system administrator", "its address was never verified", "it stays banned",
			"it stays suspended", "its status is none", "was locked", "time zone", "language", "characters that are not text", "date of birth",
		},
		"roles":                                {"its number is taken", "it had no name"},
		"profiles":                             {"its username was taken", "its username is none", "bio: is cut"},
		"communities":                          {"it had no name", "but for upper and lower case", "its founder is not known"},
		"memberships of communities and teams": {"a member of a team and not of its community"},
		"posts":                                {"it was public in a community", "its author is not known", "body: is cut", "its audience is none"},
		"polls": {
			"its end was past", "it had no owner", "the visibility", "it ended before it began", "it had no title", "settings: is no JSON object",
			"it is hidden", "who sees its results",
		},
		"questions":                  {"how many votes it takes cannot be"},
		"options":                    {"address: is none of a page"},
		"votes":                      {"its voter is not known: it counts"},
		"events":                     {"address: is none of a page", "description: is cut", "the visibility", "it had no title", "its end cannot be"},
		"categories of achievements": {"its id cannot be", "it had no name"},
		"achievements":               {"it had no name", "is no JSON object", "description: is cut", "it has no picture", "no https address"},
		"grants":                     {"its recipient granted it"},
		"news": {
			"a picture does not come along", "body: is cut", "it had no body", "media: are no list", "tags: are no list", "the old feed did not show it",
			"what it belongs to is nothing that there is",
		},
		"consents":      {"a later one of its kind took its place"},
		"subscriptions": {"its rules are none"},
	} {
		_, changed := reasons(report, kind)
		for _, part := range parts {
			has(t, changed, part)
		}
	}
	requireOldPeople(t, to["identity"])
	requireOldApplications(t, to["identity"])
}

// requireOldApplications looks at the applications that wait for a decision.
func requireOldApplications(t *testing.T, url string) {
	t.Helper()
	conn := connect(t, url)
	defer conn.Close(context.Background())
	_, err := conn.Exec(t.Context(), "SET updspace.across = 'on'")
	require.NoError(t, err)
	var n int
	require.NoError(t, conn.QueryRow(t.Context(), `SELECT count(*) FROM applications JOIN tenants ON tenants.id = tenant_id WHERE slug = $1 AND status = 'pending'
		AND email LIKE 'new%@old.example' AND display_name LIKE 'New %' AND answers = '{"games": "Chess"}' AND expires_at > $2`, oldsystem.Tenant, now).Scan(&n))
	require.NotZero(t, n)
	var all, next int64
	require.NoError(t, conn.QueryRow(t.Context(), "SELECT count(*), nextval(pg_get_serial_sequence('applications', 'id')) - max(id) FROM applications").Scan(&all, &next))
	require.EqualValues(t, n, all)
	require.Positive(t, next, "numbers go on")
}

// requireOldPeople looks at what became of people.
func requireOldPeople(t *testing.T, url string) {
	t.Helper()
	conn := connect(t, url)
	defer conn.Close(context.Background())
	type row struct{ status, password string }
	of := func(id uuid.UUID) (r row, verified bool) {
		require.NoError(t, conn.QueryRow(t.Context(), "SELECT status, password_hash, email_verified FROM users WHERE id = $1", id).Scan(&r.status, &r.password, &verified))
		return r, verified
	}
	for person, form := range map[int]string{1: "argon2$", oldsystem.PersonPBKDF2: "pbkdf2_sha256$", oldsystem.PersonBcrypt: "bcrypt_sha256$", oldsystem.PersonTwoAccounts: "argon2$"} {
		r, verified := of(oldsystem.User(person))
		require.Equal(t, "active", r.status, person)
		require.True(t, verified, person)
		require.True(t, strings.HasPrefix(r.password, form), person)
		require.True(t, identity.ImportableHash(r.password), person)
	}
	for person, status := range map[int]string{
		oldsystem.PersonUnverified: "migrated_unclaimed", oldsystem.PersonTOTP: "active", oldsystem.PersonDeleted: "active", oldsystem.PersonNoAccount: "migrated_unclaimed",
	} {
		r, _ := of(oldsystem.User(person))
		require.Equal(t, row{status: status}, r, person)
	}
	r, _ := of(oldsystem.User(oldsystem.PersonBanned))
	require.Equal(t, "banned", r.status)
	var sessions, links int
	require.NoError(t, conn.QueryRow(t.Context(), "SELECT count(*) FROM sessions").Scan(&sessions))
	require.Zero(t, sessions, "sessions start anew")
	const ofUnproven = "SELECT count(*) FROM external_identities JOIN users ON users.id = user_id WHERE NOT email_verified"
	require.NoError(t, conn.QueryRow(t.Context(), ofUnproven).Scan(&links))
	require.Zero(t, links, "what a stranger linked does not come along")
}

// An older version of the old system lacks columns, and installations lack databases: what is there is taken.
func TestOlderInstallationsAreRead(t *testing.T) {
	t.Parallel()
	from, to := installation(t), platform(t)
	for i, part := range oldsystem.Parts {
		if part != "activity" {
			continue
		}
		conn := connect(t, from[i])
		for _, statement := range []string{
			"ALTER TABLE act_news_post DROP COLUMN status", "ALTER TABLE act_news_comment DROP COLUMN parent_id, DROP COLUMN updated_at",
			"DROP TABLE act_news_comment_reaction, act_news_post_view",
		} {
			_, err := conn.Exec(t.Context(), statement)
			require.NoError(t, err)
		}
		require.NoError(t, conn.Close(context.Background()))
	}
	report := run(t, append(from[:5:5], from[6:]...), to, false) // without gamification's
	require.Equal(t, []string{"gamification"}, report.Missing)
	require.NotZero(t, report.Kind("news").New)
	require.NotZero(t, report.Kind("comments").New)
	require.Zero(t, report.Kind("grants").New)
}

func TestWhatCannotBeImportedIsSaid(t *testing.T) {
	t.Parallel()
	from, to := installation(t), platform(t)
	refused := func(part string, o importer.Options) {
		t.Helper()
		_, err := importer.Import(t.Context(), o)
		require.ErrorContains(t, err, part)
		require.NotContains(t, err.Error(), "secret")
	}
	refused("identity's", importer.Options{From: from[1:], To: values(to), Now: now})
	refused("is not among them", importer.Options{From: from, To: values(to)[1:], Now: now})
	refused("given twice", importer.Options{From: append(from, from[0]), To: values(to), Now: now})
	refused("none of the tables", importer.Options{From: []string{to["voting"]}, To: values(to), Now: now})
	refused("URL 1", importer.Options{From: []string{"postgres://:secret@%zz/"}, To: values(to), Now: now})
}
