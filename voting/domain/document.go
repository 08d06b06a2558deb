package domain

import (
	"maps"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

const (
	maxDocumentSize  = 16 << 10
	maxDocumentDepth = 8
)

// Document is an object that the frontend keeps with a poll or a question and that voting does not interpret. It holds
// what JSON can hold. A Document is never nil.
type Document map[string]any

// newDocument bounds an object in size and depth, because it is sent with every poll of a list.
func newDocument(raw map[string]any, field string, fields errs.Fields) Document {
	if raw == nil {
		return Document{}
	}
	size, depth, ok := measure(raw, 1)
	fields.Check(ok, field, why.InvalidCharacters("must not contain null characters"))
	fields.Check(size <= maxDocumentSize, field, why.TooLarge(maxDocumentSize).Saying("must be at most 16 KiB large"))
	fields.Check(depth <= maxDocumentDepth, field, why.TooComplex("must be at most 8 levels deep"))
	return maps.Clone(raw)
}

// measure estimates the size of a value in bytes, finds how deep it goes, and whether all its texts can be stored.
func measure(v any, level int) (size, depth int, ok bool) {
	size, depth, ok = 8, level, true
	add := func(text string, inner any) {
		s, d, fine := measure(inner, level+1)
		size += s + len(text)
		depth = max(depth, d)
		ok = ok && fine && valid.Storable(text)
	}
	switch v := v.(type) {
	case string:
		return size + len(v), level - 1, valid.Storable(v)
	case map[string]any:
		for key, inner := range v {
			add(key, inner)
		}
	case []any:
		for _, inner := range v {
			add("", inner)
		}
	default:
		return size, level - 1, true
	}
	return size, depth, ok
}
