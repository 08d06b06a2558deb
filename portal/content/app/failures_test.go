package app_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	contentapp "go.updspace.com/portal/content/app"
	contentdomain "go.updspace.com/portal/content/domain"
	contentports "go.updspace.com/portal/content/ports"
)

var errStorage = errors.New("storage is away")

// unlockable is storage of posts that cannot lock one.
type unlockable struct{ contentports.Posts }

func (unlockable) Lock(context.Context, uuid.UUID) (contentdomain.Post, error) {
	return contentdomain.Post{}, errStorage
}

// unattachable is storage of files that cannot attach one.
type unattachable struct{ contentports.Files }

func (unattachable) Attach(context.Context, uuid.UUID, []uuid.UUID, time.Time) (bool, error) {
	return false, errStorage
}

// newer is a later version of the renderer.
type newer struct{ plain }

func (newer) Version() string { return "newer" }

func (n newer) Render(source string) (contentdomain.Rendered, error) {
	rendered, err := n.plain.Render(source)
	rendered.By = n.Version()
	return rendered, err
}

func TestPostsFailWithTheirStorage(t *testing.T) {
	t.Parallel()
	s := newFixture(asIs)
	author := authz.Actor{Tenant: uuid.New(), User: uuid.New()}
	s.access.Member(author, readers...)
	ctx := s.as(author)
	file, err := s.files.Upload(ctx, author, contentapp.UploadFile{Name: "notes.txt", Content: strings.NewReader("notes")})
	require.NoError(t, err)
	draft := contentdomain.PostDraft{Title: "Hello", Body: "body", Visibility: authz.VisibilityPublic}
	create := contentapp.CreatePost{Draft: draft, Attachments: []uuid.UUID{file.ID()}}

	deps := s.deps
	deps.Files = unattachable{deps.Files}
	_, err = contentapp.Posts{Deps: deps}.Create(ctx, author, create)
	require.ErrorIs(t, err, errStorage)
	post, err := s.posts.Create(ctx, author, create)
	require.NoError(t, err, "nothing was stored")

	title := "Changed"
	edit := contentapp.EditPost{Edit: contentdomain.PostEdit{Title: &title}}
	deps = s.deps
	deps.Posts = unlockable{deps.Posts}
	_, err = contentapp.Posts{Deps: deps}.Edit(ctx, author, post.ID(), edit)
	require.ErrorIs(t, err, errStorage)

	deps = s.deps
	deps.Markdown = newer{}
	_, err = contentapp.Posts{Deps: deps}.Edit(ctx, author, post.ID(), edit)
	require.NoError(t, err)
	stored, err := s.deps.Posts.Find(ctx, post.ID())
	require.NoError(t, err)
	require.Equal(t, "newer", stored.Data().Rendered.By, "an edit stores what the renderer in use makes of the body")
	require.Equal(t, title, stored.Data().Title)
}

// stricter is a later version of the renderer that refuses what the former one took.
type stricter struct{ newer }

func (stricter) Render(string) (contentdomain.Rendered, error) {
	return contentdomain.Rendered{}, errors.New("has too many links")
}

// A post that the renderer in use refuses is still shown, as plain text.
func TestPostsThatAreRefusedNowAreShownAsText(t *testing.T) {
	t.Parallel()
	s := newFixture(asIs)
	author := authz.Actor{Tenant: uuid.New(), User: uuid.New()}
	s.access.Member(author, readers...)
	ctx := s.as(author)
	post, err := s.posts.Create(ctx, author, contentapp.CreatePost{
		Draft: contentdomain.PostDraft{Title: "Hello", Body: "a <b>", Visibility: authz.VisibilityPublic},
	})
	require.NoError(t, err)
	deps := s.deps
	deps.Markdown = stricter{}
	shown, err := contentapp.Posts{Deps: deps}.Get(ctx, author, post.ID())
	require.NoError(t, err)
	require.Equal(t, "<p>a &lt;b&gt;</p>", shown.Data().Rendered.HTML)
	require.Equal(t, "a <b>", shown.Data().Body)
}

// unfindable is storage of accounts that cannot be read.
type unfindable struct{ contentports.Accounts }

func (unfindable) Find(context.Context, uuid.UUID) (contentdomain.Account, error) {
	return contentdomain.Account{}, errStorage
}

// unreadable is storage of profiles that cannot be read or locked.
type unreadable struct{ contentports.Profiles }

func (unreadable) Find(context.Context, uuid.UUID) (contentdomain.Profile, error) {
	return contentdomain.Profile{}, errStorage
}

func (unreadable) Lock(context.Context, uuid.UUID) (contentdomain.Profile, error) {
	return contentdomain.Profile{}, errStorage
}

// A profile that cannot be read is not taken for one that does not exist: an edit would store an empty one over it.
func TestProfilesFailWithTheirStorage(t *testing.T) {
	t.Parallel()
	s := newFixture(asIs)
	who := authz.Actor{Tenant: uuid.New(), User: uuid.New()}
	s.access.Member(who, readers...)
	ctx := s.as(who)
	bio := "me"
	broken := map[string]func(*contentapp.Deps){
		"accounts": func(d *contentapp.Deps) { d.Accounts = unfindable{d.Accounts} },
		"profiles": func(d *contentapp.Deps) { d.Profiles = unreadable{d.Profiles} },
	}
	for name, away := range broken {
		deps := s.deps
		away(&deps)
		profiles := contentapp.Profiles{Deps: deps}
		_, err := profiles.Mine(ctx, who)
		require.ErrorIs(t, err, errStorage, name)
		_, err = profiles.Edit(ctx, who, contentdomain.ProfileEdit{Bio: &bio})
		require.ErrorIs(t, err, errStorage, name)
		_, err = profiles.RemoveAvatar(ctx, who)
		require.ErrorIs(t, err, errStorage, name)
	}
	_, err := s.deps.Profiles.Find(ctx, who.User)
	require.ErrorIs(t, err, contentdomain.ErrProfileNotFound, "nothing was stored")
	require.Empty(t, s.memory.Events(), "and nothing told")
}
