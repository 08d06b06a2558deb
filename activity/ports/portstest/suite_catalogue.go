package portstest

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/tools/devkit/testkit/memory"
)

// Catalogue is a store of games.
type Catalogue struct {
	Games ports.Games
	Tx    ports.Tx
}

// NewMemoryCatalogue keeps games in memory.
func NewMemoryCatalogue() Catalogue {
	db := memory.New()
	return Catalogue{Games: &memoryGamesOf{games: memory.NewTable[int64, domain.Game](db)}, Tx: db}
}

type memoryGamesOf struct {
	games *memory.Table[int64, domain.Game]
	last  int64
}

func (m *memoryGamesOf) List(ctx context.Context) ([]domain.Game, error) {
	all := m.games.All(ctx, func(domain.Game) bool { return true })
	slices.SortFunc(all, func(a, b domain.Game) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return all, nil
}

func (m *memoryGamesOf) Find(ctx context.Context, id int64) (domain.Game, error) {
	game, ok := m.games.Get(ctx, id)
	if !ok {
		return game, domain.ErrGameNotFound
	}
	return game, nil
}

func (m *memoryGamesOf) Add(ctx context.Context, game domain.Game, most int) (domain.Game, error) {
	if len(m.games.All(ctx, func(domain.Game) bool { return true })) >= most {
		return game, domain.ErrTooManyGames
	}
	m.last++
	game.ID = m.last
	m.games.Put(ctx, game.ID, game)
	return game, nil
}

func (m *memoryGamesOf) Remove(ctx context.Context, id int64) error {
	if m.games.Delete(ctx, func(g domain.Game) bool { return g.ID == id }) == 0 {
		return domain.ErrGameNotFound
	}
	return nil
}

// CatalogueSuite tests a store of games.
func CatalogueSuite(t *testing.T, open func(t *testing.T) Catalogue) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, Catalogue){
		"a game is stored whole": gameRoundTrip, "games are listed by name": gamesByName, "a tenant has so many games": gamesAreBounded,
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); test(t, open(t)) })
	}
}

func (c Catalogue) add(ctx context.Context, tenant uuid.UUID, name string, most int) (made domain.Game, err error) {
	err = c.Tx.Do(ctx, func(ctx context.Context) error {
		made, err = c.Games.Add(ctx, domain.Game{
			TenantID: tenant, Name: name, Tags: map[string]string{"genre": "board"}, CreatedBy: uuid.New(), CreatedAt: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
		}, most)
		return err
	})
	return made, err
}

func gameRoundTrip(t *testing.T, c Catalogue) {
	tenant, other := uuid.New(), uuid.New()
	made, err := c.add(in(tenant), tenant, "Chess", 2)
	require.NoError(t, err)
	require.Positive(t, made.ID)
	found, err := c.Games.Find(in(tenant), made.ID)
	require.NoError(t, err)
	require.Equal(t, made, found)
	_, err = c.Games.Find(in(other), made.ID)
	require.ErrorIs(t, err, domain.ErrGameNotFound)
	remove := func(tenant uuid.UUID) error {
		return c.Tx.Do(in(tenant), func(ctx context.Context) error { return c.Games.Remove(ctx, made.ID) })
	}
	require.ErrorIs(t, remove(other), domain.ErrGameNotFound)
	require.NoError(t, remove(tenant))
	require.ErrorIs(t, remove(tenant), domain.ErrGameNotFound)
}

func gamesByName(t *testing.T, c Catalogue) {
	tenant := uuid.New()
	ids := map[string][]int64{}
	for _, name := range []string{"go", "Chess", "go"} {
		made, err := c.add(in(tenant), tenant, name, 9)
		require.NoError(t, err)
		ids[name] = append(ids[name], made.ID)
	}
	list, err := c.Games.List(in(tenant))
	require.NoError(t, err)
	var listed []int64
	for _, game := range list {
		listed = append(listed, game.ID)
	}
	require.Equal(t, append(ids["Chess"], ids["go"]...), listed)
	list, err = c.Games.List(in(uuid.New()))
	require.NoError(t, err)
	require.Empty(t, list)
}

func gamesAreBounded(t *testing.T, c Catalogue) {
	tenant := uuid.New()
	var all sync.WaitGroup
	results := make(chan error, 8)
	for range cap(results) {
		all.Go(func() {
			_, err := c.add(in(tenant), tenant, "n", 3)
			results <- err
		})
	}
	all.Wait()
	close(results)
	stored := 0
	for err := range results {
		if err == nil {
			stored++
			continue
		}
		require.ErrorIs(t, err, domain.ErrTooManyGames)
	}
	require.Equal(t, 3, stored)
}
