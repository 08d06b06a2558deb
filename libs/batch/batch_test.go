package batch_test

import (
	"context"
	"errors"
	"maps"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/batch"
)

// upper records the batches, each of which takes a second.
type upper struct {
	mu      sync.Mutex
	batches []string
	fail    error
}

type word struct{ in, out string }

func (u *upper) run(ctx context.Context, key string, words []*word) error {
	batch := key
	for _, w := range words {
		batch += w.in
	}
	u.mu.Lock()
	u.batches = append(u.batches, batch)
	u.mu.Unlock()
	select {
	case <-time.After(time.Second):
	case <-ctx.Done():
		return ctx.Err()
	}
	if u.fail != nil {
		return u.fail
	}
	for _, w := range words {
		w.out = strings.ToUpper(w.in)
	}
	return nil
}

// start calls Do once for each letter, in their order. got is called by one goroutine at a time.
func (u *upper) start(ctx context.Context, g *batch.Group[string, *word], key, letters string, got func(letter, out string, err error)) {
	for _, letter := range strings.Split(letters, "") {
		go func() {
			w := &word{in: letter}
			err := g.Do(ctx, key, w)
			u.mu.Lock()
			defer u.mu.Unlock()
			got(letter, w.out, err)
		}()
		synctest.Wait()
	}
}

// pass lets time pass in the bubble of the test.
func pass(d time.Duration) {
	time.Sleep(d) //nolint:forbidigo // the clock of a bubble
	synctest.Wait()
}

func TestCallsThatWaitRunTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var u upper
		g := batch.New(3, time.Minute, u.run)
		began := time.Now()
		answers := 0
		check := func(letter, out string, err error) {
			if err != nil || out != strings.ToUpper(letter) {
				t.Errorf("%s: %s, %v", letter, out, err)
			}
			answers++
		}
		u.start(t.Context(), g, "1", "abcdef", check)
		u.start(t.Context(), g, "2", "x", check)
		pass(time.Hour)
		require.Equal(t, 7, answers)
		require.Equal(t, []string{"1a", "2x", "1bcd", "1ef"}, u.batches)

		u.start(t.Context(), g, "1", "g", check)
		pass(time.Second)
		require.Equal(t, 8, answers, "a call that finds nothing running runs at once")
		require.Equal(t, time.Hour+time.Second, time.Since(began))
	})
}

func TestTheErrorOfABatchIsThatOfItsCalls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		u := upper{fail: errors.New("no database")}
		g := batch.New(10, time.Minute, u.run)
		failed := 0
		u.start(t.Context(), g, "1", "abc", func(_, out string, err error) {
			if errors.Is(err, u.fail) && out == "" {
				failed++
			}
		})
		pass(time.Hour)
		require.Equal(t, 3, failed)

		lost := batch.New(10, time.Minute, func(context.Context, string, []*word) error { panic("lost") })
		for range 2 {
			require.ErrorContains(t, lost.Do(t.Context(), "1", &word{}), "panic: lost")
		}
	})
}

// A caller that gives up leaves the others alone: its context cancels no batch that runs, and it is in no later one.
func TestACallThatIsGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var u upper
		g := batch.New(10, 10*time.Second, u.run)
		ended := map[string]error{}
		end := func(letter, _ string, err error) { ended[letter] = err }
		u.start(t.Context(), g, "1", "a", end)
		first, cancelFirst := context.WithCancel(t.Context())
		u.start(first, g, "1", "b", end)
		u.start(t.Context(), g, "1", "c", end)
		pass(time.Second) // a is done, b and c run
		waits, cancelWaits := context.WithCancel(t.Context())
		u.start(waits, g, "1", "d", end)
		u.start(t.Context(), g, "1", "e", end)
		cancelFirst()
		cancelWaits()
		synctest.Wait()
		u.mu.Lock()
		atOnce := maps.Clone(ended)
		u.mu.Unlock()
		require.Equal(t, map[string]error{"a": nil, "d": context.Canceled}, atOnce, "a call that waits is given up at once")
		pass(time.Hour)
		require.Equal(t, map[string]error{"a": nil, "b": nil, "c": nil, "d": context.Canceled, "e": nil}, ended)
		require.Equal(t, []string{"1a", "1bc", "1e"}, u.batches)
	})
}

func TestABatchEndsAfterTheTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var u upper
		g := batch.New(10, 100*time.Millisecond, u.run)
		ended := map[string]error{}
		u.start(t.Context(), g, "1", "ab", func(letter, _ string, err error) { ended[letter] = err })
		pass(time.Hour)
		require.Equal(t, map[string]error{"a": context.DeadlineExceeded, "b": context.DeadlineExceeded}, ended)
	})
}
