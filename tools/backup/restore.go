package backup

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"filippo.io/age"
	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/installation"
	"go.updspace.com/tools/services"
)

// Verify reads the manifest of a backup and compares every file with its checksum. It needs no key.
func Verify(folder string) (Manifest, error) {
	text, err := os.ReadFile(filepath.Join(folder, manifestFile))
	if err != nil {
		return Manifest{}, fmt.Errorf("this is no complete backup: %w", err)
	}
	var m Manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fmt.Errorf("reading the manifest: %w", err)
	}
	if m.Format != format {
		return m, fmt.Errorf("the backup has the format %d, and this program reads %d", m.Format, format)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return m, err
	}
	defer root.Close()
	var problems []error
	for _, f := range m.Files {
		problems = append(problems, f.verify(root))
	}
	return m, errors.Join(problems...)
}

func (f File) verify(root *os.Root) error {
	file, err := root.Open(f.Name)
	if err != nil {
		return err
	}
	defer file.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, file)
	if err != nil {
		return err
	}
	if n != f.Bytes || hex.EncodeToString(sum.Sum(nil)) != f.SHA256 {
		return fmt.Errorf("%s is not what was written: its checksum differs", f.Name)
	}
	return nil
}

// Restore puts a backup into databases that do not exist yet or have no tables, and into a folder of files that is empty. The settings must
// be those of the installation, with their secrets: sealed values need the keys, and the roles get the passwords. identities are the private
// keys of an encrypted backup. Start the platform afterwards, not before.
func Restore(ctx context.Context, o Options, identities []age.Identity) error {
	m, err := Verify(o.Folder)
	if err != nil {
		return err
	}
	if m.Encrypted && len(identities) == 0 {
		return errors.New("the backup is encrypted: its private key is needed")
	}
	restore, err := program("pg_restore")
	if err != nil {
		return err
	}
	if err := o.empty(ctx); err != nil {
		return err
	}
	all := services.All()
	for _, f := range m.Files {
		var into func(io.Reader) error
		switch f.Kind {
		case kindDatabase:
			i := slices.IndexFunc(all, func(s services.Service) bool { return s.Database == f.Database })
			if i < 0 {
				return fmt.Errorf("the backup has a database %s, which no service of this version has", f.Database)
			}
			into = func(in io.Reader) error { return o.database(ctx, restore, all[i], m.Made, in) }
		case kindFiles:
			into = func(in io.Reader) error { return unpack(ctx, in, o.Settings.Env("portal")["BLOB_DIR"]) }
		default:
			continue
		}
		if err := o.read(f, m.Encrypted, identities, into); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
		o.Progress(f)
	}
	return nil
}

func (o Options) read(f File, encrypted bool, identities []age.Identity, into func(io.Reader) error) error {
	file, err := os.Open(filepath.Join(o.Folder, filepath.Base(f.Name)))
	if err != nil {
		return err
	}
	defer file.Close()
	if !encrypted {
		return into(file)
	}
	plain, err := age.Decrypt(file, identities...)
	if err != nil {
		return err
	}
	return into(plain)
}

// empty says whether there is nothing that a restore would mix with.
func (o Options) empty(ctx context.Context) error {
	server, err := pgx.Connect(ctx, o.AdminURL)
	if err != nil {
		return err
	}
	defer server.Close(context.WithoutCancel(ctx))
	for _, s := range services.All() {
		var exists bool
		if err := server.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", s.Database).Scan(&exists); err != nil {
			return err
		}
		if !exists {
			continue
		}
		if err := o.noTables(ctx, s.Database); err != nil {
			return err
		}
	}
	if dir := o.Settings.Env("portal")["BLOB_DIR"]; dir != "" {
		if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
			return fmt.Errorf("there are files in %s already", dir)
		}
	}
	return o.noEvents(ctx)
}

// noEvents says whether the broker is a new one: events that are newer than the databases would tell of what is not there.
func (o Options) noEvents(ctx context.Context) error {
	cfg, err := o.Settings.Config()
	if err != nil {
		return err
	}
	if cfg.NATSURL == "" {
		dir := cfg.BrokerDir()
		if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
			return fmt.Errorf("the broker has events in %s: move it away", dir)
		}
		return nil
	}
	nc, err := nats.Connect(cfg.NATSURL)
	if err != nil {
		return fmt.Errorf("connecting to NATS_URL: %w", err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		return err
	}
	switch _, err := js.Stream(ctx, outbox.StreamEvents); {
	case err == nil:
		return fmt.Errorf("the broker has the stream %s: remove it", outbox.StreamEvents)
	case errors.Is(err, jetstream.ErrStreamNotFound):
		return nil
	default:
		return err
	}
}

func (o Options) noTables(ctx context.Context, database string) error {
	url, err := pg.DatabaseURL(o.AdminURL, database)
	if err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var tables int
	if err := conn.QueryRow(ctx, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").Scan(&tables); err != nil {
		return err
	}
	if tables > 0 {
		return fmt.Errorf("the database %s has tables already: a restore needs new ones", database)
	}
	return nil
}

// republished is from how long before the backup the events of a service are published again. The databases are of slightly different ages, so
// a consumer's may lack an event that the publisher's counts as sent. Those that a consumer knows are in its inbox, and change nothing.
const republished = time.Hour

// database makes a service's database with its roles, and fills it.
func (o Options) database(ctx context.Context, restore string, s services.Service, made time.Time, in io.Reader) error {
	if err := installation.Provision(ctx, o.AdminURL, o.Settings, s); err != nil {
		return err
	}
	url, err := pg.DatabaseURL(o.AdminURL, s.Database)
	if err != nil {
		return err
	}
	if err := run(ctx, in, io.Discard, restore, url, "--dbname="+s.Database, "--no-password", "--exit-on-error", "--single-transaction"); err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "UPDATE outbox SET published_at = NULL WHERE published_at > $1", made.Add(-republished)); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "ANALYZE")
	return err
}

func unpack(ctx context.Context, in io.Reader, dir string) error {
	if dir == "" {
		return errors.New("the backup has files of members, and BLOB_DIR is not set")
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir) // no name in the archive leads out of it
	if err != nil {
		return err
	}
	defer root.Close()
	for archive := tar.NewReader(in); ctx.Err() == nil; {
		head, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := unpackFile(root, head, archive); err != nil {
			return fmt.Errorf("%s: %w", head.Name, err)
		}
	}
	return ctx.Err()
}

func unpackFile(root *os.Root, head *tar.Header, content io.Reader) error {
	if err := root.MkdirAll(filepath.Dir(head.Name), 0o750); err != nil {
		return err
	}
	f, err := root.OpenFile(head.Name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, content)
	return errors.Join(err, f.Close(), root.Chtimes(head.Name, head.ModTime, head.ModTime))
}
