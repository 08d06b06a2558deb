package access_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/access/domain"
	"go.updspace.com/api/accessapi"
	"go.updspace.com/api/contract"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
)

// bodies make a valid request of every operation that takes a body.
var bodies = map[string]string{
	"checkPermission":  `{"permission":"voting.poll.read","scope":{"type":"TENANT","id":""}}`,
	"checkPermissions": `{"checks":[{"permission":"voting.poll.read","scope":{"type":"TENANT","id":""}}]}`,
	"checkUsers":       `{"check":{"permission":"voting.poll.read","scope":{"type":"TENANT","id":""}},"user_ids":["00000000-0000-4000-8000-000000000001"]}`,
	"checkSubjects": `{"subjects":[{"tenant_id":"00000000-0000-0000-0000-000000000001","user_id":"00000000-0000-4000-8000-000000000001","flags":{},
		"checks":[{"permission":"voting.poll.read","scope":{"type":"TENANT","id":""}}]}]}`,
	"listAllowedScopes": `{"questions":[{"permission":"voting.poll.read"}]}`,
	"listHeldRoles":     `{"user_id":"00000000-0000-4000-8000-000000000001","roles":[{"role_id":1,"scope":{"type":"TENANT","id":""}}]}`,
	"checkReward":       `{"role_id":1,"scope":{"type":"TENANT","id":""}}`,
	"syncMemberships": `{"changes":[{"scope_type":"COMMUNITY","scope_id":"00000000-0000-4000-8000-0000000000c1","community_id":"00000000-0000-4000-8000-0000000000c1",
		"user_id":"00000000-0000-4000-8000-000000000001","role":null,"version":1}]}`,
	"reconcileMemberships": `{"memberships":[]}`,

	"createRole":             `{"service":"voting","name":"NEW"}`,
	"createRoleBinding":      newBinding,
	"createPolicyOverride":   `{"tenant_id":"00000000-0000-0000-0000-000000000001","user_id":"NEW","action":"deny"}`,
	"updatePolicyOverride":   `{"reason":"another"}`,
	"createAdminRole":        `{"service":"voting","name":"NEW","permission_keys":[]}`,
	"updateAdminRole":        `{"service":"voting","name":"NEW","permission_keys":[]}`,
	"previewAdminRole":       `{"delete":true}`,
	"createAdminRoleBinding": newBinding,
	"updateAdminRoleBinding": `{"expires_at":null}`,
}

const newBinding = `{"tenant_id":"00000000-0000-0000-0000-000000000001","user_id":"NEW","scope_type":"TENANT","scope_id":"","role_id":ROLE}`

// queries make them valid where the query is required.
var queries = map[string]string{
	"getEffectivePermissions": "?scope_type=TENANT",
	"explainUserDecision":     "?permission=voting.poll.read",
	"getMyDecision":           "?permission=voting.poll.read",
}

// path fills in the ids of things that exist in aef, made anew: an operation may be the end of them.
func (s *fixture) path(operation string) string {
	path := accessapi.Operations[operation].Path
	for name, fresh := range map[string]func() string{
		"{role_id}":     func() string { return s.role(aef, uuid.NewString()) },
		"{binding_id}":  func() string { return s.binding(aef, s.role(aef, uuid.NewString())) },
		"{override_id}": func() string { return s.override(aef) },
		"{user_id}":     uuid.NewString,
	} {
		if strings.Contains(path, name) {
			path = strings.ReplaceAll(path, name, fresh())
		}
	}
	return path + queries[operation]
}

// body is a valid one. Every role it names or makes is another.
func (s *fixture) body(operation string) string {
	body := strings.ReplaceAll(bodies[operation], "NEW", uuid.NewString())
	if strings.Contains(body, "ROLE") {
		body = strings.ReplaceAll(body, "ROLE", s.role(aef, uuid.NewString()))
	}
	s.knowReferences(body)
	return body
}

func (s *fixture) request(operation string) *http.Request {
	s.T.Helper()
	body := s.body(operation)
	r, err := http.NewRequestWithContext(context.Background(), accessapi.Operations[operation].Method, s.URL+s.path(operation), strings.NewReader(body))
	require.NoError(s.T, err)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	return r
}

// role makes a role that grants nothing and returns its id.
func (s *fixture) role(tenant uuid.UUID, name string) string {
	s.T.Helper()
	s.exec(tenant, "INSERT INTO roles (tenant_id, service, name) VALUES (?, 'voting', ?)", tenant, name)
	return strconv.Itoa(s.count(tenant, "SELECT id FROM roles WHERE name = ?", name))
}

// binding binds a role to a new user.
func (s *fixture) binding(tenant uuid.UUID, role string) string {
	s.T.Helper()
	s.exec(tenant, "INSERT INTO role_bindings (tenant_id, user_id, scope_type, scope_id, role_id) VALUES (?, ?, 'TENANT', ?, ?)", tenant, uuid.New(), tenant.String(), role)
	return strconv.Itoa(s.count(tenant, "SELECT id FROM role_bindings WHERE role_id = ?", role))
}

// override makes an override for a new user.
func (s *fixture) override(tenant uuid.UUID) string {
	s.T.Helper()
	id := uuid.New()
	s.exec(tenant, "INSERT INTO policy_overrides (id, tenant_id, user_id, action, permission_key) VALUES (?, ?, ?, 'allow', 'voting.poll.read')", id, tenant, uuid.New())
	return id.String()
}

func TestNothingIsAnsweredToTheUnsigned(t *testing.T) {
	t.Parallel()
	s := start(t)
	plain := &http.Client{Timeout: 10 * time.Second}
	defer plain.CloseIdleConnections()
	signer, err := testkit.Keyring().Signer("bff", "voting") // for another service
	require.NoError(t, err)
	for name := range accessapi.Operations {
		t.Run(name, func(t *testing.T) {
			naked := s.request(name)
			naked.Header.Set("X-Tenant-Id", aef.String())
			naked.Header.Set("X-Tenant-Slug", "aef")
			naked.Header.Set("X-User-Id", uuid.NewString())
			naked.Header.Set("X-Master-Flags", `{"system_admin":true}`)
			misdirected := s.request(name)
			body, err := misdirected.GetBody()
			require.NoError(t, err)
			text, err := io.ReadAll(body)
			require.NoError(t, err)
			signer.Sign(misdirected, member(aef).context(), text)
			for _, r := range []*http.Request{naked, misdirected} {
				resp, err := plain.Do(r)
				require.NoError(t, err)
				require.NoError(t, resp.Body.Close())
				require.Equal(t, http.StatusUnauthorized, resp.StatusCode)
			}

			contexts := []reqctx.Context{{UserID: uuid.New()}, {TenantID: aef, TenantSlug: "aef"}, {}}
			switch {
			case strings.HasSuffix(name, "PersonalData"), name == "listHeldRoles": // for services, which sign for no user
				contexts = contexts[:1]
			case name == "checkSubjects": // the users are in the body
				contexts = nil
			}
			for _, rc := range contexts {
				resp, err := s.http(person{tenant: rc.TenantID, user: rc.UserID}).Do(s.request(name))
				require.NoError(t, err)
				require.NoError(t, resp.Body.Close())
				require.Contains(t, []int{http.StatusUnauthorized, http.StatusBadRequest, http.StatusForbidden}, resp.StatusCode, "signed, but for no user")
			}

			right := person{tenant: aef, user: uuid.New(), flags: reqctx.Flags{SystemAdmin: true}}
			if accessapi.Operations[name].Authenticated == contract.AuthenticatedService {
				right = person{tenant: aef, caller: "portal"}
				if name == "checkUsers" {
					right.caller = "activity"
				}
			}
			resp, err := s.http(right).Do(s.request(name))
			require.NoError(t, err)
			require.NoError(t, resp.Body.Close())
			require.Contains(t, successes, resp.StatusCode, "the request itself is right")
		})
	}
}

var successes = []int{http.StatusOK, http.StatusCreated, http.StatusNoContent}

// What an operation declares is what it asks: without the permission it is
// refused, with nothing but the permission it is not.
func TestDeclaredPermissionsAreAsked(t *testing.T) {
	t.Parallel()
	s := start(t)
	for name, op := range accessapi.Operations {
		if op.Permission == "" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			p := member(aef)
			ask := func() reply {
				resp, err := s.http(p).Do(s.request(name))
				require.NoError(t, err)
				defer resp.Body.Close()
				text, err := io.ReadAll(resp.Body)
				require.NoError(t, err)
				return reply{status: resp.StatusCode, body: text}
			}
			var details struct{ Permission string }
			require.NoError(t, json.Unmarshal([]byte(s.refused(ask(), http.StatusForbidden, "FORBIDDEN").details()), &details))
			require.Equal(t, op.Permission, details.Permission, "the denial names the declared permission")
			s.allow(p, op.Permission)
			require.Contains(t, successes, ask().status)
		})
	}
}

// Operations of system administrators are refused to all others.
func TestSystemAdministratorsOnly(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.administrator(aef)
	for name, op := range accessapi.Operations {
		if op.Authenticated != contract.AuthenticatedSystemAdmin {
			continue
		}
		t.Run(name, func(t *testing.T) {
			suspended := person{tenant: aef, user: uuid.New(), flags: reqctx.Flags{SystemAdmin: true, Suspended: true}}
			for _, p := range []person{admin, suspended} {
				resp, err := s.http(p).Do(s.request(name))
				require.NoError(t, err)
				require.NoError(t, resp.Body.Close())
				require.Equal(t, http.StatusForbidden, resp.StatusCode)
			}
			require.Equal(t, 1, s.count(aef, "SELECT count(*) FROM audit_entries WHERE action = 'write_refused' AND metadata ->> 'operation' = ?", name),
				"of the administrator; the kit refuses suspended users before the operation")
		})
	}
}

func TestTheCatalogueOverTheWire(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := member(aef)
	s.allow(p, domain.ReadRoles) // instead of the declared one
	list := func(service *string) []accessapi.Permission {
		resp, err := s.as(p).ListPermissionsWithResponse(context.Background(), &accessapi.ListPermissionsParams{Service: service})
		require.NoError(t, err)
		require.NotNil(t, resp.JSON200, string(resp.Body))
		return *resp.JSON200
	}
	all := list(nil)
	require.Len(t, all, len(domain.Platform.All()))
	require.Equal(t, accessapi.Permission{
		Key: "activity.admin.games", Service: "activity", Description: "Edit the list of games",
		DescriptionI18N: accessapi.LocalizedText{En: "Edit the list of games", Ru: "Менять список игр"},
		EffectI18N:      accessapi.LocalizedText{En: "Names and pictures change for every member at once.", Ru: "Названия и картинки меняются сразу для всех."},
	}, all[0])
	voting, zebra := "voting", "zebra"
	require.Len(t, list(&voting), len(domain.Platform.OfService(domain.Voting)))
	require.Equal(t, []accessapi.Permission{}, list(&zebra), "an empty list, not null")
}
