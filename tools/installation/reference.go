package installation

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"go.updspace.com/tools/services"
)

// setting is a line of the reference.
type setting struct {
	name, standard, meaning string
	services                []string
}

const referenceHead = `# Settings

Every setting of the platform, from its environment: the files of ` + "`/etc/updspace`" + ` on one machine, a container's environment elsewhere. A setting whose
name ends in SECRET, KEY, KEYS, PASSWORD, TOKEN or _URL of a database, Redis or NATS may also be given as NAME_FILE, the path of a file that holds it.
` + "`updspace config check`" + ` says what is wrong with them. Made by ` + "`make gen`" + ` of the comments in the source.

| setting | default | meaning | read by |
|---|---|---|---|
`

// Reference writes the reference of all settings, in Markdown: names and defaults from the types of the configurations, meanings from the
// comments of their fields, which it reads in the workspace.
func Reference(w io.Writer, workspace string) error {
	comments := comments{root: workspace, fields: map[string]map[string]string{}}
	settings := map[string]*setting{}
	read := func(service string, t reflect.Type) error {
		return fields(t, func(owner reflect.Type, f reflect.StructField) error {
			name, _, _ := strings.Cut(f.Tag.Get("env"), ",")
			meaning, err := comments.of(owner, f.Name)
			if err != nil {
				return err
			}
			meaning = namesOfSettings(owner, meaning)
			s := settings[name]
			if s == nil {
				s = &setting{name: name}
				settings[name] = s
			}
			s.standard = cmp.Or(s.standard, f.Tag.Get("envDefault"))
			if len(meaning) > len(s.meaning) {
				s.meaning = meaning
			}
			s.services = append(s.services, service)
			return nil
		})
	}
	if err := read("serve", reflect.TypeFor[Config]()); err != nil {
		return err
	}
	all := services.All()
	for _, s := range all {
		if err := read(s.Name, s.Config); err != nil {
			return err
		}
	}
	if _, err := io.WriteString(w, referenceHead); err != nil {
		return err
	}
	for _, s := range slices.SortedFunc(maps.Values(settings), func(a, b *setting) int { return strings.Compare(a.name, b.name) }) {
		who := strings.Join(s.services, ", ")
		if !slices.Contains(s.services, "serve") && len(s.services) == len(all) {
			who = "all"
		}
		standard := s.standard
		if standard != "" {
			standard = "`" + standard + "`"
		}
		if _, err := fmt.Fprintf(w, "| `%s` | %s | %s | %s |\n", s.name, standard, strings.ReplaceAll(s.meaning, "|", `\|`), who); err != nil {
			return err
		}
	}
	return nil
}

// namesOfSettings puts the names of settings for those of the fields, which the comments use.
func namesOfSettings(owner reflect.Type, text string) string {
	words := map[string]string{}
	for f := range owner.Fields() {
		if name, _, _ := strings.Cut(f.Tag.Get("env"), ","); name != "" && name != "-" {
			words[f.Name] = "`" + name + "`"
		}
	}
	return regexp.MustCompile(`\b[A-Z][A-Za-z0-9]+\b`).ReplaceAllStringFunc(text, func(w string) string { return cmp.Or(words[w], w) })
}

// fields calls do with each field that is read from the environment, those of structures within included.
func fields(t reflect.Type, do func(owner reflect.Type, f reflect.StructField) error) error {
	for f := range t.Fields() {
		if name := f.Tag.Get("env"); name == "-" {
			continue
		} else if name != "" {
			if err := do(t, f); err != nil {
				return err
			}
			continue
		}
		if f.Type.Kind() == reflect.Struct {
			if err := fields(f.Type, do); err != nil {
				return err
			}
		}
	}
	return nil
}

// comments are those of the fields of structures, by the import path of their package and "Type.Field".
type comments struct {
	root   string
	fields map[string]map[string]string
}

const modules = "go.updspace.com/"

// of is what the source says about a field: its own comment, else the one of the line above that covers it too.
func (c comments) of(owner reflect.Type, field string) (string, error) {
	known, ok := c.fields[owner.PkgPath()]
	if !ok {
		var err error
		if known, err = c.read(filepath.Join(c.root, strings.TrimPrefix(owner.PkgPath(), modules))); err != nil {
			return "", err
		}
		c.fields[owner.PkgPath()] = known
	}
	return known[owner.Name()+"."+field], nil
}

func (comments) read(dir string) (map[string]string, error) {
	known := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, e.Name()), nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			t, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			s, ok := t.Type.(*ast.StructType)
			if !ok {
				return true
			}
			for _, f := range s.Fields.List {
				for _, name := range f.Names {
					known[t.Name.Name+"."+name.Name] = strings.Join(strings.Fields(f.Doc.Text()+" "+f.Comment.Text()), " ")
				}
			}
			return true
		})
	}
	return known, nil
}
