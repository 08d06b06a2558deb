package portstest

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	contentdomain "go.updspace.com/portal/content/domain"
	contentports "go.updspace.com/portal/content/ports"
)

// begun stores a file whose content has not arrived.
func (s Store) begun(t testing.TB, by authz.Actor, kind contentdomain.FileKind, at time.Time) contentdomain.File {
	t.Helper()
	file, err := contentdomain.NewFile(kind, by, "карта.png", at)
	require.NoError(t, err)
	s.do(t, As(t.Context(), by), func(ctx context.Context) error { return s.Files.Add(ctx, file) })
	return file
}

// arrived stores a file with its content.
func (s Store) arrived(t testing.TB, by authz.Actor, kind contentdomain.FileKind, at time.Time) contentdomain.File {
	t.Helper()
	file := s.begun(t, by, kind, at).Arrived("image/png", 7, digest)
	s.do(t, As(t.Context(), by), func(ctx context.Context) error { return s.Files.Complete(ctx, file) })
	return file
}

const digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

func idsOf(files []contentdomain.File) (ids []uuid.UUID) {
	for _, f := range files {
		ids = append(ids, f.ID())
	}
	return ids
}

// attach makes files those of a post, as the use cases do.
func (s Store) attach(t testing.TB, by authz.Actor, post contentdomain.Post, files ...contentdomain.File) {
	t.Helper()
	s.do(t, As(t.Context(), by), func(ctx context.Context) error {
		locked, err := s.Posts.Lock(ctx, post.ID())
		if err != nil {
			return err
		}
		d := locked.Data()
		d.Version++
		if err := s.Posts.Update(ctx, contentdomain.RestorePost(d).WithAttachments(files)); err != nil {
			return err
		}
		all, err := s.Files.Attach(ctx, post.ID(), idsOf(files), Noon.Add(time.Minute))
		require.True(t, all)
		return err
	})
}

func (s Store) abandoned(t testing.TB, before time.Time) []uuid.UUID {
	t.Helper()
	found, err := s.Files.Abandoned(s.Across(t.Context()), before, 100)
	require.NoError(t, err)
	return idsOf(found)
}

func fileRoundTrip(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	for _, kind := range []contentdomain.FileKind{contentdomain.FileAttachment, contentdomain.FileAvatar} {
		file := s.begun(t, by, kind, Noon.Add(time.Microsecond))
		_, err := s.Files.Find(ctx, file.ID())
		require.ErrorIs(t, err, contentdomain.ErrFileNotFound)
		file = file.Arrived("application/pdf", 10<<20, digest)
		complete := func() error {
			return s.Tx.Do(ctx, func(ctx context.Context) error { return s.Files.Complete(ctx, file) })
		}
		require.NoError(t, complete())
		found, err := s.Files.Find(ctx, file.ID())
		require.NoError(t, err)
		same(t, file.Data(), found.Data())
		other := s.arrived(t, by, kind, Noon)
		each, err := s.Files.FindEach(ctx, []uuid.UUID{file.ID(), uuid.New(), other.ID(), s.begun(t, by, kind, Noon).ID()})
		require.NoError(t, err)
		require.ElementsMatch(t, []uuid.UUID{file.ID(), other.ID()}, idsOf(each))

		s.do(t, ctx, func(ctx context.Context) error { return s.Files.Discard(ctx, Noon, file.ID(), uuid.New()) })
		_, err = s.Files.Find(ctx, file.ID())
		require.ErrorIs(t, err, contentdomain.ErrFileNotFound)
		require.ErrorIs(t, complete(), contentdomain.ErrFileNotFound, "given up while it was on its way")
	}
	none, err := s.Files.FindEach(ctx, nil)
	require.NoError(t, err)
	require.Empty(t, none)
}

// The limit of pending attachments counts those of one owner, complete or not, and holds however many are added at once.
func filePending(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	s.begun(t, by, contentdomain.FileAvatar, Noon)
	s.arrived(t, by, contentdomain.FileAvatar, Noon)
	attached, dropped := s.arrived(t, by, contentdomain.FileAttachment, Noon), s.arrived(t, by, contentdomain.FileAttachment, Noon)
	s.attach(t, by, s.write(t, by, note("x"), Noon), attached)
	s.arrived(t, Colleague(by), contentdomain.FileAttachment, Noon)

	add := func() error {
		file, err := contentdomain.NewFile(contentdomain.FileAttachment, by, "x.txt", Noon)
		require.NoError(t, err)
		return s.Tx.Do(ctx, func(ctx context.Context) error { return s.Files.Add(ctx, file) })
	}
	failures := make([]error, 3*contentdomain.MaxPending)
	var wg sync.WaitGroup
	for i := range failures {
		wg.Go(func() { failures[i] = add() })
	}
	wg.Wait()
	accepted := 0
	for _, err := range failures {
		if err == nil {
			accepted++
			continue
		}
		require.ErrorIs(t, err, contentdomain.ErrTooManyPending)
	}
	require.Equal(t, contentdomain.MaxPending-1, accepted, "one was pending before")
	s.do(t, ctx, func(ctx context.Context) error { return s.Files.Discard(ctx, Noon, dropped.ID()) })
	require.NoError(t, add())
	require.ErrorIs(t, add(), contentdomain.ErrTooManyPending)
	s.begun(t, by, contentdomain.FileAvatar, Noon)
}

func fileAttach(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	post, other := s.write(t, by, note("x"), Noon), s.write(t, by, note("y"), Noon)
	a, b, c := s.arrived(t, by, contentdomain.FileAttachment, Noon), s.arrived(t, by, contentdomain.FileAttachment, Noon), s.arrived(t, by, contentdomain.FileAttachment, Noon)
	of := func(p contentdomain.Post) []uuid.UUID {
		t.Helper()
		found, err := s.Posts.Find(ctx, p.ID())
		require.NoError(t, err)
		require.Contains(t, s.page(t, ctx, contentports.PostSearch{}), found, "a list has the same")
		return idsOf(found.Data().Attachments)
	}
	s.attach(t, by, post, b, a)
	require.Equal(t, []uuid.UUID{a.ID(), b.ID()}, of(post), "in the order in which they were uploaded")
	found, err := s.Files.Find(ctx, a.ID())
	require.NoError(t, err)
	require.Equal(t, post.ID(), found.Data().PostID)
	described, err := contentdomain.Described([]contentdomain.File{b}, map[uuid.UUID]string{b.ID(): "Карта пещер"})
	require.NoError(t, err)
	s.do(t, ctx, func(ctx context.Context) error { return s.Files.Describe(ctx, described) })
	s.attach(t, by, post, b, c)
	found, err = s.Files.Find(ctx, b.ID())
	require.NoError(t, err)
	require.Equal(t, "Карта пещер", found.Data().AltText)
	found, err = s.Files.Find(ctx, c.ID())
	require.NoError(t, err)
	require.Empty(t, found.Data().AltText)
	require.Equal(t, []uuid.UUID{b.ID(), c.ID()}, of(post), "those it had besides are given up")
	_, err = s.Files.Find(ctx, a.ID())
	require.ErrorIs(t, err, contentdomain.ErrFileNotFound)

	for why, file := range map[string]contentdomain.File{
		"of another post": b, "given up": a, "an avatar": s.arrived(t, by, contentdomain.FileAvatar, Noon), "on its way": s.begun(t, by, contentdomain.FileAttachment, Noon),
	} {
		s.do(t, ctx, func(ctx context.Context) error {
			all, err := s.Files.Attach(ctx, other.ID(), []uuid.UUID{file.ID()}, Noon)
			require.False(t, all, why)
			return err
		})
	}
	require.Empty(t, of(other))
	require.Equal(t, []uuid.UUID{b.ID(), c.ID()}, of(post))
	s.attach(t, by, post)
	require.Empty(t, of(post))
	require.Subset(t, s.abandoned(t, Noon), []uuid.UUID{a.ID(), b.ID(), c.ID()})
}

func fileRace(t *testing.T, s Store) {
	by := Someone()
	file := s.arrived(t, by, contentdomain.FileAttachment, Noon)
	posts := make([]contentdomain.Post, 10)
	for i := range posts {
		posts[i] = s.write(t, by, note("x"), Noon)
	}
	var winner atomic.Int32
	winner.Store(-1)
	s.atOnce(t, by, len(posts), func(ctx context.Context, i int) error {
		all, err := s.Files.Attach(ctx, posts[i].ID(), []uuid.UUID{file.ID()}, Noon)
		if all && !winner.CompareAndSwap(-1, int32(i)) {
			t.Error("attached twice")
		}
		return err
	})
	found, err := s.Files.Find(As(t.Context(), by), file.ID())
	require.NoError(t, err)
	require.Equal(t, posts[winner.Load()].ID(), found.Data().PostID)
}

func fileAbandoned(t *testing.T, s Store) {
	by, stranger := Someone(), Someone()
	ctx := As(t.Context(), by)
	late := Noon.Add(time.Hour)
	waiting, young := s.arrived(t, by, contentdomain.FileAttachment, Noon), s.arrived(t, by, contentdomain.FileAttachment, late)
	broken, elsewhere := s.begun(t, by, contentdomain.FileAvatar, Noon), s.begun(t, stranger, contentdomain.FileAttachment, Noon)
	used, old := s.arrived(t, by, contentdomain.FileAvatar, Noon), s.arrived(t, by, contentdomain.FileAvatar, late)
	attached := s.arrived(t, by, contentdomain.FileAttachment, Noon)
	post := s.write(t, by, note("x"), Noon)
	s.attach(t, by, post, attached)
	s.do(t, ctx, func(ctx context.Context) error { return s.Files.Discard(ctx, late, old.ID()) })
	gone := []uuid.UUID{waiting.ID(), broken.ID(), elsewhere.ID(), old.ID()}
	require.ElementsMatch(t, gone, s.abandoned(t, late))
	require.NotContains(t, gone, young.ID())
	some, err := s.Files.Abandoned(s.Across(t.Context()), late, 2)
	require.NoError(t, err)
	require.Len(t, some, 2)

	forget := func(ids ...uuid.UUID) {
		s.do(t, s.Across(t.Context()), func(ctx context.Context) error { return s.Files.Forget(ctx, ids...) })
	}
	forget(gone[:3]...)
	require.Equal(t, gone[3:], s.abandoned(t, late))
	forget(gone[3:]...)
	require.Empty(t, s.abandoned(t, late))
	for _, file := range []contentdomain.File{young, used, attached} {
		_, err := s.Files.Find(ctx, file.ID())
		require.NoError(t, err)
	}

	// a post that is purged leaves its files without one
	s.do(t, ctx, func(ctx context.Context) error { return s.Posts.Delete(ctx, post.ID(), Noon) })
	require.Empty(t, s.abandoned(t, late))
	_, err = s.Posts.Purge(s.Across(t.Context()), late)
	require.NoError(t, err)
	require.Equal(t, []uuid.UUID{attached.ID()}, s.abandoned(t, late))
}

func contentStrangers(t *testing.T, s Store) {
	by, stranger := Someone(), Someone()
	ctx, other := As(t.Context(), by), As(t.Context(), stranger)
	file := s.arrived(t, by, contentdomain.FileAttachment, Noon)
	post := s.write(t, by, note("secret"), Noon)
	s.attach(t, by, post, file)
	want, err := s.Posts.Find(ctx, post.ID())
	require.NoError(t, err)

	_, err = s.Posts.Find(other, post.ID())
	require.ErrorIs(t, err, contentdomain.ErrPostNotFound)
	require.Empty(t, s.page(t, other, contentports.PostSearch{}))
	_, err = s.Files.Find(other, file.ID())
	require.ErrorIs(t, err, contentdomain.ErrFileNotFound)
	newer := want.Data()
	newer.Version++
	for _, fn := range []func(context.Context) error{
		func(ctx context.Context) error { _, err := s.Posts.Lock(ctx, post.ID()); return err },
		func(ctx context.Context) error { return s.Posts.Update(ctx, contentdomain.RestorePost(newer)) },
		func(ctx context.Context) error { return s.Posts.Delete(ctx, post.ID(), Noon) },
		func(ctx context.Context) error { return s.Files.Complete(ctx, file) },
	} {
		require.Error(t, s.Tx.Do(other, fn))
	}
	mine := s.write(t, stranger, note("mine"), Noon)
	s.do(t, other, func(ctx context.Context) error {
		all, err := s.Files.Attach(ctx, mine.ID(), []uuid.UUID{file.ID()}, Noon)
		require.False(t, all)
		require.NoError(t, err)
		_, err = s.Files.Attach(ctx, post.ID(), nil, Noon)
		require.NoError(t, err)
		require.NoError(t, s.Files.Discard(ctx, Noon, file.ID()))
		return s.Files.Forget(ctx, file.ID())
	})
	found, err := s.Posts.Find(ctx, post.ID())
	require.NoError(t, err)
	require.Equal(t, want, found)
}
