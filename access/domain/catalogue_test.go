package domain_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/access/domain"
)

// keys of the catalogue as the services and frontends know them, written out a
// second time: a key that goes missing or changes its name breaks its users.
var known = strings.Fields(`
	portal.profile.read_self portal.profile.edit_self portal.applications.review
	portal.communities.list portal.communities.create portal.communities.read portal.communities.manage
	portal.communities.members.read portal.communities.members.manage
	portal.teams.list portal.teams.create portal.teams.manage portal.teams.members.read portal.teams.members.manage
	portal.posts.read portal.posts.create portal.posts.create_public portal.posts.create_community
	portal.posts.create_team portal.posts.create_private portal.posts.read_private portal.posts.manage portal.profiles.read
	portal.roles.read portal.roles.write portal.role_bindings.write portal.permissions.read
	portal.policy_overrides.write portal.tenant.settings.write
	voting.poll.read voting.poll.create voting.vote.cast voting.vote.read_own voting.results.read
	voting.votings.admin voting.nominations.admin
	events.event.read events.event.create events.event.manage events.rsvp.set events.attendance.mark
	activity.feed.read activity.sources.link activity.sources.manage activity.webhooks.manage activity.news.create activity.news.manage
	activity.admin.sync activity.admin.games
	gamification.achievements.read gamification.achievements.create gamification.achievements.edit
	gamification.achievements.publish gamification.achievements.hide gamification.achievements.assign
	gamification.achievements.revoke gamification.achievements.view_private gamification.points.manage gamification.badges.manage
	personalization.preferences.read_own personalization.preferences.edit_own personalization.content.manage
	personalization.dashboards.customize`)

func TestTheCatalogueHoldsExactlyTheKnownKeys(t *testing.T) {
	t.Parallel()
	var keys []string
	for _, p := range domain.Platform.All() {
		keys = append(keys, p.Key)
	}
	require.ElementsMatch(t, known, keys)
}

func TestPermissionsAreWellFormed(t *testing.T) {
	t.Parallel()
	shape := regexp.MustCompile(`^[a-z]+(\.[a-z_]+){2,3}$`)
	for _, p := range domain.Platform.All() {
		require.Regexp(t, shape, p.Key)
		require.True(t, strings.HasPrefix(p.Key, string(p.Service)+"."), p.Key)
		require.Contains(t, domain.Services(), p.Service)
		requireBilingual(t, p.Description, p.Key)
		requireBilingual(t, p.Effect, p.Key)
		require.LessOrEqual(t, len(p.Key), 128)
		found, ok := domain.Platform.Find(p.Key)
		require.True(t, ok)
		require.Equal(t, p, found)
	}
	_, ok := domain.Platform.Find("voting.poll.READ")
	require.False(t, ok)
}

// requireBilingual takes a text that is of each language in its place.
func requireBilingual(t *testing.T, text domain.Text, of string) {
	t.Helper()
	require.Regexp(t, `^[A-Z][ -~]+$`, text.EN, of)
	require.Regexp(t, `^[А-ЯЁ][а-яёА-ЯЁ ,.:;«»-]+$`, text.RU, of)
	require.LessOrEqual(t, len(text.EN), 255)
	require.LessOrEqual(t, len(text.RU), 255)
}

func TestTheCatalogueIsOrderedByServiceAndKey(t *testing.T) {
	t.Parallel()
	var joined []string
	for _, p := range domain.Platform.All() {
		joined = append(joined, string(p.Service)+" "+p.Key)
	}
	require.True(t, slices.IsSorted(joined))

	var of []domain.Permission
	services := domain.Services()
	slices.Sort(services)
	for _, s := range services {
		of = append(of, domain.Platform.OfService(s)...)
	}
	require.Equal(t, domain.Platform.All(), of, "the services' parts make the whole")
	require.Empty(t, domain.Platform.OfService("aardvark"))
	require.Empty(t, domain.Platform.OfService("zebra"))
}

func TestOfTwoPermissionsWithOneKeyTheLastCounts(t *testing.T) {
	t.Parallel()
	c := domain.NewCatalogue([]domain.Permission{{Key: "a.b.c", Service: "a", Reserved: "old"}, {Key: "a.b.c", Service: "a", Reserved: "new"}})
	require.Equal(t, []domain.Permission{{Key: "a.b.c", Service: "a", Reserved: "new"}}, c.All())
}

func template(t *testing.T, service domain.Service, name string) domain.Template {
	t.Helper()
	for _, tpl := range domain.Templates(domain.Platform) {
		if tpl.Service == service && tpl.Name == name {
			return tpl
		}
	}
	t.Fatalf("no template %s:%s", service, name)
	return domain.Template{}
}

func TestTemplatesHoldKnownKeysOfTheirServiceOnly(t *testing.T) {
	t.Parallel()
	templates := domain.Templates(domain.Platform)
	require.Len(t, templates, 3*len(domain.Services()))
	for _, tpl := range templates {
		text, ok := domain.TextOf(domain.Role{Service: tpl.Service, Name: tpl.Name})
		require.True(t, ok)
		requireBilingual(t, text.Name, tpl.Name)
		requireBilingual(t, text.Description, tpl.Name)
		require.True(t, slices.IsSorted(tpl.Keys))
		require.Len(t, slices.Compact(slices.Clone(tpl.Keys)), len(tpl.Keys), "each once")
		for _, key := range tpl.Keys {
			p, ok := domain.Platform.Find(key)
			require.True(t, ok, "%s:%s holds %s", tpl.Service, tpl.Name, key)
			require.Equal(t, tpl.Service, p.Service)
		}
	}
}

func TestEachTierIncludesTheOneBelow(t *testing.T) {
	t.Parallel()
	for _, service := range domain.Services() {
		require.Subset(t, template(t, service, "moderator").Keys, template(t, service, "member").Keys)
		require.Subset(t, template(t, service, "admin").Keys, template(t, service, "moderator").Keys)
		require.Len(t, template(t, service, "admin").Keys, len(domain.Platform.OfService(service)), "an admin may everything of %s", service)
	}
}

func TestTemplatesHoldWhatTheyAreDocumentedToHold(t *testing.T) {
	t.Parallel()
	all := func(tier string) (keys []string) {
		for _, service := range domain.Services() {
			keys = append(keys, template(t, service, tier).Keys...)
		}
		return keys
	}
	require.ElementsMatch(t, strings.Fields(`
		portal.profile.read_self portal.profile.edit_self portal.profiles.read portal.communities.list portal.communities.read
		portal.communities.members.read portal.teams.list portal.teams.members.read portal.posts.read
		portal.posts.create_public portal.posts.create_community portal.posts.create_team portal.posts.create_private
		voting.poll.read voting.vote.cast voting.vote.read_own voting.results.read
		events.event.read events.rsvp.set
		activity.feed.read activity.sources.link activity.news.create
		gamification.achievements.read
		personalization.preferences.read_own personalization.preferences.edit_own personalization.dashboards.customize`),
		all("member"))
	require.Subset(t, all("moderator"), strings.Fields("portal.teams.manage portal.posts.create portal.posts.manage voting.poll.create"))
	for _, beyond := range strings.Fields(`
		portal.applications.review portal.communities.manage portal.roles.read portal.roles.write portal.role_bindings.write
		portal.policy_overrides.write portal.permissions.read voting.votings.admin voting.nominations.admin events.event.manage activity.sources.manage`) {
		require.Contains(t, all("admin"), beyond)
		require.NotContains(t, all("moderator"), beyond)
	}
}
