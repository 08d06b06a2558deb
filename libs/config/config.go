// Package config reads a service's settings from its environment, once, at
// start. A setting NAME may also be given as NAME_FILE, the path of a file that
// holds it, which is how secrets are mounted.
package config

import (
	"fmt"
	"os"
	"strings"

	"github.com/caarlos0/env/v11"
)

// Validator is a configuration that can say what is wrong with it.
type Validator interface {
	Validate() error
}

// Load fills a configuration from the environment and validates it.
func Load[C any]() (C, error) {
	environment, err := Files(env.ToMap(os.Environ()))
	if err != nil {
		var zero C
		return zero, err
	}
	return Parse[C](environment)
}

// Parse is Load from a given environment.
func Parse[C any](environment map[string]string) (C, error) {
	cfg, err := env.ParseAsWithOptions[C](env.Options{Environment: environment})
	if err != nil {
		return cfg, fmt.Errorf("reading the environment: %w", err)
	}
	if v, ok := any(cfg).(Validator); ok {
		if err := v.Validate(); err != nil {
			return cfg, fmt.Errorf("checking the configuration: %w", err)
		}
	}
	return cfg, nil
}

const fileSuffix = "_FILE"

// Files replaces every NAME_FILE by NAME with the file's content. Naming
// both is refused: which one counts would be a guess.
func Files(environment map[string]string) (map[string]string, error) {
	for name, path := range environment {
		target, ok := strings.CutSuffix(name, fileSuffix)
		if !ok || target == "" || !Secret(target) {
			continue
		}
		if _, both := environment[target]; both {
			return nil, fmt.Errorf("both %s and %s are set", target, name)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
		environment[target] = strings.TrimRight(string(content), "\r\n")
		delete(environment, name)
	}
	return environment, nil
}

// Secret tells whether a setting holds a secret, or a URL with one, by its name. Only such a
// setting can come from a file, which keeps foreign variables such as SSL_CERT_FILE out of it.
func Secret(name string) bool {
	for _, part := range []string{"SECRET", "KEY", "KEYS", "PASSWORD", "TOKEN", "DATABASE_URL", "MIGRATE_URL", "REDIS_URL", "NATS_URL", "PREVIOUS"} {
		if strings.HasSuffix(name, part) {
			return true
		}
	}
	return false
}
