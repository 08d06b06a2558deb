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

	"go.updspace.com/libs/errs"
	"go.updspace.com/portal/app"
	"go.updspace.com/portal/domain"
)

// reading is people who write at places, and what is expected to be there.
type reading struct {
	*study
	people                                       []domain.Actor
	insider, moderator, neighbour, admin, member domain.Actor
	chess, openings, draughts                    domain.PostPlace
	written                                      map[uuid.UUID]domain.Post // as their last change returned them
	order                                        []uuid.UUID
	uploads                                      []domain.File // whatever became of them
	post                                         map[uuid.UUID]uuid.UUID
	gone                                         map[uuid.UUID]bool
}

func openReading(t require.TestingT) *reading {
	r := &reading{study: openStudy(asIs), written: map[uuid.UUID]domain.Post{}, post: map[uuid.UUID]uuid.UUID{}, gone: map[uuid.UUID]bool{}}
	tenant := uuid.New()
	for _, who := range []*domain.Actor{&r.insider, &r.moderator, &r.neighbour, &r.admin, &r.member} {
		*who = domain.Actor{Tenant: tenant, User: uuid.New()}
		r.access.Member(who.User, readers...)
		r.people = append(r.people, *who)
	}
	r.chess = r.found(t, r.insider, "Chess", uuid.Nil)
	r.openings = r.found(t, r.insider, "Openings", r.chess.CommunityID)
	r.draughts = r.found(t, r.neighbour, "Draughts", uuid.Nil)
	r.access.Bind(r.insider.User, r.chess.Scope(tenant), readers...)
	r.access.Bind(r.insider.User, r.openings.Scope(tenant), readers...)
	r.access.Bind(r.neighbour.User, r.draughts.Scope(tenant), readers...)
	r.access.Bind(r.moderator.User, r.chess.Scope(tenant), moderators...)
	r.access.Bind(r.admin.User, domain.TenantScope(tenant), moderators...)
	return r
}

// runs reports whether somebody moderates a place.
func (r *reading) runs(who domain.Actor, at domain.PostPlace) bool {
	return who == r.admin || who == r.moderator && at.CommunityID == r.chess.CommunityID
}

// belongs reports whether what stands at a place is for somebody.
func (r *reading) belongs(who domain.Actor, at domain.PostPlace) bool {
	switch at.CommunityID {
	case r.chess.CommunityID:
		return who == r.insider || r.runs(who, at)
	case r.draughts.CommunityID:
		return who == r.neighbour || r.runs(who, at)
	}
	return true
}

func (r *reading) sees(who domain.Actor, p domain.Post) bool {
	if d := p.Data(); d.Visibility == domain.VisibilityPrivate {
		return d.CreatedBy == who.User || r.runs(who, d.Place)
	}
	return r.belongs(who, p.Data().Place)
}

func (r *reading) changes(who domain.Actor, p domain.Post) bool {
	return r.sees(who, p) && (p.WrittenBy(who.User) || r.runs(who, p.Data().Place))
}

// keep takes note of a post as it is now, and of its files.
func (r *reading) keep(p domain.Post) {
	if _, ok := r.written[p.ID()]; !ok {
		r.order = append(r.order, p.ID())
	}
	d := p.Data()
	has := d.Attachments
	for i, f := range has { // which do not know of it yet when it has just got them
		of := f.Data()
		of.PostID = p.ID()
		has[i] = domain.RestoreFile(of)
	}
	r.written[p.ID()] = domain.RestorePost(d)
	for _, f := range r.uploads {
		attached := slices.ContainsFunc(has, func(of domain.File) bool { return of.ID() == f.ID() })
		switch {
		case attached:
			r.post[f.ID()] = p.ID()
		case r.post[f.ID()] == p.ID():
			delete(r.post, f.ID())
			r.gone[f.ID()] = true
		}
	}
}

// Whatever people write, change, attach and delete, in whatever order: each sees what is for him, in the list and by
// itself alike; only who wrote or moderates changes; a file is opened by those who see its post, and lies in the store
// while it has one or may still get one; and the events tell what is stored.
func TestWhateverPeopleWrite(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := openReading(rt)
		person := rapid.SampledFrom(r.people)
		rt.Repeat(map[string]func(*rapid.T){
			"upload": func(rt *rapid.T) {
				by := person.Draw(rt, "by")
				f, err := r.files.Upload(r.as(by), by, app.UploadFile{Name: "x.txt", Content: strings.NewReader(fmt.Sprint("text ", len(r.uploads)))})
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
				require.ErrorIs(rt, err, domain.ErrFileNotFound)
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
		r.stored(rt, r.sweep(rt), func(domain.File) bool { return false })
		r.clock.Advance(domain.PendingLife + time.Second)
		r.stored(rt, r.sweep(rt), func(f domain.File) bool { return r.post[f.ID()] == uuid.Nil })
	})
}

func (r *reading) anyUpload(rt *rapid.T) domain.File {
	if len(r.uploads) == 0 {
		rt.Skip("nothing uploaded")
	}
	return rapid.SampledFrom(r.uploads).Draw(rt, "file")
}

func (r *reading) anyPost(rt *rapid.T) domain.Post {
	live := slices.DeleteFunc(slices.Clone(r.order), func(id uuid.UUID) bool { _, ok := r.written[id]; return !ok })
	if len(live) == 0 {
		rt.Skip("no posts")
	}
	return r.written[rapid.SampledFrom(live).Draw(rt, "post")]
}

func (r *reading) someUploads(rt *rapid.T) (ids []uuid.UUID) {
	if len(r.uploads) == 0 {
		return []uuid.UUID{}
	}
	for _, f := range rapid.SliceOfN(rapid.SampledFrom(r.uploads), 0, 2).Draw(rt, "files") {
		ids = append(ids, f.ID())
	}
	return append([]uuid.UUID{}, ids...)
}

// attachable reports whether somebody can make these the files of a post.
func (r *reading) attachable(by domain.Actor, post uuid.UUID, ids []uuid.UUID) bool {
	return !slices.ContainsFunc(r.uploads, func(f domain.File) bool {
		if !slices.Contains(ids, f.ID()) || post != uuid.Nil && r.post[f.ID()] == post {
			return false
		}
		return f.Data().OwnerID != by.User || r.gone[f.ID()] || r.post[f.ID()] != uuid.Nil
	})
}

func (r *reading) write(rt *rapid.T, by domain.Actor) {
	at := rapid.SampledFrom([]domain.PostPlace{{}, r.chess, r.openings, r.draughts}).Draw(rt, "at")
	draft := domain.PostDraft{Title: "t", Body: "<b>", Place: at, Visibility: domain.VisibilityPublic}
	switch {
	case at.TeamID != uuid.Nil:
		draft.Visibility = domain.VisibilityTeam
	case at.CommunityID != uuid.Nil:
		draft.Visibility = domain.VisibilityCommunity
	case rapid.Bool().Draw(rt, "private"):
		draft.Visibility = domain.VisibilityPrivate
	}
	files := r.someUploads(rt)
	p, err := r.posts.Create(r.as(by), by, app.CreatePost{Draft: draft, Attachments: files})
	switch {
	case !r.belongs(by, at):
		require.ErrorIs(rt, err, domain.ErrForbidden)
	case !r.attachable(by, uuid.Nil, files):
		require.Equal(rt, errs.Invalid, errs.KindOf(err), "%v", err)
	default:
		require.NoError(rt, err)
		require.Equal(rt, "&lt;b&gt;", p.Data().Rendered.HTML)
		r.keep(p)
	}
}

func (r *reading) change(rt *rapid.T, by domain.Actor) {
	p := r.anyPost(rt)
	in := app.EditPost{}
	if rapid.Bool().Draw(rt, "retitle") {
		title := rapid.SampledFrom([]string{"t", "u", ""}).Draw(rt, "title")
		in.Edit.Title = &title
	}
	if rapid.Bool().Draw(rt, "show") {
		v := rapid.SampledFrom([]domain.Visibility{domain.VisibilityPublic, domain.VisibilityCommunity, domain.VisibilityTeam, domain.VisibilityPrivate}).Draw(rt, "visibility")
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
	case v != nil && errs.KindOf(err) == errs.Invalid && *v != p.Data().Visibility: // it does not fit the place
	default:
		require.Equal(rt, errs.Invalid, errs.KindOf(err), "%v", err)
		require.False(rt, r.attachable(by, p.ID(), in.Attachments))
	}
}

// refused requires that whoever does not see a post was told that there is none, and who may not change it that he may
// not; everybody else was let in.
func (r *reading) refused(rt *rapid.T, by domain.Actor, p domain.Post, err error) {
	switch {
	case !r.sees(by, p):
		require.ErrorIs(rt, err, domain.ErrPostNotFound)
	case !r.changes(by, p):
		require.ErrorIs(rt, err, domain.ErrForbidden)
	default:
		require.NoError(rt, err)
	}
}

func (r *reading) inOrder(rt *rapid.T) {
	versions := map[uuid.UUID]int{}
	for id, p := range r.written {
		versions[id] = p.Data().Version
	}
	require.Equal(rt, versions, r.fold(), "the events tell what is stored")
	for _, who := range r.people {
		ctx := r.as(who)
		listed := map[uuid.UUID]bool{}
		in, newest := app.ListPosts{Limit: rapid.IntRange(1, 4).Draw(rt, "limit")}, time.Time{}
		for {
			page, err := r.posts.List(ctx, who, in)
			require.NoError(rt, err)
			for _, p := range page.Items {
				require.False(rt, listed[p.ID()], "twice")
				listed[p.ID()] = true
				require.Equal(rt, r.written[p.ID()], p)
				require.False(rt, !newest.IsZero() && p.Data().CreatedAt.After(newest), "newest first")
				newest = p.Data().CreatedAt
			}
			if in.Cursor = page.Next; page.Next == "" {
				break
			}
		}
		for _, id := range r.order {
			p, there := r.written[id]
			found, err := r.posts.Get(ctx, who, id)
			require.Equal(rt, there && r.sees(who, p), listed[id])
			if !listed[id] {
				require.ErrorIs(rt, err, domain.ErrPostNotFound)
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
				require.ErrorIs(rt, err, domain.ErrFileNotFound)
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
func (r *reading) stored(rt *rapid.T, keys []string, alsoGone func(domain.File) bool) {
	want := []string{}
	for _, f := range r.uploads {
		if !r.gone[f.ID()] && !alsoGone(f) {
			want = append(want, f.Key())
		}
	}
	require.ElementsMatch(rt, want, keys)
}
