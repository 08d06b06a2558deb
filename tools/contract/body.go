package contract

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

const (
	megabyte = 1 << 20
	// deepest is how far into a body single values are replaced.
	deepest = 4
)

// wrongBodies asks with bodies that cannot be read, come under a false name, or hold one wrong value. An operation that
// takes no body gets those that cannot be read too.
func wrongBodies(op Operation, valid Request, values map[string]string) []Request {
	whole := func(name string, content []byte) Request {
		return valid.with("body "+name, func(r *Request) {
			r.Body = content
			if r.Header.Get("Content-Type") == "" {
				r.Header.Set("Content-Type", "application/json")
			}
		})
	}
	requests := []Request{
		whole("empty", nil),
		whole("of spaces", []byte("   ")),
		whole("half an object", []byte(`{"a":`)),
		whole("without a value", []byte(`{"a":}`)),
		whole("null", []byte(`null`)),
		whole("an array", []byte(`[]`)),
		whole("a string", []byte(`"x"`)),
		whole("a number", []byte(`1`)),
		whole("an empty object", []byte(`{}`)),
		whole("unknown fields", []byte(`{"surprise":{"a":[1,2,3]},"__proto__":{"x":1}}`)),
		whole("an empty name", []byte(`{"":""}`)),
		whole("two values", append(slices.Clone(valid.Body), []byte(` {}`)...)),
		whole("with a byte order mark", append([]byte("\xef\xbb\xbf"), valid.Body...)),
		whole("of UTF-16", []byte("\xff\xfe{\x00}\x00")),
		whole("of broken UTF-8", []byte("{\"a\":\"\xff\xfe\"}")),
		whole("of NULs", bytes.Repeat([]byte{0}, 64)),
		whole("with single quotes", []byte(`{'a':'b'}`)),
		whole("with a comment", []byte(`{/* no */"a":1}`)),
		whole("with a comma too many", []byte(`{"a":1,}`)),
		whole("deep arrays", []byte(strings.Repeat("[", 20_000)+strings.Repeat("]", 20_000))),
		whole("deep objects", []byte(strings.Repeat(`{"a":`, 20_000)+"1"+strings.Repeat("}", 20_000))),
		whole("deep and unclosed", []byte(strings.Repeat(`[{"a":`, 20_000))),
		whole("a very long string", []byte(`{"a":"`+strings.Repeat("y", 900_000)+`"}`)),
		whole("too large", []byte(`{"a":"`+strings.Repeat("y", 2*megabyte)+`"}`)),
		whole("many fields", manyFields(20_000)),
		whole("XML", []byte(`<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`)),
	}
	for _, mediaType := range []string{
		"text/plain", "application/xml", "multipart/form-data", "multipart/form-data; boundary=x", "application/octet-stream",
		"application/json; charset=utf-16", "application/json;;;", "application/", ";", "application/x-www-form-urlencoded",
	} {
		requests = append(requests, valid.with("content type "+mediaType, func(r *Request) {
			r.Header.Set("Content-Type", mediaType)
			if r.Body == nil {
				r.Body = []byte(`{}`)
			}
		}))
	}
	if valid.Body == nil {
		return requests
	}
	requests = append(requests, valid.with("content type left out", func(r *Request) { r.Header.Del("Content-Type") }))
	for _, body := range requestBodies(op, values) {
		form := valid.with("", func(r *Request) { r.Header.Set("Content-Type", body.mediaType) })
		if isJSON(body.mediaType) {
			requests = append(requests, wrongFields(body, form)...)
		} else {
			requests = append(requests, wrongFormFields(body, form)...)
		}
	}
	return requests
}

func manyFields(n int) []byte {
	var b bytes.Buffer
	b.WriteByte('{')
	for i := range n {
		fmt.Fprintf(&b, `"f%d":%d,`, i, i)
	}
	b.WriteString(`"last":1}`)
	return b.Bytes()
}

// hole stands in a body for the fragment that replaces a value, because a fragment need not be JSON.
const hole = "(the value under test)"

// wrongFields replaces one value of the body at a time, and leaves out one field at a time.
func wrongFields(whole body, valid Request) []Request {
	var requests []Request
	add := func(name string, content []byte) {
		requests = append(requests, valid.with("body "+name, func(r *Request) { r.Body = content }))
	}
	walk(whole.schema, whole.value, nil, func(path []any, s *openapi3.Schema) {
		name := pathName(path)
		if key, ok := path[len(path)-1].(string); ok {
			add(name+" left out", encode(whole.mediaType, change(whole.value, path, nil, true)))
			if len(path) == 1 {
				add(name+" twice", append(fmt.Appendf(nil, `{%q:null,`, key), encode(whole.mediaType, whole.value)[1:]...))
			}
		}
		template := encode(whole.mediaType, change(whole.value, path, hole, false))
		for _, value := range rawValues(s) {
			add(name+" "+value.name, bytes.Replace(template, []byte(`"`+hole+`"`), []byte(value.text), 1))
		}
	})
	return requests
}

// wrongFormFields does the same for a body sent as a form, where every value is text.
func wrongFormFields(whole body, valid Request) []Request {
	object, ok := whole.value.(map[string]any)
	if !ok {
		return nil
	}
	fields, _ := properties(whole.schema.Value)
	var requests []Request
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		for _, value := range append(wrongStrings(fields[name].Value), wrong{"left out", ""}) {
			changed := maps.Clone(object)
			if changed[name] = value.text; value.name == "left out" {
				delete(changed, name)
			}
			requests = append(requests, valid.with("form "+name+" "+value.name, func(r *Request) { r.Body = encode(whole.mediaType, changed) }))
		}
	}
	return requests
}

// walk visits every value of a body together with its schema, fields in order of their names.
func walk(ref *openapi3.SchemaRef, value any, path []any, visit func([]any, *openapi3.Schema)) {
	var s *openapi3.Schema
	if ref != nil {
		s = ref.Value
	}
	if len(path) > 0 {
		visit(path, s)
	}
	if s == nil || len(path) >= deepest {
		return
	}
	if value == nil {
		value = sample(ref) // the example left it out
	}
	switch value := value.(type) {
	case map[string]any:
		fields, _ := properties(s)
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			walk(fields[name], value[name], append(slices.Clone(path), name), visit)
		}
	case []any:
		if len(value) > 0 {
			walk(s.Items, value[0], append(slices.Clone(path), 0), visit)
		}
	}
}

// change returns a copy of a body with the value at path replaced, or taken out.
func change(whole any, path []any, value any, remove bool) any {
	if len(path) == 0 {
		return value
	}
	switch whole := whole.(type) {
	case map[string]any:
		key, ok := path[0].(string)
		if !ok {
			return whole
		}
		copied := maps.Clone(whole)
		if len(path) == 1 && remove {
			delete(copied, key)
			return copied
		}
		copied[key] = change(copied[key], path[1:], value, remove)
		return copied
	case []any:
		index, ok := path[0].(int)
		if !ok || index >= len(whole) {
			return whole
		}
		copied := slices.Clone(whole)
		copied[index] = change(copied[index], path[1:], value, remove)
		return copied
	}
	// The example has nothing here; the value goes into a new object.
	if key, ok := path[0].(string); ok {
		return map[string]any{key: change(nil, path[1:], value, remove)}
	}
	return []any{change(nil, path[1:], value, remove)}
}

func pathName(path []any) string {
	parts := make([]string, len(path))
	for i := range path {
		parts[i] = fmt.Sprint(path[i])
	}
	return strings.Join(parts, ".")
}
