package deploy

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/modfile"
)

// nonroot is the user of distroless images, by number: Kubernetes cannot tell that a name is not root.
const nonroot = "65532:65532"

// commands are the instructions of one type in a stage.
func commands[C any](stage instructions.Stage) []C {
	var found []C
	for _, c := range stage.Commands {
		if c, ok := c.(C); ok {
			found = append(found, c)
		}
	}
	return found
}

func stages(t *testing.T, dockerfile string) []instructions.Stage {
	t.Helper()
	file, err := os.Open(at(dockerfile))
	require.NoError(t, err)
	defer func() { _ = file.Close() }()
	parsed, err := parser.Parse(file)
	require.NoError(t, err)
	require.Empty(t, parsed.Warnings)
	found, _, err := instructions.Parse(parsed.AST, nil)
	require.NoError(t, err)
	return found
}

// ignored tells which paths are not sent to a build.
func ignored(t *testing.T) func(path string) bool {
	t.Helper()
	file, err := os.Open(at(".dockerignore"))
	require.NoError(t, err)
	defer func() { _ = file.Close() }()
	patterns, err := ignorefile.ReadAll(file)
	require.NoError(t, err)
	matcher, err := patternmatcher.New(patterns)
	require.NoError(t, err)
	return func(path string) bool {
		matched, err := matcher.MatchesOrParentMatches(path)
		require.NoError(t, err)
		return matched
	}
}

func environmentOf(stage instructions.Stage) map[string]string {
	found := map[string]string{}
	for _, e := range commands[*instructions.EnvCommand](stage) {
		for _, pair := range e.Env {
			found[pair.Key] = pair.Value
		}
	}
	return found
}

// A Dockerfile names what exists, copies every module that its service requires, and makes an image that has no shell, is not root and can say
// whether it is healthy.
func TestDockerfiles(t *testing.T) {
	t.Parallel()
	left := ignored(t)
	for _, name := range names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := stages(t, name+"/Dockerfile")
			require.GreaterOrEqual(t, len(all), 2)
			work := map[string]instructions.Stage{}
			copied := map[string][]string{} // by stage
			for _, stage := range all {
				for _, c := range commands[*instructions.CopyCommand](stage) {
					for _, source := range c.SourcePaths {
						if from, ok := work[c.From]; ok {
							requireMade(t, from, source)
							continue
						}
						require.Empty(t, c.From, "%s is no stage before this one", c.From)
						require.FileExists(t, existing(source))
						require.False(t, left(source), ".dockerignore leaves out %s", source)
						copied[stage.Name] = append(copied[stage.Name], source)
					}
				}
				work[stage.Name] = stage
			}
			require.Subset(t, copied["build"], append(localModules(t, name), name))
			requireImage(t, name, all[len(all)-1], work["build"])
		})
	}
}

// existing is a file at the path: for a folder that has files, one of them.
func existing(source string) string {
	found, _ := filepath.Glob(at(source, "*"))
	for _, f := range found {
		if info, err := os.Stat(f); err == nil && !info.IsDir() {
			return f
		}
	}
	if len(found) > 0 {
		return existing(path.Join(source, filepath.Base(found[0])))
	}
	return at(source)
}

// requireMade checks that a stage makes what another copies from it.
func requireMade(t *testing.T, stage instructions.Stage, source string) {
	t.Helper()
	if stage.Name == "web" {
		require.Equal(t, "/src/web/dist", source)
		require.Contains(t, runs(stage), "npm run build")
		return
	}
	require.Regexp(t, `(-o|mkdir -p) `+regexp.QuoteMeta(source)+`( |$|\n)`, runs(stage))
}

func runs(stage instructions.Stage) string {
	var lines []string
	for _, r := range commands[*instructions.RunCommand](stage) {
		lines = append(lines, strings.Join(r.CmdLine, " "))
	}
	return strings.Join(lines, "\n")
}

func requireImage(t *testing.T, name string, image, build instructions.Stage) {
	t.Helper()
	s := services[name]
	require.Contains(t, runs(build), "go build -trimpath")
	require.Contains(t, runs(build), "./cmd/"+name)
	require.Equal(t, map[string]string{"GOWORK": "off", "CGO_ENABLED": "0"}, environmentOf(build))

	require.Equal(t, "gcr.io/distroless/static-debian12:nonroot", image.BaseName)
	require.Empty(t, commands[*instructions.RunCommand](image))
	require.Empty(t, commands[*instructions.AddCommand](image))
	users := commands[*instructions.UserCommand](image)
	require.Len(t, users, 1)
	require.Equal(t, nonroot, users[0].User)
	port := port(s.port)
	require.Equal(t, map[string]string{"LISTEN_ADDR": ":" + port, "ADMIN_ADDR": ":9090"}, environmentOf(image))
	require.Equal(t, []string{port, "9090"}, commands[*instructions.ExposeCommand](image)[0].Ports)
	require.Equal(t, []string{"/" + name}, commands[*instructions.EntrypointCommand](image)[0].CmdLine)
	require.Equal(t, []string{"serve"}, commands[*instructions.CmdCommand](image)[0].CmdLine)
	require.Equal(t, []string{"CMD", "/" + name, "healthcheck"}, commands[*instructions.HealthCheckCommand](image)[0].Health.Test)
	targets := []string{}
	for _, c := range commands[*instructions.CopyCommand](image) {
		targets = append(targets, c.DestPath)
		require.True(t, c.DestPath == "/"+name || c.Chown == nonroot, "a folder that is written to belongs to the user")
	}
	if s.files {
		require.Equal(t, []string{"/" + name, blobs}, targets)
	} else {
		require.Equal(t, []string{"/" + name}, targets)
	}
}

// Builds get the sources, and none of what a checkout has besides.
func TestBuildsGetTheSourcesAlone(t *testing.T) {
	t.Parallel()
	left := ignored(t)
	for _, path := range []string{
		".git/HEAD", ".dev/secrets/signing", "bin/updspace", "node_modules/react/index.js", "web/portal/node_modules/x", "api/ts/node_modules/x",
		"web/dist/portal/index.html", "web/dist/id/assets/a.js", "web/portal/src/words/en.json", "web/id/src/routeTree.gen.ts",
		"deploy/compose/env/identity.env",
	} {
		require.True(t, left(path), path)
	}
	for _, path := range []string{
		"package.json", "package-lock.json", "api/ts/package.json", "api/ts/src/index.ts", "web/dist/portal/.gitkeep", "web/dist/id/.gitkeep",
		"web/portal/src/main.tsx", "web/portal/messages/en.json", "web/scripts/messages.mjs", "libs/go.sum", "identity/adapters/pg/migrations/00001_identity.sql",
	} {
		require.False(t, left(path), path)
	}
}

// The compilers of the images are as new as the sources need.
func TestCompilersAreNewEnough(t *testing.T) {
	t.Parallel()
	work, err := modfile.ParseWork("go.work", []byte(read(t, "go.work")), nil)
	require.NoError(t, err)
	minor := strings.Join(strings.Split(work.Go.Version, ".")[:2], ".")
	for _, name := range names() {
		for _, stage := range stages(t, name+"/Dockerfile") {
			switch stage.Name {
			case "build":
				require.Equal(t, "golang:"+minor+"-bookworm", stage.BaseName, name)
			case "web":
				require.Equal(t, "node:22-bookworm-slim", stage.BaseName, name)
			}
		}
	}
}
