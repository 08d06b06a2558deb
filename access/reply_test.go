package access_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/access/domain"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit/service"
)

// reply is an answer as it came.
type reply struct {
	status int
	header http.Header
	body   []byte
}

func of(a service.Answer) reply { return reply{status: a.StatusCode(), body: a.GetBody()} }

// StatusCode and GetBody make it a service.Answer.
func (r reply) StatusCode() int { return r.status }
func (r reply) GetBody() []byte { return r.body }

func (r reply) code() string { return service.Code(r) }

// details are those of the error, as JSON, without the reasons, which repeat the fields as codes.
func (r reply) details() string {
	var envelope struct {
		Error struct{ Details map[string]json.RawMessage }
	}
	_ = json.Unmarshal(r.body, &envelope) // no envelope: no details
	delete(envelope.Error.Details, "reasons")
	text, _ := json.Marshal(envelope.Error.Details) // was JSON before
	return string(text)
}

// call sends a request of the person's. Requests under one id are one request.
func (s *fixture) call(p person, method, path, body string, id ...string) reply {
	s.T.Helper()
	if method == http.MethodPost {
		s.knowReferences(body)
	}
	return s.send(p, method, path, body, id...)
}

// send is call without making the references of the body known.
func (s *fixture) send(p person, method, path, body string, id ...string) reply {
	s.T.Helper()
	rc := p.context()
	if len(id) > 0 {
		rc.RequestID = id[0]
	}
	r, err := http.NewRequestWithContext(reqctx.With(context.Background(), rc), method, s.URL+"/api/v1/access"+path, strings.NewReader(body))
	require.NoError(s.T, err)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	resp, err := s.http(p).Do(r)
	require.NoError(s.T, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(s.T, err)
	return reply{status: resp.StatusCode, header: resp.Header, body: text}
}

// refused expects an error of a status and code.
func (s *fixture) refused(r reply, status int, code string) reply {
	s.T.Helper()
	service.Refused(s.T, status, code, r, nil)
	return r
}

// made expects a status and reads the answer.
func made[T any](s *fixture, r reply, status int) (v T) {
	s.T.Helper()
	require.Equal(s.T, status, r.status, "%s", r.body)
	require.NoError(s.T, json.Unmarshal(r.body, &v), "%s", r.body)
	return v
}

// steward holds every right over rights, forever, and exactly the given keys besides.
func (s *fixture) steward(tenant uuid.UUID, keys ...string) person {
	s.T.Helper()
	p := member(tenant)
	byService := map[domain.Service][]string{
		domain.Portal: {domain.ReadRoles, domain.WriteRoles, domain.WriteBindings, domain.WriteOverrides},
	}
	for _, key := range keys {
		permission, ok := domain.Platform.Find(key)
		require.True(s.T, ok, key)
		byService[permission.Service] = append(byService[permission.Service], key)
	}
	for owner, held := range byService {
		name := "steward " + uuid.NewString()
		s.exec(tenant, "INSERT INTO roles (tenant_id, service, name) VALUES (?, ?, ?)", tenant, owner, name)
		for _, key := range held {
			s.exec(tenant, "INSERT INTO role_permissions (role_id, permission_key) SELECT id, ? FROM roles WHERE name = ?", key, name)
		}
		s.exec(tenant, "INSERT INTO role_bindings (tenant_id, user_id, scope_type, scope_id, role_id) SELECT ?, ?, 'TENANT', ?, id FROM roles WHERE name = ?",
			tenant, p.user, tenant.String(), name)
	}
	return p
}
