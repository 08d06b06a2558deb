package app_test

import (
	"context"
	"html"
	"io"
	"log/slog"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/testkit"
	"go.updspace.com/portal/app"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
	"go.updspace.com/portal/ports/portstest"
)

// study is portal's posts, files and profiles with everything around them faked.
type study struct {
	memory   *portstest.Memory
	blobs    *portstest.MemoryBlobs
	access   *portstest.Gatekeeper
	clock    *testkit.Clock
	posts    *app.Posts
	files    *app.Files
	profiles *app.Profiles
	accounts *app.Accounts
	janitor  *app.Janitor
}

func openStudy(profiles func(ports.Profiles) ports.Profiles) *study {
	m := portstest.NewMemory()
	s := &study{memory: m, blobs: portstest.NewMemoryBlobs(), access: portstest.NewGatekeeper(), clock: testkit.NewClock()}
	s.posts = app.NewPosts(app.PostsNeed{
		Access: s.access, Reaches: s.access, Posts: m.Posts(), Files: m.Files(), Places: m.Places(), Members: m.Memberships(), Markdown: plain{},
		Events: m, Journal: m.Journal(), Tx: m, Once: m, Clock: s.clock,
	})
	s.files = app.NewFiles(s.access, m.Files(), s.blobs, plain{}, s.posts, m, s.clock)
	s.profiles = app.NewProfiles(app.ProfilesNeed{
		Access: s.access, Profiles: profiles(m.Profiles()), Accounts: m.Accounts(), Files: m.Files(), Blobs: s.blobs, Sniffer: plain{}, Pictures: plain{},
		Events: m, Journal: m.Journal(), Tx: m, Clock: s.clock,
	})
	s.accounts = app.NewAccounts(m.Accounts(), m.Profiles(), m, s.clock)
	s.janitor = app.NewJanitor(m.Files(), s.blobs, m.Posts(), m, s.clock, slog.New(slog.DiscardHandler))
	return s
}

func asIs(p ports.Profiles) ports.Profiles { return p }

// plain takes everything for what it is called: texts for texts, and pictures for pictures.
type plain struct{}

func (plain) Render(source string) domain.Rendered {
	return domain.Rendered{HTML: html.EscapeString(source), By: "plain"}
}

func (plain) Renews(r domain.Rendered) bool { return r.By != "plain" }

func (plain) ContentType(head []byte) string {
	if strings.HasPrefix(string(head), "picture") {
		return "image/png"
	}
	return "text/plain; charset=utf-8"
}

func (plain) Avatar(content io.Reader) (io.Reader, error) { return content, nil }

func (s *study) as(a domain.Actor) context.Context {
	return portstest.As(context.Background(), a)
}

// found makes a community, or a team in one, as somebody who is its owner.
func (s *study) found(t require.TestingT, by domain.Actor, name string, within uuid.UUID) domain.PostPlace {
	ctx, m := s.as(by), s.memory
	require.NoError(t, m.Do(ctx, func(ctx context.Context) error {
		group, err := domain.NewCommunity(by, domain.GroupDraft{Name: name}, s.clock.Now())
		b := domain.Belonging{User: by.User}
		if within != uuid.Nil {
			community, missing := m.Groups().Lock(ctx, domain.CommunityScope(within))
			require.NoError(t, missing)
			group, err = domain.NewTeam(by, community.Group, domain.GroupDraft{Name: name}, s.clock.Now())
			require.NoError(t, err)
			b, err = m.Memberships().Belonging(ctx, community, by.User)
		}
		require.NoError(t, err)
		require.NoError(t, m.Groups().Add(ctx, group))
		for _, move := range group.Found(b, s.clock.Now()) {
			require.NoError(t, m.Memberships().Store(ctx, move.Membership))
		}
		if within == uuid.Nil {
			within = group.ID()
		}
		name = group.ID().String()
		return nil
	}))
	place := domain.PostPlace{CommunityID: within}
	if id := uuid.MustParse(name); id != within {
		place.TeamID = id
	}
	s.access.Place(place)
	return place
}

// sweep lets the janitor clear away, and returns what is left of content.
func (s *study) sweep(t require.TestingT) []string {
	_, err := s.janitor.Sweep(s.memory.Across(context.Background()))
	require.NoError(t, err)
	return s.blobs.Keys()
}

// fold is what the events tell of posts: which there are, and in which version.
func (s *study) fold() map[uuid.UUID]int {
	told := map[uuid.UUID]int{}
	for _, event := range s.memory.Events() {
		switch e := event.(type) {
		case domain.PostCreated:
			told[e.Post.ID()] = e.Post.Data().Version
		case domain.PostUpdated:
			told[e.Post.ID()] = e.Post.Data().Version
		case domain.PostDeleted:
			delete(told, e.Post.ID())
		}
	}
	return told
}

// everybody in a tenant reads, writes and uploads.
var readers = []domain.Permission{
	domain.PermissionPostsRead, domain.PermissionPostsCreatePublic, domain.PermissionPostsCreateCommunity, domain.PermissionPostsCreateTeam,
	domain.PermissionPostsCreatePrivate, domain.PermissionProfileEdit, domain.PermissionProfilesRead,
}

var moderators = append(slices.Clone(readers), domain.PermissionPostsManage, domain.PermissionPostsReadPrivate)
