package contract

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
)

// family is a document of api/events: what one service tells the others.
type family struct {
	Source string `yaml:"source"`
	Events map[string]struct {
		Summary string         `yaml:"summary"`
		Subject string         `yaml:"subject"`
		Data    map[string]any `yaml:"data"`
	} `yaml:"events"`
	Schemas map[string]any `yaml:"schemas"`
}

var (
	eventTypes = regexp.MustCompile(`^[a-z_]+\.[a-z_]+\.[a-z_]+$`)
	subjects   = regexp.MustCompile(`^[a-z_]+(/\{[a-z_]+\})+$`)
)

// The event documents have one form: they name their source, and each event its aggregate and the schema of its data.
func TestEventDocumentsAreWellFormed(t *testing.T) {
	files, err := filepath.Glob("../../api/events/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		t.Run(name, func(t *testing.T) {
			content, err := os.ReadFile(file)
			require.NoError(t, err)
			var document family
			require.NoError(t, yaml.Unmarshal(content, &document))
			require.Equal(t, name, document.Source)
			require.NotEmpty(t, document.Events)
			used := map[string]bool{}
			for kind, event := range document.Events {
				require.Regexp(t, eventTypes, kind)
				require.True(t, strings.HasPrefix(kind, name+"."), kind)
				require.NotEmpty(t, event.Summary, kind)
				require.Regexp(t, subjects, event.Subject, kind)
				ref, ok := event.Data["$ref"].(string)
				require.True(t, ok, "%s: data is a $ref into schemas", kind)
				schema := strings.TrimPrefix(ref, "#/schemas/")
				require.Contains(t, document.Schemas, schema, kind)
				used[schema] = true
			}
			for schema := range document.Schemas {
				require.True(t, used[schema], "no event uses schema %s", schema)
			}
			wellFormedSchemas(t, document.Schemas)
		})
	}
}

// wellFormedSchemas has kin-openapi judge the schemas, as part of a specification of nothing else.
func wellFormedSchemas(t *testing.T, schemas map[string]any) {
	t.Helper()
	whole, err := yaml.Marshal(map[string]any{
		"openapi": "3.0.3", "info": map[string]any{"title": "events", "version": "1"}, "paths": map[string]any{},
		"components": map[string]any{"schemas": schemas},
	})
	require.NoError(t, err)
	spec, err := openapi3.NewLoader().LoadFromData(whole)
	require.NoError(t, err)
	require.NoError(t, spec.Validate(t.Context()))
}
