// Package installation runs UpdSpace on one machine, in production: Init writes its settings, Check says what is wrong with them, and Serve
// runs all services in one process.
package installation

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/joho/godotenv"

	"go.updspace.com/libs/config"
	"go.updspace.com/tools/broker"
	"go.updspace.com/tools/services"
)

// sharedFile has the settings of all services. Each service has a file of its own beside it, such as voting.env, which wins. The same files
// are environments for systemd, containers, or the service's own program.
const sharedFile = "updspace.env"

// Settings are the settings of an installation.
type Settings struct {
	Dir    string
	shared map[string]string
	own    map[string]map[string]string // by service
}

// Read reads the files of a directory. A setting that a file names as NAME_FILE is read from that file.
func Read(dir string) (Settings, error) {
	s := Settings{Dir: dir, own: map[string]map[string]string{}}
	var err error
	if s.shared, err = readFile(filepath.Join(dir, sharedFile)); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return s, fmt.Errorf("there is no %s in %s: run updspace init, or name the directory with --config", sharedFile, dir)
		}
		return s, err
	}
	for _, service := range services.All() {
		own, err := readFile(filepath.Join(dir, service.Name+".env"))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return s, err
		}
		s.own[service.Name] = own
	}
	return s, nil
}

func readFile(path string) (map[string]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	values, err := godotenv.Parse(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	if values, err = config.Files(values); err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	return values, nil
}

// Env is the environment of a service.
func (s Settings) Env(service string) map[string]string {
	env := maps.Clone(s.shared)
	maps.Copy(env, s.own[service])
	return env
}

// OperatorEnv is the environment of an operator's command: that of the service, with the broker that serve runs.
func (s Settings) OperatorEnv(service string) (map[string]string, error) {
	cfg, err := s.Config()
	if err != nil {
		return nil, err
	}
	env := s.Env(service)
	if cfg.NATSURL == "" {
		env["NATS_URL"] = broker.URL(cfg.NATSPort, cfg.NATSToken)
	}
	return env, nil
}

// writeFile writes settings in the order of their names, readable by their owner alone. An existing file is kept.
func writeFile(path, head string, values map[string]string) error {
	var text strings.Builder
	for line := range strings.SplitSeq(head, "\n") {
		fmt.Fprintf(&text, "# %s\n", line)
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		// In single quotes, which systemd, Docker and godotenv take literally.
		if strings.ContainsAny(values[name], "'\n\r") {
			return fmt.Errorf("%s must not contain quotes or line breaks", name)
		}
		fmt.Fprintf(&text, "%s='%s'\n", name, values[name])
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString(text.String())
	return errors.Join(err, f.Sync(), f.Close())
}
