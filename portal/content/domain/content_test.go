package domain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/portal/content/domain"
)

var (
	author    = authz.Actor{Tenant: uuid.New(), User: uuid.New()}
	community = domain.PostScope{CommunityID: uuid.New()}
	inTeam    = domain.PostScope{CommunityID: community.CommunityID, TeamID: uuid.New()}
	morning   = time.Date(2026, time.March, 1, 8, 0, 0, 0, time.UTC)
)

func TestScopesOfPosts(t *testing.T) {
	tenant := authz.TenantScope(author.Tenant)
	for name, c := range map[string]struct {
		draft domain.PostDraft
		post  domain.PostScope
		scope authz.Scope
		write authz.Check
	}{
		"public":  {domain.PostDraft{Visibility: authz.VisibilityPublic, Scope: inTeam}, domain.PostScope{}, tenant, authz.Check{Permission: domain.PermissionPostsCreatePublic, Scope: tenant}},
		"private": {domain.PostDraft{Visibility: authz.VisibilityPrivate, Scope: inTeam}, domain.PostScope{}, tenant, authz.Check{Permission: domain.PermissionPostsCreatePrivate, Scope: tenant}},
		"community": {domain.PostDraft{Visibility: authz.VisibilityCommunity, Scope: inTeam}, community, authz.CommunityScope(community.CommunityID),
			authz.Check{Permission: domain.PermissionPostsCreateCommunity, Scope: authz.CommunityScope(community.CommunityID), Visibility: authz.VisibilityCommunity}},
		"team": {domain.PostDraft{Visibility: authz.VisibilityTeam, Scope: inTeam}, inTeam, authz.TeamScope(inTeam.TeamID),
			authz.Check{Permission: domain.PermissionPostsCreateTeam, Scope: authz.TeamScope(inTeam.TeamID), Visibility: authz.VisibilityTeam}},
	} {
		post, err := domain.NewPost(author, c.draft, morning)
		require.NoError(t, err, name)
		require.Equal(t, c.post, post.Data().Scope, name)
		require.Equal(t, c.scope, post.AuthzScope(), name)
		require.Equal(t, c.write, c.draft.WriteCheck(author), name)
		require.Equal(t, name == "private", post.ReadCheck().Owner == author.User, name)
	}
}

// A post that was just written has the times that are read from PostgreSQL later.
func TestTimesOfPostsAreThoseThatAreStored(t *testing.T) {
	at := time.Date(2026, time.March, 1, 9, 0, 0, 1_234, time.FixedZone("", 3600))
	stored := time.Date(2026, time.March, 1, 8, 0, 0, 1_000, time.UTC)
	post, err := domain.NewPost(author, domain.PostDraft{Visibility: authz.VisibilityPublic, Title: "a"}, at)
	require.NoError(t, err)
	require.Equal(t, [2]time.Time{stored, stored}, [2]time.Time{post.Data().CreatedAt, post.Data().UpdatedAt})
	edited, _, err := post.Edit(domain.PostEdit{Title: new("b")}, at.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, [2]time.Time{stored, stored.Add(time.Hour)}, [2]time.Time{edited.Data().CreatedAt, edited.Data().UpdatedAt})
	profile := domain.NewProfile(author.Tenant, domain.Account{UserID: author.User}).Begun(at)
	require.Equal(t, [2]time.Time{stored, stored}, [2]time.Time{profile.Data().CreatedAt, profile.Data().UpdatedAt})
}

func TestInvalidPostsAreRefused(t *testing.T) {
	for name, d := range map[string]domain.PostDraft{
		"no visibility":      {},
		"unknown visibility": {Visibility: "friends"},
		"too long a title":   {Visibility: authz.VisibilityPublic, Title: strings.Repeat("ж", domain.MaxPostTitle+1)},
		"too long a body":    {Visibility: authz.VisibilityPublic, Body: strings.Repeat("x", domain.MaxPostBody+1)},
		"a null character":   {Visibility: authz.VisibilityPublic, Body: "a\x00b"},
		"invalid UTF-8":      {Visibility: authz.VisibilityPublic, Title: "\xff"},
	} {
		_, err := domain.NewPost(author, d, morning)
		require.Equal(t, errs.Invalid, errs.KindOf(err), name)
	}
	for _, v := range []authz.Visibility{authz.VisibilityCommunity, authz.VisibilityTeam} {
		_, err := domain.NewPost(author, domain.PostDraft{Visibility: v}, morning)
		require.Equal(t, errs.Invalid, errs.KindOf(err), v)
	}
}

// After any edits a post is in its scope or, when public, in the tenant; its version counts the changes; an edit that changes
// nothing is no change; and an edit of another version is refused.
func TestEdits(t *testing.T) {
	visibilities := []authz.Visibility{authz.VisibilityPublic, authz.VisibilityCommunity, authz.VisibilityTeam, authz.VisibilityPrivate}
	rapid.Check(t, func(t *rapid.T) {
		post, err := domain.NewPost(author, domain.PostDraft{Visibility: rapid.SampledFrom(visibilities).Draw(t, "first"), Scope: inTeam}, morning)
		require.NoError(t, err)
		for range rapid.IntRange(1, 8).Draw(t, "edits") {
			edit := domain.PostEdit{}
			if rapid.Bool().Draw(t, "body") {
				edit.Body = new(rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "text"))
			}
			if rapid.Bool().Draw(t, "visibility") {
				edit.Visibility = new(rapid.SampledFrom(visibilities).Draw(t, "to"))
			}
			before := post.WithRendered(domain.Rendered{HTML: "x", By: "1"})
			if _, _, err := before.Edit(domain.PostEdit{Seen: before.Data().Version + 1}, morning); err == nil {
				t.Fatal("an edit of another version was accepted")
			}
			after, changed, err := before.Edit(edit, morning)
			if err != nil {
				continue
			}
			a, b := before.Data(), after.Data()
			if !changed {
				require.Equal(t, before, after)
				continue
			}
			require.Equal(t, a.Version+1, b.Version)
			require.True(t, after.Edited())
			require.Equal(t, a.Body == b.Body, b.Rendered == a.Rendered, "what changed is rendered again")
			switch b.Visibility {
			case authz.VisibilityPublic:
				require.Equal(t, domain.PostScope{}, b.Scope)
			default:
				require.Equal(t, a.Scope, b.Scope)
			}
			post = after
		}
	})
}

func TestFileNames(t *testing.T) {
	for name, want := range map[string]string{
		"a.png": "a.png", " a b.txt ": "a b.txt", "/etc/passwd": "passwd", `C:\x\y.pdf`: "y.pdf", "../../карта.png": "карта.png", "a/": "a", ".htaccess": ".htaccess",
	} {
		f, err := domain.NewFile(domain.FileAttachment, author, name, morning)
		require.NoError(t, err, name)
		require.Equal(t, want, f.Data().Name)
		require.Equal(t, "attachments/"+author.Tenant.String()+"/"+f.ID().String(), f.Key(), "the key does not depend on the name")
	}
	for _, name := range []string{"", " ", ".", "..", "../..", "/", "a\x00", "a\nb", strings.Repeat("x", 129), "\xff"} {
		_, err := domain.NewFile(domain.FileAttachment, author, name, morning)
		require.Equal(t, errs.Invalid, errs.KindOf(err), "%q", name)
	}
}

func TestContentTypesOfFiles(t *testing.T) {
	for contentType, fits := range map[string][2]bool{ // as an attachment, as an avatar
		"image/png": {true, true}, "image/webp": {true, true}, "image/gif": {true, false}, "application/pdf": {true, false}, "text/plain; charset=utf-8": {true, false},
		"text/html; charset=utf-8": {}, "text/xml; charset=utf-8": {}, "image/svg+xml": {}, "application/octet-stream": {}, "application/javascript": {}, "": {},
	} {
		require.Equal(t, fits[0], domain.FileAttachment.Accepts(contentType), contentType)
		require.Equal(t, fits[1], domain.FileAvatar.Accepts(contentType), contentType)
	}
}

// A profile has the names of its account but for those that the user has set, in any order of events; and a username that the
// account brings passes the rules for one that the user sets.
func TestProfilesFollowAccounts(t *testing.T) {
	text := rapid.SampledFrom([]string{"", "anna", "Анна", "a..b", "x", strings.Repeat("y", 70), "line\nbreak"})
	rapid.Check(t, func(t *rapid.T) {
		account := domain.Account{UserID: author.User, Username: text.Draw(t, "username"), DisplayName: text.Draw(t, "name")}
		p := domain.NewProfile(author.Tenant, account)
		var own *string
		for range rapid.IntRange(0, 5).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "by the user") {
				name := text.Draw(t, "own")
				edited, err := p.Edit(domain.ProfileEdit{DisplayName: &name, Username: &name}, morning)
				if err != nil || edited == p {
					continue
				}
				p, own = edited, new(edited.Data().DisplayName)
				continue
			}
			account.DisplayName = text.Draw(t, "renamed")
			p = p.Follow(account)
		}
		if own != nil {
			require.Equal(t, *own, p.Data().DisplayName)
		}
		again, err := p.Edit(domain.ProfileEdit{Username: new(p.Data().Username)}, morning)
		require.NoError(t, err, "%q was accepted from the account", p.Data().Username)
		require.Equal(t, p.Data().Username, again.Data().Username)
		require.NotContains(t, p.Data().DisplayName, "\n")
	})
}

// Every name follows the account until the user has set that one, and is named among the changes.
func TestEachNameFollowsTheAccountByItself(t *testing.T) {
	names := func(d domain.ProfileData) map[string]string {
		return map[string]string{"username": d.Username, "display_name": d.DisplayName, "first_name": d.FirstName, "last_name": d.LastName}
	}
	account := func(text string) domain.Account {
		return domain.Account{UserID: author.User, Username: text, DisplayName: text, FirstName: text, LastName: text}
	}
	for own, edit := range map[string]func(name *string) domain.ProfileEdit{
		"username":     func(name *string) domain.ProfileEdit { return domain.ProfileEdit{Username: name} },
		"display_name": func(name *string) domain.ProfileEdit { return domain.ProfileEdit{DisplayName: name} },
		"first_name":   func(name *string) domain.ProfileEdit { return domain.ProfileEdit{FirstName: name} },
		"last_name":    func(name *string) domain.ProfileEdit { return domain.ProfileEdit{LastName: name} },
	} {
		before := domain.NewProfile(author.Tenant, account("first"))
		edited, err := before.Edit(edit(new("mine")), morning)
		require.NoError(t, err, own)
		require.Equal(t, []string{own}, edited.Changes(before))
		want := names(domain.ProfileData{Username: "second", DisplayName: "second", FirstName: "second", LastName: "second"})
		want[own] = "mine"
		require.Equal(t, want, names(edited.Follow(account("second")).Data()))
	}
}

// Posts of a scope are read by the permission for its kind, in that scope; and those of a team in its community as well.
func TestWhereAViewerReads(t *testing.T) {
	other := uuid.New()
	everywhere := authz.AllowedScopes{Everywhere: true}
	for name, c := range map[string]struct {
		viewer domain.PostViewer
		reads  [3]bool // in the tenant, the community and the team
	}{
		"nowhere":                    {domain.PostViewer{}, [3]bool{}},
		"public posts":               {domain.PostViewer{Public: authz.AllowedScopes{Tenant: true}}, [3]bool{true, false, false}},
		"public posts, everywhere":   {domain.PostViewer{Public: everywhere}, [3]bool{true, false, false}},
		"posts of all communities":   {domain.PostViewer{Community: everywhere}, [3]bool{false, true, false}},
		"posts of the community":     {domain.PostViewer{Community: authz.AllowedScopes{Communities: []uuid.UUID{community.CommunityID}}}, [3]bool{false, true, false}},
		"posts of another community": {domain.PostViewer{Community: authz.AllowedScopes{Communities: []uuid.UUID{other}}}, [3]bool{}},
		"posts of all teams":         {domain.PostViewer{Team: everywhere}, [3]bool{false, false, true}},
		"posts of the team":          {domain.PostViewer{Team: authz.AllowedScopes{Teams: []uuid.UUID{inTeam.TeamID}}}, [3]bool{false, false, true}},
		"posts of another team":      {domain.PostViewer{Team: authz.AllowedScopes{Teams: []uuid.UUID{other}}}, [3]bool{}},
		"posts of its teams":         {domain.PostViewer{Team: authz.AllowedScopes{Communities: []uuid.UUID{community.CommunityID}}}, [3]bool{false, false, true}},
		"private posts":              {domain.PostViewer{Private: everywhere}, [3]bool{}},
	} {
		require.Equal(t, c.reads, [3]bool{c.viewer.ReadsAt(domain.PostScope{}), c.viewer.ReadsAt(community), c.viewer.ReadsAt(inTeam)}, name)
		require.Equal(t, name == "nowhere", c.viewer.ReadsNothing(), name)
	}
}
