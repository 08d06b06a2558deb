package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/api/contract"
)

func TestTheFrontendsKnowEveryCodeOnce(t *testing.T) {
	text := string(codesFile(map[string]contract.Set{
		"toy":  {"a": {ErrorCodes: []string{"TOY_LOCKED", "TOY_BROKEN"}}, "b": {ErrorCodes: []string{"TOY_LOCKED"}}},
		"shop": {"c": {ErrorCodes: []string{"SHOP_CLOSED", "NOT_FOUND"}}},
	}))
	require.Contains(t, text, "  \"TOY_BROKEN\",\n  \"TOY_LOCKED\",\n  \"UNAUTHORIZED\",\n")
	require.Contains(t, text, "  \"NOT_FOUND\",\n  \"NOT_IMPLEMENTED\",\n", "a code of the kit")
	require.Contains(t, text, "  TOO_LONG: \"max\",\n")
}

func TestTheFrontendsKnowWhoMayCallAnOperation(t *testing.T) {
	text := string(operationsList(map[string]contract.Set{"toy": {
		"a": {Method: "GET", Path: "/api/v1/toy/a", Public: true},
		"b": {Method: "PUT", Path: "/api/v1/toy/b", Permission: "toy.b.write"},
		"c": {Method: "GET", Path: "/api/v1/toy/c", Authenticated: contract.AuthenticatedSystemAdmin},
		"d": {Method: "POST", Path: "/internal/v1/d", Authenticated: contract.AuthenticatedUser},
	}}))
	require.Contains(t, text, `
  { service: "toy", method: "GET", path: "/api/v1/toy/a", operationId: "a", audience: "public" },
  { service: "toy", method: "PUT", path: "/api/v1/toy/b", operationId: "b", audience: "user" },
  { service: "toy", method: "GET", path: "/api/v1/toy/c", operationId: "c", audience: "system_admin" },
  { service: "toy", method: "POST", path: "/internal/v1/d", operationId: "d", audience: "service" },
];
`)
}

func TestEveryTypeOfEventIsListedWithItsSchema(t *testing.T) {
	text, err := eventTypesFile()
	require.NoError(t, err)
	require.Contains(t, string(text), `{ source: "voting", type: "voting.poll.created",`)
	require.Contains(t, string(text), `"voting": {`)
}
