// Package oldsystem makes a synthetic installation of the old system, for trying the import: its eight PostgreSQL databases with people,
// communities, polls, votes and the rest in proportion, and with everything that makes an import hard (traps.go). The same size makes the
// same installation.
package oldsystem

import (
	"context"
	"embed"
	"fmt"
	"net/url"

	"github.com/jackc/pgx/v5"
)

//go:embed schema/*.sql
var schemas embed.FS

// Parts are the databases of an installation.
var Parts = []string{"identity", "access", "portal", "voting", "events", "gamification", "activity", "bff"}

// Password is that of every account that has one.
const Password = "correct horse battery old"

// Email is the address of a person, numbered from 1.
func Email(person int) string { return fmt.Sprintf("person%d@old.example", person) }

// Tenant is the slug of the tenant that everybody is a member of; Second has every second person.
const (
	Tenant = "harbour"
	Second = "lighthouse"
)

// Admin is the person who runs the tenants.
const Admin = 1

// Make makes the databases prefix + part on a server and returns their URLs. Databases of these names are replaced. server is the URL
// of a role that may create databases.
func Make(ctx context.Context, server, prefix string, people int) ([]string, error) {
	if people < 50 {
		return nil, fmt.Errorf("oldsystem: %d people are too few for all that goes wrong", people)
	}
	at, err := url.Parse(server)
	if err != nil {
		return nil, fmt.Errorf("oldsystem: the URL of the server: %w", err)
	}
	admin, err := pgx.Connect(ctx, server)
	if err != nil {
		return nil, fmt.Errorf("oldsystem: %w", err)
	}
	defer admin.Close(context.WithoutCancel(ctx))
	g, err := newGenerator(people)
	if err != nil {
		return nil, err
	}
	urls := make([]string, len(Parts))
	for i, part := range Parts {
		name := pgx.Identifier{prefix + part}.Sanitize()
		for _, statement := range []string{"DROP DATABASE IF EXISTS " + name, "CREATE DATABASE " + name + " TEMPLATE template0 ENCODING 'UTF8'"} {
			if _, err := admin.Exec(ctx, statement); err != nil {
				return nil, fmt.Errorf("oldsystem: %s: %w", part, err)
			}
		}
		database := *at
		database.Path = "/" + prefix + part
		urls[i] = database.String()
		if err := g.part(ctx, part, urls[i]); err != nil {
			return nil, fmt.Errorf("oldsystem: %s: %w", part, err)
		}
	}
	return urls, nil
}

// part makes the tables of a part and fills them.
func (g *generator) part(ctx context.Context, part, address string) error {
	schema, err := schemas.ReadFile("schema/" + part + ".sql")
	if err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	tx, err := conn.Begin(ctx) // its end is when foreign keys are checked
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, string(schema)); err != nil {
		return err
	}
	g.ctx, g.to, g.tables, g.err = ctx, tx, nil, nil
	map[string]func(){
		"identity": g.identity, "access": g.access, "portal": g.portal, "voting": g.voting, "events": g.events,
		"gamification": g.gamification, "activity": g.activity, "bff": g.bff,
	}[part]()
	for _, table := range g.tables {
		g.keep(table.Flush(ctx))
	}
	if g.err != nil {
		return g.err
	}
	return tx.Commit(ctx)
}
