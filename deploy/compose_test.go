package deploy

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/nats-io/nats-server/v2/conf"
	"github.com/stretchr/testify/require"
)

// composed is the project as compose reads it after init.sh.
func composed(t *testing.T, args ...string) *types.Project {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "deploy", "compose")
	require.NoError(t, os.MkdirAll(dir, 0o700))
	out, err := initialise(t, dir, args...)
	require.NoError(t, err, out)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "compose.yaml"), []byte(read(t, "deploy", "compose", "compose.yaml")), 0o600))
	options, err := cli.NewProjectOptions([]string{filepath.Join(dir, "compose.yaml")},
		cli.WithWorkingDirectory(dir), cli.WithEnvFiles(), cli.WithDotEnv, cli.WithDefaultProfiles(), cli.WithInterpolation(true), cli.WithResolvedPaths(true))
	require.NoError(t, err)
	project, err := options.LoadProject(t.Context())
	require.NoError(t, err)
	return project
}

func initialise(t *testing.T, dir string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", append([]string{at("deploy", "compose", "init.sh")}, args...)...)
	cmd.Env = append(os.Environ(), "UPDSPACE_DIR="+dir)
	cmd.Stdin = strings.NewReader("it's $a \"secret\"\n")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// Every service starts with what compose gives it, and gets nothing that it does not read.
func TestComposeGivesEachServiceItsSettings(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"--try"}, {"example.org", "mail.example.org", "UpdSpace <noreply@example.org>", "user"}} {
		project := composed(t, args...)
		for _, name := range names() {
			s, err := project.GetService(name)
			require.NoError(t, err)
			environment := map[string]string{}
			for key, value := range s.Environment {
				require.NotNil(t, value, "%s of %s", key, name)
				environment[key] = *value
			}
			image := stages(t, name+"/Dockerfile")
			for key, value := range environmentOf(image[len(image)-1]) {
				require.NotContains(t, environment, key, name)
				environment[key] = value
			}
			requireSettings(t, name, environment)
			if name == "identity" && args[0] != "--try" {
				require.Equal(t, `it's $a "secret"`, environment["SMTP_PASSWORD"])
			}
			require.Equal(t, services[name].redis, environment["REDIS_URL"] != "", name)
			for _, other := range names() {
				url, set := environment[strings.ToUpper(other)+"_URL"]
				require.Equal(t, slices.Contains(services[name].calls, other) && other != "bff", set, "%s to %s", name, other)
				if set {
					require.Equal(t, "http://"+net.JoinHostPort(other, port(services[other].port)), url)
				}
			}
		}
	}
}

// Builds find their Dockerfiles, and each container is bounded, checked, and without more rights than it needs.
func TestComposeContainersAreConfined(t *testing.T) {
	t.Parallel()
	project := composed(t, "--try")
	require.Len(t, project.Services, len(services)+6)
	for name, s := range project.Services {
		require.True(t, s.ReadOnly, name)
		require.Equal(t, []string{"ALL"}, s.CapDrop, name)
		require.Equal(t, []string{"no-new-privileges:true"}, s.SecurityOpt, name)
		require.False(t, s.Privileged, name)
		require.NotNil(t, s.Deploy.Resources.Limits, name)
		require.Positive(t, s.Deploy.Resources.Limits.MemoryBytes, name)
		require.Positive(t, s.Deploy.Resources.Limits.NanoCPUs, name)
		require.Equal(t, "unless-stopped", s.Restart, name)
		_, ours := services[name]
		require.True(t, ours || s.HealthCheck != nil, "%s has no health check", name)
		for _, file := range s.EnvFiles {
			require.FileExists(t, file.Path, name)
		}
		for _, mount := range s.Volumes {
			if mount.Type == types.VolumeTypeBind && mount.ReadOnly {
				rel, err := filepath.Rel(project.WorkingDir, mount.Source)
				require.NoError(t, err)
				require.FileExists(t, at("deploy", "compose", rel), name)
			}
		}
		if len(s.Ports) > 0 {
			require.Contains(t, []string{"proxy", "mailpit"}, name, "reached from outside")
		}
		if !ours {
			continue
		}
		require.Equal(t, nonroot, s.User, name)
		require.Empty(t, s.CapAdd, name)
		context, err := filepath.Rel(project.WorkingDir, s.Build.Context)
		require.NoError(t, err)
		require.Equal(t, filepath.Join("..", ".."), context, name)
		require.FileExists(t, at(s.Build.Dockerfile), name)
		written := 0
		for _, mount := range s.Volumes {
			require.Equal(t, blobs, mount.Target, name)
			written++
		}
		require.Equal(t, services[name].files, written == 1, name)
	}
}

// Who shares a network with whom follows from the calls of each service.
func TestComposeNetworksFollowTheCalls(t *testing.T) {
	t.Parallel()
	project := composed(t, "--try")
	require.True(t, project.Networks["inside"].Internal)
	require.True(t, project.Networks["limits"].Internal)
	members := map[string][]string{}
	for name, s := range project.Services {
		for network := range s.Networks {
			members[network] = append(members[network], name)
		}
	}
	redis, internet := []string{"redis"}, []string{"mailpit"}
	for name, s := range services {
		if s.redis {
			redis = append(redis, name)
		}
		if s.internet {
			internet = append(internet, name)
		}
	}
	require.ElementsMatch(t, redis, members["limits"])
	require.ElementsMatch(t, internet, members["internet"])
	require.ElementsMatch(t, []string{"proxy", "bff", "identity"}, members["edge"])
	require.ElementsMatch(t, append(names(), "postgres", "nats", "backup"), members["inside"])
}

// The databases that services connect to are made, with the passwords that they use, and backed up.
func TestComposeMakesAndKeepsTheDatabases(t *testing.T) {
	t.Parallel()
	project := composed(t, "--try")
	made, kept := read(t, "deploy", "compose", "postgres", "init.sh"), read(t, "deploy", "compose", "backup.sh")
	files := project.Services["backup"].Volumes
	for _, name := range names() {
		for setting, role := range map[string]string{"DATABASE_URL": "app", "DATABASE_MIGRATE_URL": "owner"} {
			user, database := databaseOf(t, *project.Services[name].Environment[setting])
			require.Equal(t, database+"_"+role, user.Username())
			password, _ := user.Password()
			require.Equal(t, password, *project.Services["postgres"].Environment[strings.ToUpper(role)+"_PASSWORD_"+database])
			require.Contains(t, strings.Fields(strings.ReplaceAll(made, ";", " ")), database)
			require.Contains(t, strings.Fields(strings.ReplaceAll(kept, `"`, " ")), database)
		}
		require.Equal(t, services[name].files, slices.ContainsFunc(files, func(v types.ServiceVolumeConfig) bool {
			return v.Source == name+"-files" && v.Target == "/files/"+name && v.ReadOnly
		}), name)
	}
	t.Run("broker", func(t *testing.T) { // not parallel: it reads the environment
		token := *project.Services["nats"].Environment["NATS_TOKEN"]
		settings, err := conf.Parse("NATS_TOKEN = '" + token + "'\n" + read(t, "deploy", "compose", "nats.conf"))
		require.NoError(t, err)
		require.Equal(t, token, settings["authorization"].(map[string]any)["token"])
		require.Equal(t, "nats://"+token+"@nats:4222", *project.Services["voting"].Environment["NATS_URL"])
		require.Equal(t, "/data", settings["jetstream"].(map[string]any)["store_dir"])
	})
}

// Secrets are made once, for their owner's eyes, and differ between installations.
func TestComposeSecretsAreFresh(t *testing.T) {
	t.Parallel()
	values := map[string]string{}
	for range 2 {
		dir := t.TempDir()
		_, err := initialise(t, dir, "--try")
		require.NoError(t, err)
		files, err := filepath.Glob(filepath.Join(dir, "env", "*.env"))
		require.NoError(t, err)
		for _, file := range files {
			info, err := os.Stat(file)
			require.NoError(t, err)
			require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			for line := range strings.Lines(string(text)) {
				key, value, _ := strings.Cut(strings.TrimSpace(line), "=")
				if strings.Contains(key, "SECRET") || strings.Contains(key, "KEYS") || strings.Contains(key, "PASSWORD") || strings.Contains(key, "TOKEN") {
					require.GreaterOrEqual(t, len(value), 32, key)
					require.NotEqual(t, values[filepath.Base(file)+key], value, key)
					values[filepath.Base(file)+key] = value
				}
			}
		}
		_, err = initialise(t, dir, "--try")
		require.Error(t, err, "a second run would replace the secrets")
	}
	for _, wrong := range [][]string{{}, {"example.org"}} {
		_, err := initialise(t, t.TempDir(), wrong...)
		require.Error(t, err)
	}
}
