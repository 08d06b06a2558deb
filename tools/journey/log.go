package journey

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Log prints what is sent and what comes back, secrets shortened. A nil Log prints nothing.
type Log struct {
	w   io.Writer
	who string // whose browser it is that sends, "" for none in particular
}

// NewLog prints to w.
func NewLog(w io.Writer) *Log { return &Log{w: w} }

// of is the log of one person's browser: the same address answers each of them differently.
func (l *Log) of(who string) *Log {
	if l == nil {
		return nil
	}
	return &Log{w: l.w, who: who}
}

func (l *Log) printf(format string, args ...any) {
	if l != nil {
		fmt.Fprintf(l.w, format, args...)
	}
}

func (l *Log) sent(r *http.Request, body []byte) {
	if l == nil {
		return
	}
	l.printf("    > ")
	if l.who != "" {
		l.printf("[%s] ", l.who)
	}
	l.printf("%s %s", r.Method, address(r.URL))
	if len(body) > 0 {
		l.printf("  %s", visible(r.Header.Get("Content-Type"), body))
	}
	l.printf("\n")
}

func (l *Log) received(a *Answer) {
	if l == nil {
		return
	}
	l.printf("    < %d", a.Status)
	if to := a.Header.Get("Location"); to != "" {
		if u, err := url.Parse(to); err == nil {
			l.printf(" -> %s", address(u))
		}
	}
	for _, c := range (&http.Response{Header: a.Header}).Cookies() {
		if c.MaxAge < 0 {
			l.printf("  [cookie %s cleared]", c.Name)
		} else {
			l.printf("  [cookie %s=%s]", c.Name, secret(c.Value))
		}
	}
	if len(a.Body) > 0 && (a.Status < 300 || a.Status > 399) {
		l.printf("  %s", visible(a.Header.Get("Content-Type"), a.Body))
	}
	l.printf("\n")
}

func (l *Log) failed(err error) {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err // the address was printed a line above
	}
	l.printf("    < no answer: %v\n", err)
}

// secretNames are the parameters and fields whose values are not for a log.
var secretNames = map[string]bool{
	"password": true, "code": true, "state": true, "nonce": true, "token": true, "form_token": true, "session_token": true, "csrfToken": true,
	"code_challenge": true, "code_verifier": true, "access_token": true, "id_token": true, "refresh_token": true, "client_secret": true,
	"csrf": true, "csrf_token": true,
}

// secretInURL finds the same in addresses that are inside a text, such as a magic link.
var secretInURL = regexp.MustCompile(`((?:[?&]|%3F|%26)(?:token|code|state)(?:=|%3D))([^&"\s%]+)`)

// secret keeps enough of a value to recognise it and too little to use it.
func secret(v string) string {
	if len(v) <= 16 { // short ones are passwords
		return "…"
	}
	return v[:4] + "…"
}

// longest is how much of an ordinary parameter is printed. Addresses within addresses are cut before their secrets.
const longest = 60

func parameter(name, value string) string {
	if secretNames[name] {
		return secret(value)
	}
	value = secretInURL.ReplaceAllString(value, "$1…")
	if len(value) > longest {
		value = value[:longest] + "…"
	}
	return value
}

// address prints a URL readably, its secrets shortened.
func address(u *url.URL) string {
	text := u.Scheme + "://" + u.Host + u.EscapedPath()
	if u.Host == "" {
		text = u.EscapedPath()
	}
	if u.RawQuery == "" {
		return text
	}
	var parts []string
	for _, pair := range strings.Split(u.RawQuery, "&") {
		name, value, _ := strings.Cut(pair, "=")
		parts = append(parts, name+"="+parameter(name, value))
	}
	return text + "?" + strings.Join(parts, "&")
}

func visible(kind string, body []byte) string {
	switch {
	case strings.HasPrefix(kind, "text/html"):
		return "(page) " + title(body)
	case strings.HasPrefix(kind, "application/x-www-form-urlencoded"):
		values, err := url.ParseQuery(string(body))
		if err != nil {
			return "(form)"
		}
		parts := make([]string, 0, len(values))
		for name := range values {
			parts = append(parts, name+"="+parameter(name, values.Get(name)))
		}
		slices.Sort(parts)
		return strings.Join(parts, " ")
	}
	var value any
	if json.Unmarshal(body, &value) == nil {
		if hidden, err := marshal(hide(value)); err == nil {
			body = hidden
		}
	}
	return secretInURL.ReplaceAllString(shorten(body), "$1…")
}

func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}

// hide shortens the secret fields of a JSON value. An error's code is no secret.
func hide(v any) any {
	switch v := v.(type) {
	case map[string]any:
		_, isError := v["message"]
		for name, inner := range v {
			if text, ok := inner.(string); ok && secretNames[name] && !(isError && name == "code") {
				v[name] = secret(text)
			} else {
				v[name] = hide(inner)
			}
		}
	case []any:
		for i := range v {
			v[i] = hide(v[i])
		}
	}
	return v
}

var titleTag = regexp.MustCompile(`(?is)<title>(.*?)</title>`)

func title(page []byte) string {
	if m := titleTag.FindSubmatch(page); m != nil {
		return strings.TrimSpace(string(m[1]))
	}
	return ""
}

func shorten(b []byte) string {
	text := strings.Join(strings.Fields(string(b)), " ")
	if runes := []rune(text); len(runes) > 400 {
		return string(runes[:400]) + fmt.Sprintf("… (%d bytes)", len(b))
	}
	return text
}
