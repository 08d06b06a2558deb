package contract

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"

	decided "go.updspace.com/api/contract"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/platform"
)

// tenantless are the specs whose operations are about the caller's own account and session, not about things of a tenant.
var tenantless = []string{"bff", "identity"}

// strangers are people of another tenant than the one that owns the things asked for.
func strangers() map[string]reqctx.Context {
	stranger := func(id string, flags reqctx.Flags) reqctx.Context {
		flags.EmailVerified, flags.Status, flags.MembershipStatus = true, "active", "active"
		return reqctx.Context{
			TenantID: uuid.MustParse("00000000-0000-0000-0000-000000000002"), TenantSlug: "gaming", UserID: uuid.MustParse(id), Flags: flags,
		}
	}
	return map[string]reqctx.Context{
		"member":       stranger("00000000-0000-4000-8000-0000000000aa", reqctx.Flags{}),
		"admin":        stranger("00000000-0000-4000-8000-000000000006", reqctx.Flags{}), // outsider@gaming.test
		"system_admin": stranger("00000000-0000-4000-8000-000000000005", reqctx.Flags{SystemAdmin: true}),
	}
}

// For a caller from another tenant, whatever the caller's roles there, a tenant's things do not exist: every operation of
// every spec that can name one, by path, query or body, answers 404, and nothing changes.
func TestWhatAnotherTenantOwnsDoesNotExist(t *testing.T) {
	world := start(t)
	for _, spec := range Specs {
		if slices.Contains(tenantless, spec.Service) {
			continue
		}
		t.Run(spec.Service, func(t *testing.T) {
			loaded, err := spec.Load()
			require.NoError(t, err)
			target, values := world.target(t, spec.Service)
			require.NotEmpty(t, values, "there must be something to be kept from others")
			before := contents(t, world.platform, spec.Service)
			require.NotEmpty(t, before)
			delete(values, "user_id") // users belong to no tenant
			for _, op := range listsFirst(Operations(loaded, spec.Decisions)) {
				if !op.Signed {
					continue
				}
				privileged := spec.Decisions[op.ID].Authenticated == decided.AuthenticatedSystemAdmin
				t.Run(op.ID, func(t *testing.T) {
					for role, rc := range strangers() {
						for _, r := range naming(op, values) {
							answer, err := target.Send(t.Context(), r, rc)
							require.NoError(t, err)
							if problem := revealed(loaded, op, r, answer, values, role == "member" || privileged && role != "system_admin"); problem != nil {
								t.Errorf("%s, %s: %s %s?%s %.300s: %v\nanswer: %d %.500s", role, r.Name, r.Method, r.Path, r.Query, r.Body, problem, answer.Status, answer.Body)
							}
						}
					}
				})
			}
			require.Equal(t, before, contents(t, world.platform, spec.Service), "what the tenant owns is as it was")
		})
	}
}

// listsFirst puts what names nothing before what does: a trail of refusals rightly repeats the names that were tried.
func listsFirst(ops []Operation) []Operation {
	list := func(op Operation) bool { return op.Method == http.MethodGet && !strings.Contains(op.Path, "{") }
	lists := slices.DeleteFunc(slices.Clone(ops), func(op Operation) bool { return !list(op) })
	return append(lists, slices.DeleteFunc(ops, list)...)
}

// Should an account or a session ever get an address of its own, it belongs into the matrix.
func TestTenantlessSpecsNameNoThings(t *testing.T) {
	for _, spec := range Specs {
		if !slices.Contains(tenantless, spec.Service) {
			continue
		}
		loaded, err := spec.Load()
		require.NoError(t, err)
		for _, op := range Operations(loaded, spec.Decisions) {
			if spec.Decisions[op.ID].Authenticated == decided.AuthenticatedService {
				continue // the gateway names a session for the user who is signed in with it
			}
			if slices.Contains([]string{"endOwnSession", "endAccountSession", "revokeInvitation", "resendInvitation", "getAvatar"}, op.ID) {
				continue // another account's session and another tenant's invitation do not exist: identity's own tests ask for one
			}
			if strings.HasPrefix(op.Path, "/api/v1/admin/") {
				continue // for system administrators, who look after the accounts of all tenants
			}
			for _, p := range parameters(op) {
				require.False(t, p.In == openapi3.ParameterInPath && p.Schema.Value.Format == "uuid", "%s names a thing by %s", op.ID, p.Name)
			}
		}
	}
}

// naming are the ways in which an operation can be asked about things that exist: the plainest, and one with every
// optional parameter that names a thing.
func naming(op Operation, values map[string]string) []Request {
	plainest := Valid(op, values)
	all := []Request{plainest}
	for _, p := range parameters(op) {
		if value, known := values[p.Name]; known && p.In == openapi3.ParameterInQuery {
			all = append(all, plainest.with("naming "+p.Name, func(r *Request) {
				query := []string{}
				for _, part := range strings.Split(r.Query, "&") {
					if part != "" && !strings.HasPrefix(part, p.Name+"=") {
						query = append(query, part)
					}
				}
				r.Query = strings.Join(append(query, p.Name+"="+value), "&")
			}))
		}
	}
	return all
}

// revealed says how an answer gives away that a thing of another tenant exists. Who may not ask at all is told that
// first, so a plain member may get 403 for what would be 404.
func revealed(spec *openapi3.T, op Operation, r Request, a Answer, values map[string]string, forbiddenFirst bool) error {
	if err := Judge(context.Background(), spec, op, r, a); err != nil {
		return err
	}
	asked := slices.Concat([]byte(r.Path), []byte(r.Query), r.Body)
	for name, value := range values {
		if len(value) == len(sampleID) && bytes.Contains(a.Body, []byte(value)) && !bytes.Contains(asked, []byte(value)) {
			return fmt.Errorf("the answer tells %s", name)
		}
	}
	if bytes.Contains(a.Body, []byte(root.TenantID.String())) {
		return fmt.Errorf("the answer tells of the tenant")
	}
	addressed := false
	for _, p := range parameters(op) {
		_, known := values[p.Name]
		addressed = addressed || known && p.In == openapi3.ParameterInPath
	}
	if addressed && a.Status != http.StatusNotFound && !(forbiddenFirst && a.Status == http.StatusForbidden) {
		return fmt.Errorf("%d for a thing of another tenant, not 404", a.Status)
	}
	return nil
}

// contents is a digest of everything a service's database holds of the tenant aef, table by table. What comes and goes
// by itself (events on their way, remembered answers, the audit log, which keeps refused attempts) is left out; what events bring has
// been waited for.
func contents(t *testing.T, p *platform.Platform, service string) map[string]string {
	t.Helper()
	settle(t, p)
	db, err := sql.Open("pgx", p.AdminDatabaseURL(p.Service(service).Database()))
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	rows, err := db.QueryContext(t.Context(), `
		SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND a.attname = 'tenant_id' AND NOT a.attisdropped
		  AND c.relname NOT IN ('outbox', 'inbox', 'idempotency', 'audit_entries')`)
	require.NoError(t, err)
	defer rows.Close()
	var tables []string
	for rows.Next() {
		var table string
		require.NoError(t, rows.Scan(&table))
		tables = append(tables, table)
	}
	require.NoError(t, rows.Err())
	digests := map[string]string{}
	for _, table := range tables {
		var digest string
		require.NoError(t, db.QueryRowContext(t.Context(), fmt.Sprintf(
			`SELECT count(*) || ' ' || coalesce(md5(string_agg(r::text, '|' ORDER BY r::text)), '') FROM %q r WHERE tenant_id = $1`, table,
		), root.TenantID).Scan(&digest))
		digests[table] = digest
	}
	return digests
}
