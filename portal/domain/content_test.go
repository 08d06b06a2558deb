package domain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/portal/domain"
)

var (
	author    = domain.Actor{Tenant: uuid.New(), User: uuid.New()}
	community = domain.PostPlace{CommunityID: uuid.New()}
	inTeam    = domain.PostPlace{CommunityID: community.CommunityID, TeamID: uuid.New()}
	morning   = time.Date(2026, time.March, 1, 8, 0, 0, 0, time.UTC)
)

func TestWherePostsStand(t *testing.T) {
	tenant := domain.TenantScope(author.Tenant)
	for name, c := range map[string]struct {
		draft domain.PostDraft
		place domain.PostPlace
		scope domain.Scope
		write domain.Ask
	}{
		"public":  {domain.PostDraft{Visibility: domain.VisibilityPublic, Place: inTeam}, domain.PostPlace{}, tenant, domain.Ask{Permission: domain.PermissionPostsCreatePublic, Scope: tenant}},
		"private": {domain.PostDraft{Visibility: domain.VisibilityPrivate, Place: inTeam}, domain.PostPlace{}, tenant, domain.Ask{Permission: domain.PermissionPostsCreatePrivate, Scope: tenant}},
		"community": {domain.PostDraft{Visibility: domain.VisibilityCommunity, Place: inTeam}, community, domain.CommunityScope(community.CommunityID),
			domain.Ask{Permission: domain.PermissionPostsCreateCommunity, Scope: domain.CommunityScope(community.CommunityID), Visibility: domain.VisibilityCommunity}},
		"team": {domain.PostDraft{Visibility: domain.VisibilityTeam, Place: inTeam}, inTeam, domain.TeamScope(inTeam.TeamID),
			domain.Ask{Permission: domain.PermissionPostsCreateTeam, Scope: domain.TeamScope(inTeam.TeamID), Visibility: domain.VisibilityTeam}},
	} {
		post, err := domain.NewPost(author, c.draft, morning)
		require.NoError(t, err, name)
		require.Equal(t, c.place, post.Data().Place, name)
		require.Equal(t, c.scope, post.Scope(), name)
		require.Equal(t, c.write, c.draft.AskToWrite(author), name)
		require.Equal(t, name == "private", post.AskToRead().Owner == author.User, name)
	}
}

func TestWhatNoPostIs(t *testing.T) {
	for name, d := range map[string]domain.PostDraft{
		"no visibility":      {},
		"a foreign one":      {Visibility: "friends"},
		"too long a title":   {Visibility: domain.VisibilityPublic, Title: strings.Repeat("ж", domain.MaxPostTitle+1)},
		"too long a body":    {Visibility: domain.VisibilityPublic, Body: strings.Repeat("x", domain.MaxPostBody+1)},
		"what is no text":    {Visibility: domain.VisibilityPublic, Body: "a\x00b"},
		"bytes that are not": {Visibility: domain.VisibilityPublic, Title: "\xff"},
	} {
		_, err := domain.NewPost(author, d, morning)
		require.Equal(t, errs.Invalid, errs.KindOf(err), name)
	}
	for _, v := range []domain.Visibility{domain.VisibilityCommunity, domain.VisibilityTeam} {
		_, err := domain.NewPost(author, domain.PostDraft{Visibility: v}, morning)
		require.Equal(t, errs.BadRequest, errs.KindOf(err), v)
	}
}

// However a post is edited: it never moves to another place, its version counts the changes, an edit of nothing is none,
// and who saw an older version is refused.
func TestEditsKeepAPostInOrder(t *testing.T) {
	visibilities := []domain.Visibility{domain.VisibilityPublic, domain.VisibilityCommunity, domain.VisibilityTeam, domain.VisibilityPrivate}
	rapid.Check(t, func(t *rapid.T) {
		post, err := domain.NewPost(author, domain.PostDraft{Visibility: rapid.SampledFrom(visibilities).Draw(t, "first"), Place: inTeam}, morning)
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
				t.Fatal("an edit of a version that is not")
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
			case domain.VisibilityPublic:
				require.Equal(t, domain.PostPlace{}, b.Place)
			default:
				require.Equal(t, a.Place, b.Place)
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
		require.Equal(t, "attachments/"+author.Tenant.String()+"/"+f.ID().String(), f.Key(), "whatever it is called")
	}
	for _, name := range []string{"", " ", ".", "..", "../..", "/", "a\x00", "a\nb", strings.Repeat("x", 129), "\xff"} {
		_, err := domain.NewFile(domain.FileAttachment, author, name, morning)
		require.Equal(t, errs.Invalid, errs.KindOf(err), "%q", name)
	}
}

func TestWhatFilesMayBe(t *testing.T) {
	for contentType, fits := range map[string][2]bool{ // as an attachment, as an avatar
		"image/png": {true, true}, "image/webp": {true, true}, "image/gif": {true, false}, "application/pdf": {true, false}, "text/plain; charset=utf-8": {true, false},
		"text/html; charset=utf-8": {}, "text/xml; charset=utf-8": {}, "image/svg+xml": {}, "application/octet-stream": {}, "application/javascript": {}, "": {},
	} {
		require.Equal(t, fits[0], domain.FileAttachment.Allows(contentType) == nil, contentType)
		require.Equal(t, fits[1], domain.FileAvatar.Allows(contentType) == nil, contentType)
	}
}

// A profile follows its account in everything its owner has not chosen himself, and in nothing else, in whatever order
// things happen; and no username comes in by this way that could not come in by the other.
func TestProfilesFollowAccounts(t *testing.T) {
	text := rapid.SampledFrom([]string{"", "anna", "Анна", "a..b", "x", strings.Repeat("y", 70), "line\nbreak"})
	rapid.Check(t, func(t *rapid.T) {
		account := domain.Account{UserID: author.User, Username: text.Draw(t, "username"), DisplayName: text.Draw(t, "name")}
		p := domain.NewProfile(author.Tenant, account)
		var own *string
		for range rapid.IntRange(0, 5).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "by himself") {
				name := text.Draw(t, "own")
				edited, changed, err := p.Edit(domain.ProfileEdit{DisplayName: &name, Username: &name}, morning)
				if err != nil {
					continue
				}
				if len(changed) == 0 && edited == p {
					continue
				}
				p, own = edited, new(edited.Data().DisplayName)
				continue
			}
			account.DisplayName = text.Draw(t, "renamed")
			followed, changed := p.Follow(account)
			require.Equal(t, followed != p, changed)
			p = followed
		}
		if own != nil {
			require.Equal(t, *own, p.Data().DisplayName)
		}
		again, _, err := p.Edit(domain.ProfileEdit{Username: new(p.Data().Username)}, morning)
		require.NoError(t, err, "%q got in", p.Data().Username)
		require.Equal(t, p.Data().Username, again.Data().Username)
		require.NotContains(t, p.Data().DisplayName, "\n")
	})
}

func TestReach(t *testing.T) {
	nowhere, tenant := domain.Reach{}, domain.Reach{Tenant: true}
	group, team := domain.Reach{Communities: []uuid.UUID{community.CommunityID}}, domain.Reach{Teams: []uuid.UUID{inTeam.TeamID}}
	for _, c := range []struct {
		reach            domain.Reach
		in, comm, teamOf bool
	}{{nowhere, false, false, false}, {tenant, true, false, false}, {group, false, true, true}, {team, false, false, true}, {domain.Reach{Everywhere: true}, true, true, true}} {
		require.Equal(t, []bool{c.in, c.comm, c.teamOf}, []bool{c.reach.Covers(domain.PostPlace{}), c.reach.Covers(community), c.reach.Covers(inTeam)})
		require.Equal(t, c.in, c.reach.InTenant())
	}
	require.True(t, nowhere.None())
	require.False(t, team.Covers(domain.PostPlace{TeamID: uuid.New()}), "of a team whose community is not known")
}
