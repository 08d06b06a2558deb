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
)

// reply is an answer as it came.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// answer is what the generated client returns.
type answer interface {
	StatusCode() int
	GetBody() []byte
}

func of(a answer) reply { return reply{status: a.StatusCode(), body: a.GetBody()} }

func (r reply) code() string {
	var envelope struct {
		Error struct{ Code string }
	}
	_ = json.Unmarshal(r.body, &envelope) // no envelope: no code
	return envelope.Error.Code
}

// details are those of the error, as JSON.
func (r reply) details() string {
	var envelope struct {
		Error struct{ Details json.RawMessage }
	}
	_ = json.Unmarshal(r.body, &envelope) // no envelope: no details
	return string(envelope.Error.Details)
}

// call sends a request of the person's. Requests under one id are one request.
func (s *service) call(p person, method, path, body string, id ...string) reply {
	s.t.Helper()
	rc := p.context()
	if len(id) > 0 {
		rc.RequestID = id[0]
	}
	r, err := http.NewRequestWithContext(reqctx.With(context.Background(), rc), method, s.url+"/api/v1/access"+path, strings.NewReader(body))
	require.NoError(s.t, err)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	resp, err := s.http(p).Do(r)
	require.NoError(s.t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(s.t, err)
	return reply{status: resp.StatusCode, header: resp.Header, body: text}
}

// refused expects an error of a status and code.
func (s *service) refused(r reply, status int, code string) reply {
	s.t.Helper()
	require.Equal(s.t, status, r.status, "%s", r.body)
	require.Equal(s.t, code, r.code(), "%s", r.body)
	return r
}

// made expects a status and reads the answer.
func made[T any](s *service, r reply, status int) (v T) {
	s.t.Helper()
	require.Equal(s.t, status, r.status, "%s", r.body)
	require.NoError(s.t, json.Unmarshal(r.body, &v), "%s", r.body)
	return v
}

// steward holds every right over rights, forever, and exactly the given keys besides.
func (s *service) steward(tenant uuid.UUID, keys ...string) person {
	s.t.Helper()
	p := member(tenant)
	byService := map[domain.Service][]string{
		domain.Portal: {domain.ReadRoles, domain.WriteRoles, domain.WriteBindings, domain.WriteOverrides},
	}
	for _, key := range keys {
		permission, ok := domain.Platform.Find(key)
		require.True(s.t, ok, key)
		byService[permission.Service] = append(byService[permission.Service], key)
	}
	for service, held := range byService {
		name := "steward " + uuid.NewString()
		s.exec(tenant, "INSERT INTO roles (tenant_id, service, name) VALUES (?, ?, ?)", tenant, service, name)
		for _, key := range held {
			s.exec(tenant, "INSERT INTO role_permissions (role_id, permission_key) SELECT id, ? FROM roles WHERE name = ?", key, name)
		}
		s.exec(tenant, "INSERT INTO role_bindings (tenant_id, user_id, scope_type, scope_id, role_id) SELECT ?, ?, 'TENANT', ?, id FROM roles WHERE name = ?",
			tenant, p.user, tenant.String(), name)
	}
	return p
}
