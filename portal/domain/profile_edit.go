package domain

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"go.updspace.com/libs/errs"
)

// Bounds of a profile.
const (
	MinUsername = 2
	MaxUsername = 64
	MaxName     = 128
	MaxBio      = 4000
)

// ProfileEdit says what to change; nil leaves a thing as it is, empty text clears it.
type ProfileEdit struct {
	Username    *string
	DisplayName *string
	FirstName   *string
	LastName    *string
	Bio         *string
}

// Edit returns the profile with the changes made, and the fields that changed, by their names on the wire.
func (p Profile) Edit(e ProfileEdit, now time.Time) (edited Profile, changed []string, err error) {
	d, fields := p.data, errs.Fields{}
	note := func(field string, was, is string) {
		if was != is {
			changed = append(changed, field)
		}
	}
	if e.Username != nil {
		username, why := newUsername(*e.Username)
		if why != "" {
			fields.Add("username", why)
		}
		note("username", d.Username, username)
		d.Username, d.Own.Username = username, true
	}
	name := func(field *string, own *bool, to *string, called string) {
		if to == nil {
			return
		}
		text := strings.Join(strings.Fields(*to), " ") // no line breaks, no padding
		fields.Check(utf8.RuneCountInString(text) <= MaxName, called, "must be at most 128 characters long")
		fields.Check(fits(text, MaxName), called, "must be text in one line")
		note(called, *field, text)
		*field, *own = text, true
	}
	name(&d.DisplayName, &d.Own.DisplayName, e.DisplayName, "display_name")
	name(&d.FirstName, &d.Own.FirstName, e.FirstName, "first_name")
	name(&d.LastName, &d.Own.LastName, e.LastName, "last_name")
	if e.Bio != nil {
		bio := strings.TrimSpace(*e.Bio)
		fields.Check(utf8.RuneCountInString(bio) <= MaxBio, "bio", "must be at most 4000 characters long")
		fields.Check(storable(bio), "bio", "must be text")
		note("bio", d.Bio, bio)
		d.Bio = bio
	}
	if err := fields.Err(); err != nil {
		return Profile{}, nil, err
	}
	if d == p.data {
		return p, nil, nil
	}
	return Profile{data: d}.changed(now), changed, nil
}

// newUsername brings a username into its form and says what is wrong with it. Empty is none.
func newUsername(s string) (username, why string) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", ""
	}
	if n := utf8.RuneCountInString(s); n < MinUsername || n > MaxUsername || !utf8.ValidString(s) {
		return s, "must be 2 to 64 characters long"
	}
	alone := true // no two signs in a row, none at either end
	for _, r := range s {
		sign := r == '.' || r == '-' || r == '_'
		if !sign && !unicode.IsLetter(r) && !unicode.IsDigit(r) || sign && alone {
			return s, "must be letters and digits, with single dots, dashes and underscores between them"
		}
		alone = sign
	}
	if alone {
		return s, "must be letters and digits, with single dots, dashes and underscores between them"
	}
	return s, ""
}

// fits reports whether a name can be stored as it is.
func fits(name string, limit int) bool {
	return storable(name) && utf8.RuneCountInString(name) <= limit && !strings.ContainsFunc(name, unicode.IsControl)
}
