package devstack

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5"
)

// Standby starts a second server that follows this one, which must have been started with Replicated. The first one is stopped while its data
// is copied, and starts again at its address.
func (p *Postgres) Standby(ctx context.Context) (*Postgres, error) {
	if p.external() {
		return nil, errExternal
	}
	if !p.opts.Replicated {
		return nil, errors.New("devstack: the server was not started to be followed")
	}
	home, lock, err := throwAwayDir(p.as, "postgres")
	if err != nil {
		return nil, err
	}
	s := &Postgres{opts: Options{Log: p.opts.Log, Replicated: true}, as: p.as, programs: p.programs, Source: p.Source, password: p.password, home: home, lock: lock}
	if err := s.follow(ctx, p); err != nil {
		s.Stop()
		return nil, fmt.Errorf("devstack: standby: %w", err)
	}
	return s, nil
}

func (p *Postgres) follow(ctx context.Context, primary *Postgres) error {
	primary.stopServer(fast)
	if err := os.CopyFS(p.data(), os.DirFS(primary.data())); err != nil {
		return err
	}
	if err := primary.Start(ctx); err != nil {
		return err
	}
	conf, err := os.OpenFile(filepath.Join(p.data(), "postgresql.auto.conf"), os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(conf, "primary_conninfo = 'host=127.0.0.1 port=%d user=%s password=%s'\n", primary.Port, superuser, primary.password)
	if err := errors.Join(err, conf.Close(), os.WriteFile(filepath.Join(p.data(), "standby.signal"), nil, 0o600)); err != nil {
		return err
	}
	err = filepath.WalkDir(p.data(), func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			err = os.Chmod(path, 0o700) // PostgreSQL insists
		}
		return errors.Join(err, p.as.own(path))
	})
	if err != nil {
		return err
	}
	if err := p.openOutput(); err != nil {
		return err
	}
	return p.Start(ctx)
}

// Synchronous makes each commit wait until a standby has it, so that the loss of this server loses nothing that was acknowledged.
func (p *Postgres) Synchronous(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, p.AdminURL)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "ALTER SYSTEM SET synchronous_standby_names = '*'")
	if err == nil {
		_, err = conn.Exec(ctx, "SELECT pg_reload_conf()")
	}
	return errors.Join(err, conn.Close(ctx))
}

// Promote makes a standby the primary. It returns when the server takes writes.
func (p *Postgres) Promote(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, p.AdminURL)
	if err != nil {
		return err
	}
	var promoted bool
	err = conn.QueryRow(ctx, "SELECT pg_promote(true, 60)").Scan(&promoted)
	if err == nil && !promoted {
		err = errors.New("devstack: the standby was not promoted in time")
	}
	return errors.Join(err, conn.Close(ctx))
}
