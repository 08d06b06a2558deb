package pg_test

import (
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports/portstest"
)

func TestMemberships(t *testing.T) {
	t.Parallel()
	portstest.RunMemberships(t, func(t testing.TB) portstest.FactStore { return newWorld(t) })
}

// An event and a call about one membership may come at once, and many memberships in any order: the newest wins, no
// deadlocks, and the bindings are those of the membership that won.
func TestChangesOfMembershipsAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, tpl := range domain.Templates(domain.Platform) {
		w.AddRole(domain.Role{Service: tpl.Service, Name: tpl.Name, Keys: tpl.Keys})
	}
	users := []uuid.UUID{uuid.New(), uuid.New(), uuid.New()}
	roles := []domain.MemberRole{domain.MemberOwner, domain.NotMember, domain.PlainMember, domain.MemberModerator}
	const versions = 24
	var wg sync.WaitGroup
	failures := make(chan error, versions)
	for v := range int64(versions) {
		wg.Go(func() {
			var ms []domain.Membership
			for i := range users {
				user := users[(i+int(v))%len(users)]
				ms = append(ms, portstest.MembershipOf(portstest.C1, user, roles[v%4], v+1), portstest.MembershipOf(portstest.T1, user, roles[(v+1)%4], v+1))
			}
			failures <- w.Put(within(tenant), ms, noon)
		})
	}
	wg.Wait()
	for range versions {
		require.NoError(t, <-failures)
	}
	for _, user := range users {
		f, err := w.Load(within(tenant), domain.Subject{Tenant: tenant, User: user}, noon)
		require.NoError(t, err)
		require.Len(t, f.Bindings, len(roles[(versions-1)%4].Grants())+len(roles[versions%4].Grants()))
	}
}

// Whichever comes first, a member that is put and the end of the community: afterwards there is neither.
func TestAMemberPutWhileTheCommunityIsForgotten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.AddRole(domain.Role{Service: domain.Portal, Name: domain.RoleMember})
	for range 20 {
		community, user := uuid.New(), uuid.New()
		var wg sync.WaitGroup
		var putErr, forgetErr error
		wg.Go(func() {
			putErr = w.Put(within(tenant), []domain.Membership{portstest.MembershipOf(community, user, domain.PlainMember, 1)}, noon)
		})
		wg.Go(func() {
			_, forgetErr = w.DeleteScope(within(tenant), domain.Scope{Type: domain.Community, ID: community.String()}, noon)
		})
		wg.Wait()
		require.NoError(t, putErr)
		require.NoError(t, forgetErr)
		require.Zero(t, w.count(tenant, "SELECT count(*) FROM memberships WHERE user_id = ?", user))
		require.Zero(t, w.count(tenant, "SELECT count(*) FROM role_bindings WHERE user_id = ?", user))
	}
}
