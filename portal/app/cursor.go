package app

import (
	"encoding/base64"
	"strings"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/portal/ports"
)

// Cursors say where a page ended, as a text that clients give back and never look into.

func encodeCursor(parts ...string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strings.Join(parts, "\x00")))
}

func decodeCursor(cursor string, parts int) ([]string, error) {
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	found := strings.Split(string(text), "\x00")
	if err != nil || len(found) != parts {
		return nil, errCursor()
	}
	return found, nil
}

func errCursor() error { return errs.Fields{"cursor": "is not one of ours"}.Err() }

// groupCursor is the place after a group; groupKey takes it back.
func groupCursor(k ports.GroupKey) string { return encodeCursor(k.ID.String(), k.Name) }

func groupKey(cursor string) (ports.GroupKey, error) {
	if cursor == "" {
		return ports.GroupKey{}, nil
	}
	parts, err := decodeCursor(cursor, 2)
	if err != nil {
		return ports.GroupKey{}, err
	}
	id, err := uuid.Parse(parts[0])
	if err != nil || parts[1] == "" {
		return ports.GroupKey{}, errCursor()
	}
	return ports.GroupKey{Name: parts[1], ID: id}, nil
}
