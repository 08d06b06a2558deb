package domain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/activity/domain"
	"go.updspace.com/libs/authz"
)

var (
	tenant = uuid.New()
	now    = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
)

func itemData() domain.ItemData {
	return domain.ItemData{
		TenantID: tenant, SourceRef: "post:1", Type: domain.PostCreated, OccurredAt: now, Title: " Hello ", Visibility: authz.VisibilityPublic, Scope: authz.TenantScope(tenant),
	}
}

func TestAnItemIsComplete(t *testing.T) {
	t.Parallel()
	item, err := domain.NewItem(itemData())
	require.NoError(t, err)
	require.Equal(t, []any{"Hello", now, map[string]any{}}, []any{item.Data().Title, item.Data().ChangedAt, item.Data().Payload})
	long := itemData()
	long.Title = strings.Repeat("я", 300)
	item, err = domain.NewItem(long)
	require.NoError(t, err)
	require.Len(t, []rune(item.Data().Title), 256)

	for name, edit := range map[string]func(*domain.ItemData){
		"no tenant":         func(d *domain.ItemData) { d.TenantID = uuid.Nil },
		"no source":         func(d *domain.ItemData) { d.SourceRef = "" },
		"a long source":     func(d *domain.ItemData) { d.SourceRef = strings.Repeat("x", 256) },
		"about itself":      func(d *domain.ItemData) { d.Parent = d.SourceRef },
		"no type":           func(d *domain.ItemData) { d.Type = "zebra" },
		"no time":           func(d *domain.ItemData) { d.OccurredAt = time.Time{} },
		"the platform":      func(d *domain.ItemData) { d.Scope = authz.Scope{Type: authz.ScopeGlobal} },
		"no visibility":     func(d *domain.ItemData) { d.Visibility = "" },
		"a team's audience": func(d *domain.ItemData) { d.Visibility = authz.VisibilityTeam },
		"a long link":       func(d *domain.ItemData) { d.Link = strings.Repeat("x", 513) },
	} {
		d := itemData()
		edit(&d)
		_, err := domain.NewItem(d)
		require.Error(t, err, name)
	}
}

// Changes of one source may arrive in any order and any number of times: what counts in the end is the same.
func TestTheOrderOfChangesDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		changes := changesOf(t)
		fold := func(list []domain.Change) domain.Change {
			result := list[0]
			for _, change := range list[1:] {
				result = change.After(result)
			}
			return result
		}
		last := changes[0]
		for _, change := range changes[1:] {
			if change.Item().Data().ChangedAt.After(last.Item().Data().ChangedAt) {
				last = change
			}
		}
		got := fold(rapid.Permutation(append(changes, changes...)).Draw(t, "order"))
		require.Equal(t, last.Retracted(), got.Retracted())
		require.Equal(t, last.Item().Data().Title, got.Item().Data().Title)
	})
}

// changesOf are changes of one source at different times.
func changesOf(t *rapid.T) []domain.Change {
	times := rapid.SliceOfNDistinct(rapid.IntRange(0, 20), 1, 6, rapid.ID).Draw(t, "times")
	changes := make([]domain.Change, len(times))
	for i, minute := range times {
		at := now.Add(time.Duration(minute) * time.Minute)
		if rapid.Bool().Draw(t, "retracted") {
			changes[i] = domain.Retract(tenant, "post:1", at)
			continue
		}
		d := itemData()
		d.OccurredAt, d.Title = at, at.Format(time.Kitchen)
		item, err := domain.NewItem(d)
		require.NoError(t, err)
		changes[i] = domain.Put(item)
	}
	return changes
}

func TestARetractionWinsOverAChangeAtTheSameTime(t *testing.T) {
	t.Parallel()
	item, err := domain.NewItem(itemData())
	require.NoError(t, err)
	put, retract := domain.Put(item), domain.Retract(tenant, "post:1", now)
	require.True(t, put.After(retract).Retracted())
	require.True(t, retract.After(put).Retracted())
}

func TestAnItemKeepsItsEarliestTime(t *testing.T) {
	t.Parallel()
	at := func(minute int) domain.Change {
		d := itemData()
		d.OccurredAt = now.Add(time.Duration(minute) * time.Minute)
		item, err := domain.NewItem(d)
		require.NoError(t, err)
		return domain.Put(item)
	}
	require.Equal(t, now, at(5).After(at(0)).Item().Data().OccurredAt)
	require.Equal(t, now, at(0).After(at(5)).Item().Data().OccurredAt)
	require.Equal(t, now.Add(5*time.Minute), at(5).After(domain.Retract(tenant, "post:1", now)).Item().Data().OccurredAt)
}

func TestTypesOfAFilter(t *testing.T) {
	t.Parallel()
	types, err := domain.ParseTypes(nil)
	require.NoError(t, err)
	require.Equal(t, []domain.ItemType{domain.EventCreated, domain.EventRsvpChanged, domain.NewsPosted, domain.PostCreated, domain.VoteCast}, types)
	types, err = domain.ParseTypes([]string{"member.joined", "vote.cast", "member.joined"})
	require.NoError(t, err)
	require.Equal(t, []domain.ItemType{domain.MemberJoined, domain.VoteCast}, types)
	_, err = domain.ParseTypes([]string{"vote.cast", "steam.private"})
	require.Error(t, err)
}

func TestWhatManyDoAboutOneThingIsAGroup(t *testing.T) {
	t.Parallel()
	require.Equal(t, []domain.ItemType{domain.EventRsvpChanged, domain.VoteCast}, domain.GroupedTypes())
	group := func(kind domain.ItemType, parent string) domain.GroupKey {
		d := itemData()
		d.Type, d.Parent = kind, parent
		item, err := domain.NewItem(d)
		require.NoError(t, err)
		return item.GroupKey()
	}
	require.Equal(t, domain.GroupKey{Type: domain.VoteCast, Parent: "poll:1"}, group(domain.VoteCast, "poll:1"))
	require.Equal(t, domain.GroupKey{Type: domain.EventRsvpChanged, Parent: "event:1"}, group(domain.EventRsvpChanged, "event:1"))
	require.Zero(t, group(domain.VoteCast, ""), "of what is not known")
	require.Zero(t, group(domain.MemberJoined, "community:1"), "members are shown one by one")
}
