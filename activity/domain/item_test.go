package domain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/activity/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
)

var (
	maker = authz.Actor{Tenant: uuid.New(), User: uuid.New()}
	now   = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
)

func TestNewItemReportsEveryWrongField(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		title, text string
		wrong       []string
	}{
		{"Title", "", nil},
		{strings.Repeat("ы", 200), strings.Repeat("ы", 10_000), nil},
		{" ", "", []string{"title"}},
		{strings.Repeat("ы", 201), strings.Repeat("ы", 10_001), []string{"title", "text"}},
	} {
		item, err := domain.NewItem(maker, domain.ItemDraft{Title: c.title, Text: c.text}, now)
		if c.wrong == nil {
			require.NoError(t, err)
			d := item.Data()
			require.NotEqual(t, uuid.Nil, d.ID)
			require.Equal(t, domain.ItemData{
				ID: d.ID, TenantID: maker.Tenant, Title: c.title, Text: c.text, CreatedBy: maker.User, CreatedAt: now, UpdatedAt: now,
			}, d)
			continue
		}
		require.Equal(t, errs.Invalid, errs.KindOf(err))
		for _, field := range c.wrong {
			require.ErrorContains(t, err, field)
		}
	}
}

func TestEditChangesOnlyTheGivenFields(t *testing.T) {
	t.Parallel()
	item, err := domain.NewItem(maker, domain.ItemDraft{Title: "a", Text: "b"}, now)
	require.NoError(t, err)
	title := "c"
	changed, err := item.Edit(domain.ItemEdit{Title: &title}, now.Add(time.Hour))
	require.NoError(t, err)
	want := item.Data()
	want.Title, want.UpdatedAt = "c", now.Add(time.Hour)
	require.Equal(t, want, changed.Data())
	require.Equal(t, "a", item.Data().Title)
}
