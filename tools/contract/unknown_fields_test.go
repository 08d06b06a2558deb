package contract

import (
	"fmt"
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"
)

// extLenient on an object of a request gives the reason why it takes fields that it does not list.
const extLenient = "x-lenient"

// A field that a request misspells must not be ignored: {"anonymus": true} would make an open poll.
func TestRequestsRefuseUnknownFields(t *testing.T) {
	for _, spec := range Specs {
		t.Run(spec.Service, func(t *testing.T) {
			loaded, err := spec.Load()
			require.NoError(t, err)
			var lenient []string
			for _, op := range Operations(loaded, spec.Decisions) {
				if op.Spec.RequestBody == nil {
					continue
				}
				for kind, media := range op.Spec.RequestBody.Value.Content {
					lenient = append(lenient, lenientObjects(media.Schema, op.ID+" "+kind, nil)...)
				}
			}
			slices.Sort(lenient)
			require.Empty(t, lenient, "objects without additionalProperties: false, and without %s: a reason", extLenient)
		})
	}
}

// lenientObjects names the objects below a schema that take any field.
func lenientObjects(ref *openapi3.SchemaRef, path string, above []*openapi3.Schema) []string {
	if ref == nil || ref.Value == nil || slices.Contains(above, ref.Value) {
		return nil
	}
	s := ref.Value
	above = append(above, s)
	var found []string
	if s.Type.Is(openapi3.TypeObject) || len(s.Properties) > 0 {
		strict := s.AdditionalProperties.Has != nil && !*s.AdditionalProperties.Has || s.AdditionalProperties.Schema != nil
		if reason, _ := s.Extensions[extLenient].(string); !strict && reason == "" {
			found = append(found, path)
		}
	}
	for name, property := range s.Properties {
		found = append(found, lenientObjects(property, path+"."+name, above)...)
	}
	found = append(found, lenientObjects(s.Items, path+"[]", above)...)
	found = append(found, lenientObjects(s.AdditionalProperties.Schema, path+".*", above)...)
	for _, list := range []openapi3.SchemaRefs{s.AllOf, s.AnyOf, s.OneOf} {
		for i, part := range list {
			found = append(found, lenientObjects(part, fmt.Sprintf("%s/%d", path, i), above)...)
		}
	}
	return found
}
