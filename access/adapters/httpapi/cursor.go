package httpapi

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/errs"
)

// A cursor is where a page ended: the values its list is ordered by. Clients
// take it for a word without meaning.

func cursorOf(parts ...string) *string {
	text, err := json.Marshal(parts)
	if err != nil { // strings always marshal
		return nil
	}
	cursor := base64.RawURLEncoding.EncodeToString(text)
	return &cursor
}

// partsOf reads a cursor of n parts; nil if there is none.
func partsOf(cursor *string, n int) ([]string, error) {
	if cursor == nil {
		return nil, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(*cursor)
	if err != nil {
		return nil, errCursor()
	}
	var parts []string
	if err := json.Unmarshal(text, &parts); err != nil || len(parts) != n {
		return nil, errCursor()
	}
	return parts, nil
}

func errCursor() error { return errs.Fields{"cursor": "is not the X-Next-Cursor of a page"}.Err() }

// nextOf is the cursor of the page that follows, if one does.
func nextOf[T any](page app.Page[T], of func(last T) *string) *string {
	if !page.More {
		return nil
	}
	return of(page.Items[len(page.Items)-1])
}

func fromAPIPosition(cursor *string) (*ports.Position, error) {
	parts, err := partsOf(cursor, 2)
	if parts == nil {
		return nil, err
	}
	return fromText(parts[0], parts[1])
}

func fromText(moment, name string) (*ports.Position, error) {
	at, err := time.Parse(time.RFC3339Nano, moment)
	if err != nil {
		return nil, errCursor()
	}
	id, err := uuid.Parse(name)
	if err != nil {
		return nil, errCursor()
	}
	return &ports.Position{At: at, ID: id}, nil
}

func positionOf(at time.Time, id uuid.UUID) *string {
	return cursorOf(at.UTC().Format(time.RFC3339Nano), id.String())
}

func fromAPIRolePosition(cursor *string) (*ports.RolePosition, error) {
	parts, err := partsOf(cursor, 4)
	if parts == nil {
		return nil, err
	}
	id, err := strconv.ParseInt(parts[3], 10, 64)
	if err != nil {
		return nil, errCursor()
	}
	return &ports.RolePosition{Service: domain.Service(parts[0]), Template: parts[1] != "", Name: parts[2], ID: id}, nil
}

func rolePositionOf(r domain.Role) *string {
	template := ""
	if r.Template() {
		template = "template"
	}
	return cursorOf(string(r.Service), template, r.Name, strconv.FormatInt(r.ID, 10))
}

func fromAPINumber(cursor *string) (int64, error) {
	parts, err := partsOf(cursor, 1)
	if parts == nil {
		return 0, err
	}
	n, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil || n < 1 {
		return 0, errCursor()
	}
	return n, nil
}
