package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/api/contract"
)

// decent is an operation that lacks nothing; each case spoils it in one way.
const decent = `
openapi: 3.0.3
info: { title: Toy, version: 1.0.0 }
paths:
  /api/v1/toy/things/{thing_id}:
    parameters:
      - { name: thing_id, in: path, required: true, schema: { type: string, format: uuid } }
    put:
      operationId: renameThing
      summary: Give a thing another name
      tags: [things]
      x-permission: { key: toy.thing.rename, scope: tenant }
      requestBody:
        content:
          application/json:
            schema: { type: object, properties: { id: { type: string, format: uuid } } }
            example: { id: 00000000-0000-0000-0000-000000000001 }
      responses:
        "200":
          description: Renamed.
          content:
            application/json:
              schema: { type: object, properties: { name: { type: string, maxLength: 5 } } }
              example: { name: thing }
        "404": { description: There is no such thing. }
`

func TestADecentOperationPasses(t *testing.T) {
	set, err := checkText(t, decent)
	require.NoError(t, err)
	require.Equal(t, contract.Set{"renameThing": {
		Method: "PUT", Path: "/api/v1/toy/things/{thing_id}", Permission: "toy.thing.rename", Scope: "tenant",
	}}, set)
}

func TestEveryWayToDecide(t *testing.T) {
	permission := `x-permission: { key: toy.thing.rename, scope: tenant }`
	for text, want := range map[string]contract.Operation{
		`x-public: true`:           {Public: true},
		`x-authenticated: user`:    {Authenticated: contract.AuthenticatedUser},
		`x-authenticated: service`: {Authenticated: contract.AuthenticatedService},
	} {
		set, err := checkText(t, strings.Replace(decent, permission, text, 1))
		require.NoError(t, err)
		want.Method, want.Path = "PUT", "/api/v1/toy/things/{thing_id}"
		require.Equal(t, want, set["renameThing"])
	}
}

func TestAlternativePermissions(t *testing.T) {
	permission := `x-permission: { key: toy.thing.rename, scope: tenant }`
	set, err := checkText(t, strings.Replace(decent, permission, "x-permission: { key: toy.thing.rename, scope: tenant, or: [{ key: toy.thing.admin, scope: team }] }", 1))
	require.NoError(t, err)
	require.Equal(t, []string{"toy.thing.admin"}, set["renameThing"].Alternatives)
	require.Equal(t, []string{"toy.thing.admin", "toy.thing.rename"}, set.Permissions())
}

func TestErrorCodesAreSorted(t *testing.T) {
	set, err := checkText(t, strings.Replace(decent, "tags: [things]", "tags: [things]\n      x-error-codes: [THING_LOCKED, NAME_TAKEN]", 1))
	require.NoError(t, err)
	require.Equal(t, []string{"NAME_TAKEN", "THING_LOCKED"}, set["renameThing"].ErrorCodes)
}

func TestWhatIsNotFitToGenerateFrom(t *testing.T) {
	permission := `x-permission: { key: toy.thing.rename, scope: tenant }`
	for _, c := range []struct{ name, old, new, want string }{
		{"nothing decided", permission, "", "exactly one of x-public, x-permission, x-authenticated and has 0"},
		{"decided twice", permission, permission + "\n      x-public: true", "has 2"},
		{"public, but not", permission, "x-public: false", "x-public must be true or absent"},
		{"authenticated as nobody", permission, "x-authenticated: anyone", `must be one of user, service, system_admin`},
		{"no permission key", permission, "x-permission: { scope: tenant }", "must be {key: service.thing.verb"},
		{"a permission that is no key", permission, "x-permission: { key: Toy:Rename, scope: tenant }", "must be {key: service.thing.verb"},
		{"a permission asked nowhere", permission, "x-permission: { key: toy.thing.rename }", "must be {key: service.thing.verb"},
		{"an alternative asked nowhere", permission, "x-permission: { key: toy.thing.rename, scope: tenant, or: [{ key: toy.thing.admin }] }", "each alternative of x-permission must be"},
		{"no operationId", "operationId: renameThing", "", `operationId "" is not lowerCamel`},
		{"operationId in snake case", "renameThing", "rename_thing", "is not lowerCamel"},
		{"no summary", "summary: Give a thing another name", "", "no summary"},
		{"no tag", "tags: [things]", "tags: []", "no tag"},
		{"no failure", `"404": { description: There is no such thing. }`, "", "no error response"},
		{"no request example", "example: { id: 00000000-0000-0000-0000-000000000001 }", "", "no example for the request body"},
		{"error codes in small letters", "tags: [things]", "tags: [things]\n      x-error-codes: [locked]", "must be a list of codes"},
		{"error codes that are no list", "tags: [things]", "tags: [things]\n      x-error-codes: LOCKED", "x-error-codes is empty"},
		{"an error code twice", "tags: [things]", "tags: [things]\n      x-error-codes: [LOCKED, LOCKED]", "names a code twice"},
		{"no response example", "example: { name: thing }", "", "no example for the 200 response"},
		{"an example that does not fit", "example: { name: thing }", "example: { name: something }", "maximum string length is 5"},
		{"an example with a broken id", "00000000-0000-0000-0000-000000000001", "not-a-uuid", "uuid"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Contains(t, decent, c.old)
			_, err := checkText(t, strings.Replace(decent, c.old, c.new, 1))
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestEveryProblemIsReportedAtOnce(t *testing.T) {
	text := strings.Replace(decent, "summary: Give a thing another name", "", 1)
	text = strings.Replace(text, "tags: [things]", "", 1)
	_, err := checkText(t, text)
	require.EqualError(t, err, "PUT /api/v1/toy/things/{thing_id}: no summary; no tag")
}

func TestHandlersAreNamedAsTheGeneratedServerNamesThem(t *testing.T) {
	code := filepath.Join(t.TempDir(), "toyapi.gen.go")
	require.NoError(t, os.WriteFile(code, []byte(`package toyapi

type StrictServerInterface interface {
	// Give a thing another name
	// (PUT /api/v1/toy/things/{thing_id})
	RenameThingByID(ctx any)
}
`), 0o600))
	set := contract.Set{"renameThingById": {Method: "PUT", Path: "/api/v1/toy/things/{thing_id}"}}
	require.NoError(t, nameHandlers(set, code))
	require.Equal(t, "RenameThingByID", set["renameThingById"].Handler)

	require.ErrorContains(t, nameHandlers(contract.Set{"other": {Method: "GET", Path: "/"}}, code), "has no method for it")
}

func TestTheTableIsGoAndSorted(t *testing.T) {
	code, err := operationsFile("toyapi", "toy", contract.Set{
		"b": {Handler: "B", Method: "GET", Path: "/b", Public: true},
		"a": {Handler: "A", Method: "DELETE", Path: "/a", Permission: "toy.a.delete", Scope: "tenant", ErrorCodes: []string{"A_LOCKED"}},
	})
	require.NoError(t, err)
	require.Contains(t, string(code), `
var Operations = contract.Set{
	"a": {Handler: "A", Method: http.MethodDelete, Path: "/a", Permission: "toy.a.delete", Scope: "tenant", ErrorCodes: []string{"A_LOCKED"}},
	"b": {Handler: "B", Method: http.MethodGet, Path: "/b", Public: true},
}
`)
}

func TestRepeatedImportsAreDropped(t *testing.T) {
	code := "package a\n\nimport (\n\t\"encoding/json\"\n\t\"fmt\"\n\n\t\"encoding/json\"\n\n\t\"x/y\"\n)\n\nvar a = 1\n"
	require.Equal(t, "package a\n\nimport (\n\t\"encoding/json\"\n\t\"fmt\"\n\n\n\t\"x/y\"\n)\n\nvar a = 1\n", string(dropRepeatedImports([]byte(code))))
	plain := "package a\n\nvar a = 1\n"
	require.Equal(t, plain, string(dropRepeatedImports([]byte(plain))))
}

func checkText(t *testing.T, text string) (contract.Set, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "toy.yaml")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	spec, err := load(t.Context(), file)
	if err != nil {
		return nil, err
	}
	return check(spec)
}
