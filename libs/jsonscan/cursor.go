// Package jsonscan scans simple JSON: objects, lists, booleans, and ASCII strings without escapes. It takes a tenth of the time of
// a decoder. It refuses any other JSON, which its caller then decodes.
package jsonscan

import (
	"bytes"
	"slices"

	"github.com/google/uuid"
)

// Cursor is a position in a JSON text. Its methods step over a value and report whether it was there. After a false the cursor
// must not be used again.
type Cursor struct {
	text []byte
	at   int
}

// At returns a cursor before a text.
func At(text []byte) *Cursor { return &Cursor{text: text} }

const end = 0 // what next returns after the last byte; no byte of JSON is 0

// next skips white space and returns the byte after it.
func (c *Cursor) next() byte {
	for ; c.at < len(c.text); c.at++ {
		switch b := c.text[c.at]; b {
		case ' ', '\t', '\n', '\r':
		case end:
			return 1 // a null character is not JSON
		default:
			return b
		}
	}
	return end
}

// End reports whether nothing is left but white space.
func (c *Cursor) End() bool { return c.next() == end }

// Take steps over b.
func (c *Cursor) Take(b byte) bool {
	if c.next() != b {
		return false
	}
	c.at++
	return true
}

// Bool steps over true or false.
func (c *Cursor) Bool() (value, ok bool) {
	switch {
	case c.word("true"):
		return true, true
	case c.word("false"):
		return false, true
	default:
		return false, false
	}
}

func (c *Cursor) word(w string) bool {
	c.next()
	if len(c.text)-c.at < len(w) || string(c.text[c.at:c.at+len(w)]) != w {
		return false
	}
	c.at += len(w)
	return true
}

// Str steps over a string and returns the text between its quotes.
func (c *Cursor) Str() ([]byte, bool) {
	if !c.Take('"') {
		return nil, false
	}
	text, from := c.text, c.at
	for at := from; at < len(text); at++ {
		if b := text[at]; b == '"' {
			c.at = at + 1
			return text[from:at], true
		} else if b < ' ' || b == '\\' || b > '~' {
			return nil, false
		}
	}
	return nil, false
}

// UUID steps over a string that is a UUID in its usual form of 36 characters (RFC 9562, section 4).
func (c *Cursor) UUID(into *uuid.UUID) bool {
	text, ok := c.Str()
	if !ok || len(text) != len(uuid.Nil.String()) {
		return false
	}
	var err error
	*into, err = uuid.ParseBytes(text)
	return err == nil
}

// maxFields bounds the fields of an object.
const maxFields = 16

// Object steps over an object of at most maxFields fields with different names. It calls field with each name; field steps over
// the value, and false from it ends the scan.
func (c *Cursor) Object(field func(name []byte) bool) bool {
	if !c.Take('{') {
		return false
	}
	var names [maxFields][]byte
	n := 0
	for more := !c.Take('}'); more; {
		name, ok := c.Str()
		if !ok || n == maxFields || slices.ContainsFunc(names[:n], func(other []byte) bool { return bytes.Equal(name, other) }) {
			return false
		}
		names[n], n = name, n+1
		if !c.Take(':') || !field(name) {
			return false
		}
		if more = c.Take(','); !more && !c.Take('}') {
			return false
		}
	}
	return true
}

// List steps over a list. It calls item to step over each element.
func (c *Cursor) List(item func() bool) bool {
	if !c.Take('[') {
		return false
	}
	for more := !c.Take(']'); more; {
		if !item() {
			return false
		}
		if more = c.Take(','); !more && !c.Take(']') {
			return false
		}
	}
	return true
}
