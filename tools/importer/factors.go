package importer

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // as the old system made its codes
	"encoding/base32"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
)

const (
	kindApps     = "authenticator apps"
	kindCodes    = "recovery codes"
	kindPasskeys = "passkeys"
)

// Seeds that an authenticator app can have, in bytes.
const (
	minSeed = 10
	maxSeed = 64
)

type oldFactor struct {
	User      int64     `db:"user_id"`
	Type      string    `db:"type"`
	Data      jsonText  `db:"data"`
	CreatedAt time.Time `db:"created_at"`
}

// oldFactors are the second factors of an account.
type oldFactors struct {
	any     bool
	seed    []byte // of the authenticator app; nil: there is none, or it cannot be read
	since   time.Time
	codes   []string // recovery codes that are left
	app     bool
	passkey int
}

func (f *oldFactors) add(o oldFactor) {
	f.any = true
	switch o.Type {
	case "totp":
		f.app, f.since, f.seed = true, o.CreatedAt, readSeed([]byte(o.Data))
	case "recovery_codes":
		f.codes = readCodes([]byte(o.Data))
	case "webauthn":
		f.passkey++
	}
}

func readSeed(data []byte) []byte {
	var stored struct {
		Secret string `json:"secret"`
	}
	if json.Unmarshal(data, &stored) != nil {
		return nil
	}
	seed, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.TrimRight(strings.ToUpper(stored.Secret), "="))
	if err != nil || len(seed) < minSeed || len(seed) > maxSeed {
		return nil
	}
	return seed
}

// readCodes expands the codes that were not used, as the old system did: each is the beginning of a running HMAC.
func readCodes(data []byte) []string {
	const codes, digits = 10, 100_000_000
	var stored struct {
		Seed     string   `json:"seed"`
		Used     uint64   `json:"used_mask"`
		Migrated []string `json:"migrated_codes"`
	}
	if json.Unmarshal(data, &stored) != nil {
		return nil
	}
	if stored.Seed == "" {
		return stored.Migrated[:min(len(stored.Migrated), codes)]
	}
	var left []string
	mac := hmac.New(sha1.New, []byte(stored.Seed))
	for i := range codes {
		fmt.Fprintf(mac, "%3d,", i)
		if stored.Used>>i&1 == 0 {
			left = append(left, fmt.Sprintf("%08d", binary.BigEndian.Uint32(mac.Sum(nil))%digits))
		}
	}
	return left
}

// keepsFactor reports whether the second step of an account comes along, so that its password may, too.
func (r *run) keepsFactor(a *account) bool { return r.seal != nil && a.factors.seed != nil }

// factors takes the authenticator apps, with the recovery codes, of people who were not here before: a person who is here may have changed theirs
// since. Of an address that was not proven they are a stranger's.
func (r *run) factors(accounts *accounts) error {
	apps, err := r.into("identity", "totp", kindApps, "user_id", "user_id", "sealed", "seal_key", "last_step", "created_at")
	if err != nil {
		return err
	}
	codes, err := r.into("identity", "recovery_codes", kindCodes, "user_id, code_hash", "user_id", "code_hash", "created_at")
	if err != nil {
		return err
	}
	apps.requires = "EXISTS (SELECT FROM users u WHERE u.id = s.user_id)"
	codes.requires = "EXISTS (SELECT FROM totp t WHERE t.user_id = s.user_id)"
	for _, id := range accounts.ids() {
		a := accounts.byID[id]
		for range a.factors.passkey {
			r.report.read(kindPasskeys)
			r.report.refuse(kindPasskeys, "it is registered anew: it knows the old address of the service", a.String())
		}
		if !a.factors.app {
			continue
		}
		r.report.read(kindApps)
		switch {
		case a.person == uuid.Nil:
			r.report.refuse(kindApps, noParent, a.String())
		case !a.verified:
			r.report.refuse(kindApps, "the address was never verified for the account: it is set up anew", a.String())
		case r.seal == nil:
			r.report.refuse(kindApps, "no seal key was given: it is set up anew", a.String())
		case a.factors.seed == nil:
			r.report.refuse(kindApps, "its secret cannot be read: it is set up anew", a.String())
		case r.here[a.person]:
			r.report.kind(kindApps).Present++
		default:
			if err := r.putFactors(apps, codes, a); err != nil {
				return err
			}
		}
	}
	return store(apps, codes)
}

// putFactors writes an app and its codes. No code of the app from before the import is taken.
func (r *run) putFactors(apps, codes *table, a *account) error {
	sealed, key := r.seal.Seal(a.factors.seed, []byte("totp/"+a.person.String()))
	since := timeOr(a.factors.since, r.now)
	if err := apps.add(a.person, sealed, key, domain.TOTPStep(r.now), since); err != nil {
		return err
	}
	for _, code := range a.factors.codes {
		r.report.read(kindCodes)
		hash := domain.RecoveryHash(a.person, code)
		if err := codes.add(a.person, hash[:], since); err != nil {
			return err
		}
	}
	return nil
}
