// Package migrations holds the tables of activity.
package migrations

import "embed"

// Files are goose migrations, forward only.
//
//go:embed *.sql
var Files embed.FS
