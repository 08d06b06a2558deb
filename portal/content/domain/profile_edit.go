package domain

import (
	"strings"
	"time"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/valid"
)

// Bounds of a profile.
const (
	MinUsername = 2
	MaxUsername = 64
	MaxName     = 128
	MaxBio      = 4000
)

// ProfileEdit is a partial update. A nil field stays as it is, empty text clears it.
type ProfileEdit struct {
	Username    *string
	DisplayName *string
	FirstName   *string
	LastName    *string
	Bio         *string
	// ListedToGuests is the user's agreement to be shown to guests.
	ListedToGuests *bool
}

// Edit returns the changed profile.
func (p Profile) Edit(e ProfileEdit, now time.Time) (Profile, error) {
	d, fields := p.data, errs.Fields{}
	edit := func(field *string, own *bool, to *string, name string, checked checkedName) {
		if to != nil {
			*field, *own = checked(fields, name, *to), true
		}
	}
	edit(&d.Username, &d.Own.Username, e.Username, "username", checkedUsername)
	edit(&d.DisplayName, &d.Own.DisplayName, e.DisplayName, "display_name", checkedLine)
	edit(&d.FirstName, &d.Own.FirstName, e.FirstName, "first_name", checkedLine)
	edit(&d.LastName, &d.Own.LastName, e.LastName, "last_name", checkedLine)
	if e.Bio != nil {
		d.Bio = valid.Text(fields, "bio", *e.Bio, 0, MaxBio)
	}
	if e.ListedToGuests != nil {
		d.ListedToGuests = *e.ListedToGuests
	}
	if err := fields.Err(); err != nil {
		return Profile{}, err
	}
	if d == p.data {
		return p, nil
	}
	return Profile{data: d}.changed(now), nil
}

// checkedName returns a name in the form in which it is stored, and notes in fields which rule it breaks.
type checkedName func(fields errs.Fields, field, name string) string

// checkedUsername accepts an empty username, which means none.
func checkedUsername(fields errs.Fields, field, name string) string {
	if strings.TrimSpace(name) == "" {
		return ""
	}
	return valid.Username(fields, field, name, MinUsername, MaxUsername)
}

// checkedLine accepts one line, and leaves single spaces in it.
func checkedLine(fields errs.Fields, field, name string) string {
	return valid.Line(fields, field, strings.Join(strings.Fields(name), " "), 0, MaxName)
}
