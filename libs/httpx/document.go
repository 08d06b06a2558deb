package httpx

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"

	"go.updspace.com/api/commonapi"
)

const (
	internalPrefix    = "/internal/"
	documentName      = "/openapi.yaml"
	operationDocument = "openapi"
)

// published is the OpenAPI document of a service as it is given to strangers: in one file, without the operations for
// services.
type published struct {
	path string // the address: /api/v1/<service>/openapi.yaml
	read func() (document, error)
}

type document struct {
	text []byte
	etag string
}

// newPublished prepares the document. It is made at the first request.
func newPublished(service string, spec *openapi3.T) *published {
	return &published{path: "/api/v1/" + service + documentName, read: sync.OnceValues(func() (document, error) {
		text, err := publish(spec)
		if err != nil {
			return document{}, fmt.Errorf("publishing the OpenAPI document: %w", err)
		}
		sum := sha256.Sum256(text)
		return document{text, `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`}, nil
	})}
}

// serve answers a request for the document, or tells that it is for something else.
func (p *published) serve(w http.ResponseWriter, r *http.Request) bool {
	if r.URL.Path != p.path {
		return false
	}
	SetOperation(r.Context(), operationDocument)
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		WriteError(w, r, ErrNoMethod)
		return true
	}
	d, err := p.read()
	if err != nil {
		WriteError(w, r, err)
		return true
	}
	h := w.Header()
	h.Set("Content-Type", "application/yaml")
	h.Set("ETag", d.etag)
	h.Set("Cache-Control", "no-cache")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(d.text))
	return true
}

// publish writes the document as one file that needs no other: it has the components of common.yaml that it refers to. Paths
// for services, and components that only they use, are left out.
func publish(spec *openapi3.T) ([]byte, error) {
	raw, err := json.Marshal(spec)
	if err != nil {
		return nil, err
	}
	common, err := commonapi.GetSpecJSON()
	if err != nil {
		return nil, err
	}
	whole, shared := map[string]any{}, map[string]any{}
	if err := yaml.Unmarshal(raw, &whole); err != nil { // YAML and not JSON, which has no integers
		return nil, err
	}
	common = bytes.ReplaceAll(common, []byte(`"`+componentsPrefix), []byte(`"`+sharedPrefix))
	if err := yaml.Unmarshal(common, &shared); err != nil {
		return nil, err
	}
	paths := section(whole, "paths")
	maps.DeleteFunc(paths, func(path string, _ any) bool { return strings.HasPrefix(path, internalPrefix) })
	parts := merged(section(whole, "components"), section(shared, "components"))
	local(paths, parts.names)
	whole["components"] = parts.usedBy(paths)
	var b bytes.Buffer
	for _, key := range slices.SortedFunc(maps.Keys(whole), byRank) {
		text, err := yaml.Marshal(map[string]any{key: whole[key]})
		if err != nil {
			return nil, err
		}
		b.Write(text)
	}
	return b.Bytes(), nil
}

// byRank orders the parts of a document as readers expect them.
func byRank(a, b string) int {
	ranks := []string{"components", "paths", "tags", "servers", "info", "openapi"}
	if d := slices.Index(ranks, b) - slices.Index(ranks, a); d != 0 {
		return d
	}
	return strings.Compare(a, b)
}

const (
	componentsPrefix = "#/components/"
	sharedPrefix     = "./common.yaml" + componentsPrefix
)

// parts are the components of a document and the shared ones, by "kind/name", and the names of the shared ones there.
type parts struct {
	all   map[string]any
	names map[string]string
}

// merged joins the components. A shared one whose name the document has given to another gets a prefix.
func merged(own, shared map[string]any) parts {
	p := parts{map[string]any{}, map[string]string{}}
	for kind := range own {
		for name, part := range section(own, kind) {
			p.all[kind+"/"+name] = part
		}
	}
	for kind := range shared {
		for name := range section(shared, kind) {
			free := kind + "/" + name
			if _, taken := p.all[free]; taken {
				free = kind + "/Common" + name
			}
			p.names[kind+"/"+name] = free
		}
	}
	for kind := range shared {
		for name, part := range section(shared, kind) {
			p.all[p.names[kind+"/"+name]] = part
		}
	}
	for _, part := range p.all {
		local(part, p.names)
	}
	return p
}

// usedBy are the components that the paths use, by kind and name.
func (p parts) usedBy(paths any) map[string]any {
	used := map[string]any{}
	for todo := references(paths, nil); len(todo) > 0; {
		ref := todo[0]
		todo = todo[1:]
		kind, name, _ := strings.Cut(ref, "/")
		if _, seen := section(used, kind)[name]; seen {
			continue
		}
		if used[kind] == nil {
			used[kind] = map[string]any{}
		}
		section(used, kind)[name] = p.all[ref]
		todo = references(p.all[ref], todo)
	}
	return used
}

func section(of map[string]any, name string) map[string]any {
	part, _ := of[name].(map[string]any)
	return part
}

// local changes references to shared components into references within the document.
func local(v any, names map[string]string) {
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			if text, ok := inner.(string); ok {
				if ref, ok := strings.CutPrefix(text, sharedPrefix); ok {
					v[key] = componentsPrefix + names[ref]
				}
			}
			local(inner, names)
		}
	case []any:
		for _, inner := range v {
			local(inner, names)
		}
	}
}

// references appends the "kind/name" of every component that v refers to.
func references(v any, to []string) []string {
	switch v := v.(type) {
	case map[string]any:
		for _, inner := range v {
			to = references(inner, to)
		}
	case []any:
		for _, inner := range v {
			to = references(inner, to)
		}
	case string:
		if ref, ok := strings.CutPrefix(v, componentsPrefix); ok {
			to = append(to, ref)
		}
	}
	return to
}
