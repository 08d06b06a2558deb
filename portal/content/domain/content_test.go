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

// A post is made and changed at times as they are stored, so that it is the same before and after.
func TestTimesOfPosts(t *testing.T) {
	at := time.Date(2026, time.March, 1, 9, 0, 0, 1, time.FixedZone("", 3600))
	post, err := domain.NewPost(author, domain.PostDraft{Visibility: authz.VisibilityPublic}, at)
	require.NoError(t, err)
	require.Equal(t, morning, post.Data().CreatedAt)
	require.Equal(t, morning, post.Data().UpdatedAt)
	edited, changed, err := post.Edit(domain.PostEdit{Title: new("x")}, at.Add(time.Hour))
	require.NoError(t, err)
	require.True(t, changed)
	require.Equal(t, morning, edited.Data().CreatedAt)
	require.Equal(t, morning.Add(time.Hour), edited.Data().UpdatedAt)
}

// Posts of a team are shown where the viewer reads those of its community, too; other posts are shown in the whole tenant.
func TestWhereAViewerReads(t *testing.T) {
	tenant := domain.PostScope{}
	everywhere, there := authz.AllowedScopes{Everywhere: true}, authz.AllowedScopes{Communities: []uuid.UUID{community.CommunityID}}
	for name, c := range map[string]struct {
		viewer                       domain.PostViewer
		inTenant, inCommunity, inOne bool
		nothing                      bool
	}{
		"nothing":                 {nothing: true},
		"public posts":            {viewer: domain.PostViewer{Public: everywhere}, inTenant: true},
		"posts of communities":    {viewer: domain.PostViewer{Community: everywhere}, inCommunity: true},
		"posts of this community": {viewer: domain.PostViewer{Community: there}, inCommunity: true},
		"posts of teams":          {viewer: domain.PostViewer{Team: everywhere}, inOne: true},
		"posts of its teams":      {viewer: domain.PostViewer{Team: there}, inOne: true},
		"posts of this team":      {viewer: domain.PostViewer{Team: authz.AllowedScopes{Teams: []uuid.UUID{inTeam.TeamID}}}, inOne: true},
		"posts of other teams":    {viewer: domain.PostViewer{Team: authz.AllowedScopes{Teams: []uuid.UUID{uuid.New()}}}},
		"private posts":           {viewer: domain.PostViewer{Private: everywhere}},
		"posts elsewhere":         {viewer: domain.PostViewer{Community: authz.AllowedScopes{Communities: []uuid.UUID{uuid.New()}}}},
	} {
		require.Equal(t, []bool{c.inTenant, c.inCommunity, c.inOne, c.nothing}, []bool{
			c.viewer.ReadsAt(tenant), c.viewer.ReadsAt(community), c.viewer.ReadsAt(inTeam), c.viewer.ReadsNothing(),
		}, name)
	}
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
