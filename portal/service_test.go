package portal_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/authz/authztest"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/portal"
	store "go.updspace.com/portal/adapters/pg"
	contentdomain "go.updspace.com/portal/content/domain"
	groupsdomain "go.updspace.com/portal/groups/domain"
	groupsports "go.updspace.com/portal/groups/ports"
	"go.updspace.com/portal/ports/portstest"
	testservice "go.updspace.com/tools/devkit/testkit/service"
)

// service is the running service with an access that follows the memberships, and users of one tenant.
type service struct {
	running
	clients
	t      testing.TB
	access *authztest.Access

	admin, owner, member authz.Actor // of one tenant
}

func start(t testing.TB, change ...func(*portal.Config)) *service {
	t.Helper()
	access := portstest.NewAccess()
	r := run(t, access, change...)
	s := &service{running: r, clients: r.clients(t), t: t, access: access, admin: portstest.Someone()}
	s.owner, s.member = s.colleague(), s.colleague()
	s.access.Member(s.admin, portstest.MemberPermissions...)
	s.makeAdmin(s.admin)
	return s
}

// colleague is a new user of the tenant, and known to be one.
func (s *service) colleague() authz.Actor {
	s.t.Helper()
	c := portstest.Colleague(s.admin)
	s.access.Member(c, portstest.MemberPermissions...)
	s.know(c)
	return c
}

// makeAdmin makes users administrators of their tenant.
func (s *service) makeAdmin(users ...authz.Actor) {
	for _, user := range users {
		s.access.GrantAdmin(user, authz.TenantScope(user.Tenant))
	}
}

// dismissAdmin ends what makeAdmin began.
func (s *service) dismissAdmin(user authz.Actor) {
	s.access.Unbind(user, authz.TenantScope(user.Tenant))
}

// checks are what access was asked since the last call.
func (s *service) checks() []authz.Check {
	checks, _ := s.access.TakeChecks()
	return checks
}

// knownRoles are the roles of members that access knows.
func (s *service) knownRoles() map[groupsports.MembershipKey]groupsdomain.Role {
	return portstest.KnownRoles(s.access, s.admin.Tenant)
}

// know stores what identity's events report about a user.
func (s *service) know(who authz.Actor) {
	s.t.Helper()
	profile := contentdomain.NewProfile(who.Tenant, contentdomain.Account{UserID: who.User}).Begun(s.clock.Now())
	require.NoError(s.t, s.db.Do(portstest.As(context.Background(), who), func(ctx context.Context) error { return store.NewProfiles(s.db).Save(ctx, profile) }))
}

// as is the generated client of a user, signing as the gateway does. Every answer is held against the document.
func (s *service) as(a authz.Actor) *portalapi.ClientWithResponses {
	s.t.Helper()
	return s.client(reqctx.Context{TenantID: a.Tenant, TenantSlug: "aef", UserID: a.User, Flags: reqctx.Flags{MembershipStatus: "active"}})
}

type answer = testservice.Answer

// refused requires a failure with its code.
func refused(t testing.TB, status int, code string, r answer, err error) {
	t.Helper()
	testservice.Refused(t, status, code, r, err)
}

type envelope struct {
	Error struct {
		Code    string
		Details struct {
			Fields     map[string]string
			Permission string
			ScopeID    string `json:"scope_id"`
		}
	}
}

func envelopeOf(r answer) (e envelope) {
	if json.Unmarshal(r.GetBody(), &e) != nil {
		return envelope{}
	}
	return e
}

func codeOf(r answer) string { return envelopeOf(r).Error.Code }

// fine requires success.
func fine[R answer](t testing.TB, r R, err error) R {
	t.Helper()
	return testservice.OK(t, r, err)
}

// community makes one as the owner.
func (s *service) community(policy portalapi.JoinPolicy) portalapi.Group {
	s.t.Helper()
	s.makeAdmin(s.owner) // makers of communities are administrators
	defer s.dismissAdmin(s.owner)
	r, err := s.as(s.owner).CreateCommunityWithResponse(s.t.Context(), portalapi.GroupCreate{Name: "Community " + uuid.NewString(), JoinPolicy: &policy})
	return *fine(s.t, r, err).JSON201
}

// team makes one in a community, as the owner.
func (s *service) team(community uuid.UUID, policy portalapi.JoinPolicy) portalapi.Group {
	s.t.Helper()
	r, err := s.as(s.owner).CreateTeamWithResponse(s.t.Context(), portalapi.TeamCreate{
		CommunityID: &community, Name: "Team " + uuid.NewString(), JoinPolicy: &policy,
	})
	return *fine(s.t, r, err).JSON201
}

// put makes a user a member of a community with a role, as its owner.
func (s *service) put(community uuid.UUID, who authz.Actor, role portalapi.Role) {
	s.t.Helper()
	r, err := s.as(s.owner).AddGroupMemberWithResponse(s.t.Context(), community, portalapi.MemberCreate{UserID: who.User, Role: &role})
	fine(s.t, r, err)
}

// putTeam is put for a team.
func (s *service) putTeam(team uuid.UUID, who authz.Actor, role portalapi.Role) {
	s.t.Helper()
	r, err := s.as(s.owner).AddGroupMemberWithResponse(s.t.Context(), team, portalapi.MemberCreate{UserID: who.User, Role: &role})
	fine(s.t, r, err)
}

func ptr[T any](v T) *T { return &v }
