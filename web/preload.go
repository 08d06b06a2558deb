package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"
)

const (
	preloadFile = ".vite/preload.json"
	endOfHead   = "</head>" // where the page names them: after the entry, which is the largest and should be asked for first
)

// preloads say which files and answers a page needs beyond the entry. Named on the page they are fetched beside the entry, and not after it has
// run and found out. web/scripts/preload.mjs writes them.
type preloads struct {
	Pages  []preloadPage       `json:"pages"`  // the more exact addresses first
	Others map[string][]string `json:"others"` // files by language
}

type preloadPage struct {
	Path  string              `json:"path"`  // segments that begin with $ stand for any
	Files map[string][]string `json:"files"` // by language
	Data  []string            `json:"data"`  // what the page of a signed-in user asks for first, as its client writes it

	Camera bool `json:"camera"` // the page reads codes with the camera
}

// readPreloads reads them; a frontend without any works, more slowly.
func readPreloads(files fs.FS) (p preloads, err error) {
	raw, err := fs.ReadFile(files, preloadFile)
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if err == nil {
		err = json.Unmarshal(raw, &p)
	}
	if err != nil {
		return p, fmt.Errorf("reading %s: %w", preloadFile, err)
	}
	return p, nil
}

// page is what is known of an address.
func (p preloads) page(address string) preloadPage {
	for _, page := range p.Pages {
		if page.matches(address) {
			return page
		}
	}
	return preloadPage{Files: p.Others}
}

// tags are the links for the page.
func (p preloadPage) tags(language string, signedIn bool) template.HTML {
	files, data := p.Files[language], p.Data
	if !signedIn {
		data = nil
	}
	var b strings.Builder
	for _, call := range data { // the credentials mode is that of the client, or the browser asks twice
		fmt.Fprintf(&b, "<link rel=\"preload\" as=\"fetch\" crossorigin=\"use-credentials\" href=\"%s\">\n", template.HTMLEscapeString(call))
	}
	for _, file := range files {
		rel := "modulepreload"
		if path.Ext(file) == ".css" {
			rel = "stylesheet"
		}
		fmt.Fprintf(&b, "<link rel=%q crossorigin href=\"/%s\">\n", rel, template.HTMLEscapeString(file))
	}
	return template.HTML(b.String()) //nolint:gosec // made of names of our own files
}

func (p preloadPage) matches(address string) bool {
	want, got := strings.Split(p.Path, "/"), strings.Split(strings.TrimSuffix(address, "/"), "/")
	if p.Path == "/" {
		return strings.Trim(address, "/") == ""
	}
	if len(want) != len(got) {
		return false
	}
	for i, segment := range want {
		if segment != got[i] && !strings.HasPrefix(segment, "$") {
			return false
		}
	}
	return true
}
