package argon2_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/stretchr/testify/require"

	"go.updspace.com/identity/adapters/argon2"
	"go.updspace.com/identity/domain"
)

func proceed(context.Context) error { return nil }

// memory is what production hashes take.
const memory = 19456

func TestHashAndVerify(t *testing.T) {
	h, err := argon2.New(1, 1, memory)
	require.NoError(t, err)
	ctx := context.Background()
	hash, err := h.Hash(ctx, "päss")
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$"), hash)
	ok, rehash, err := h.Verify(ctx, "päss", hash, proceed)
	require.NoError(t, err)
	require.True(t, ok)
	require.False(t, rehash)
	ok, _, err = h.Verify(ctx, "pass", hash, proceed)
	require.NoError(t, err)
	require.False(t, ok)
	for _, password := range []string{"", "no account has this"} {
		ok, _, err = h.Verify(ctx, password, "", proceed)
		require.NoError(t, err)
		require.False(t, ok, "without a hash no password is right")
	}
	_, _, err = h.Verify(ctx, "x", "$md5$nonsense", proceed)
	require.Error(t, err)
}

func TestWeakerHashesAreToBeReplaced(t *testing.T) {
	h, err := argon2.New(1, 1, memory)
	require.NoError(t, err)
	weak, err := argon2id.CreateHash("p", &argon2id.Params{Memory: 1024, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	require.NoError(t, err)
	ok, rehash, err := h.Verify(context.Background(), "p", weak, proceed)
	require.NoError(t, err)
	require.True(t, ok)
	require.True(t, rehash)
}

func TestNoMoreThanTheSlotsRunAndNoMoreThanTheQueueWait(t *testing.T) {
	h, err := argon2.New(2, 3, memory)
	require.NoError(t, err)
	ctx := context.Background()
	running, release := make(chan struct{}, 5), make(chan struct{})
	block := func(context.Context) error {
		running <- struct{}{}
		<-release
		return errors.New("enough")
	}
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() { _, _, _ = h.Verify(ctx, "p", "", block) })
	}
	<-running
	<-running
	require.Eventually(t, func() bool { return h.Held() == 5 }, time.Minute, time.Millisecond)
	_, err = h.Hash(ctx, "p")
	require.ErrorIs(t, err, domain.ErrBusy)
	require.Empty(t, running, "the others wait")
	hashed, waiting := h.Load()
	require.Equal(t, []int{2, 3}, []int{hashed, waiting})

	close(release)
	wg.Wait()
	ok, _, err := h.Verify(ctx, "p", "", proceed)
	require.NoError(t, err, "everything was given back")
	require.False(t, ok)
}

func TestWhoGivesUpLeavesTheQueue(t *testing.T) {
	h, err := argon2.New(1, 1, memory)
	require.NoError(t, err)
	running, release := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		_, _, _ = h.Verify(context.Background(), "p", "", func(context.Context) error { close(running); <-release; return nil })
	})
	<-running
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	for range 3 {
		_, err := h.Hash(gone, "p")
		require.ErrorIs(t, err, context.Canceled)
	}
	close(release)
	wg.Wait()
}

func BenchmarkVerify(b *testing.B) {
	h, err := argon2.New(1, 1, memory)
	require.NoError(b, err)
	hash, err := h.Hash(context.Background(), "p")
	require.NoError(b, err)
	for b.Loop() {
		_, _, _ = h.Verify(context.Background(), "p", hash, proceed)
	}
}
