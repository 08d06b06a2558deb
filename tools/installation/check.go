package installation

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"go.updspace.com/tools/services"
)

// Check reports every setting that is wrong, with the file that it belongs to. It connects to nothing.
func (s Settings) Check() error {
	var problems []error
	wrong := func(file string, err error) {
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", file, err))
		}
	}
	cfg, err := s.Config()
	wrong(sharedFile, err)
	if err == nil {
		wrong(sharedFile, cfg.checkCertificate(time.Now()))
	}
	for _, service := range services.All() {
		env := s.Env(service.Name)
		if env["NATS_URL"] == "" {
			env["NATS_URL"] = "nats://127.0.0.1" // serve will run one
		}
		wrong(service.Name+".env", service.Check(env))
		if err == nil && env["LISTEN_ADDR"] == cfg.Addr {
			wrong(service.Name+".env", errors.New("LISTEN_ADDR is the address of SERVE_ADDR"))
		}
	}
	return errors.Join(problems...)
}

// checkCertificate says whether the certificate can be loaded, is valid now, and is for the hosts of the platform.
func (c Config) checkCertificate(now time.Time) error {
	if c.Certificate == "" {
		return nil
	}
	pair, err := tls.LoadX509KeyPair(c.Certificate, c.PrivateKey)
	if err != nil {
		return fmt.Errorf("SERVE_TLS_CERTIFICATE: %w", err)
	}
	leaf, err := x509.ParseCertificate(pair.Certificate[0])
	if err != nil {
		return fmt.Errorf("SERVE_TLS_CERTIFICATE: %w", err)
	}
	var problems []error
	if now.After(leaf.NotAfter) || now.Before(leaf.NotBefore) {
		problems = append(problems, fmt.Errorf("SERVE_TLS_CERTIFICATE is valid from %s to %s", leaf.NotBefore.Format(time.DateOnly), leaf.NotAfter.Format(time.DateOnly)))
	}
	pages, err := url.Parse(strings.Replace(c.PublicOrigin, "{tenant}", "community", 1))
	if err != nil {
		return fmt.Errorf("PUBLIC_ORIGIN: %w", err)
	}
	for _, host := range []string{c.idHost(), pages.Hostname()} {
		if err := leaf.VerifyHostname(host); err != nil {
			problems = append(problems, fmt.Errorf("SERVE_TLS_CERTIFICATE: %w", err))
		}
	}
	return errors.Join(problems...)
}
