package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"unicode"

	"github.com/google/uuid"

	"go.updspace.com/tools/journey"
)

// wiretap collects what browsers and clients send and get and a program, not a person, has made: by the name that it has on the wire.
type wiretap struct {
	mu     sync.Mutex
	values map[string]map[string]bool // value -> the names that it had
}

func newWiretap() *wiretap { return &wiretap{values: map[string]map[string]bool{}} }

// named are the values that had a name.
func (w *wiretap) named(name string) (values []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for value, names := range w.values {
		if names[name] {
			values = append(values, value)
		}
	}
	return values
}

// note collects a value, whatever it is like.
func (w *wiretap) note(name, value string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.values[value] == nil {
		w.values[value] = map[string]bool{}
	}
	w.values[value][name] = true
}

var (
	drawn     = regexp.MustCompile(`^[A-Za-z0-9._~=+/-]{20,}$`)
	timestamp = regexp.MustCompile(`^\d{4}-\d\d-\d\dT`)
)

// heard collects a value that looks drawn at random, or composed of such, and looks into one that is an address.
func (w *wiretap) heard(name, value string) {
	if strings.Contains(value, "://") || strings.HasPrefix(value, "/") {
		if u, err := url.Parse(value); err == nil {
			w.address(u)
		}
		return
	}
	if _, err := uuid.Parse(value); err == nil || timestamp.MatchString(value) || !drawn.MatchString(value) || !strings.ContainsFunc(value, unicode.IsDigit) ||
		!strings.ContainsFunc(value, unicode.IsLetter) {
		return
	}
	w.note(name, value)
}

// address looks into the path, the query and the fragment of an address.
func (w *wiretap) address(u *url.URL) {
	for part := range strings.SplitSeq(u.Path, "/") {
		if !strings.HasPrefix(part, "index-") { // files of a frontend
			w.heard("path", part)
		}
	}
	w.form(u.RawQuery)
	if strings.Contains(u.Fragment, "=") {
		w.form(u.EscapedFragment())
	} else {
		w.heard("fragment", u.Fragment)
	}
}

func (w *wiretap) form(encoded string) {
	values, err := url.ParseQuery(encoded)
	if err != nil {
		return
	}
	for name, list := range values {
		for _, value := range list {
			w.heard(name, value)
		}
	}
}

func (w *wiretap) json(name string, value any) {
	switch value := value.(type) {
	case map[string]any:
		for name, part := range value {
			w.json(name, part)
		}
	case []any:
		for _, part := range value {
			w.json(name, part)
		}
	case string:
		w.heard(name, value)
	}
}

func (w *wiretap) body(kind string, body []byte) {
	switch {
	case strings.HasPrefix(kind, "application/json"):
		var value any
		if json.Unmarshal(body, &value) == nil {
			w.json("body", value)
		}
	case strings.HasPrefix(kind, "application/x-www-form-urlencoded"):
		w.form(string(body))
	case strings.HasPrefix(kind, "text/html"):
		for _, link := range journey.Links(body) {
			w.heard("link", link)
		}
	}
}

func (w *wiretap) header(h http.Header) {
	for name := range h {
		switch value := h.Get(name); name {
		case "Authorization":
			scheme, credentials, _ := strings.Cut(value, " ")
			if decoded, err := base64.StdEncoding.DecodeString(credentials); err == nil && scheme == "Basic" {
				_, credentials, _ = strings.Cut(string(decoded), ":")
			}
			w.heard(name, credentials)
		case "Location":
			w.heard(name, value)
		default:
			if strings.Contains(name, "Token") {
				w.heard(name, value)
			}
		}
	}
}

// tap is a transport that collects.
func (w *wiretap) tap(next http.RoundTripper) http.RoundTripper { return tap{next, w} }

type tap struct {
	next http.RoundTripper
	*wiretap
}

func (t tap) RoundTrip(r *http.Request) (*http.Response, error) {
	t.address(r.URL)
	t.header(r.Header)
	for _, c := range r.Cookies() {
		t.heard(c.Name, c.Value)
	}
	if r.GetBody != nil {
		body, err := r.GetBody()
		if err != nil {
			return nil, err
		}
		sent, err := io.ReadAll(body)
		if err != nil {
			return nil, err
		}
		t.body(r.Header.Get("Content-Type"), sent)
	}
	response, err := t.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	t.header(response.Header)
	for _, c := range response.Cookies() {
		t.heard(c.Name, c.Value)
	}
	kind := response.Header.Get("Content-Type")
	if strings.HasPrefix(kind, "text/event-stream") {
		return response, nil
	}
	got, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if err := response.Body.Close(); err != nil {
		return nil, err
	}
	t.body(kind, got)
	response.Body = io.NopCloser(bytes.NewReader(got))
	return response, nil
}
