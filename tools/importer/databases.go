package importer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// marks are tables by which a database is recognised, old and new.
var oldMarks = map[string]string{
	"identity": "usid_user", "access": "access_control_role", "portal": "portal_community", "voting": "voting_poll", "events": "events_event",
	"gamification": "gamification_achievement", "activity": "act_news_post", "bff": "bff_tenant",
}

var newMarks = map[string]string{
	"identity": "oidc_clients", "access": "role_bindings", "portal": "join_requests", "voting": "ballots", "events": "occurrences", "gamification": "grants",
	"activity": "news_posts",
}

// openOld opens the old databases for reading, each in one snapshot.
func (r *run) openOld(urls []string) (closeAll func(), err error) {
	txs, closeAll, err := open(r.ctx, urls, oldMarks, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return closeAll, fmt.Errorf("the old databases: %w", err)
	}
	for service, tx := range txs {
		if r.old[service], err = newSource(r.ctx, service, tx); err != nil {
			return closeAll, fmt.Errorf("the old database of %s: %w", service, err)
		}
	}
	if r.old["identity"] == nil {
		return closeAll, errors.New("the old databases: identity's (with the table usid_user) must be among them")
	}
	for service := range oldMarks {
		if r.old[service] == nil {
			r.old[service] = &source{service: service}
			r.report.missing(service)
		}
	}
	return closeAll, nil
}

// openNew begins a transaction in each service's database that works across tenants.
func (r *run) openNew(urls []string) (closeAll func(), err error) {
	txs, closeAll, err := open(r.ctx, urls, newMarks, pgx.TxOptions{})
	if err != nil {
		return closeAll, fmt.Errorf("the databases of the services: %w", err)
	}
	for service := range newMarks {
		tx := txs[service]
		if tx == nil {
			return closeAll, fmt.Errorf("the databases of the services: %s's (with the table %s) is not among them; each service makes its tables when it starts", service, newMarks[service])
		}
		for _, setting := range []string{"SET LOCAL updspace.across = 'on'", "SET LOCAL synchronous_commit = off", "SET LOCAL work_mem = '64MB'"} {
			if _, err := tx.Exec(r.ctx, setting); err != nil {
				return closeAll, fmt.Errorf("%s: %w", service, err)
			}
		}
		if err := lock(r.ctx, tx); err != nil {
			return closeAll, fmt.Errorf("%s: %w", service, err)
		}
	}
	r.tx = txs
	return closeAll, nil
}

// importLock is the advisory lock of an import: one at a time.
const importLock = 0x696d_706f_7274 // "import"

func lock(ctx context.Context, tx pgx.Tx) error {
	var ours bool
	if err := tx.QueryRow(ctx, "SELECT pg_try_advisory_xact_lock($1)", int64(importLock)).Scan(&ours); err != nil {
		return err
	}
	if !ours {
		return errors.New("another import is under way")
	}
	return nil
}

// open begins a transaction in each database and recognises whose it is.
func open(ctx context.Context, urls []string, marks map[string]string, options pgx.TxOptions) (txs map[string]pgx.Tx, closeAll func(), err error) {
	txs = map[string]pgx.Tx{}
	var conns []*pgx.Conn
	closeAll = func() {
		for _, conn := range conns {
			_ = conn.Close(context.WithoutCancel(ctx))
		}
	}
	for i, url := range urls {
		conn, err := pgx.Connect(ctx, strings.TrimSpace(url))
		if err != nil {
			return nil, closeAll, fmt.Errorf("URL %d: %w", i+1, withoutSecrets(err))
		}
		conns = append(conns, conn)
		tx, err := conn.BeginTx(ctx, options)
		if err != nil {
			return nil, closeAll, fmt.Errorf("URL %d: %w", i+1, err)
		}
		services, err := recognise(ctx, tx, marks)
		if err != nil {
			return nil, closeAll, fmt.Errorf("URL %d: %w", i+1, err)
		}
		for _, service := range services {
			if txs[service] != nil {
				return nil, closeAll, fmt.Errorf("URL %d: a database of %s is given twice", i+1, service)
			}
			txs[service] = tx
		}
	}
	return txs, closeAll, nil
}

// withoutSecrets is an error of connecting, which may repeat the URL with its password.
func withoutSecrets(err error) error {
	var parsing *pgconn.ParseConfigError
	if errors.As(err, &parsing) {
		return errors.New("it cannot be read as the URL of a PostgreSQL database")
	}
	return err
}

// recognise tells which services a database belongs to: an old installation may keep several in one.
func recognise(ctx context.Context, tx pgx.Tx, marks map[string]string) (services []string, err error) {
	for service, table := range marks {
		var there bool
		if err := tx.QueryRow(ctx, "SELECT to_regclass($1) IS NOT NULL", "public."+table).Scan(&there); err != nil {
			return nil, err
		}
		if there {
			services = append(services, service)
		}
	}
	if len(services) == 0 {
		return nil, errors.New("the database has none of the tables by which it could be recognised")
	}
	slices.Sort(services)
	return services, nil
}
