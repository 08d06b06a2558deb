// Package web serves the two frontends that Vite builds into dist: portal on the hosts of tenants, id on the ID host. The files
// are part of the binary; a binary that was built without them says so on a plain page.
package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed all:dist
var dist embed.FS

// The frontends. Their files are read and compressed once in a process, however many services serve them.
var (
	Portal = sync.OnceValues(func() (*App, error) { return embedded("portal") })
	ID     = sync.OnceValues(func() (*App, error) { return embedded("id") })
)

const (
	indexFile   = "/index.html"
	assetPrefix = "/assets/"
	brotliExt   = ".br" // beside the file of that name without it
)

// App is a frontend: its files, and the page that starts it.
type App struct {
	files   map[string]file // by path; not the page
	index   *template.Template
	preload preloads
	version string
}

type file struct {
	raw    []byte
	zipped []byte // with gzip; nil when it would save nothing
	brotli []byte // as the build compressed it; nil when it did not
	kind   string
	tag    string
}

func embedded(name string) (*App, error) {
	files, err := fs.Sub(dist, "dist/"+name)
	if err != nil {
		return nil, fmt.Errorf("opening the frontend %s: %w", name, err)
	}
	return New(files)
}

// New reads a frontend. Without an index.html it is one that was not built.
func New(files fs.FS) (*App, error) {
	a, brotli := &App{files: map[string]file{}}, map[string][]byte{}
	var err error
	if a.preload, err = readPreloads(files); err != nil {
		return nil, err
	}
	err = fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != "." && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir // .vite has the manifest of the build
		case entry.IsDir(), strings.HasPrefix(entry.Name(), "."):
			return nil
		}
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		if "/"+name == indexFile {
			sum := sha256.Sum256(raw) // it names every other file by its content
			a.version = hex.EncodeToString(sum[:6])
			a.index, err = template.New(name).Option("missingkey=error").Parse(strings.Replace(string(raw), endOfHead, "{{.Preload}}{{.Card}}"+endOfHead, 1))
			return err
		}
		if path.Ext(name) == brotliExt {
			brotli["/"+strings.TrimSuffix(name, brotliExt)] = raw
			return nil
		}
		a.files["/"+name], err = newFile(name, raw)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading a frontend: %w", err)
	}
	for name, compressed := range brotli {
		if f, ok := a.files[name]; ok {
			f.brotli = compressed
			a.files[name] = f
		}
	}
	return a, nil
}

// Built reports whether the frontend was built into this binary.
func (a *App) Built() bool { return a.index != nil }

// Version changes whenever the frontend does; empty for one that was not built.
func (a *App) Version() string { return a.version }

// kinds are content types that some systems do not know.
var kinds = map[string]string{
	".woff2": "font/woff2", ".webmanifest": "application/manifest+json", ".svg": "image/svg+xml", ".js": "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8", ".json": "application/json", ".txt": "text/plain; charset=utf-8", ".ico": "image/x-icon",
}

// compressed are files that gzip makes no smaller.
var compressed = []string{".woff2", ".png", ".jpg", ".jpeg", ".webp", ".avif"}

func newFile(name string, raw []byte) (file, error) {
	ext := path.Ext(name)
	f := file{raw: raw, kind: kinds[ext]}
	if f.kind == "" {
		f.kind = mime.TypeByExtension(ext)
	}
	if f.kind == "" {
		f.kind = "application/octet-stream"
	}
	sum := sha256.Sum256(raw)
	f.tag = `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"` // weak: it stands for all encodings
	if slices.Contains(compressed, ext) {
		return f, nil
	}
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return f, err
	}
	if _, err := w.Write(raw); err != nil {
		return f, err
	}
	if err := w.Close(); err != nil {
		return f, err
	}
	if b.Len() < len(raw) {
		f.zipped = b.Bytes()
	}
	return f, nil
}

// Handler serves the files, has page answer the addresses of pages (see [IsPage]), and gives everything else to next.
func (a *App) Handler(page, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case a.serveFile(w, r):
		case IsPage(r):
			page.ServeHTTP(w, r)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// notPages are parts of the address space that never are pages.
var notPages = []string{"/api", "/oauth", "/.well-known", "/assets", "/internal", "/health"}

// IsPage reports whether a browser asks for a page: GET or HEAD for HTML, at an address without a file extension, outside of
// the APIs. Under /dev only the gallery of components is the frontend's.
func IsPage(r *http.Request) bool {
	if !reads(r) || path.Ext(r.URL.Path) != "" || !strings.Contains(r.Header.Get("Accept"), "text/html") {
		return false
	}
	if below(r.URL.Path, "/dev") {
		return below(r.URL.Path, "/dev/ui")
	}
	return !slices.ContainsFunc(notPages, func(prefix string) bool { return below(r.URL.Path, prefix) })
}

func below(p, prefix string) bool {
	rest, ok := strings.CutPrefix(p, prefix)
	return ok && (rest == "" || rest[0] == '/')
}

func reads(r *http.Request) bool { return r.Method == http.MethodGet || r.Method == http.MethodHead }

func (a *App) serveFile(w http.ResponseWriter, r *http.Request) bool {
	f, ok := a.files[r.URL.Path]
	if !ok || !reads(r) {
		return false
	}
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox") // for pictures that are opened as documents
	h.Add("Vary", "Accept-Encoding")
	h.Set("ETag", f.tag)
	if strings.HasPrefix(r.URL.Path, assetPrefix) { // their names change with their content
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "public, max-age=300")
	}
	if matches(r.Header.Get("If-None-Match"), f.tag) {
		w.WriteHeader(http.StatusNotModified)
		return true
	}
	body, accepted := f.raw, r.Header.Get("Accept-Encoding")
	switch {
	case f.brotli != nil && accepts(accepted, "br"):
		body = f.brotli
		h.Set("Content-Encoding", "br")
	case f.zipped != nil && accepts(accepted, "gzip"):
		body = f.zipped
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", fmt.Sprint(len(body)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // an error means that the browser is gone
	}
	return true
}

func matches(header, tag string) bool {
	for one := range strings.SplitSeq(header, ",") {
		if one = strings.TrimSpace(one); one == tag || one == "*" || "W/"+one == tag {
			return true
		}
	}
	return false
}

// accepts reports whether an Accept-Encoding header names an encoding, other than to refuse it.
func accepts(header, encoding string) bool {
	for one := range strings.SplitSeq(header, ",") {
		name, weight, _ := strings.Cut(one, ";")
		if strings.TrimSpace(name) != encoding {
			continue
		}
		q, ok := strings.CutPrefix(strings.TrimSpace(weight), "q=")
		return !ok || strings.Trim(q, "0.") != ""
	}
	return false
}
