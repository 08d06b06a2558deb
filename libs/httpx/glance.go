package httpx

import (
	"reflect"

	"github.com/getkin/kin-openapi/openapi3"
)

// glance takes a first look at a JSON body: true means that its schema allows
// it, false that kin-openapi has to say whether it does, and what is wrong.
// It reads the bytes once where kin-openapi decodes them into maps first, which
// for small bodies costs more than all the rest of the kit.
//
// It is quick because it knows little: objects of known fields, lists, plain
// ASCII strings and booleans. Whatever else there is, in a schema or in a
// body, is left to kin-openapi, so that nothing is allowed here that is not
// allowed there; glance_test.go holds the two against each other.
type glance func(*cursor) bool

// allows looks at a whole body.
func (g glance) allows(body []byte) bool {
	if g == nil {
		return false
	}
	c := &cursor{text: body}
	return g(c) && c.next() == end
}

// glanceAt returns the glance at an operation's body, nil if there is none.
func glanceAt(operation *openapi3.Operation) glance {
	if operation.RequestBody == nil || operation.RequestBody.Value == nil {
		return nil
	}
	media := operation.RequestBody.Value.Content[jsonType]
	if media == nil || len(media.Encoding) > 0 {
		return nil
	}
	return glanceOf(media.Schema, maxGlance)
}

const (
	jsonType  = "application/json"
	maxGlance = 8  // levels of a schema
	maxFields = 64 // of an object, one bit each
)

func glanceOf(ref *openapi3.SchemaRef, levels int) glance {
	if ref == nil || ref.Value == nil || ref.Value.Type == nil || levels == 0 {
		return nil
	}
	s := *ref.Value
	kind := *s.Type
	if len(kind) != 1 {
		return nil
	}
	// These say nothing about what is allowed; null, for one, is for kin-openapi.
	s.Type, s.Nullable, s.Title, s.Description, s.Deprecated, s.WriteOnly = nil, false, "", "", false, false
	s.Default, s.Example, s.ExternalDocs, s.Extensions, s.Origin = nil, nil, nil, nil, nil
	var g glance
	switch kind[0] {
	case openapi3.TypeObject:
		g = object(s.Properties, s.Required, levels)
		s.Properties, s.Required = nil, nil
	case openapi3.TypeArray:
		g = list(s.Items, s.MinItems, s.MaxItems, levels)
		s.Items, s.MinItems, s.MaxItems = nil, 0, nil
	case openapi3.TypeString:
		g = text(s.Enum, s.Format, s.MinLength, s.MaxLength)
		s.Enum, s.Format, s.MinLength, s.MaxLength = nil, "", 0, nil
	case openapi3.TypeBoolean:
		g = func(c *cursor) bool { return c.word("true") || c.word("false") }
	}
	if !reflect.ValueOf(s).IsZero() { // it says more than is understood here
		return nil
	}
	return g
}

func object(properties openapi3.Schemas, required []string, levels int) glance {
	type field struct {
		look glance
		bit  uint64
	}
	if len(properties) == 0 || len(properties) > maxFields {
		return nil
	}
	fields := make(map[string]field, len(properties))
	bit := uint64(1)
	for name, ref := range properties {
		// A field that is not understood makes the whole body kin-openapi's when it occurs.
		fields[name] = field{look: glanceOf(ref, levels-1), bit: bit}
		bit <<= 1
	}
	var needed uint64
	for _, name := range required {
		f, ok := fields[name]
		if !ok {
			return nil
		}
		needed |= f.bit
	}
	return func(c *cursor) bool {
		if !c.take('{') {
			return false
		}
		var seen uint64
		for more := !c.take('}'); more; {
			name, ok := c.str()
			if !ok || !c.take(':') {
				return false
			}
			f, ok := fields[string(name)]
			if !ok || f.look == nil || seen&f.bit != 0 || !f.look(c) {
				return false
			}
			seen |= f.bit
			if more = c.take(','); !more && !c.take('}') {
				return false
			}
		}
		return seen&needed == needed
	}
}

func list(items *openapi3.SchemaRef, least uint64, most *uint64, levels int) glance {
	look := glanceOf(items, levels-1)
	if look == nil {
		return nil
	}
	return func(c *cursor) bool {
		if !c.take('[') {
			return false
		}
		var n uint64
		for more := !c.take(']'); more; n++ {
			if !look(c) {
				return false
			}
			if more = c.take(','); !more && !c.take(']') {
				return false
			}
		}
		return n >= least && (most == nil || n <= *most)
	}
}

func text(enum []any, format string, least uint64, most *uint64) glance {
	if format != "" && format != "uuid" {
		return nil
	}
	allowed := make(map[string]bool, len(enum))
	for _, value := range enum {
		if s, ok := value.(string); ok {
			allowed[s] = true
		}
	}
	return func(c *cursor) bool {
		s, ok := c.str()
		n := uint64(len(s))
		return ok && n >= least && (most == nil || n <= *most) &&
			(len(enum) == 0 || allowed[string(s)]) && (format == "" || uuidText(s))
	}
}

// uuidText is contract.UUIDPattern.
func uuidText(s []byte) bool {
	if len(s) != 36 {
		return false
	}
	for i, b := range s {
		switch {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if b != '-' {
				return false
			}
		case '0' <= b && b <= '9', 'a' <= b && b <= 'f', 'A' <= b && b <= 'F':
		default:
			return false
		}
	}
	return true
}

// cursor is a place in a JSON text.
type cursor struct {
	text []byte
	at   int
}

const end = 0 // what next returns after the last byte; in JSON it cannot stand for itself

// next skips white space and returns the byte after it.
func (c *cursor) next() byte {
	for ; c.at < len(c.text); c.at++ {
		switch b := c.text[c.at]; b {
		case ' ', '\t', '\n', '\r':
		case end:
			return 1 // a NUL is not the end, and not anything else either
		default:
			return b
		}
	}
	return end
}

// take steps over b if it comes next.
func (c *cursor) take(b byte) bool {
	if c.next() != b {
		return false
	}
	c.at++
	return true
}

func (c *cursor) word(w string) bool {
	c.next()
	if len(c.text)-c.at < len(w) || string(c.text[c.at:c.at+len(w)]) != w {
		return false
	}
	c.at += len(w)
	return true
}

// str steps over a string of ASCII without escapes and returns what is between its quotes.
func (c *cursor) str() ([]byte, bool) {
	if !c.take('"') {
		return nil, false
	}
	for from := c.at; c.at < len(c.text); c.at++ {
		switch b := c.text[c.at]; {
		case b == '"':
			c.at++
			return c.text[from : c.at-1], true
		case b < ' ' || b == '\\' || b > '~':
			return nil, false
		}
	}
	return nil, false
}
