// Package events reads the event documents in this folder and validates events against them. A family is the events of
// one service, described in <service>.yaml, or of one subject that any service may publish. The types of the payloads are generated into api/<service>events.
package events

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"

	"go.updspace.com/api/contract"
)

//go:embed *.yaml
var documents embed.FS

// Family is one event document.
type Family struct {
	Source  string               `yaml:"source"`
	Shared  bool                 `yaml:"shared"` // any service publishes the events; source is what they are about
	Events  map[string]EventType `yaml:"events"` // by CloudEvents type
	Schemas map[string]any       `yaml:"schemas"`

	strict, tolerant openapi3.Schemas
}

// EventType is one entry of a document.
type EventType struct {
	Summary string `yaml:"summary"`
	Subject string `yaml:"subject"` // a template such as poll/{poll_id}; the names are fields of the data
	Data    struct {
		Ref string `yaml:"$ref"`
	} `yaml:"data"`
}

// Schema is the name of the schema of the data.
func (e EventType) Schema() string { return strings.TrimPrefix(e.Data.Ref, "#/schemas/") }

func init() {
	openapi3.DefineStringFormatValidator("uuid", openapi3.NewRegexpFormatValidator(contract.UUIDPattern))
}

// families reads every document once.
var families = sync.OnceValues(func() (map[string]*Family, error) {
	entries, err := documents.ReadDir(".")
	if err != nil {
		return nil, err
	}
	all := map[string]*Family{}
	for _, entry := range entries {
		text, err := documents.ReadFile(entry.Name())
		if err != nil {
			return nil, err
		}
		family, err := Parse(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", entry.Name(), err)
		}
		all[family.Source] = family
	}
	return all, nil
})

// Sources lists the services that have an event document.
func Sources() ([]string, error) {
	all, err := families()
	return slices.Sorted(maps.Keys(all)), err
}

// Of returns the document of a service.
func Of(source string) (*Family, error) {
	all, err := families()
	if err != nil {
		return nil, err
	}
	family, known := all[source]
	if !known {
		return nil, fmt.Errorf("events: there is no api/events/%s.yaml", source)
	}
	return family, nil
}

// For returns the document that describes an event that a service publishes: a shared one, if its type begins with that, or
// the service's own.
func For(service, kind string) (*Family, error) {
	about, _, _ := strings.Cut(kind, ".")
	if family, err := Of(about); err == nil && family.Shared {
		return family, nil
	}
	return Of(service)
}

// Parse reads an event document.
func Parse(text []byte) (*Family, error) {
	var f Family
	err := yaml.Unmarshal(text, &f)
	if err != nil {
		return nil, err
	}
	if f.strict, err = schemas(f.Schemas); err != nil {
		return nil, err
	}
	f.tolerant, err = schemas(withoutAdditional(f.Schemas).(map[string]any))
	return &f, err
}

// schemas loads schemas as the components of an OpenAPI document that has nothing else.
func schemas(definitions map[string]any) (openapi3.Schemas, error) {
	text, err := yaml.Marshal(map[string]any{
		"openapi": "3.0.3", "info": map[string]any{"title": "events", "version": "1"}, "paths": map[string]any{},
		"components": map[string]any{"schemas": referring(definitions)},
	})
	if err != nil {
		return nil, err
	}
	document, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		return nil, err
	}
	return document.Components.Schemas, nil
}

// referring rewrites references to the place of the schemas in an OpenAPI document.
func referring(node any) any {
	return rewrite(node, func(key string, value any) (any, bool) {
		if ref, ok := value.(string); ok && key == "$ref" {
			return strings.Replace(ref, "#/schemas/", "#/components/schemas/", 1), true
		}
		return value, true
	})
}

// withoutAdditional drops additionalProperties: a consumer must accept the fields that a later version adds.
func withoutAdditional(node any) any {
	return rewrite(node, func(key string, value any) (any, bool) { return value, key != "additionalProperties" })
}

// rewrite copies a document; edit replaces or drops the values of objects.
func rewrite(node any, edit func(key string, value any) (any, bool)) any {
	switch node := node.(type) {
	case map[string]any:
		out := make(map[string]any, len(node))
		for key, value := range node {
			if value, keep := edit(key, value); keep {
				out[key] = rewrite(value, edit)
			}
		}
		return out
	case []any:
		out := make([]any, len(node))
		for i, value := range node {
			out[i] = rewrite(value, edit)
		}
		return out
	}
	return node
}

// Validate reports why an event must not be published: its type is not in the document, its data does not match the
// schema, or its subject is not the one that the document prescribes.
func (f *Family) Validate(kind, subject string, data []byte) error {
	event, known := f.Events[kind]
	if !known {
		return fmt.Errorf("%s is not in api/events/%s.yaml", kind, f.Source)
	}
	fields, err := visit(f.strict, event, data)
	if err != nil {
		return fmt.Errorf("%s does not match api/events/%s.yaml: %w", kind, f.Source, err)
	}
	want := event.Subject
	for name, value := range fields {
		if text, ok := value.(string); ok {
			want = strings.ReplaceAll(want, "{"+name+"}", text)
		}
	}
	if subject != want {
		return fmt.Errorf("%s has the subject %q, by api/events/%s.yaml it is %q", kind, subject, f.Source, want)
	}
	return nil
}

// visit holds data against the schema of an event and returns it decoded.
func visit(schemas openapi3.Schemas, event EventType, data []byte) (map[string]any, error) {
	schema, known := schemas[event.Schema()]
	if !known {
		return nil, fmt.Errorf("there is no schema %s", event.Schema())
	}
	var fields map[string]any
	if err := json.Unmarshal(data, &fields); err != nil {
		return nil, err
	}
	return fields, schema.Value.VisitJSON(fields)
}

// Decode decodes the data of an event of the given type and schema. It refuses what the schema refuses, except unknown
// fields: a later version of the producer may add some. Generated code calls it.
func Decode[T any](source, schema, kind string, data []byte) (T, error) {
	var value T
	family, err := Of(source)
	if err != nil {
		return value, err
	}
	event, known := family.Events[kind]
	if !known || event.Schema() != schema {
		return value, fmt.Errorf("%s has no data of the schema %s in api/events/%s.yaml", kind, schema, source)
	}
	if _, err := visit(family.tolerant, event, data); err != nil {
		return value, fmt.Errorf("%s: %w", kind, err)
	}
	err = json.Unmarshal(data, &value)
	return value, err
}
