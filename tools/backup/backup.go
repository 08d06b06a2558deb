// Package backup writes and restores backups of an installation: a dump of each service's database by pg_dump, the files that members have
// uploaded, and the settings without their secrets, each a file of one folder, with a manifest of checksums.
package backup

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"filippo.io/age"

	"go.updspace.com/libs/config"
	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/installation"
	"go.updspace.com/tools/services"
)

const (
	manifestFile = "manifest.json"
	format       = 1
)

// Manifest says what a backup holds.
type Manifest struct {
	Format    int       `json:"format"`
	Made      time.Time `json:"made"`
	Encrypted bool      `json:"encrypted"`
	Files     []File    `json:"files"`
}

// File is a file of a backup. The checksum is of the file as it is stored, so that it can be verified without the key.
type File struct {
	Name     string `json:"name"`
	Kind     string `json:"kind"`               // database, files or settings
	Database string `json:"database,omitempty"` // of a dump
	Bytes    int64  `json:"bytes"`
	SHA256   string `json:"sha256"`
}

const (
	kindDatabase = "database"
	kindFiles    = "files"
	kindSettings = "settings"
)

// Options say what to back up, and where.
type Options struct {
	Settings installation.Settings
	// AdminURL is of a superuser: row-level security hides the rows of tenants from every other role.
	AdminURL string
	// Folder is where the backup goes; it must not exist.
	Folder string
	// Recipients are the public keys that the backup is encrypted to (age1...). None: it is not encrypted.
	Recipients []string
	// Progress is told of each file that is written or restored.
	Progress func(File)
}

// Write makes a backup. Each database is dumped as it is at one moment. A backup that fails leaves no manifest, and so is none.
func Write(ctx context.Context, o Options) (err error) {
	recipients, err := parseRecipients(o.Recipients)
	if err != nil {
		return err
	}
	dump, err := program("pg_dump")
	if err != nil {
		return err
	}
	if err := os.Mkdir(o.Folder, 0o700); err != nil {
		return fmt.Errorf("the folder of the backup: %w", err)
	}
	w := writer{folder: o.Folder, recipients: recipients, progress: o.Progress}
	for _, s := range services.All() {
		url, err := pg.DatabaseURL(o.AdminURL, s.Database)
		if err != nil {
			return err
		}
		err = w.add(File{Name: s.Database + ".dump", Kind: kindDatabase, Database: s.Database}, func(out io.Writer) error {
			return run(ctx, nil, out, dump, url, "--format=custom", "--no-password", "--lock-wait-timeout=60s")
		})
		if err != nil {
			return fmt.Errorf("dumping %s: %w", s.Database, err)
		}
	}
	env := o.Settings.Env("portal")
	if dir := env["BLOB_DIR"]; dir != "" {
		if err := w.add(File{Name: "files.tar", Kind: kindFiles}, func(out io.Writer) error { return pack(ctx, out, dir) }); err != nil {
			return fmt.Errorf("the files of members: %w", err)
		}
	}
	if err := w.add(File{Name: "settings.env", Kind: kindSettings}, func(out io.Writer) error { return settings(out, o.Settings) }); err != nil {
		return fmt.Errorf("the settings: %w", err)
	}
	return w.manifest(Manifest{Format: format, Made: time.Now().UTC().Truncate(time.Second), Encrypted: len(recipients) > 0, Files: w.files})
}

func parseRecipients(keys []string) ([]age.Recipient, error) {
	var recipients []age.Recipient
	for _, key := range keys {
		r, err := age.ParseX25519Recipient(key)
		if err != nil {
			return nil, fmt.Errorf("the public key %q: %w", key, err)
		}
		recipients = append(recipients, r)
	}
	return recipients, nil
}

// writer writes the files of a backup.
type writer struct {
	folder     string
	recipients []age.Recipient
	progress   func(File)
	files      []File
}

// add writes one file: what fill writes, encrypted if there are recipients.
func (w *writer) add(f File, fill func(io.Writer) error) (err error) {
	if len(w.recipients) > 0 {
		f.Name += ".age"
	}
	file, err := os.OpenFile(filepath.Join(w.folder, f.Name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	counted := &counter{w: file, sum: sha256.New()}
	var out io.WriteCloser = nopCloser{counted}
	if len(w.recipients) > 0 {
		if out, err = age.Encrypt(counted, w.recipients...); err != nil {
			return err
		}
	}
	if err := fill(out); err != nil {
		return err
	}
	if err := errors.Join(out.Close(), file.Sync()); err != nil {
		return err
	}
	f.Bytes, f.SHA256 = counted.n, hex.EncodeToString(counted.sum.Sum(nil))
	w.files = append(w.files, f)
	w.progress(f)
	return nil
}

func (w *writer) manifest(m Manifest) error {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(w.folder, manifestFile), append(text, '\n'), 0o600)
}

type counter struct {
	w   io.Writer
	n   int64
	sum hash.Hash
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	c.sum.Write(b[:n])
	return n, err
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// program finds a program of PostgreSQL's client, the newest that is installed: an older one refuses a newer server.
func program(name string) (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(found) > 0 {
		return slices.MaxFunc(found, func(a, b string) int { return len(a) - len(b) + strings.Compare(a, b) }), nil
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return "", fmt.Errorf("%s is missing: install PostgreSQL's client programs", name)
	}
	return path, nil
}

// run starts a program that reaches the database by its environment, because other users of the machine see command lines.
func run(ctx context.Context, in io.Reader, out io.Writer, name, url string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	env, err := pg.ClientEnv(url)
	if err != nil {
		return err
	}
	var said strings.Builder
	cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = append(os.Environ(), env...), in, out, &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w: %s", filepath.Base(name), err, strings.TrimSpace(said.String()))
	}
	return nil
}

// pack writes the files of a folder as a tar. A file that goes meanwhile is left out: what refers to it was dumped before.
func pack(ctx context.Context, out io.Writer, dir string) error {
	t := tar.NewWriter(out)
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) { // nothing was uploaded yet
		return t.Close()
	}
	if err != nil {
		return err
	}
	defer root.Close()
	err = fs.WalkDir(root.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || ctx.Err() != nil || !d.Type().IsRegular() {
			return errors.Join(err, ctx.Err())
		}
		return packFile(t, root, path)
	})
	return errors.Join(err, t.Close())
}

func packFile(t *tar.Writer, root *os.Root, path string) error {
	f, err := root.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if err := t.WriteHeader(&tar.Header{Name: path, Mode: 0o640, Size: info.Size(), ModTime: info.ModTime()}); err != nil {
		return err
	}
	_, err = io.CopyN(t, f, info.Size())
	return err
}

// settings writes the settings, without what is secret in them.
func settings(out io.Writer, s installation.Settings) error {
	for _, service := range services.All() {
		env := s.Env(service.Name)
		for _, name := range slices.Sorted(maps.Keys(env)) {
			value := env[name]
			if config.Secret(name) {
				value = "(left out)"
			}
			if _, err := fmt.Fprintf(out, "%s %s=%s\n", service.Name, name, value); err != nil {
				return err
			}
		}
	}
	return nil
}
