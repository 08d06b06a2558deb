package identity_test

import (
	"bufio"
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/identity/domain"
)

// npm openid-client signs a user in with every method of authentication, and verifies ID tokens of every algorithm. It needs Node and
// the packages of `npm ci`.
func TestOpenIDClientOfNodeSignsAUserIn(t *testing.T) {
	t.Parallel()
	s := newSuite(t)
	authority := filepath.Join(t.TempDir(), "authority.pem")
	require.NoError(t, os.WriteFile(authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.rp.Certificate().Raw}), 0o600))
	key := privateKeys(t)[domain.ES256]
	der, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	for _, tc := range []struct {
		method    string
		algorithm domain.Algorithm
	}{
		{"client_secret_basic", domain.ES256}, {"client_secret_post", domain.RS256}, {"private_key_jwt", domain.EdDSA}, {"none", domain.ES256},
	} {
		t.Run(tc.method, func(t *testing.T) {
			m := s.module(t)
			c := domain.Client{
				ID: tc.method, Name: tc.method, Algorithm: tc.algorithm, Redirects: []domain.RedirectRule{domain.RedirectRule(m.rp.URL + rpCallback)},
				GrantTypes: []string{domain.GrantCode, domain.GrantRefresh},
			}
			switch tc.method {
			case "private_key_jwt":
				c.Keys = []domain.ClientKey{{ID: "key", Algorithm: domain.ES256, Public: key.Public()}}
			case "none":
			default:
				c.Secrets = []domain.Hash{domain.Secret(secretOf(c.ID)).Hash()}
			}
			require.NoError(t, s.Clients.Register(ctx, c))
			settings, err := json.Marshal(map[string]string{
				"issuer": s.url, "id": c.ID, "secret": secretOf(c.ID), "method": tc.method, "key": base64.StdEncoding.EncodeToString(der),
				"algorithm": string(tc.algorithm), "redirectURI": m.rp.URL + rpCallback, "scope": "openid email offline_access",
			})
			require.NoError(t, err)

			node := exec.CommandContext(t.Context(), "node", "testdata/openid-client.mjs")
			node.Env = append(os.Environ(), "RELYING_PARTY="+string(settings), "NODE_EXTRA_CA_CERTS="+authority)
			var problems bytes.Buffer
			node.Stderr = &problems
			in, err := node.StdinPipe()
			require.NoError(t, err)
			out, err := node.StdoutPipe()
			require.NoError(t, err)
			require.NoError(t, node.Start())
			lines := bufio.NewReader(out)
			target, err := lines.ReadString('\n')
			require.NoError(t, err, problems.String())

			f := m.flow()
			p := m.walk(f, m.b.get(m.path(target[:len(target)-1])))
			require.Len(t, m.rp.take(), 1)
			_, err = io.WriteString(in, p.Request.URL.String()+"\n")
			require.NoError(t, err)
			rest, err := io.ReadAll(lines)
			require.NoError(t, err)
			require.NoError(t, node.Wait(), problems.String())
			active := `true`
			if tc.method == "none" {
				active = `null`
			}
			require.JSONEq(t, `{"sub":"`+member.String()+`","email":"member@aef.test","refreshed":true,"active":`+active+`,"refused":true}`, string(rest))
		})
	}
}
