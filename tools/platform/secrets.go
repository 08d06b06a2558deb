package platform

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// secrets are generated once per working copy and kept in files only their owner can read. Nothing in the repository knows them.
type secrets struct {
	dir    string
	values map[string]string
}

func openSecrets(dir string) (*secrets, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	s := &secrets{dir: dir, values: map[string]string{}}
	for _, name := range secretNames {
		if err := s.load(name); err != nil {
			return nil, fmt.Errorf("platform: secret %s: %w", name, err)
		}
	}
	return s, nil
}

func (s *secrets) load(name string) error {
	file := filepath.Join(s.dir, name)
	b, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		raw := make([]byte, 32)
		_, _ = rand.Read(raw) // never fails, says its documentation
		value := base64.StdEncoding.EncodeToString(raw)
		// Written aside and renamed, so that a kill in between leaves no half secret behind.
		if err := os.WriteFile(file+".new", []byte(value+"\n"), 0o600); err != nil {
			return err
		}
		if err := os.Rename(file+".new", file); err != nil {
			return err
		}
		s.values[name] = value
		return nil
	}
	if err != nil {
		return err
	}
	s.values[name] = strings.TrimSpace(string(b))
	return nil
}

// get returns 32 random bytes in base64. The name must be listed in secretNames.
func (s *secrets) get(name string) string {
	v, ok := s.values[name]
	if !ok {
		panic("platform: no secret " + name)
	}
	return v
}
