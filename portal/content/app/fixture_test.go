package app_test

import (
	"context"
	"html"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/authz/authztest"
	"go.updspace.com/libs/upload"
	contentapp "go.updspace.com/portal/content/app"
	contentdomain "go.updspace.com/portal/content/domain"
	contentports "go.updspace.com/portal/content/ports"
	groupsdomain "go.updspace.com/portal/groups/domain"
	"go.updspace.com/portal/ports/portstest"
	"go.updspace.com/tools/devkit/testkit"
)

// fixture is portal's posts, files and profiles with everything around them faked.
type fixture struct {
	memory   *portstest.Memory
	blobs    *portstest.MemoryBlobs
	access   *authztest.Access
	clock    *testkit.Clock
	deps     contentapp.Deps
	posts    contentapp.Posts
	files    contentapp.Files
	profiles contentapp.Profiles
	accounts contentapp.Accounts
	cleanup  contentapp.FileCleanup
}

func newFixture(profiles func(contentports.Profiles) contentports.Profiles) *fixture {
	m := portstest.NewMemory()
	s := &fixture{memory: m, blobs: portstest.NewMemoryBlobs(), access: &authztest.Access{}, clock: testkit.NewClock()}
	s.deps = contentapp.Deps{
		Access: s.access, Posts: m.Posts(), Targets: m.PostTargets(), Roles: m.GroupRoles(), Files: m.Files(), Profiles: profiles(m.Profiles()), People: m.People(),
		Accounts: m.Accounts(), Blobs: s.blobs, Receiver: upload.Receiver{Types: plain{}, Pictures: plain{}}, Avatars: plain{}, Markdown: plain{},
		Events: m, Audit: m.Audit(), Tx: m, Once: m, Clock: s.clock,
	}
	s.posts, s.files, s.profiles = contentapp.Posts{Deps: s.deps}, contentapp.Files{Deps: s.deps}, contentapp.Profiles{Deps: s.deps}
	s.accounts, s.cleanup = contentapp.Accounts{Deps: s.deps}, contentapp.FileCleanup{Deps: s.deps}
	return s
}

func asIs(p contentports.Profiles) contentports.Profiles { return p }

// plain takes everything for what it is called: texts for texts, and pictures for pictures.
type plain struct{}

func (plain) Render(source string) (contentdomain.Rendered, error) {
	return contentdomain.Rendered{HTML: html.EscapeString(source), By: "plain"}, nil
}

func (plain) Version() string { return "plain" }

func (plain) ContentType(_ string, head []byte) string {
	if strings.HasPrefix(string(head), "picture") {
		return "image/png"
	}
	return "text/plain; charset=utf-8"
}

func (plain) Avatar(_ context.Context, picture []byte) ([]byte, error) { return picture, nil }

func (plain) Strip(_ string, content []byte) ([]byte, error) { return content, nil }

func (s *fixture) as(a authz.Actor) context.Context {
	return portstest.As(context.Background(), a)
}

// found makes a community, or a team in one, owned by a user.
func (s *fixture) found(t require.TestingT, by authz.Actor, name string, within uuid.UUID) contentdomain.PostScope {
	ctx, m := s.as(by), s.memory
	require.NoError(t, m.Do(ctx, func(ctx context.Context) error {
		group, err := groupsdomain.NewCommunity(by, groupsdomain.GroupDraft{Name: name}, s.clock.Now())
		b := groupsdomain.UserMemberships{User: by.User}
		if within != uuid.Nil {
			community, missing := m.Groups().Lock(ctx, within)
			require.NoError(t, missing)
			group, err = groupsdomain.NewTeam(by, community.Group, groupsdomain.GroupDraft{Name: name}, s.clock.Now())
			require.NoError(t, err)
			b, err = m.Memberships().OfUser(ctx, community, by.User)
		}
		require.NoError(t, err)
		require.NoError(t, m.Groups().Add(ctx, group))
		for _, move := range b.InitialMembers(group, s.clock.Now()) {
			require.NoError(t, m.Memberships().Store(ctx, move.Membership))
		}
		if within == uuid.Nil {
			within = group.ID()
		}
		name = group.ID().String()
		return nil
	}))
	scope := contentdomain.PostScope{CommunityID: within}
	if id := uuid.MustParse(name); id != within {
		scope.TeamID = id
		s.access.Team(id, within)
	}
	return scope
}

// sweep runs the cleanup and returns the keys of the content that is left.
func (s *fixture) sweep(t require.TestingT) []string {
	_, err := s.cleanup.Sweep(s.memory.Across(context.Background()))
	require.NoError(t, err)
	return s.blobs.Keys()
}

// fold is what the events tell of posts: which there are, and in which version.
func (s *fixture) publishedVersions() map[uuid.UUID]int {
	told := map[uuid.UUID]int{}
	for _, event := range s.memory.Events() {
		e, ok := event.(contentdomain.PostEvent)
		switch {
		case !ok:
		case e.Happened == contentdomain.Deleted:
			delete(told, e.Post.ID())
		default:
			told[e.Post.ID()] = e.Post.Data().Version
		}
	}
	return told
}

// readers are the permissions of the members of a tenant.
var readers = []authz.Permission{
	contentdomain.PermissionPostsRead, contentdomain.PermissionPostsCreatePublic, contentdomain.PermissionPostsCreateCommunity, contentdomain.PermissionPostsCreateTeam,
	contentdomain.PermissionPostsCreatePrivate, contentdomain.PermissionProfileEdit, contentdomain.PermissionProfilesRead,
}

var moderators = append(slices.Clone(readers), contentdomain.PermissionPostsManage, contentdomain.PermissionPostsReadPrivate)
