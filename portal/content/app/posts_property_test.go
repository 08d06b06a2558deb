package app_test

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/page"
	contentapp "go.updspace.com/portal/content/app"
	contentdomain "go.updspace.com/portal/content/domain"
)

// model is users of some groups, and the posts and files that are expected to be stored.
type model struct {
	*fixture
	people                                       []authz.Actor
	insider, moderator, neighbour, admin, member authz.Actor
	chess, openings, draughts                    contentdomain.PostScope
	written                                      map[uuid.UUID]contentdomain.Post // as their last change returned them
	order                                        []uuid.UUID
	uploads                                      []contentdomain.File // whatever became of them
	post                                         map[uuid.UUID]uuid.UUID
	gone                                         map[uuid.UUID]bool
}

func newModel(t require.TestingT) *model {
	r := &model{fixture: newFixture(asIs), written: map[uuid.UUID]contentdomain.Post{}, post: map[uuid.UUID]uuid.UUID{}, gone: map[uuid.UUID]bool{}}
	tenant := uuid.New()
	for _, who := range []*authz.Actor{&r.insider, &r.moderator, &r.neighbour, &r.admin, &r.member} {
		*who = authz.Actor{Tenant: tenant, User: uuid.New()}
		r.access.Member(*who, readers...)
		r.people = append(r.people, *who)
	}
	r.chess = r.found(t, r.insider, "Chess", uuid.Nil)
	r.openings = r.found(t, r.insider, "Openings", r.chess.CommunityID)
	r.draughts = r.found(t, r.neighbour, "Draughts", uuid.Nil)
	r.access.Grant(r.insider, r.chess.AuthzScope(tenant), readers...)
	r.access.Grant(r.insider, r.openings.AuthzScope(tenant), readers...)
	r.access.Grant(r.neighbour, r.draughts.AuthzScope(tenant), readers...)
	r.access.Grant(r.moderator, r.chess.AuthzScope(tenant), moderators...)
	r.access.Grant(r.admin, authz.TenantScope(tenant), moderators...)
	return r
}

// runs reports whether a user moderates a scope.
func (r *model) runs(who authz.Actor, at contentdomain.PostScope) bool {
	return who == r.admin || who == r.moderator && at.CommunityID == r.chess.CommunityID
}

// belongs reports whether a user can read posts of a scope.
func (r *model) belongs(who authz.Actor, at contentdomain.PostScope) bool {
	switch at.CommunityID {
	case r.chess.CommunityID:
		return who == r.insider || r.runs(who, at)
	case r.draughts.CommunityID:
		return who == r.neighbour || r.runs(who, at)
	}
	return true
}

func (r *model) sees(who authz.Actor, p contentdomain.Post) bool {
	if d := p.Data(); d.Visibility == authz.VisibilityPrivate {
		return d.CreatedBy == who.User || r.runs(who, d.Scope)
	}
	return r.belongs(who, p.Data().Scope)
}

func (r *model) changes(who authz.Actor, p contentdomain.Post) bool {
	return r.sees(who, p) && (p.WrittenBy(who.User) || r.runs(who, p.Data().Scope))
}

// keep takes note of a post as it is now, and of its files.
func (r *model) keep(p contentdomain.Post) {
	if _, ok := r.written[p.ID()]; !ok {
		r.order = append(r.order, p.ID())
	}
	d := p.Data()
	has := d.Attachments
	for i, f := range has { // which do not know of it yet when it has just got them
		of := f.Data()
		of.PostID = p.ID()
		has[i] = contentdomain.RestoreFile(of)
	}
	r.written[p.ID()] = contentdomain.RestorePost(d)
	for _, f := range r.uploads {
		attached := slices.ContainsFunc(has, func(of contentdomain.File) bool { return of.ID() == f.ID() })
		switch {
		case attached:
			r.post[f.ID()] = p.ID()
		case r.post[f.ID()] == p.ID():
			delete(r.post, f.ID())
			r.gone[f.ID()] = true
		}
	}
}

// For any sequence of writing, changing, attaching and deleting: lists and single reads show each user the same posts; only
// the author or a moderator changes a post; a file is readable by those who see its post, and is stored only while a post
// has or may get it; the events match what is stored.
func TestPostsAndFilesModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := newModel(rt)
		person := rapid.SampledFrom(r.people)
		rt.Repeat(map[string]func(*rapid.T){
			"upload": func(rt *rapid.T) {
				by := person.Draw(rt, "by")
				f, err := r.files.Upload(r.as(by), by, contentapp.UploadFile{Name: "x.txt", Content: strings.NewReader(fmt.Sprint("text ", len(r.uploads)))})
				require.NoError(rt, err)
				r.uploads = append(r.uploads, f)
			},
			"drop": func(rt *rapid.T) {
				by, f := person.Draw(rt, "by"), r.anyUpload(rt)
				err := r.files.Drop(r.as(by), by, f.ID())
				if f.Data().OwnerID == by.User && r.post[f.ID()] == uuid.Nil && !r.gone[f.ID()] {
					require.NoError(rt, err)
					r.gone[f.ID()] = true
					return
				}
				require.ErrorIs(rt, err, contentdomain.ErrFileNotFound)
			},
			"write":  func(rt *rapid.T) { r.write(rt, person.Draw(rt, "by")) },
			"change": func(rt *rapid.T) { r.change(rt, person.Draw(rt, "by")) },
			"delete": func(rt *rapid.T) {
				by, p := person.Draw(rt, "by"), r.anyPost(rt)
				err := r.posts.Delete(r.as(by), by, p.ID())
				r.refused(rt, by, p, err)
				if err != nil {
					return
				}
				for _, f := range p.Data().Attachments {
					delete(r.post, f.ID())
					r.gone[f.ID()] = true
				}
				delete(r.written, p.ID())
			},
			"wait": func(*rapid.T) { r.clock.Advance(time.Second) },
			"":     r.inOrder,
		})
		r.stored(rt, r.sweep(rt), func(contentdomain.File) bool { return false })
		r.clock.Advance(contentdomain.PendingLife + time.Second)
		r.stored(rt, r.sweep(rt), func(f contentdomain.File) bool { return r.post[f.ID()] == uuid.Nil })
	})
}

func (r *model) anyUpload(rt *rapid.T) contentdomain.File {
	if len(r.uploads) == 0 {
		rt.Skip("nothing uploaded")
	}
	return rapid.SampledFrom(r.uploads).Draw(rt, "file")
}

func (r *model) anyPost(rt *rapid.T) contentdomain.Post {
	live := slices.DeleteFunc(slices.Clone(r.order), func(id uuid.UUID) bool { _, ok := r.written[id]; return !ok })
	if len(live) == 0 {
		rt.Skip("no posts")
	}
	return r.written[rapid.SampledFrom(live).Draw(rt, "post")]
}

func (r *model) someUploads(rt *rapid.T) (ids []uuid.UUID) {
	if len(r.uploads) == 0 {
		return []uuid.UUID{}
	}
	for _, f := range rapid.SliceOfN(rapid.SampledFrom(r.uploads), 0, 2).Draw(rt, "files") {
		ids = append(ids, f.ID())
	}
	return append([]uuid.UUID{}, ids...)
}

// attachable reports whether a user can attach these files to a post.
func (r *model) attachable(by authz.Actor, post uuid.UUID, ids []uuid.UUID) bool {
	return !slices.ContainsFunc(r.uploads, func(f contentdomain.File) bool {
		if !slices.Contains(ids, f.ID()) || post != uuid.Nil && r.post[f.ID()] == post {
			return false
		}
		return f.Data().OwnerID != by.User || r.gone[f.ID()] || r.post[f.ID()] != uuid.Nil
	})
}

func (r *model) write(rt *rapid.T, by authz.Actor) {
	at := rapid.SampledFrom([]contentdomain.PostScope{{}, r.chess, r.openings, r.draughts}).Draw(rt, "at")
	draft := contentdomain.PostDraft{Title: "t", Body: "<b>", Scope: at, Visibility: authz.VisibilityPublic}
	switch {
	case at.TeamID != uuid.Nil:
		draft.Visibility = authz.VisibilityTeam
	case at.CommunityID != uuid.Nil:
		draft.Visibility = authz.VisibilityCommunity
	case rapid.Bool().Draw(rt, "private"):
		draft.Visibility = authz.VisibilityPrivate
	}
	files := r.someUploads(rt)
	p, err := r.posts.Create(r.as(by), by, contentapp.CreatePost{Draft: draft, Attachments: files})
	switch {
	case !r.belongs(by, at):
		require.ErrorIs(rt, err, authz.ErrDenied)
	case !r.attachable(by, uuid.Nil, files):
		require.Equal(rt, errs.Invalid, errs.KindOf(err), "%v", err)
	default:
		require.NoError(rt, err)
		require.Equal(rt, "&lt;b&gt;", p.Data().Rendered.HTML)
		r.keep(p)
	}
}

func (r *model) change(rt *rapid.T, by authz.Actor) {
	p := r.anyPost(rt)
	in := contentapp.EditPost{}
	if rapid.Bool().Draw(rt, "retitle") {
		title := rapid.SampledFrom([]string{"t", "u", ""}).Draw(rt, "title")
		in.Edit.Title = &title
	}
	if rapid.Bool().Draw(rt, "show") {
		v := rapid.SampledFrom([]authz.Visibility{authz.VisibilityPublic, authz.VisibilityCommunity, authz.VisibilityTeam, authz.VisibilityPrivate}).Draw(rt, "visibility")
		in.Edit.Visibility = &v
	}
	if rapid.Bool().Draw(rt, "attach") {
		in.Attachments = r.someUploads(rt)
	}
	edited, err := r.posts.Edit(r.as(by), by, p.ID(), in)
	if !r.changes(by, p) || err == nil {
		r.refused(rt, by, p, err)
	}
	switch v := in.Edit.Visibility; {
	case err == nil:
		require.True(rt, r.attachable(by, p.ID(), in.Attachments))
		r.keep(edited)
	case !r.changes(by, p):
	case v != nil && errs.KindOf(err) == errs.Invalid && *v != p.Data().Visibility: // it does not fit the scope
	default:
		require.Equal(rt, errs.Invalid, errs.KindOf(err), "%v", err)
		require.False(rt, r.attachable(by, p.ID(), in.Attachments))
	}
}

// refused requires 404 for a user who does not see a post, 403 for one who may not change it, and success for all others.
func (r *model) refused(rt *rapid.T, by authz.Actor, p contentdomain.Post, err error) {
	switch {
	case !r.sees(by, p):
		require.ErrorIs(rt, err, contentdomain.ErrPostNotFound)
	case !r.changes(by, p):
		require.ErrorIs(rt, err, authz.ErrDenied)
	default:
		require.NoError(rt, err)
	}
}

func (r *model) inOrder(rt *rapid.T) {
	versions := map[uuid.UUID]int{}
	for id, p := range r.written {
		versions[id] = p.Data().Version
	}
	require.Equal(rt, versions, r.publishedVersions(), "the events tell what is stored")
	for _, who := range r.people {
		ctx := r.as(who)
		listed := map[uuid.UUID]bool{}
		in, newest := contentapp.ListPosts{Page: page.Request{Limit: rapid.IntRange(1, 4).Draw(rt, "limit")}}, time.Time{}
		for {
			some, err := r.posts.List(ctx, who, in)
			require.NoError(rt, err)
			for _, p := range some.Items {
				require.False(rt, listed[p.ID()], "twice")
				listed[p.ID()] = true
				want := r.written[p.ID()].Data()
				want.Body = "" // as lists do not show it
				require.Equal(rt, contentdomain.RestorePost(want), p)
				require.False(rt, !newest.IsZero() && p.Data().CreatedAt.After(newest), "newest first")
				newest = p.Data().CreatedAt
			}
			if in.Page.Cursor = some.Next; some.Next == "" {
				break
			}
		}
		for _, id := range r.order {
			p, there := r.written[id]
			found, err := r.posts.Get(ctx, who, id)
			require.Equal(rt, there && r.sees(who, p), listed[id])
			if !listed[id] {
				require.ErrorIs(rt, err, contentdomain.ErrPostNotFound)
				continue
			}
			require.NoError(rt, err)
			require.Equal(rt, p, found)
		}
		for i, f := range r.uploads {
			opens := f.Data().OwnerID == who.User
			if post := r.post[f.ID()]; post != uuid.Nil {
				opens = listed[post]
			}
			_, content, err := r.files.Open(ctx, who, f.ID())
			if !opens || r.gone[f.ID()] {
				require.ErrorIs(rt, err, contentdomain.ErrFileNotFound)
				continue
			}
			require.NoError(rt, err)
			text, err := io.ReadAll(content)
			require.NoError(rt, err)
			require.Equal(rt, fmt.Sprint("text ", i), string(text))
		}
	}
}

// stored requires that the content of all files is there but of those that are gone.
func (r *model) stored(rt *rapid.T, keys []string, alsoGone func(contentdomain.File) bool) {
	want := []string{}
	for _, f := range r.uploads {
		if !r.gone[f.ID()] && !alsoGone(f) {
			want = append(want, f.Key())
		}
	}
	require.ElementsMatch(rt, want, keys)
}
