package arch

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTheHouseIsInOrder holds this workspace against the rules.
func TestTheHouseIsInOrder(t *testing.T) {
	findings, err := Check(filepath.Join("..", ".."))
	require.NoError(t, err)
	for _, finding := range findings {
		t.Error(finding)
	}
}

// TestRulesFindWhatBreaksThem plants one violation at a time in a house that is otherwise in order.
func TestRulesFindWhatBreaksThem(t *testing.T) {
	for _, c := range []struct {
		name, path, source, want string
	}{
		{"domain on http", "voting/domain/poll.go", `package domain; import _ "net/http"`, "domain imports net/http"},
		{"domain on json", "voting/domain/poll.go", `package domain; import _ "encoding/json"`, "domain imports encoding/json"},
		{"domain on a library", "voting/domain/poll.go", `package domain; import _ "github.com/uptrace/bun"`, "domain imports github.com/uptrace/bun"},
		{"domain on the kit", "voting/domain/poll.go", `package domain; import _ "go.updspace.com/libs/pg"`, "domain imports go.updspace.com/libs/pg"},
		{"domain with a tag", "voting/domain/poll.go", "package domain; type Poll struct { ID int `json:\"id\"` }", "carries the tag"},
		{"domain with a clock", "voting/domain/poll.go", `package domain; import "time"; var now = time.Now`, "reads the clock"},
		{"domain below domain", "voting/domain/ballot/rule.go", `package ballot; import _ "net/http"`, "domain imports net/http"},
		{"a part's domain on http", "voting/polls/domain/poll.go", `package domain; import _ "net/http"`, "domain imports net/http"},
		{"a part's domain on ports", "voting/polls/domain/poll.go", `package domain; import _ "go.updspace.com/voting/polls/ports"`, "domain imports go.updspace.com/voting/polls/ports"},
		{"domain on the store of groups", "voting/domain/poll.go", `package domain; import _ "go.updspace.com/libs/groups/portalgroups"`, "domain imports go.updspace.com/libs/groups/portalgroups"},
		{"what a domain imports on the kit", "libs/groups/groups.go", `package groups; import _ "go.updspace.com/libs/pg"`, "domain imports go.updspace.com/libs/pg"},
		{"what a domain imports with a clock", "libs/valid/time.go", `package valid; import "time"; var now = time.Now`, "reads the clock"},
		{"one that computes on the module of another", "libs/valid/text.go", `package valid; import _ "github.com/teambition/rrule-go"`, "domain imports github.com/teambition/rrule-go"},
		{"app on the store of groups", "voting/app/polls.go", `package app; import _ "go.updspace.com/libs/groups/portalgroups"`, "app imports go.updspace.com/libs/groups/portalgroups"},
		{"a part's ports on app", "voting/polls/ports/polls.go", `package ports; import _ "go.updspace.com/voting/polls/app"`, "ports imports go.updspace.com/voting/polls/app"},
		{"service on a service", "voting/app/polls.go", `package app; import _ "go.updspace.com/access/domain"`, "imports another service"},
		{"service's test on a service", "voting/app/polls_test.go", `package app; import _ "go.updspace.com/access"`, "imports another service"},
		{"kit on a service", "libs/pg/open.go", `package pg; import _ "go.updspace.com/access/domain"`, "libs imports go.updspace.com/access/domain"},
		{"service on tools", "voting/app/polls.go", `package app; import _ "go.updspace.com/tools/arch"`, "voting imports go.updspace.com/tools/arch"},
		{"production code on devkit", "voting/app/polls.go", `package app; import _ "go.updspace.com/tools/devkit/testkit"`, "voting imports go.updspace.com/tools/devkit/testkit"},
		{"contract on the kit", "api/contract/a.go", `package contract; import _ "go.updspace.com/libs/errs"`, "api stands on nothing"},
		{"app on http", "voting/app/polls.go", `package app; import _ "net/http"`, "app imports net/http"},
		{"app on the wire types", "voting/app/polls.go", `package app; import _ "go.updspace.com/api/votingapi"`, "app imports go.updspace.com/api/votingapi"},
		{"app on bun", "voting/app/polls.go", `package app; import _ "github.com/uptrace/bun/dialect"`, "app imports github.com/uptrace/bun/dialect"},
		{"app on an adapter", "voting/app/polls.go", `package app; import _ "go.updspace.com/voting/adapters/pg"`, "only module.go imports adapters"},
		{"ports on app", "voting/ports/polls.go", `package ports; import _ "go.updspace.com/voting/app"`, "ports imports go.updspace.com/voting/app"},
		{"adapter on adapter", "voting/adapters/httpapi/a.go", `package httpapi; import _ "go.updspace.com/voting/adapters/pg"`, "an adapter imports another"},
		{"adapter beside module.go", "voting/seed.go", `package voting; import _ "go.updspace.com/voting/adapters/pg"`, "only module.go imports adapters"},
		{"fx in an adapter", "voting/adapters/pg/a.go", `package pg; import _ "go.uber.org/fx"`, "wiring outside"},
		{"fx in the kit", "libs/httpx/a.go", `package httpx; import _ "go.uber.org/fx"`, "wiring outside"},
		{"a test of any event", "voting/a_test.go", `package voting; import "go.updspace.com/libs/outbox"; var p = outbox.NewPublisher(nil, "voting")`, "without validation"},
		{"two subjects", "voting/app/polls.go", "package app\n" + strings.Repeat("//\n", mostLines), "probably two subjects"},
		{"a drawer", "libs/utils/a.go", `package utils`, "named for nothing"},
		{"generated without its name", "api/votingapi/a.go", "// Code generated by hand; DO NOT EDIT.\npackage votingapi", "end in .gen.go"},
		{"generated out of place", "voting/app/a.gen.go", "// Code generated by hand; DO NOT EDIT.\npackage app", "outside api"},
		{"a foreign module path", "voting/go.mod", "module example.com/voting\n", "is not module go.updspace.com/voting"},
		{"a module that needs the workspace", "voting/go.mod", "module go.updspace.com/voting\nrequire go.updspace.com/libs v0.0.0\n", "without replacing it"},
		{"a module outside the workspace", "events/go.mod", "module go.updspace.com/events\n", "does not use ./events"},
		{"an unfinished service", "events/go.mod", "module go.updspace.com/events\n", "events/module.go: missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := houseInOrder(t)
			write(t, root, c.path, c.source)
			findings, err := Check(root)
			require.NoError(t, err)
			var all []string
			for _, finding := range findings {
				all = append(all, finding.String())
			}
			require.Contains(t, strings.Join(all, "\n"), c.want)
		})
	}
}

func TestAHouseInOrderHasNoFindings(t *testing.T) {
	findings, err := Check(houseInOrder(t))
	require.NoError(t, err)
	require.Empty(t, findings)
}

// houseInOrder builds the smallest workspace that keeps every rule, using what the rules allow.
func houseInOrder(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	write(t, root, "go.work", "go 1.26\n\nuse (\n\t./access\n\t./api\n\t./libs\n\t./voting\n)\n")
	for _, module := range []string{"api", "libs"} {
		write(t, root, module+"/go.mod", "module "+modulePrefix+module+"\n")
	}
	for _, service := range []string{"access", "voting"} {
		ours := modulePrefix + service
		write(t, root, service+"/go.mod", "module "+ours+"\n\nrequire (\n\tgo.updspace.com/libs v0.0.0\n)\n\nreplace (\n\tgo.updspace.com/libs => ../libs\n)\n")
		write(t, root, service+"/README.md", "")
		write(t, root, service+"/Dockerfile", "")
		write(t, root, service+"/module.go", `package `+service+`; import (_ "`+ours+`/adapters/httpapi"; _ "go.uber.org/fx")`)
		write(t, root, service+"/cmd/"+service+"/main.go", `package main; import _ "`+ours+`"; func main() {}`)
		write(t, root, service+"/domain/thing.go", `package domain; import (_ "errors"; _ "time"; _ "github.com/google/uuid"; _ "go.updspace.com/libs/errs")`)
		write(t, root, service+"/ports/things.go", `package ports; import _ "`+ours+`/domain"`)
		write(t, root, service+"/app/things.go", `package app; import (_ "`+ours+`/domain"; _ "`+ours+`/ports")`)
		write(t, root, service+"/adapters/httpapi/things.go", `package httpapi; import (_ "`+ours+`/app"; _ "go.updspace.com/api/`+service+`api")`)
		write(t, root, "api/"+service+"api/"+service+"api.gen.go", "// Code generated by a tool; DO NOT EDIT.\npackage "+service+"api")
		write(t, root, "api/openapi/"+service+".yaml", "")
	}
	return root
}

func write(t *testing.T, root, name, content string) {
	t.Helper()
	file := filepath.Join(root, name)
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
	require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
}
