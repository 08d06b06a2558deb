// Package migrations holds the gateway's tables, one goose file per change.
package migrations

import "embed"

// FS holds the files.
//
//go:embed *.sql
var FS embed.FS
