package accessclient_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
)

var (
	community = uuid.MustParse("00000000-0000-4000-8000-0000000000c1")
	member    = uuid.MustParse("00000000-0000-4000-8000-000000000001")
)

func membership(role string) accessclient.Membership {
	return accessclient.Membership{
		MembershipKey: accessclient.MembershipKey{Scope: authz.CommunityScope(community), UserID: member},
		CommunityID:   community, Role: role, Version: 3,
	}
}

func TestMembershipsAreSentUnchanged(t *testing.T) {
	var sent []byte
	c, _ := client(t, func(w http.ResponseWriter, r *http.Request) {
		sent, _ = io.ReadAll(r.Body)
		w.WriteHeader(http.StatusNoContent)
	})
	require.NoError(t, c.SyncMemberships(t.Context(), []accessclient.Membership{membership(accessclient.Owner), membership("")}))
	const one = `{"scope_type":"COMMUNITY","scope_id":"00000000-0000-4000-8000-0000000000c1","community_id":"00000000-0000-4000-8000-0000000000c1",
		"user_id":"00000000-0000-4000-8000-000000000001","version":3,"role":`
	require.JSONEq(t, `{"changes":[`+one+`"owner"},`+one+`null}]}`, string(sent))
}

func TestManyChangesAreSentInBatches(t *testing.T) {
	var sizes []int
	c, _ := client(t, func(w http.ResponseWriter, r *http.Request) {
		var body struct{ Changes []json.RawMessage }
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Error(err)
		}
		sizes = append(sizes, len(body.Changes))
		w.WriteHeader(http.StatusNoContent)
	})
	require.NoError(t, c.SyncMemberships(t.Context(), make([]accessclient.Membership, 250)))
	require.Equal(t, []int{100, 100, 50}, sizes)
	require.NoError(t, c.SyncMemberships(t.Context(), nil))
	require.Len(t, sizes, 3)
}

func TestAFailedSyncIsNotRetriedAndDoesNotOpenTheCircuit(t *testing.T) {
	var calls atomic.Int32
	c, _ := client(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/internal/v1/check" {
			answer(w, `{"allowed":true,"reason_code":"RBAC_ALLOW"}`)
			return
		}
		calls.Add(1)
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	for range 50 {
		err := c.SyncMemberships(t.Context(), []accessclient.Membership{membership(accessclient.Member)})
		require.Equal(t, errs.Unavailable, errs.KindOf(err))
	}
	require.EqualValues(t, 50, calls.Load(), "no call is retried")
	allowed, err := c.Check(t.Context(), check)
	require.NoError(t, err)
	require.True(t, allowed)
}

// A sync may take as long as a check, and at least one second.
func TestTheTimeLimitOfASync(t *testing.T) {
	for budget, least := range map[time.Duration]time.Duration{time.Hour: time.Hour, time.Millisecond: time.Second} {
		var left time.Duration
		c, err := accessclient.New(accessclient.Config{URL: "http://access", Budget: budget}, func(http.RoundTripper) http.RoundTripper {
			return transport(func(r *http.Request) (*http.Response, error) {
				end, ok := r.Context().Deadline()
				require.True(t, ok)
				left = time.Until(end)
				return nil, errors.New("away")
			})
		})
		require.NoError(t, err)
		started := time.Now()
		require.Error(t, c.SyncMemberships(t.Context(), []accessclient.Membership{membership(accessclient.Member)}))
		require.LessOrEqual(t, left, least)
		require.Greater(t, left, least-time.Since(started)-time.Millisecond)
	}
}

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestARefusalOfMembershipsIsADefect(t *testing.T) {
	c, _ := client(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	require.Equal(t, errs.Internal, errs.KindOf(c.SyncMemberships(t.Context(), []accessclient.Membership{membership("")})))
	_, err := c.ReconcileMemberships(t.Context(), accessclient.MembershipPage{})
	require.Equal(t, errs.Internal, errs.KindOf(err))
}

func TestReconciling(t *testing.T) {
	var sent []byte
	c, _ := client(t, func(w http.ResponseWriter, r *http.Request) {
		sent, _ = io.ReadAll(r.Body)
		answer(w, `{"added":1,"changed":2,"removed":3}`)
	})
	last := membership(accessclient.Member)
	drift, err := c.ReconcileMemberships(t.Context(), accessclient.MembershipPage{Until: &last.MembershipKey, Memberships: []accessclient.Membership{last}})
	require.NoError(t, err)
	require.Equal(t, accessclient.Drift{Added: 1, Changed: 2, Removed: 3}, drift)
	require.JSONEq(t, `{"after":null,
		"until":{"scope_type":"COMMUNITY","scope_id":"00000000-0000-4000-8000-0000000000c1","user_id":"00000000-0000-4000-8000-000000000001"},
		"memberships":[{"scope_type":"COMMUNITY","scope_id":"00000000-0000-4000-8000-0000000000c1","community_id":"00000000-0000-4000-8000-0000000000c1",
			"user_id":"00000000-0000-4000-8000-000000000001","role":"member","version":3}]}`, string(sent))

	_, err = c.ReconcileMemberships(t.Context(), accessclient.MembershipPage{})
	require.NoError(t, err)
	require.JSONEq(t, `{"after":null,"until":null,"memberships":[]}`, string(sent))
}
