package app_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/blob"
	contentapp "go.updspace.com/portal/content/app"
	contentdomain "go.updspace.com/portal/content/domain"
	contentports "go.updspace.com/portal/content/ports"
	"go.updspace.com/tools/devkit/testkit/faults"
)

// unlimited is a quota that is never used up.
type unlimited struct{}

func (unlimited) Take(context.Context, string, uuid.UUID) error { return nil }

// onePost is a card with one post.
type onePost struct{ post contentdomain.Post }

func (onePost) PublicCard(context.Context) (contentdomain.PublicCard, error) {
	return contentdomain.PublicCard{Members: 1}, nil
}

func (c onePost) PublicPosts(context.Context, string) ([]contentports.AuthoredPost, error) {
	return []contentports.AuthoredPost{{Post: c.post, Author: "Alice"}}, nil
}

// world is a fixture with a user who has written and uploaded.
type world struct {
	*fixture
	author          authz.Actor
	chess, openings contentdomain.PostScope
	pending         contentdomain.File
	post            contentdomain.Post // in chess, with a file
}

func newWorld(t testing.TB) world {
	w := world{fixture: newFixture(asIs), author: authz.Actor{Tenant: uuid.New(), User: uuid.New()}}
	w.access.Member(w.author, append([]authz.Permission{contentdomain.PermissionRolesRead}, readers...)...)
	w.chess = w.found(t, w.author, "Chess", uuid.Nil)
	w.openings = w.found(t, w.author, "Openings", w.chess.CommunityID)
	w.access.Grant(w.author, w.chess.AuthzScope(w.author.Tenant), readers...)
	_, err := w.profiles.SetAvatar(w.as(w.author), w.author, strings.NewReader("picture"))
	require.NoError(t, err)
	w.post, err = w.posts.Create(w.as(w.author), w.author, contentapp.CreatePost{
		Draft:       contentdomain.PostDraft{Title: "First", Visibility: authz.VisibilityCommunity, Scope: w.chess},
		Attachments: []uuid.UUID{w.upload(t).ID()},
	})
	require.NoError(t, err)
	w.pending = w.upload(t)
	w.deps.Quota, w.deps.Public = unlimited{}, onePost{w.post}
	return w
}

func (w world) upload(t testing.TB) contentdomain.File {
	file, err := w.files.Upload(w.as(w.author), w.author, contentapp.UploadFile{Name: "x.txt", Content: strings.NewReader("text")})
	require.NoError(t, err)
	return file
}

// result leaves out what a use case returns besides its error.
func result[T any](_ T, err error) error { return err }

// A use case that cannot read or write what it needs fails, whatever that is.
func TestUseCasesFailWithWhatTheyCall(t *testing.T) {
	t.Parallel()
	type use func(w world, ctx context.Context, d contentapp.Deps) error
	inTx := func(change func(w world, ctx context.Context, a contentapp.Accounts) error) use {
		return func(w world, ctx context.Context, d contentapp.Deps) error {
			return w.memory.Do(ctx, func(ctx context.Context) error { return change(w, ctx, contentapp.Accounts{Deps: d}) })
		}
	}
	for name, use := range map[string]use{
		"write a post": func(w world, ctx context.Context, d contentapp.Deps) error {
			draft := contentdomain.PostDraft{Title: "Second", Visibility: authz.VisibilityTeam, Scope: w.openings}
			return result(contentapp.Posts{Deps: d}.Create(ctx, w.author, contentapp.CreatePost{Draft: draft, Attachments: []uuid.UUID{w.pending.ID()}}))
		},
		"edit a post": func(w world, ctx context.Context, d contentapp.Deps) error {
			title, private := "Changed", authz.VisibilityPrivate
			return result(contentapp.Posts{Deps: d}.Edit(ctx, w.author, w.post.ID(), contentapp.EditPost{
				Edit: contentdomain.PostEdit{Title: &title, Visibility: &private}, Attachments: []uuid.UUID{w.pending.ID()},
			}))
		},
		"delete a post": func(w world, ctx context.Context, d contentapp.Deps) error {
			return contentapp.Posts{Deps: d}.Delete(ctx, w.author, w.post.ID())
		},
		"read a post": func(w world, ctx context.Context, d contentapp.Deps) error {
			return result(contentapp.Posts{Deps: d}.Get(ctx, w.author, w.post.ID()))
		},
		"list the posts of a team": func(w world, ctx context.Context, d contentapp.Deps) error {
			return result(contentapp.Posts{Deps: d}.List(ctx, w.author, contentapp.ListPosts{TeamID: w.openings.TeamID}))
		},
		"find posts": func(w world, ctx context.Context, d contentapp.Deps) error {
			everywhere := contentdomain.PostViewer{Public: authz.AllowedScopes{Everywhere: true}}
			return result(contentapp.Posts{Deps: d}.Found(ctx, everywhere, "first", 1))
		},
		"preview a post": func(w world, ctx context.Context, d contentapp.Deps) error {
			return result(contentapp.Posts{Deps: d}.Preview(ctx, w.author, "body"))
		},
		"show guests a card": func(_ world, ctx context.Context, d contentapp.Deps) error {
			return result(contentapp.Posts{Deps: d}.PublicCard(ctx))
		},
		"upload a file": func(w world, ctx context.Context, d contentapp.Deps) error {
			return result(contentapp.Files{Deps: d}.Upload(ctx, w.author, contentapp.UploadFile{Name: "y.txt", Content: strings.NewReader("text")}))
		},
		"drop a file": func(w world, ctx context.Context, d contentapp.Deps) error {
			return contentapp.Files{Deps: d}.Drop(ctx, w.author, w.pending.ID())
		},
		"open a pending file": func(w world, ctx context.Context, d contentapp.Deps) error {
			_, _, err := contentapp.Files{Deps: d}.Open(ctx, w.author, w.pending.ID())
			return err
		},
		"open an attachment": func(w world, ctx context.Context, d contentapp.Deps) error {
			_, _, err := contentapp.Files{Deps: d}.Open(ctx, w.author, w.post.Data().Attachments[0].ID())
			return err
		},
		"link to an attachment": func(w world, ctx context.Context, d contentapp.Deps) error {
			_, _, _, err := contentapp.Files{Deps: d}.Link(ctx, w.author, w.post.Data().Attachments[0].ID())
			return err
		},
		"remove files": func(w world, _ context.Context, d contentapp.Deps) error {
			w.clock.Advance(2 * contentdomain.PendingLife)
			return result(contentapp.FileCleanup{Deps: d}.Sweep(w.memory.Across(context.Background())))
		},
		"read a profile": func(w world, ctx context.Context, d contentapp.Deps) error {
			return result(contentapp.Profiles{Deps: d}.Mine(ctx, w.author))
		},
		"make a profile of an account": func(w world, _ context.Context, d contentapp.Deps) error {
			someone := authz.Actor{Tenant: w.author.Tenant, User: uuid.New()}
			return result(contentapp.Profiles{Deps: d}.Mine(w.as(someone), someone))
		},
		"edit a profile": func(w world, ctx context.Context, d contentapp.Deps) error {
			bio := "me"
			return result(contentapp.Profiles{Deps: d}.Edit(ctx, w.author, contentdomain.ProfileEdit{Bio: &bio}))
		},
		"change an avatar": func(w world, ctx context.Context, d contentapp.Deps) error {
			return result(contentapp.Profiles{Deps: d}.SetAvatar(ctx, w.author, strings.NewReader("picture of another day")))
		},
		"remove an avatar": func(w world, ctx context.Context, d contentapp.Deps) error {
			return result(contentapp.Profiles{Deps: d}.RemoveAvatar(ctx, w.author))
		},
		"read the profile of another": func(w world, ctx context.Context, d contentapp.Deps) error {
			return result(contentapp.Profiles{Deps: d}.Of(ctx, w.author, w.author.User))
		},
		"open the avatar of another": func(w world, _ context.Context, d contentapp.Deps) error {
			other := authz.Actor{Tenant: w.author.Tenant, User: uuid.New()}
			w.access.Member(other, readers...)
			_, _, err := contentapp.Profiles{Deps: d}.Avatar(w.as(other), other, w.author.User)
			return err
		},
		"list profiles": func(w world, ctx context.Context, d contentapp.Deps) error {
			return result(contentapp.Profiles{Deps: d}.List(ctx, w.author, contentapp.ListProfiles{}))
		},
		"read profiles": func(w world, ctx context.Context, d contentapp.Deps) error {
			return result(contentapp.Profiles{Deps: d}.Each(ctx, []uuid.UUID{w.author.User}))
		},
		"look people up": func(w world, ctx context.Context, d contentapp.Deps) error {
			return result(contentapp.People{Deps: d}.Lookup(ctx, w.author, []uuid.UUID{w.author.User}))
		},
		"list people": func(w world, ctx context.Context, d contentapp.Deps) error {
			return result(contentapp.People{Deps: d}.List(ctx, w.author, contentapp.ListPeople{}))
		},
		"find people": func(_ world, ctx context.Context, d contentapp.Deps) error {
			return result(contentapp.People{Deps: d}.Found(ctx, "a", 1))
		},
		"follow an account": inTx(func(w world, ctx context.Context, a contentapp.Accounts) error {
			return a.Named(ctx, contentdomain.Account{UserID: w.author.User, Username: "alice"})
		}),
		"let a new member in": inTx(func(w world, ctx context.Context, a contentapp.Accounts) error {
			return a.Joined(ctx, w.author.Tenant, uuid.New())
		}),
		"let a former member in": inTx(func(w world, ctx context.Context, a contentapp.Accounts) error {
			profile, err := w.memory.Profiles().Find(ctx, w.author.User)
			if err != nil {
				return err
			}
			if err := w.memory.Profiles().Save(ctx, profile.AsMember(false)); err != nil {
				return err
			}
			return a.Joined(ctx, w.author.Tenant, w.author.User)
		}),
		"let a member go": inTx(func(w world, ctx context.Context, a contentapp.Accounts) error {
			return a.Left(ctx, w.author.User)
		}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			faults.Each(t, func(f *faults.Faults) func() error {
				w := newWorld(t)
				return func() error { return use(w, w.as(w.author), faulty(f, w.deps)) }
			})
		})
	}
}

// What is left of an upload that failed does not count as a file that waits for a post, and goes with the next cleanup.
func TestAFailedUploadLeavesNothing(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(*contentapp.Deps){
		"no content":    func(d *contentapp.Deps) { d.Blobs = unwritableBlobs{d.Blobs} },
		"not completed": func(d *contentapp.Deps) { d.Files = incompletable{d.Files} },
	} {
		w := newWorld(t)
		before := w.sweep(t)
		deps := w.deps
		fail(&deps)
		for range 2 * contentdomain.MaxPending {
			_, err := contentapp.Files{Deps: deps}.Upload(w.as(w.author), w.author, contentapp.UploadFile{Name: "y.txt", Content: strings.NewReader("text")})
			require.ErrorIs(t, err, errStorage, name)
		}
		require.Equal(t, before, w.sweep(t), name)
	}
}

// unwritableBlobs is a store that takes no content.
type unwritableBlobs struct{ blob.Store }

func (unwritableBlobs) Put(context.Context, string, io.Reader) error { return errStorage }

// incompletable is storage of files in which none is completed.
type incompletable struct{ contentports.Files }

func (incompletable) Complete(context.Context, contentdomain.File) error { return errStorage }
