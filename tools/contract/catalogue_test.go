package contract

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	access "go.updspace.com/access/domain"
)

// The catalogue of access and what is asked are the same: every permission that a document declares or a service's code
// names exists, and every one that exists is asked, or says why it is kept.
func TestTheCatalogueIsWhatIsAsked(t *testing.T) {
	asked := map[string]string{} // where
	for _, spec := range Specs {
		for _, key := range spec.Decisions.Permissions() {
			_, known := access.Platform.Find(key)
			require.True(t, known, "api/openapi/%s.yaml declares %s, which access/domain/catalogue.go does not have", spec.Service, key)
			asked[key] = "api/openapi/" + spec.Service + ".yaml"
		}
		for key, where := range named(t, filepath.Join("..", "..", spec.Service)) {
			asked[key] = where
		}
	}
	for _, p := range access.Platform.All() {
		where, ok := asked[p.Key]
		switch {
		case !ok:
			require.NotEmpty(t, p.Reserved, "no service requires %s: reserve it in access/domain/catalogue.go", p.Key)
		case p.Reserved != "":
			t.Errorf("%s is required in %s: do not reserve it in access/domain/catalogue.go", p.Key, where)
		}
	}
}

// The pages say of a permission what the catalogue says. Of one that they have no words for, they show the server's.
func TestThePagesHaveTheTextsOfTheCatalogue(t *testing.T) {
	texts := map[string]func(access.Text) string{
		"en": func(text access.Text) string { return text.EN },
		"ru": func(text access.Text) string { return text.RU },
	}
	for language, of := range texts {
		raw, err := os.ReadFile(filepath.Join("..", "..", "web", "kit", "messages", language+".json"))
		require.NoError(t, err)
		var messages map[string]string
		require.NoError(t, json.Unmarshal(raw, &messages))
		for _, p := range access.Platform.All() {
			id := "permission." + p.Key
			if _, named := messages[id]; !named {
				continue
			}
			require.Equal(t, []string{of(p.Description), of(p.Effect)}, []string{messages[id], messages[id+".effect"]}, "%s in %s", p.Key, language)
		}
	}
}

// named finds the permissions that the code of a service names as text, and where. Tests do not count, nor does the
// catalogue itself.
func named(t *testing.T, service string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(service, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") ||
			strings.Contains(filepath.ToSlash(path), "/portstest/") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, text, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			literal, ok := n.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				return true
			}
			if key, err := strconv.Unquote(literal.Value); err == nil {
				if _, known := access.Platform.Find(key); known {
					found[key] = path
				}
			}
			return true
		})
		return nil
	})
	require.NoError(t, err)
	return found
}
