package domain

import (
	"maps"

	"go.updspace.com/libs/errs"
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
	size, depth, ok := weigh(raw, 1)
	fields.Check(ok, field, "must not contain null characters")
	fields.Check(size <= maxDocumentSize, field, "must be at most 16 KiB large")
	fields.Check(depth <= maxDocumentDepth, field, "must be at most 8 levels deep")
	return maps.Clone(raw)
}

// weigh estimates the size of a value in bytes, finds how deep it goes, and whether all its texts can be stored.
func weigh(v any, level int) (size, depth int, ok bool) {
	size, depth, ok = 8, level, true
	add := func(text string, inner any) {
		s, d, fine := weigh(inner, level+1)
		size += s + len(text)
		depth = max(depth, d)
		ok = ok && fine && storable(text)
	}
	switch v := v.(type) {
	case string:
		return size + len(v), level - 1, storable(v)
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
