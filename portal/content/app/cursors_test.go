package app_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/page"
	contentapp "go.updspace.com/portal/content/app"
)

// A cursor that no page of the list gave is refused: a list that began anew would show its first page for the next.
func TestCursorsOfOtherListsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, other := w.as(w.author), page.Request{Cursor: page.Encode("other", uuid.New())}
	people := contentapp.People{Deps: w.deps}
	for name, list := range map[string]func() error{
		"posts":    func() error { return result(w.posts.List(ctx, w.author, contentapp.ListPosts{Page: other})) },
		"people":   func() error { return result(people.List(ctx, w.author, contentapp.ListPeople{Page: other})) },
		"profiles": func() error { return result(w.profiles.List(ctx, w.author, contentapp.ListProfiles{Page: other})) },
	} {
		require.Equal(t, errs.Invalid, errs.KindOf(list()), name)
	}
}
