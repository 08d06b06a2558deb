package accessclient_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
)

func TestCheckReward(t *testing.T) {
	var sent []byte
	reply := `{"allowed":false,"reason_code":"PERMISSION_NOT_HELD","missing":["voting.poll.read"],"role":{"id":7,"service":"voting","name":"crew"}}`
	c, _ := client(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/internal/v1/rewards/check" {
			t.Errorf("called %s", r.URL.Path)
		}
		sent, _ = io.ReadAll(r.Body)
		answer(w, reply)
	})
	d, err := c.CheckReward(t.Context(), 7, authz.CommunityScope(community))
	require.NoError(t, err)
	require.JSONEq(t, `{"role_id":7,"scope":{"type":"COMMUNITY","id":"00000000-0000-4000-8000-0000000000c1"}}`, string(sent))
	require.Equal(t, authz.RewardDecision{
		Reason: authz.RewardNotHeld, Missing: []string{"voting.poll.read"}, Role: authz.RoleRef{ID: 7, Service: "voting", Name: "crew"},
	}, d)
	reply = `{"allowed":false,"reason_code":"ROLE_NOT_FOUND","missing":[]}`
	d, err = c.CheckReward(t.Context(), 7, authz.CommunityScope(community))
	require.NoError(t, err)
	require.Equal(t, authz.RewardDecision{Reason: authz.RewardRoleNotFound, Missing: []string{}}, d)

	refusing, _ := client(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	_, err = refusing.CheckReward(t.Context(), 7, authz.CommunityScope(community))
	require.Equal(t, errs.Internal, errs.KindOf(err))
}

func TestHeldRoles(t *testing.T) {
	var sent []byte
	reply := `{"held":[true,false]}`
	c, _ := client(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/internal/v1/roles/held" {
			t.Errorf("called %s", r.URL.Path)
		}
		sent, _ = io.ReadAll(r.Body)
		answer(w, reply)
	})
	roles := []authz.ScopedRole{{Role: 7, Scope: authz.CommunityScope(community)}, {Role: 8, Scope: authz.CommunityScope(community)}}
	held, err := c.HeldRoles(t.Context(), community, roles)
	require.NoError(t, err)
	require.Equal(t, []bool{true, false}, held)
	require.JSONEq(t, `{"user_id":"00000000-0000-4000-8000-0000000000c1","roles":[
		{"role_id":7,"scope":{"type":"COMMUNITY","id":"00000000-0000-4000-8000-0000000000c1"}},
		{"role_id":8,"scope":{"type":"COMMUNITY","id":"00000000-0000-4000-8000-0000000000c1"}}]}`, string(sent))
	reply = `{"held":[true]}`
	_, err = c.HeldRoles(t.Context(), community, roles)
	require.Equal(t, errs.Internal, errs.KindOf(err), "one answer is missing")
}
