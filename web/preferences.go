package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// The cookies in which a browser keeps what its user has chosen, with or without an account.
const (
	languageCookie = "updspace_lang"
	themeCookie    = "updspace_theme"
)

// languages are those that the frontends speak.
var languages = []string{"en", "ru"}

// Language is the language of a page: the account's, else that of the browser's cookie, else the first of wanted that there
// is, else what the browser accepts best, else the tenant's.
func Language(r *http.Request, account, tenant string, wanted ...string) string {
	choices := []string{account, cookie(r, languageCookie)}
	for _, one := range wanted {
		choices = append(choices, primary(one))
	}
	for _, one := range append(choices, accepted(r.Header.Get("Accept-Language")), tenant) {
		if slices.Contains(languages, one) {
			return one
		}
	}
	return languages[0]
}

// Theme is the theme of a page: that of the browser's cookie, else the account's, else the system's.
func Theme(r *http.Request, account string) string {
	for _, one := range []string{cookie(r, themeCookie), account} {
		if slices.Contains([]string{"light", "dark", "auto"}, one) {
			return one
		}
	}
	return "auto"
}

func cookie(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

// primary is the language of a tag such as ru-RU.
func primary(tag string) string {
	language, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
	return language
}

// accepted is the language of ours that an Accept-Language header likes best, or empty.
func accepted(header string) (best string) {
	top := 0.0
	for part := range strings.SplitSeq(header, ",") {
		tag, weight, _ := strings.Cut(part, ";")
		q := 1.0
		if text, ok := strings.CutPrefix(strings.TrimSpace(weight), "q="); ok {
			q, _ = strconv.ParseFloat(text, 64) // one that is no number counts as 0
		}
		if language := primary(tag); q > top && slices.Contains(languages, language) {
			best, top = language, q
		}
	}
	return best
}
