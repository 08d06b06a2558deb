package domain_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/activity/roles/domain"
)

const role = "80351110224678912"

// world is both sides of one pair and one person, and the synchronisation between them.
type world struct {
	mapping          domain.Mapping
	holding          domain.Holding
	person           domain.Person
	byHandHere, bot  bool // why the role is held here: by hand, or because of us
	there, handThere bool // the role at Discord, and whether a person has given it
}

func (w *world) sync() domain.Change {
	w.person.There, w.person.Here = map[string]bool{role: w.there}, map[int64]bool{w.mapping.ID: w.byHandHere}
	c := domain.Plan(w.mapping, w.holding, w.person)
	if c.Give {
		w.there = true
	}
	if c.Take {
		w.there = false
	}
	w.holding, w.bot = c.After, c.After.Here
	return c
}

func TestRolesFollowBothSides(t *testing.T) {
	t.Parallel()
	begin := func(d domain.Direction) *world {
		return &world{mapping: domain.Mapping{ID: 1, DiscordRole: role, Direction: d}, person: domain.Person{Linked: true, Present: true}}
	}
	w := begin(domain.ToDiscord)
	w.byHandHere = true
	require.True(t, w.sync().Give)
	require.False(t, w.sync().Needed(), "once")
	w.there = false
	require.True(t, w.sync().Give, "taken by hand there, it comes again")
	w.byHandHere = false
	require.True(t, w.sync().Take)
	w.there = true
	require.False(t, w.sync().Needed(), "what a person gave there is not ours, and does not come here")

	w = begin(domain.FromDiscord)
	w.there = true
	given := w.sync()
	require.True(t, given.TellsHere() && w.bot)
	require.Equal(t, int64(1), w.holding.Version)
	w.there = false
	require.True(t, w.sync().TellsHere() && !w.bot)
	require.Equal(t, int64(2), w.holding.Version)
	w.byHandHere = true
	require.False(t, w.sync().Needed(), "it does not go there")

	w = begin(domain.Both)
	w.byHandHere = true
	w.sync()
	require.True(t, w.there)
	require.False(t, w.bot, "what we put there does not come back")
	w.byHandHere = false
	w.sync()
	require.False(t, w.there)

	w = begin(domain.Both)
	w.there, w.byHandHere = true, true
	w.sync()
	require.Equal(t, domain.Holding{Here: true, Version: 1}, w.holding, "it was there before us")
	w.person.Present = false
	w.sync()
	require.True(t, w.holding.Empty(), "who has left the server has it by hand only")

	for _, end := range []func(*world){func(w *world) { w.person.Linked = false }, func(w *world) { w.mapping.Removed = true }} {
		w = begin(domain.Both)
		w.byHandHere = true
		w.sync()
		end(w)
		require.True(t, w.sync().Take)
		require.True(t, w.holding.Empty())
		require.False(t, w.sync().Needed())
	}
}

// Whatever happens on both sides, two looks in a row settle it, and nothing that people gave by hand is taken.
func TestSidesDoNotFight(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		direction := rapid.SampledFrom([]domain.Direction{domain.ToDiscord, domain.FromDiscord, domain.Both}).Draw(t, "direction")
		w := &world{mapping: domain.Mapping{ID: 1, DiscordRole: role, Direction: direction}, person: domain.Person{Linked: true, Present: true}}
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			switch rapid.IntRange(0, 4).Draw(t, "step") {
			case 0:
				w.byHandHere = !w.byHandHere
			case 1:
				if !w.there {
					w.there, w.handThere = true, true
				}
			case 2:
				w.there, w.handThere = false, false
			case 3:
				w.person.Present = !w.person.Present
				w.there, w.handThere = false, false // who leaves loses the roles
			case 4:
				w.person.Linked = !w.person.Linked
			}
			ours := w.holding.There
			c := w.sync()
			if c.Take {
				require.True(t, ours, "only what we put is taken")
			}
			if !w.there {
				w.handThere = false
			}
			w.sync()
			require.False(t, w.sync().Needed(), "it settles")
			if w.person.Linked && w.person.Present && direction != domain.FromDiscord {
				require.True(t, !w.byHandHere || w.there, "who holds it here has it there")
			}
		}
	})
}
