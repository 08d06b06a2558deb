package gamification_test

import (
	"testing"

	"github.com/google/uuid"

	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/tools/devkit/testkit/service"
)

// Every operation checks the permission that it declares, in the scope of the tenant, and refuses a caller who lacks only that
// one. The table must hold every operation of the document.
func TestOperationsCheckWhatTheyDeclare(t *testing.T) {
	t.Parallel()
	s := start(t)
	unused := func() string { return s.category("c"+uuid.NewString(), 0).ID }
	table := map[string]service.Operation[client]{
		"listCategories": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListCategoriesWithResponse(t.Context())
		}},
		"createCategory": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.CreateCategoryWithResponse(t.Context(), gamificationapi.CategoryCreate{ID: "c" + uuid.NewString(), NameI18N: names("x")})
		}},
		"updateCategory": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.UpdateCategoryWithResponse(t.Context(), unused(), nil, gamificationapi.CategoryUpdate{})
		}},
		"deleteCategory": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.DeleteCategoryWithResponse(t.Context(), unused(), nil)
		}},
		"orderCategories": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.OrderCategoriesWithResponse(t.Context(), gamificationapi.CategoryOrder{Ids: s.categories(s.admin)})
		}},
		"listAudit": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListAuditWithResponse(t.Context(), &gamificationapi.ListAuditParams{})
		}},
		"exportPersonalData": {Try: func(t testing.TB, c client, a authz.Actor) (service.Answer, error) {
			return c.ExportPersonalDataWithResponse(t.Context(), a.User, &gamificationapi.ExportPersonalDataParams{})
		}},
		"erasePersonalData": {Try: func(t testing.TB, c client, a authz.Actor) (service.Answer, error) {
			return c.ErasePersonalDataWithResponse(t.Context(), a.User)
		}},
	}
	for id, operation := range table {
		if gamificationapi.Operations[id].Permission != "" {
			operation.Scope = authz.TenantScope(s.Tenant)
		}
		table[id] = operation
	}
	s.Operations(t, gamificationapi.Operations, adminKeys, table)
}
