package providers_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/errs"
)

// A provider that fails may answer with all that it was sent: no error, and so no line of the log, has it.
func TestWhatProvidersEchoIsInNoError(t *testing.T) {
	t.Parallel()
	raw := func(w http.ResponseWriter, text string) {
		connection, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_, _ = io.WriteString(connection, text)
			_ = connection.Close()
		}
	}
	as := func(status int, format string) func(w http.ResponseWriter, echo string) {
		return func(w http.ResponseWriter, echo string) {
			quoted, _ := json.Marshal(echo)
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, strings.ReplaceAll(format, "ECHO", string(quoted)))
		}
	}
	for name, answer := range map[string]func(w http.ResponseWriter, echo string){
		"an error":       as(500, "ECHO"),
		"a refusal":      as(400, `{"error":ECHO,"error_description":ECHO,"error_uri":ECHO}`),
		"a known code":   as(400, `{"error":"invalid_grant","error_description":ECHO,"error_uri":ECHO}`),
		"no JSON":        as(200, "{ECHO"),
		"another thing":  as(200, "[ECHO]"),
		"no token":       as(200, `{"access_token":0,"x":ECHO}`),
		"no account":     as(200, `{"access_token":"access-secret","token_type":ECHO,"expires_in":1,"id_token":ECHO,"issuer":ECHO}`),
		"no HTTP":        raw,
		"a header alone": func(w http.ResponseWriter, echo string) { raw(w, "HTTP/1.1 200 OK\r\n"+echo+"\r\n\r\n") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := broken(t, func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				sent, _ := url.QueryUnescape(string(body))
				answer(w, fmt.Sprint(r.URL, " ", sent, " ", r.Header))
			})
			for _, id := range all {
				proof := domain.FlowProof{Verifier: "verifier-secret-verifier-secret-verifier-secret", Nonce: "nonce"}
				back := answers(p, id)
				if back.Has("code") {
					back.Set("code", "code-secret")
				}
				_, err := p.Finish(t.Context(), id, back, "state", proof)
				require.Error(t, err, id)
				require.NotEqual(t, errs.Internal, errs.KindOf(err))
				require.NotContains(t, err.Error(), "secret", id)
			}
		})
	}
}
