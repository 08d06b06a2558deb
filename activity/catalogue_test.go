package activity_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/activity/domain"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit/service"
)

func catalogueGame(t testing.TB, s *service.Service[client], by authz.Actor, name string) activityapi.Game {
	t.Helper()
	r, err := s.As(by).CreateGameWithResponse(t.Context(), activityapi.GameCreate{Name: name})
	return *service.OK(t, r, err).JSON200
}

func catalogueOperations(s *service.Service[client]) map[string]service.Operation[client] {
	maker := s.Actor(domain.PermissionAdminGames)
	table := map[string]service.Operation[client]{
		"listGames": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListGamesWithResponse(t.Context())
		}},
		"createGame": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.CreateGameWithResponse(t.Context(), activityapi.GameCreate{Name: "Minecraft"})
		}},
		"deleteGame": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.DeleteGameWithResponse(t.Context(), catalogueGame(t, s, maker, "n").ID)
		}},
	}
	for id, operation := range table {
		operation.Scope = authz.TenantScope(s.Tenant)
		table[id] = operation
	}
	return table
}

func TestATenantHasAListOfGames(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin, reader, stranger := s.Actor(domain.PermissionAdminGames), s.Actor(domain.PermissionFeedRead), s.Outsider(domain.PermissionAdminGames, domain.PermissionFeedRead)
	list := func(by authz.Actor) []activityapi.Game {
		r, err := s.As(by).ListGamesWithResponse(t.Context())
		return *service.OK(t, r, err).JSON200
	}
	require.Empty(t, list(reader))
	minecraft := catalogueGame(t, s, admin, " Minecraft ")
	ctx := service.Request(admin)
	in := activityapi.GameCreate{Name: "Chess", TagsJSON: given(map[string]string{"genre": "board", "note": ""})}
	first, err := s.As(admin).CreateGameWithResponse(ctx, in)
	chess := *service.OK(t, first, err).JSON200
	require.Equal(t, activityapi.Game{ID: chess.ID, TenantID: s.Tenant, Name: "Chess", TagsJSON: activityapi.GameTags{"genre": "board", "note": ""}}, chess)
	again, err := s.As(admin).CreateGameWithResponse(ctx, in)
	require.Equal(t, chess, *service.OK(t, again, err).JSON200, "a repeated request has the first result")
	same := catalogueGame(t, s, admin, "Chess")
	require.Equal(t, []activityapi.Game{chess, same, {ID: minecraft.ID, TenantID: s.Tenant, Name: "Minecraft", TagsJSON: activityapi.GameTags{}}}, list(reader), "by name, then id")
	require.Empty(t, list(stranger))

	for field, draft := range map[string]activityapi.GameCreate{
		"name":      {Name: "\u200b"},
		"tags_json": {Name: "n", TagsJSON: given(map[string]string{"a\nb": "c"})},
	} {
		r, err := s.As(admin).CreateGameWithResponse(t.Context(), draft)
		service.Invalid(t, r, err, field)
	}
	long, err := s.As(admin).CreateGameWithResponse(t.Context(), activityapi.GameCreate{Name: strings.Repeat("ы", 129)})
	service.Invalid(t, long, err, "name")

	foreign, err := s.As(stranger).DeleteGameWithResponse(t.Context(), chess.ID)
	service.Refused(t, http.StatusNotFound, "GAME_NOT_FOUND", foreign, err)
	gone, err := s.As(admin).DeleteGameWithResponse(t.Context(), same.ID)
	service.OK(t, gone, err)
	twice, err := s.As(admin).DeleteGameWithResponse(t.Context(), same.ID)
	service.Refused(t, http.StatusNotFound, "GAME_NOT_FOUND", twice, err)
	require.Len(t, list(reader), 2)
	entries, err := audit.New(s.DB).List(reqctx.With(t.Context(), reqctx.Context{TenantID: s.Tenant}), audit.Filter{TargetType: "game"}, page.Request{Limit: 50})
	require.NoError(t, err)
	var actions []string
	for _, entry := range entries.Items {
		actions = append([]string{entry.Action}, actions...)
	}
	require.Equal(t, []string{"game.created", "game.created", "game.created", "game.deleted"}, actions)

	bff := s.With("bff", reqctx.Context{TenantID: s.Tenant, TenantSlug: "aef"})
	receipt, err := bff.ErasePersonalDataWithResponse(t.Context(), admin.User, &activityapi.ErasePersonalDataParams{})
	require.EqualValues(t, 2, service.OK(t, receipt, err).JSON200.Counts["games"])
	require.Len(t, list(reader), 2, "the games are the tenant's")
	export, err := bff.ExportPersonalDataWithResponse(t.Context(), uuid.New(), &activityapi.ExportPersonalDataParams{})
	require.Empty(t, service.OK(t, export, err).JSON200.Items)
}
