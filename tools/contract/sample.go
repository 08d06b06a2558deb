package contract

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

const sampleID = "01890a5d-ac96-774b-bcce-b302099a8057"

// sample makes a value that a schema allows: its example, its default, or the plainest thing of its type.
func sample(ref *openapi3.SchemaRef) any {
	if ref == nil || ref.Value == nil {
		return "x"
	}
	s := ref.Value
	switch {
	case s.Example != nil:
		return s.Example
	case s.Default != nil:
		return s.Default
	case len(s.Enum) > 0:
		return s.Enum[0]
	case len(s.OneOf) > 0:
		return sample(s.OneOf[0])
	case len(s.AnyOf) > 0:
		return sample(s.AnyOf[0])
	case s.Type.Is(openapi3.TypeString):
		return sampleString(s)
	case s.Type.Is(openapi3.TypeInteger), s.Type.Is(openapi3.TypeNumber):
		if s.Min != nil {
			return math.Ceil(*s.Min)
		}
		return 1
	case s.Type.Is(openapi3.TypeBoolean):
		return true
	case s.Type.Is(openapi3.TypeArray):
		items := make([]any, max(1, s.MinItems))
		for i := range items {
			items[i] = sample(s.Items)
		}
		return items
	}
	object := map[string]any{}
	fields, _ := properties(s)
	for name, field := range fields {
		object[name] = sample(field)
	}
	return object
}

func sampleString(s *openapi3.Schema) string {
	switch s.Format {
	case "uuid":
		return sampleID
	case "date-time":
		return "2030-01-02T03:04:05Z"
	case "date":
		return "2030-01-02"
	case "email":
		return "somebody@aef.test"
	case "uri", "url":
		return "https://aef.test/there"
	}
	return strings.Repeat("x", max(1, int(s.MinLength)))
}

// properties are a schema's fields and which of them are required, its allOf parts included.
func properties(s *openapi3.Schema) (openapi3.Schemas, []string) {
	fields, required := openapi3.Schemas{}, slices.Clone(s.Required)
	for _, part := range s.AllOf {
		partFields, partRequired := properties(part.Value)
		maps.Copy(fields, partFields)
		required = append(required, partRequired...)
	}
	maps.Copy(fields, s.Properties)
	return fields, required
}

// example is what a parameter's own example says, or a sample of its schema.
func example(p *openapi3.Parameter) any {
	if p.Example != nil {
		return p.Example
	}
	for _, name := range slices.Sorted(maps.Keys(p.Examples)) {
		return p.Examples[name].Value.Value
	}
	return sample(p.Schema)
}

// body is one form of an operation's request body: a media type and a value it allows.
type body struct {
	mediaType string
	schema    *openapi3.SchemaRef
	value     any
}

// requestBodies are the forms an operation takes its body in, JSON first, with the given values in the fields of their names.
func requestBodies(op Operation, values map[string]string) []body {
	if op.Spec.RequestBody == nil {
		return nil
	}
	var bodies []body
	for mediaType, media := range op.Spec.RequestBody.Value.Content {
		value := bodyExample(media)
		if object, ok := value.(map[string]any); ok {
			object = maps.Clone(object)
			for name := range object {
				if known, ok := values[name]; ok {
					object[name] = known
				}
			}
			value = object
		}
		bodies = append(bodies, body{mediaType, media.Schema, value})
	}
	slices.SortFunc(bodies, func(a, b body) int {
		if isJSON(a.mediaType) != isJSON(b.mediaType) {
			if isJSON(a.mediaType) {
				return -1
			}
			return 1
		}
		return strings.Compare(a.mediaType, b.mediaType)
	})
	return bodies
}

func bodyExample(media *openapi3.MediaType) any {
	if media.Example != nil {
		return media.Example
	}
	for _, name := range slices.Sorted(maps.Keys(media.Examples)) {
		return media.Examples[name].Value.Value
	}
	return sample(media.Schema)
}

func isJSON(mediaType string) bool {
	name, _, _ := strings.Cut(mediaType, ";")
	return name == "application/json" || strings.HasSuffix(name, "+json")
}

func encode(mediaType string, body any) []byte {
	if object, ok := body.(map[string]any); ok && strings.HasPrefix(mediaType, "application/x-www-form-urlencoded") {
		form := url.Values{}
		for name, value := range object {
			form.Set(name, plain(value))
		}
		return []byte(form.Encode())
	}
	encoded, err := json.Marshal(body)
	if err != nil {
		panic(fmt.Sprintf("contract: a sample that is no JSON: %v", err)) // a defect of this package
	}
	return encoded
}

// plain writes a value as parameters are written.
func plain(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case float64:
		return strings.TrimSuffix(fmt.Sprintf("%.6f", value), ".000000")
	case []any:
		parts := make([]string, len(value))
		for i := range value {
			parts[i] = plain(value[i])
		}
		return strings.Join(parts, ",")
	}
	return fmt.Sprint(value)
}
