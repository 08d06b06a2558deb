package deploy

import (
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/caarlos0/env/v11"
	"github.com/stretchr/testify/require"

	"go.updspace.com/access"
	"go.updspace.com/activity"
	"go.updspace.com/bff"
	"go.updspace.com/events"
	"go.updspace.com/gamification"
	"go.updspace.com/identity"
	"go.updspace.com/libs/config"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/signing"
	"go.updspace.com/portal"
	"go.updspace.com/voting"
)

// service is what the tests know of a service.
type service struct {
	port     int
	calls    []string // the services that it calls
	redis    bool
	files    bool // it keeps files, in a folder or an S3-compatible store
	internet bool // it calls others' servers: mail, identity providers, webhooks, sources
	settings func() ([]env.FieldParams, error)
	check    func(environment map[string]string) error
}

// services is section "Calls that exist" of ARCHITECTURE.md as a table; TestTheTableIsThatOfTheArchitecture compares them.
var services = map[string]service{
	"access":       of[access.Config](service{port: 8002}),
	"activity":     of[activity.Config](service{port: 8006, calls: []string{"access", "portal"}, files: true, internet: true}),
	"bff":          of[bff.Config](service{port: 8080, redis: true, calls: []string{"access", "activity", "events", "gamification", "identity", "portal", "voting"}}),
	"events":       of[events.Config](service{port: 8005, calls: []string{"access"}}),
	"gamification": of[gamification.Config](service{port: 8007, calls: []string{"access"}, files: true}),
	"identity":     of[identity.Config](service{port: 8001, redis: true, calls: []string{"access", "bff"}, files: true, internet: true}),
	"portal":       of[portal.Config](service{port: 8003, calls: []string{"access"}, files: true}),
	"voting":       of[voting.Config](service{port: 8004, calls: []string{"access"}, files: true}),
}

func of[C any](s service) service {
	s.settings = func() ([]env.FieldParams, error) { return env.GetFieldParams(new(C)) }
	s.check = func(environment map[string]string) error {
		_, err := config.Parse[C](environment)
		return err
	}
	return s
}

// names are those of the services, in order.
func names() []string { return slices.Sorted(maps.Keys(services)) }

// ofTheRuntime are variables that no service reads itself.
var ofTheRuntime = []string{"GOMEMLIMIT"}

// requireSettings checks that a service starts with the environment, in production, and reads all of it.
func requireSettings(t *testing.T, name string, environment map[string]string) {
	t.Helper()
	s, ok := services[name]
	require.True(t, ok, "there is no service %s", name)
	require.NoError(t, s.check(environment), name)
	keys, err := config.Parse[signing.Config](environment)
	require.NoError(t, err, name)
	_, err = signing.NewKeyring(keys)
	require.NoError(t, err, name)
	mode, err := config.Parse[servicefx.Config](environment)
	require.NoError(t, err, name)
	require.False(t, mode.Dev(), "%s would run in development mode", name)

	params, err := s.settings()
	require.NoError(t, err)
	known := slices.Clone(ofTheRuntime)
	for _, p := range params {
		known = append(known, p.Key)
	}
	for setting := range environment {
		require.Contains(t, known, setting, "%s reads no such setting", name)
	}
}

// An environment with a wrong name or a missing secret is found.
func TestWrongSettingsAreFound(t *testing.T) {
	t.Parallel()
	right := map[string]string{"DATABASE_URL": "postgres://a@b/c", "UPDSPACE_SIGNING_SECRET": strings.Repeat("s", 32)}
	requireSettings(t, "access", right)
	for _, s := range services {
		require.Error(t, s.check(map[string]string{}))
	}
}

// The sentence "Calls that exist" names what the table names.
func TestTheTableIsThatOfTheArchitecture(t *testing.T) {
	t.Parallel()
	text := read(t, "ARCHITECTURE.md")
	_, rest, found := strings.Cut(text, "\nCalls that exist: ")
	require.True(t, found)
	sentence, _, _ := strings.Cut(strings.ReplaceAll(rest, "\n", " "), ". ")
	calls := map[string][]string{}
	for part := range strings.SplitSeq(sentence, "; ") {
		part, _, _ = strings.Cut(part, ", for ")
		from, to, ok := strings.Cut(part, " to ")
		require.True(t, ok, part)
		for caller := range strings.SplitSeq(strings.ReplaceAll(from, " and ", ", "), ", ") {
			if to == "every service" {
				calls[caller] = slices.DeleteFunc(names(), func(n string) bool { return n == caller })
				continue
			}
			calls[caller] = append(calls[caller], to)
		}
	}
	for name, s := range services {
		require.ElementsMatch(t, s.calls, calls[name], name)
	}
	dockerfiles, err := filepath.Glob(at("*", "Dockerfile"))
	require.NoError(t, err)
	require.Len(t, dockerfiles, len(services), "a service is missing in the table")
}

// blobs is the folder of files in the images of services that keep files.
const blobs = "/var/lib/updspace/blobs"

func port(n int) string { return strconv.Itoa(n) }

// databaseOf is the role and the name of the database in a URL.
func databaseOf(t *testing.T, text string) (*url.Userinfo, string) {
	t.Helper()
	u, err := url.Parse(text)
	require.NoError(t, err)
	return u.User, strings.TrimPrefix(u.Path, "/")
}
