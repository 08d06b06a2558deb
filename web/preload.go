package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/url"
	"path"
	"slices"
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
	Data  []string            `json:"data"`  // what the page of a signed-in user asks for first, as its client writes it; $ as in Path

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

// page is what is known of an address. An address with a query asks for data that is not known here.
func (p preloads) page(address *url.URL) preloadPage {
	for _, page := range p.Pages {
		values, ok := page.match(address.Path)
		if !ok {
			continue
		}
		page.Data = slices.Clone(page.Data)
		for i := range page.Data {
			page.Data[i] = values.Replace(page.Data[i])
		}
		if address.RawQuery != "" {
			page.Data = nil
		}
		return page
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

// match reports whether the page is the one at an address, and what the address has for its segments that vary.
func (p preloadPage) match(address string) (values *strings.Replacer, ok bool) {
	want, got := strings.Split(p.Path, "/"), strings.Split("/"+strings.Trim(address, "/"), "/")
	if len(want) != len(got) {
		return nil, false
	}
	var varying []string
	for i, segment := range want {
		switch {
		case strings.HasPrefix(segment, "$"):
			varying = append(varying, segment, url.PathEscape(got[i]))
		case segment != got[i]:
			return nil, false
		}
	}
	return strings.NewReplacer(varying...), true
}
