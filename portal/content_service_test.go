package portal_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/authz/authztest"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/portal"
	contentapp "go.updspace.com/portal/content/app"
	contentdomain "go.updspace.com/portal/content/domain"
	"go.updspace.com/portal/ports/portstest"
)

// readerKeys are what members of a tenant may around posts and profiles.
var readerKeys = []authz.Permission{
	contentdomain.PermissionPostsRead, contentdomain.PermissionPostsCreatePublic, contentdomain.PermissionPostsCreateCommunity, contentdomain.PermissionPostsCreateTeam,
	contentdomain.PermissionPostsCreatePrivate, contentdomain.PermissionProfileEdit, contentdomain.PermissionProfilesRead,
}

// contentService is the running service with an access that decides by what a test has granted, and with a community and a
// team to write in.
type contentService struct {
	running
	clients
	t       testing.TB
	access  *authztest.Access
	cleanup contentapp.FileCleanup

	member     authz.Actor // of the tenant and nothing else
	insider    authz.Actor // of the community and its team
	chess      contentdomain.PostScope
	openingsOf contentdomain.PostScope // a team of chess
	go_        contentdomain.PostScope // another community
}

func startContent(t testing.TB, change ...func(*portal.Config)) *contentService {
	t.Helper()
	access := &authztest.Access{}
	r := run(t, access, change...)
	s := &contentService{
		running: r, clients: r.clients(t), t: t, access: access, cleanup: contentapp.FileCleanup{Deps: r.content},
		member: portstest.Someone(),
	}
	s.access.Member(s.member, readerKeys...)
	s.chess, s.go_ = s.community("Chess"), s.community("Go")
	s.openingsOf = s.team(s.chess, "Openings")
	s.insider = s.colleague()
	s.join(s.insider, s.chess)
	s.join(s.insider, s.openingsOf)
	return s
}

// colleague is a new member of the tenant.
func (s *contentService) colleague(keys ...authz.Permission) authz.Actor {
	c := portstest.Colleague(s.member)
	s.access.Member(c, append(keys, readerKeys...)...)
	return c
}

// join makes a user a member.
func (s *contentService) join(a authz.Actor, p contentdomain.PostScope) {
	s.access.Grant(a, p.AuthzScope(a.Tenant), readerKeys...)
}

func (s *contentService) community(name string) contentdomain.PostScope {
	id := uuid.New()
	s.group(id, id, "COMMUNITY", name)
	scope := contentdomain.PostScope{CommunityID: id}
	return scope
}

func (s *contentService) team(of contentdomain.PostScope, name string) contentdomain.PostScope {
	scope := contentdomain.PostScope{CommunityID: of.CommunityID, TeamID: uuid.New()}
	s.group(scope.TeamID, of.CommunityID, "TEAM", name)
	s.access.Team(scope.TeamID, scope.CommunityID)
	return scope
}

// group plants a community or a team, with its owner.
func (s *contentService) group(id, community uuid.UUID, kind, name string) {
	s.t.Helper()
	require.NoError(s.t, s.db.Do(portstest.As(context.Background(), s.member), func(ctx context.Context) error {
		_, err := s.db.Conn(ctx).NewRaw(`INSERT INTO groups (tenant_id, id, kind, community_id, name, description, join_policy, status, created_by, created_at, updated_at, folded_name, folded)
			VALUES (?, ?, ?, ?, ?, '', 'open', 'active', ?, now(), now(), lower(?), lower(?))`, s.member.Tenant, id, kind, community, name, s.member.User, name, name).Exec(ctx)
		if err != nil {
			return err
		}
		owner := uuid.New()
		for _, m := range []struct {
			kind string
			id   uuid.UUID
		}{{"COMMUNITY", community}, {kind, id}} {
			if _, err := s.db.Conn(ctx).NewRaw(`INSERT INTO memberships (tenant_id, scope_type, scope_id, community_id, user_id, role, status, version, joined_at, updated_at)
				VALUES (?, ?, ?, ?, ?, 'owner', 'active', 1, now(), now()) ON CONFLICT DO NOTHING`, s.member.Tenant, m.kind, m.id, community, owner).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	}))
}

// as is the generated client of a user, signing as the gateway does. Every answer is held against the document.
func (s *contentService) as(a authz.Actor, flags ...reqctx.Flags) *portalapi.ClientWithResponses {
	s.t.Helper()
	rc := reqctx.Context{TenantID: a.Tenant, TenantSlug: "aef", UserID: a.User, Flags: reqctx.Flags{MembershipStatus: "active"}}
	for _, f := range flags {
		rc.Flags = f
	}
	return s.client(rc)
}
