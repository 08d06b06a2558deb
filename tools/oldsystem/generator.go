package oldsystem

import (
	"context"
	"crypto/sha1"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"go.updspace.com/tools/internal/pgcopy"
)

// generator makes the rows of an installation. Errors are kept until the part is done.
type generator struct {
	people int
	hashes map[string]string // by algorithm
	random *rand.Rand

	ctx    context.Context // of the part that is made
	to     pgx.Tx
	tables []*pgcopy.Writer
	err    error

	serial map[string]int64
}

func newGenerator(people int) (*generator, error) {
	hashes, err := passwordHashes(Password)
	return &generator{people: people, hashes: hashes, random: rand.New(rand.NewPCG(1, 2)), serial: map[string]int64{}}, err
}

// began is when the installation began, and ended when the databases were read.
var (
	began = time.Date(2023, 5, 1, 12, 0, 0, 0, time.UTC)
	ended = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
)

// at is a time that follows from what it belongs to.
func (g *generator) at(kind string, n int) time.Time {
	span := ended.Sub(began)
	return began.Add(time.Duration(number(kind, n)%uint64(span/time.Microsecond)) * time.Microsecond)
}

func digest(kind string, n int) [20]byte { return sha1.Sum(fmt.Appendf(nil, "%s %d", kind, n)) }

func number(kind string, n int) uint64 {
	sum := digest(kind, n)
	return binary.BigEndian.Uint64(sum[:8])
}

// id is the id of the nth thing of a kind: a UUID of version 4, as the old system made them.
func id(kind string, n int) uuid.UUID {
	sum := digest(kind, n)
	var u uuid.UUID
	copy(u[:], sum[:16])
	u[6], u[8] = u[6]&0x0f|0x40, u[8]&0x3f|0x80
	return u
}

// User is the id of a person.
func User(person int) uuid.UUID { return id("user", person) }

// Tenants by their ids in the gateway, which everything but identity uses.
func tenantID(slug string) uuid.UUID { return id("tenant "+slug, 0) }

// next is the next integer id of a table.
func (g *generator) next(table string) int64 {
	g.serial[table]++
	return g.serial[table]
}

// keep remembers the first error.
func (g *generator) keep(err error) {
	if g.err == nil {
		g.err = err
	}
}

// table names the columns of a table before rows are added.
func (g *generator) table(name string, columns ...string) func(values ...any) {
	w := pgcopy.New(g.to, name, columns...)
	g.tables = append(g.tables, w)
	return func(values ...any) {
		if g.err == nil {
			g.keep(w.Add(g.ctx, values...))
		}
	}
}

func (g *generator) bff() {
	tenants := g.table("bff_tenant", "id", "slug", "created_at")
	for _, slug := range []string{Tenant, Second, oddSlug, placeholder} {
		tenants(tenantID(slug), slug, began)
	}
	sessions := g.table("bff_bffsession", "id", "tenant_id", "user_id", "master_flags", "expires_at", "created_at")
	for n := 1; n <= g.people/10; n++ {
		sessions(id("bff session", n), tenantID(Tenant), User(n), "{}", ended, ended)
	}
}

// communities and the rest are how many there are.
func (g *generator) communities() int { return max(6, g.people/160) }
func (g *generator) polls() int       { return max(8, g.people/50) }
func (g *generator) gatherings() int  { return max(10, g.people/25) }
func (g *generator) awards() int      { return max(8, g.people/160) }
func (g *generator) news() int        { return max(12, g.people/20) }

// words are a text of so many words, Russian and English.
func (g *generator) words(n int) string {
	list := []string{"рейд", "вечер", "команда", "награда", "tournament", "lobby", "голос", "карта", "season", "друзья", "матч", "стрим"}
	text := ""
	for range n {
		text += list[g.random.IntN(len(list))] + " "
	}
	return text + "."
}
