package pg_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/devkit/testkit"
)

// Callers validate text before it is stored. What slips through is a refused value, not a failure of the service.
func TestTextThatCannotBeStoredIsRefused(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t, polls)
	for _, text := range []string{"a\x00b", "a\xffb", "\xed\xa0\x80"} {
		for name, query := range map[string]func(ctx context.Context) error{
			"insert": func(ctx context.Context) error {
				_, err := db.Conn(ctx).NewInsert().Model(&pollRow{ID: uuid.New(), Title: text}).Exec(ctx)
				return err
			},
			"select": func(ctx context.Context) error {
				return db.Conn(ctx).NewSelect().Model(&pollRow{}).Where("title = ?", text).Scan(ctx)
			},
			"raw":      func(ctx context.Context) error { return db.Conn(ctx).NewRaw("SELECT ?", text).Scan(ctx, new(string)) },
			"prepared": func(ctx context.Context) error { return db.QueryRow(ctx, &pollRow{}, selectTitle, aef, text) },
		} {
			err := pg.Error(db.Do(as(aef), query))
			require.Equal(t, errs.Invalid, errs.KindOf(err), "%s %q: %v", name, text, err)
		}
	}
	require.NoError(t, db.Do(as(aef), func(ctx context.Context) error { // the connections are fine
		_, err := db.Conn(ctx).NewInsert().Model(&pollRow{ID: uuid.New(), Title: "fine"}).Exec(ctx)
		return err
	}))
}
