package pg_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	store "go.updspace.com/identity/adapters/pg"
	"go.updspace.com/identity/domain"
)

func TestFactors(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	s := store.Factors{DB: w.db, Seal: w.sealer}
	totp := domain.TOTP{UserID: w.alice.ID, Seed: domain.NewTOTPSeed(), LastStep: 7, CreatedAt: now, LastUsedAt: &now}
	_, err := s.TOTP(ctx, w.alice.ID)
	require.ErrorIs(t, err, domain.ErrTOTPUnknown)
	require.NoError(t, s.AddTOTP(ctx, totp))
	require.ErrorIs(t, s.AddTOTP(ctx, totp), domain.ErrTOTPEnabled)
	got, err := s.TOTP(ctx, w.alice.ID)
	require.NoError(t, err)
	require.Equal(t, totp, got)
	_, err = store.Factors{DB: w.db, Seal: newSealer(t, "b")}.TOTP(ctx, w.alice.ID)
	require.Error(t, err, "a seed that cannot be opened is none")
	require.ErrorIs(t, s.TakeStep(ctx, w.alice.ID, 7, now), domain.ErrTOTPCode)
	require.ErrorIs(t, s.TakeStep(ctx, w.bob.ID, 8, now), domain.ErrTOTPCode)
	require.NoError(t, s.TakeStep(ctx, w.alice.ID, 8, now.Add(time.Second)))

	codes := []domain.Hash{domain.RecoveryHash(w.alice.ID, "a"), domain.RecoveryHash(w.alice.ID, "b")}
	require.NoError(t, s.ReplaceCodes(ctx, w.alice.ID, codes, now))
	factors, err := s.Of(ctx, w.alice.ID)
	require.NoError(t, err)
	require.Equal(t, domain.Factors{TOTP: true, RecoveryCodes: 2}, factors)
	require.ErrorIs(t, s.TakeCode(ctx, w.bob.ID, codes[0]), domain.ErrTOTPCode)
	require.NoError(t, s.TakeCode(ctx, w.alice.ID, codes[0]))
	require.ErrorIs(t, s.TakeCode(ctx, w.alice.ID, codes[0]), domain.ErrTOTPCode)
	require.NoError(t, s.ReplaceCodes(ctx, w.alice.ID, codes[:1], now))
	require.ErrorIs(t, s.TakeCode(ctx, w.alice.ID, codes[1]), domain.ErrTOTPCode, "the others are replaced, too")
	require.NoError(t, s.ReplaceCodes(ctx, w.alice.ID, nil, now))
	require.NoError(t, s.DeleteTOTP(ctx, w.alice.ID))
	require.ErrorIs(t, s.DeleteTOTP(ctx, w.alice.ID), domain.ErrTOTPUnknown)
	factors, err = s.Of(ctx, w.alice.ID)
	require.NoError(t, err)
	require.Equal(t, domain.Factors{}, factors)
}

// Of a hundred at once one succeeds, whatever is used up.
func TestFactorsAreUsedUpOnce(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	factors, ceremonies := store.Factors{DB: w.db, Seal: w.sealer}, store.Ceremonies{DB: w.db, Seal: w.sealer}
	passkeys := store.Passkeys{DB: w.db, Seal: w.sealer}
	require.NoError(t, factors.AddTOTP(ctx, domain.TOTP{UserID: w.alice.ID, Seed: domain.NewTOTPSeed(), CreatedAt: now}))
	code := domain.RecoveryHash(w.alice.ID, "a")
	require.NoError(t, factors.ReplaceCodes(ctx, w.alice.ID, []domain.Hash{code}, now))
	key := domain.CeremonyKey("challenge")
	require.NoError(t, ceremonies.Insert(ctx, domain.NewCeremony(key, domain.CeremonySignIn, []byte("state"), now)))
	passkey := domain.Passkey{ID: uuid.New(), UserID: w.alice.ID, CredentialID: []byte("id"), Name: "Phone", Record: []byte("{}"), SignCount: 4, CreatedAt: now}
	require.NoError(t, passkeys.Insert(ctx, passkey))
	passkey.SignCount = 5
	for name, use := range map[string]func() bool{
		"step":          func() bool { return factors.TakeStep(ctx, w.alice.ID, 9, now) == nil },
		"recovery code": func() bool { return factors.TakeCode(ctx, w.alice.ID, code) == nil },
		"ceremony": func() bool {
			_, found, err := ceremonies.Take(ctx, key, domain.CeremonySignIn, now)
			return err == nil && found
		},
		"counter": func() bool { return passkeys.Used(ctx, passkey) == nil },
	} {
		var wg sync.WaitGroup
		var used atomic.Int32
		for range 100 {
			wg.Go(func() {
				if use() {
					used.Add(1)
				}
			})
		}
		wg.Wait()
		require.EqualValues(t, 1, used.Load(), name)
	}
}

func TestPasskeys(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	s := store.Passkeys{DB: w.db, Seal: w.sealer}
	handle, err := s.Handle(ctx, w.alice.ID)
	require.NoError(t, err)
	require.Len(t, handle, 64)
	again, err := s.Handle(ctx, w.alice.ID)
	require.NoError(t, err)
	require.Equal(t, handle, again)
	user, err := s.ByHandle(ctx, handle)
	require.NoError(t, err)
	require.Equal(t, w.alice.ID, user)
	_, err = s.ByHandle(ctx, domain.NewHandle())
	require.ErrorIs(t, err, domain.ErrPasskeyNotVerified)

	phone := domain.Passkey{
		ID: uuid.New(), UserID: w.alice.ID, CredentialID: []byte("phone"), Name: "Phone", Alone: true, Record: []byte(`{"a":1}`), SignCount: 1, CreatedAt: now, LastUsedAt: &now,
	}
	key := domain.Passkey{ID: uuid.New(), UserID: w.alice.ID, CredentialID: []byte("key"), Name: "Key", Record: []byte(`{}`), CreatedAt: now.Add(time.Second)}
	require.NoError(t, s.Insert(ctx, key))
	require.NoError(t, s.Insert(ctx, phone))
	taken := phone
	taken.ID, taken.UserID = uuid.New(), w.bob.ID
	require.ErrorIs(t, s.Insert(ctx, taken), domain.ErrPasskeyKnown)
	list, err := s.Of(ctx, w.alice.ID)
	require.NoError(t, err)
	require.Equal(t, []domain.Passkey{phone, key}, list)
	_, err = store.Passkeys{DB: w.db, Seal: newSealer(t, "b")}.Of(ctx, w.alice.ID)
	require.Error(t, err)

	phone.SignCount, phone.Record = 0xffffffff, []byte(`{"a":2}`)
	require.NoError(t, s.Used(ctx, phone))
	require.ErrorIs(t, s.Used(ctx, phone), domain.ErrPasskeyCloned)
	require.NoError(t, s.Used(ctx, key), "it does not count")
	require.NoError(t, s.Used(ctx, key))
	phone.Name = "Laptop"
	require.NoError(t, s.Rename(ctx, phone))
	theirs := phone
	theirs.UserID = w.bob.ID
	require.ErrorIs(t, s.Rename(ctx, theirs), domain.ErrPasskeyUnknown)
	require.ErrorIs(t, s.Delete(ctx, theirs), domain.ErrPasskeyUnknown)
	list, err = s.Of(ctx, w.alice.ID)
	require.NoError(t, err)
	require.Equal(t, []domain.Passkey{phone, key}, list)
	require.NoError(t, s.Delete(ctx, phone))
	require.ErrorIs(t, s.Delete(ctx, phone), domain.ErrPasskeyUnknown)
}

func TestCeremonies(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	s := store.Ceremonies{DB: w.db, Seal: w.sealer}
	session, _ := domain.NewSession(uuid.New(), w.alice.ID, domain.MethodPassword, domain.Origin{}, now)
	require.NoError(t, store.Sessions{DB: w.db}.Insert(ctx, session))
	var all []domain.Ceremony
	for i := range 12 {
		c := domain.NewCeremony(domain.CeremonyKey(string(rune('a'+i))), domain.CeremonyAdd, []byte("state"), now.Add(time.Duration(i)*time.Second)).Of(w.alice.ID, session.ID)
		require.NoError(t, s.Insert(ctx, c))
		all = append(all, c)
	}
	require.Equal(t, 10, w.rows("ceremonies"), "the newest of a user")
	last := all[11]
	for name, found := range map[string]func() (domain.Ceremony, bool, error){
		"forgotten":       func() (domain.Ceremony, bool, error) { return s.Take(ctx, all[0].Key, domain.CeremonyAdd, now) },
		"another purpose": func() (domain.Ceremony, bool, error) { return s.Take(ctx, last.Key, domain.CeremonySignIn, now) },
		"expired": func() (domain.Ceremony, bool, error) {
			return s.Take(ctx, last.Key, domain.CeremonyAdd, last.ExpiresAt)
		},
		"unknown": func() (domain.Ceremony, bool, error) {
			return s.Find(ctx, domain.CeremonyKey("?"), domain.CeremonyAdd, now)
		},
	} {
		_, ok, err := found()
		require.NoError(t, err, name)
		require.False(t, ok, name)
	}
	got, ok, err := s.Find(ctx, last.Key, domain.CeremonyAdd, now)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, last, got)
	last.State = []byte("another")
	require.NoError(t, s.Insert(ctx, last))
	got, ok, err = s.Take(ctx, last.Key, domain.CeremonyAdd, now)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, last, got)
	_, _, err = store.Ceremonies{DB: w.db, Seal: newSealer(t, "b")}.Take(ctx, all[10].Key, domain.CeremonyAdd, now)
	require.Error(t, err)
	w.clock.Set(now.Add(time.Hour))
	require.NoError(t, store.Cleanup{DB: w.db, Clock: w.clock}.Prune(ctx))
	require.Zero(t, w.rows("ceremonies"))
}
