package installation_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"go.updspace.com/tools/devkit/devstack"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/installation"
	"go.updspace.com/tools/journey"
	"go.updspace.com/tools/services"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const (
	domain = "play.example.test"
	admin  = "founder@example.test"
)

// An installation on one machine, behind nothing: init makes it, serve runs it over TLS, and its first administrator signs in by a mailed
// link and administers.
func TestTheFirstAdministratorSignsInByAMailedLink(t *testing.T) {
	mails := newMailServer(t)
	cert, key, roots := certificate(t, "*."+domain)
	answers := answers(t, mails)
	answers.Certificate, answers.PrivateKey = cert, key
	dir := initialised(t, answers)
	at, stop := serve(t, dir)

	transport := toDoor(at.addr, roots)
	defer transport.CloseIdleConnections()
	b := journey.NewBrowser(at.tenant("first"), transport, nil)
	require.NoError(t, b.Open(t.Context(), "/").Page())
	require.NoError(t, b.Send(t.Context(), http.MethodGet, "/api/v1/session/me", nil).ExpectCode(http.StatusUnauthorized, "UNAUTHORIZED"))
	require.NoError(t, b.Send(t.Context(), http.MethodPost, "/api/v1/session/login", map[string]any{"email": admin, "next": "/"}).Expect(http.StatusOK))
	require.NoError(t, journey.FollowLink(t.Context(), b, mails.link(t, at.tenant("first"))).Page())

	var me struct {
		User struct {
			MasterFlags map[string]any `json:"master_flags"`
		}
	}
	require.NoError(t, b.Send(t.Context(), http.MethodGet, "/api/v1/session/me", nil).JSON(http.StatusOK, &me))
	require.Equal(t, true, me.User.MasterFlags["system_admin"])
	require.Eventually(t, func() bool { // the events of the embedded broker make the owner an administrator of the community
		made := b.Send(t.Context(), http.MethodPost, "/api/v1/portal/communities", map[string]any{"name": "Raiders"})
		return made.Status == http.StatusCreated
	}, 30*time.Second, 100*time.Millisecond)
	require.NoError(t, b.Open(t.Context(), at.id+"/login").Page(), "the ID host is at the same door")
	require.Equal(t, []string{"certificate"}, problems(t, dir), "which ends within the hour")
	require.NoError(t, journey.NewBrowser(at.tenant("nobody"), transport, nil).Send(t.Context(), http.MethodGet, "/api/v1/tenant", nil).Expect(http.StatusNotFound))

	stop()
	_, stop = serve(t, dir)
	transport.CloseIdleConnections()
	require.NoError(t, b.Send(t.Context(), http.MethodGet, "/api/v1/session/me", nil).Expect(http.StatusOK), "the session is still there")
	stop()
	require.Equal(t, []string{
		"NATS", "certificate", "identity", "access", "portal", "voting", "events", "gamification", "activity", "bff", "door",
	}, problems(t, dir), "when it does not run")
}

// problems are the parts of an installation that are not in order.
func problems(t *testing.T, dir string) (parts []string) {
	t.Helper()
	s, err := installation.Read(dir)
	require.NoError(t, err)
	for _, f := range installation.Examine(t.Context(), s) {
		if f.Problem != nil {
			parts = append(parts, f.What)
		}
	}
	return parts
}

func TestInitKeepsWhatIsThere(t *testing.T) {
	mails := newMailServer(t)
	answers := answers(t, mails)
	dir := initialised(t, answers)
	before := contents(t, dir)
	require.NoError(t, installation.Init(t.Context(), dir, answers, func(string) {}))
	require.Equal(t, before, contents(t, dir))
	for name, text := range before {
		info, err := os.Stat(filepath.Join(dir, name))
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), name)
		require.NotContains(t, text, password(t, answers.DatabaseURL), "the administrator's password of PostgreSQL is not stored")
	}
}

func TestInitNamesEveryAnswerThatIsWrong(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "etc")
	err := installation.Init(t.Context(), dir, installation.Answers{Domain: "not a domain", DatabaseURL: "mysql://x", Certificate: "/only/one"}, func(string) {})
	for _, flag := range []string{"--domain", "--database-url", "--smtp-host", "--smtp-from", "--admin", "--community", "--tls-key"} {
		require.ErrorContains(t, err, flag)
	}
	require.NoDirExists(t, dir)
}

func TestCheckNamesTheFileAndTheSetting(t *testing.T) {
	answers := answers(t, newMailServer(t))
	answers.Certificate, answers.PrivateKey, _ = certificate(t, "*.elsewhere.test")
	dir := filepath.Join(t.TempDir(), "etc")
	require.ErrorContains(t, installation.Init(t.Context(), dir, answers, func(string) {}), "updspace.env: SERVE_TLS_CERTIFICATE: x509: certificate is valid for *.elsewhere.test")

	change(t, dir, "identity.env", func(text string) string {
		return regexp.MustCompile(`(?m)^(SMTP_HOST|IDENTITY_SEAL_KEYS)=.*\n`).ReplaceAllString(text, "")
	})
	s, err := installation.Read(dir)
	require.NoError(t, err)
	err = s.Check()
	require.ErrorContains(t, err, "identity.env: ")
	require.ErrorContains(t, err, "SMTP_HOST must be set")
	require.ErrorContains(t, err, "IDENTITY_SEAL_KEYS")

	_, err = installation.Read(t.TempDir())
	require.ErrorContains(t, err, "run updspace init")
}

// Each setting has a meaning in the reference, and docs/operate/settings.md is the reference.
func TestTheReferenceIsComplete(t *testing.T) {
	root, ok := devstack.WorkspaceRoot()
	require.True(t, ok)
	var made strings.Builder
	require.NoError(t, installation.Reference(&made, root))
	for line := range strings.Lines(made.String()) {
		if cells := strings.Split(line, " | "); strings.HasPrefix(line, "| `") {
			require.NotEmpty(t, strings.TrimSpace(cells[2]), "%s has no comment", cells[0])
		}
	}
	stored, err := os.ReadFile(filepath.Join(root, "docs", "operate", "settings.md"))
	require.NoError(t, err)
	require.Equal(t, made.String(), string(stored), "run make gen")
}

func answers(t *testing.T, mails *mailServer) installation.Answers {
	t.Helper()
	return installation.Answers{
		Domain: domain, DatabaseURL: testkit.OwnServer(t),
		SMTPHost: "127.0.0.1", SMTPPort: mails.port, SMTPTLS: "none", SMTPFrom: "noreply@" + domain,
		AdminEmail: admin, Community: "first", Addr: "127.0.0.1:" + strconv.Itoa(freePort(t)), DataDir: t.TempDir(),
	}
}

// initialised is a new installation on ports that are free.
func initialised(t *testing.T, a installation.Answers) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "etc")
	require.NoError(t, installation.Init(t.Context(), dir, a, func(string) {}))
	ports := map[string]string{}
	for _, s := range services.All() {
		for _, fixed := range []int{s.Port, s.Port + 1000} {
			ports[":"+strconv.Itoa(fixed)] = ":" + strconv.Itoa(freePort(t))
		}
	}
	for name := range contents(t, dir) {
		change(t, dir, name, func(text string) string {
			for fixed, free := range ports {
				text = strings.ReplaceAll(text, "127.0.0.1"+fixed+"'", "127.0.0.1"+free+"'")
				text = strings.ReplaceAll(text, "127.0.0.1"+fixed+"/", "127.0.0.1"+free+"/")
			}
			return text
		})
	}
	change(t, dir, "updspace.env", func(text string) string { return text + fmt.Sprintf("SERVE_NATS_PORT=%d\n", freePort(t)) })
	return dir
}

// origins are where a browser finds the installation.
type origins struct{ addr, id, port string }

func (o origins) tenant(slug string) string { return "https://" + slug + "." + domain + ":" + o.port }

func serve(t *testing.T, dir string) (at origins, stop func()) {
	t.Helper()
	s, err := installation.Read(dir)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	ready, ended := make(chan net.Addr, 1), make(chan error, 1)
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	require.NoError(t, err)
	go func() { ended <- installation.Serve(ctx, s, log, func(a net.Addr) { ready <- a }) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			require.NoError(t, <-ended)
			require.NoError(t, log.Close())
		})
	}
	t.Cleanup(stop)
	select {
	case a := <-ready:
		_, port, err := net.SplitHostPort(a.String())
		require.NoError(t, err)
		return origins{addr: a.String(), id: "https://id." + domain + ":" + port, port: port}, stop
	case err := <-ended:
		ended <- err
		require.NoError(t, err)
		return origins{}, stop
	}
}

// toDoor reaches the installation whatever the host.
func toDoor(addr string, roots *x509.CertPool) *http.Transport {
	return &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, addr)
		},
	}
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// certificate writes a certificate that signs itself.
func certificate(t *testing.T, host string) (cert, key string, roots *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: host}, DNSNames: []string{host}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	require.NoError(t, err)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	require.NoError(t, os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	require.NoError(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}), 0o600))
	parsed, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	roots = x509.NewCertPool()
	roots.AddCert(parsed)
	return cert, key, roots
}

func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	all := map[string]string{}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		require.NoError(t, err)
		all[e.Name()] = string(text)
	}
	return all
}

func change(t *testing.T, dir, name string, edit func(string) string) {
	t.Helper()
	path := filepath.Join(dir, name)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, []byte(edit(string(text))), 0o600))
}

// mailServer takes mails over SMTP and keeps them.
type mailServer struct {
	port  int
	mu    sync.Mutex
	mails []string
}

func newMailServer(t *testing.T) *mailServer {
	t.Helper()
	m := &mailServer{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	m.port = l.Addr().(*net.TCPAddr).Port
	server := smtp.NewServer(m)
	ended := make(chan struct{})
	go func() { defer close(ended); _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close(); <-ended })
	return m
}

func (m *mailServer) NewSession(*smtp.Conn) (smtp.Session, error) { return mailSession{m}, nil }

type mailSession struct{ server *mailServer }

func (mailSession) Reset()                               {}
func (mailSession) Logout() error                        { return nil }
func (mailSession) Mail(string, *smtp.MailOptions) error { return nil }
func (mailSession) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (s mailSession) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.mails = append(s.server.mails, strings.NewReplacer("=\r\n", "", "=3D", "=").Replace(string(text))) // quoted-printable
	return err
}

// link waits for a mail with a link to a host, and returns the link.
func (m *mailServer) link(t *testing.T, origin string) (link string) {
	t.Helper()
	find := regexp.MustCompile(regexp.QuoteMeta(origin) + `/api/v1/session/callback[^\s"<>]+`)
	require.Eventually(t, func() bool {
		m.mu.Lock()
		defer m.mu.Unlock()
		for _, mail := range m.mails {
			if link = find.FindString(mail); link != "" {
				return true
			}
		}
		return false
	}, 30*time.Second, 50*time.Millisecond)
	return link
}

// password is the part of the administrator's URL that nothing may store.
func password(t *testing.T, adminURL string) string {
	t.Helper()
	u, err := url.Parse(adminURL)
	require.NoError(t, err)
	password, _ := u.User.Password()
	require.NotEmpty(t, password)
	return password
}
