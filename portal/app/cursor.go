package app

import (
	"encoding/base64"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/portal/ports"
)

const (
	// MaxPage is how many entries a page of a list has at most.
	MaxPage  = 200
	maxWords = 100
)

// Paging says which page of a list is asked for.
type Paging struct {
	Limit  int    // brought into 1..MaxPage
	Cursor string // empty for the first page
}

// Page is one page of a list. Next is the cursor of the next one, empty on the last.
type Page[T any] struct {
	Items []T
	Next  string
}

// page reads one entry more than asked for, to know whether another page follows.
func page[T any](p Paging, cursor func(T) string, read func(limit int) ([]T, error)) (Page[T], error) {
	limit := min(max(p.Limit, 1), MaxPage)
	found, err := read(limit + 1)
	if err != nil || len(found) <= limit {
		return Page[T]{Items: found}, err
	}
	found = found[:limit]
	return Page[T]{Items: found, Next: cursor(found[limit-1])}, nil
}

// Cursors say where a page ended, as a text that clients give back and never look into.

func encodeCursor(id uuid.UUID, rest string) string {
	return base64.RawURLEncoding.EncodeToString(append(id[:], rest...))
}

func decodeCursor(cursor string) (id uuid.UUID, rest string, err error) {
	if cursor == "" {
		return id, "", nil
	}
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || copy(id[:], text) < len(id) || id == uuid.Nil {
		return uuid.Nil, "", errCursor()
	}
	return id, strings.ToValidUTF8(string(text[len(id):]), ""), nil
}

func errCursor() error { return errs.Fields{"cursor": "is not one of ours"}.Err() }

func idCursor(id uuid.UUID) string { return encodeCursor(id, "") }

func idKey(cursor string) (uuid.UUID, error) {
	id, _, err := decodeCursor(cursor)
	return id, err
}

func groupCursor(k ports.GroupKey) string { return encodeCursor(k.ID, k.Name) }

func groupKey(cursor string) (ports.GroupKey, error) {
	id, name, err := decodeCursor(cursor)
	if strings.ContainsRune(name, 0) {
		err = errCursor()
	}
	return ports.GroupKey{Name: name, ID: id}, err
}

func memberCursor(k ports.MemberKey) string {
	return encodeCursor(k.User, k.JoinedAt.Format(time.RFC3339Nano))
}

func memberKey(cursor string) (ports.MemberKey, error) {
	id, at, err := decodeCursor(cursor)
	if err != nil || id == uuid.Nil {
		return ports.MemberKey{}, err
	}
	joined, err := time.Parse(time.RFC3339Nano, at)
	if err != nil {
		return ports.MemberKey{}, errCursor()
	}
	return ports.MemberKey{JoinedAt: joined, User: id}, nil
}
