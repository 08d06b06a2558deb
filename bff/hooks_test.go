package bff_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/reqctx"
)

// Messages of sources come from programs: without a cookie or a CSRF token, for the tenant of the host and no user, with the headers that
// they are signed by.
func TestMessagesOfSourcesNeedNoSession(t *testing.T) {
	t.Parallel()
	service := newService(t, "activity")
	service.handle("/", func(w http.ResponseWriter, _ *http.Request, _ reqctx.Context) {
		answer(w, http.StatusOK, map[string]any{})
	})
	p := start(t, func(p *platform) { p.cfg.ActivityURL = service.server.URL })
	member := p.browser().signIn(aefHost, member)
	const path = "/api/v1/activity/hooks/5f3c8a5e-3d0c-4d63-8f5e-1c1f6f3e9a11"
	headers := http.Header{"Webhook-Id": {"msg_1"}, "Webhook-Timestamp": {"1614265330"}, "Webhook-Signature": {"v1,AAAA"},
		"X-Signature-Ed25519": {"00ff"}, "X-Signature-Timestamp": {"1614265330"}}
	for _, b := range []*browser{p.browser(), member} {
		r := b.do(http.MethodPost, aefHost+path, `{"type":"x"}`, headers.Clone())
		require.Equal(t, http.StatusOK, r.status, r.body)
		require.Empty(t, r.header["Set-Cookie"])
		got := service.last(t)
		require.Equal(t, path, got.uri)
		require.Equal(t, []any{aef, "aef", uuid.Nil}, []any{got.rc.TenantID, got.rc.TenantSlug, got.rc.UserID})
		for name := range headers {
			require.Equal(t, headers.Get(name), got.header.Get(name))
		}
	}
	asked := service.count()
	p.browser().do(http.MethodPost, aefHost+"/api/v1/activity/hooksx", "{}", nil).refuses(http.StatusForbidden, "CSRF_FAILED")
	p.browser().get(aefHost+"/api/v1/activity/admin/sources").refuses(http.StatusUnauthorized, "UNAUTHORIZED")
	require.Equal(t, asked, service.count())
}
