package httpx

import (
	"reflect"

	"github.com/getkin/kin-openapi/openapi3"

	"go.updspace.com/libs/plainjson"
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
type glance func(*plainjson.Cursor) bool

// allows looks at a whole body.
func (g glance) allows(body []byte) bool {
	if g == nil {
		return false
	}
	c := plainjson.At(body)
	return g(c) && c.End()
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
		g = func(c *plainjson.Cursor) bool { _, ok := c.Bool(); return ok }
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
	return func(c *plainjson.Cursor) bool {
		var seen uint64
		understood := c.Object(func(name []byte) bool {
			f, ok := fields[string(name)]
			if !ok || f.look == nil || seen&f.bit != 0 || !f.look(c) {
				return false
			}
			seen |= f.bit
			return true
		})
		return understood && seen&needed == needed
	}
}

func list(items *openapi3.SchemaRef, least uint64, most *uint64, levels int) glance {
	look := glanceOf(items, levels-1)
	if look == nil {
		return nil
	}
	return func(c *plainjson.Cursor) bool {
		var n uint64
		understood := c.List(func() bool { n++; return look(c) })
		return understood && n >= least && (most == nil || n <= *most)
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
	return func(c *plainjson.Cursor) bool {
		s, ok := c.Str()
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
