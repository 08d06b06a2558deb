package personaldata_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/devkit/testkit"
)

// Names are removed from texts as whole words, whatever the locale of the database knows of letters.
func TestNamesAreRemovedFromTextsOfOthers(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	log := audit.New(db)
	store := personaldata.New("test", db, log, testkit.NewClock().Now, personaldata.Section{Name: "texts", Scrub: personaldata.Scrubbed(db, "audit_entries", "reason")})
	texts := map[string]string{
		"Вместе с МИКОЙ Орловой и микой орловой.": "Вместе с … и ….",
		"Мика, Микаэль и Мика":                    "…, Микаэль и …",
		"ёлка.ОТ-(a+b)*":                          "ёлка.ОТ-…",
		"mika   member, mikas, Mika_1":            "…, mikas, Mika_1",
		"Mika Member":                             "…",
		"Ann met Anna":                            "… met Anna",
		"Nothing of that":                         "Nothing of that",
	}
	ctx, another := asService(), asOther()
	for text := range texts {
		require.NoError(t, db.Do(ctx, func(ctx context.Context) error {
			return log.Write(ctx, audit.Entry{Action: "a", Reason: text, TargetID: text, At: noon})
		}))
	}
	require.NoError(t, db.Do(another, func(ctx context.Context) error {
		return log.Write(ctx, audit.Entry{Action: "a", Reason: "Mika", At: noon})
	}))
	for range 2 {
		receipt, err := store.Erase(ctx, anna, "Мика", "Микой Орловой", "Mika Member", "Mika", "Ann", "(A+B)*", "a", " ")
		require.NoError(t, err)
		require.Contains(t, []int64{int64(len(texts)) - 1, 0}, receipt.Counts["texts"])
	}
	reasons := func(ctx context.Context) map[string]string {
		var rows []struct{ TargetID, Reason string }
		require.NoError(t, db.Read(ctx, func(ctx context.Context) error {
			return pg.Error(db.Conn(ctx).NewRaw("SELECT target_id, reason FROM audit_entries WHERE action = 'a'").Scan(ctx, &rows))
		}))
		found := map[string]string{}
		for _, row := range rows {
			found[row.TargetID] = row.Reason
		}
		return found
	}
	got := reasons(pg.AcrossTenants(ctx, "test"))
	require.Equal(t, "Mika", got[""], "another tenant's")
	delete(got, "")
	require.Equal(t, texts, got)
	receipt, err := store.Erase(ctx, anna)
	require.NoError(t, err)
	require.NotContains(t, receipt.Counts, "texts", "without names")
}
