package activity_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// recorder keeps the answers of the service, without the fields that show a new secret once.
type recorder struct {
	next  http.RoundTripper
	texts *lines
}

func (r recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	answer, err := r.next.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	answer.Body = io.NopCloser(bytes.NewReader(body))
	shown := body
	var fields map[string]any
	path := request.URL.Path
	once := request.Method == http.MethodPost && (strings.HasSuffix(path, "/webhooks") || strings.HasSuffix(path, "/sources") || strings.HasSuffix(path, "secret"))
	if once && json.Unmarshal(body, &fields) == nil {
		delete(fields, "secret")
		delete(fields, "secret_hex")
		shown, _ = json.Marshal(fields)
	}
	_, _ = io.WriteString(r.texts, request.Method+" "+path+" "+answer.Status+"\n"+string(shown)+"\n")
	return answer, err
}

// hidden are secrets by what they are, each in all its forms.
type hidden map[string][]string

func (h hidden) add(what, secret string) {
	escaped, _ := json.Marshal(secret)
	h[what] = append(h[what], secret, url.QueryEscape(secret), strings.Trim(string(escaped), `"`), hex.EncodeToString([]byte(secret)),
		strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(secret)), "="))
}

func (h hidden) addBytes(what string, secret []byte) {
	h[what] = append(h[what], string(secret), hex.EncodeToString(secret), strings.TrimRight(base64.StdEncoding.EncodeToString(secret), "="), base64.RawURLEncoding.EncodeToString(secret))
}

// addSigning adds a secret of Standard Webhooks: the key, and the text that has it.
func (h hidden) addSigning(t testing.TB, what, secret string) {
	t.Helper()
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	require.NoError(t, err)
	h.addBytes(what, key)
}
