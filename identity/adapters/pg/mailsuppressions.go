package pg

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/seal"
)

// MailSuppressions implements ports.MailSuppressions. An address is found under each of the seal keys, and stored under the newest.
type MailSuppressions struct {
	DB   *pg.DB
	Seal *seal.Sealer
}

func (s MailSuppressions) digests(address string) [][]byte {
	return s.Seal.Digests("mail_suppressions/" + address)
}

// Since implements ports.MailSuppressions.
func (s MailSuppressions) Since(ctx context.Context, address string, now time.Time) (since *time.Time, err error) {
	err = s.DB.Conn(ctx).NewRaw("SELECT min(created_at) FROM mail_suppressions WHERE address_hash IN (?) AND expires_at > ?", bun.List(s.digests(address)), now).Scan(ctx, &since)
	return since, pg.Error(err)
}

// Add implements ports.MailSuppressions.
func (s MailSuppressions) Add(ctx context.Context, address string, at, expires time.Time) (bool, error) {
	return changed(s.DB.Conn(ctx).NewRaw(`
		INSERT INTO mail_suppressions (address_hash, created_at, expires_at) VALUES (?, ?, ?)
		ON CONFLICT (address_hash) DO UPDATE SET expires_at = excluded.expires_at, created_at = excluded.created_at WHERE mail_suppressions.expires_at <= excluded.created_at`,
		s.digests(address)[0], at, expires).Exec(ctx))
}

// Remove implements ports.MailSuppressions.
func (s MailSuppressions) Remove(ctx context.Context, address string) (bool, error) {
	return changed(s.DB.Conn(ctx).NewRaw("DELETE FROM mail_suppressions WHERE address_hash IN (?)", bun.List(s.digests(address))).Exec(ctx))
}

// Remember implements ports.MailSuppressions.
func (s MailSuppressions) Remember(ctx context.Context, report domain.Hash, expires time.Time) (bool, error) {
	return changed(s.DB.Conn(ctx).NewRaw("INSERT INTO mail_reports (id_hash, expires_at) VALUES (?, ?) ON CONFLICT DO NOTHING", report[:], expires).Exec(ctx))
}
