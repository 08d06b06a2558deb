package pg

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"go.updspace.com/libs/pg"
)

// Grams are the pairs and threes of letters of the names of a profile. Whoever has all grams of a word may have the
// word; whoever lacks one has it not. That leaves few profiles to look at, whatever part of a name is asked for.

type gramRow struct {
	bun.BaseModel `bun:"table:profile_grams,alias:pg"`
	pg.Tenanted

	Gram   string    `bun:"gram,pk"`
	UserID uuid.UUID `bun:"user_id,pk,type:uuid"`
}

// allGrams are the grams that a folded text is found by.
func allGrams(text string) []string {
	runes := []rune(text)
	var grams []string
	for n := 2; n <= 3; n++ {
		for i := 0; i+n <= len(runes); i++ {
			if gram := runes[i : i+n]; !slices.Contains(gram, '\n') {
				grams = append(grams, string(gram))
			}
		}
	}
	slices.Sort(grams)
	return slices.Compact(grams)
}

// maxAsked bounds how many grams of a word are looked up: a few tell as much as all.
const maxAsked = 8

// gramsOf are the grams that who has a folded word must have. A single letter has none.
func gramsOf(word string) []string {
	runes := []rune(word)
	n := min(len(runes), 3)
	if n < 2 {
		return nil
	}
	var grams []string
	for i := 0; i+n <= len(runes); i++ {
		grams = append(grams, string(runes[i:i+n]))
	}
	slices.Sort(grams)
	grams = slices.Compact(grams)
	return grams[:min(len(grams), maxAsked)]
}

// index stores the grams of a profile.
func (r *Profiles) index(ctx context.Context, tenant, user uuid.UUID, text string) error {
	grams := allGrams(text)
	if _, err := r.db.Conn(ctx).NewRaw("DELETE FROM profile_grams WHERE tenant_id = ? AND user_id = ? AND NOT gram = ANY (?::text[])",
		tenant, user, pgdialect.Array(grams)).Exec(ctx); err != nil {
		return pg.Error(err)
	}
	_, err := r.db.Conn(ctx).NewRaw("INSERT INTO profile_grams (tenant_id, gram, user_id) SELECT ?, gram, ? FROM unnest(?::text[]) AS gram ON CONFLICT DO NOTHING",
		tenant, user, pgdialect.Array(grams)).Exec(ctx)
	return pg.Error(err)
}

// withGrams finds the users whose profiles have all of some grams. It names the tenant itself: the hooks do not see
// subqueries, and no policy is a condition that an index could be asked by.
func withGrams(q *bun.SelectQuery, tenant uuid.UUID, grams []string) *bun.SelectQuery {
	return q.Model((*gramRow)(nil)).Column("user_id").Where("pg.tenant_id = ?", tenant).Where("pg.gram IN (?)", bun.List(grams)).
		Group("pg.user_id").Having("count(*) = ?", len(grams))
}
