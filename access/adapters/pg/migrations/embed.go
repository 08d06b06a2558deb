// Package migrations holds the schema of db_access.
package migrations

import "embed"

// FS is read by goose.
//
//go:embed *.sql
var FS embed.FS
