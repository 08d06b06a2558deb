package importer

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// line is a text of one line in the form in which it is stored: without characters that are not text, and cut where it is too long.
func (r *run) line(kind, which, field, s string, most int) string {
	return r.clean(kind, which, field, strings.Join(strings.FieldsFunc(s, func(c rune) bool { return c == '\n' || c == '\r' || c == '\t' || c == '\u2028' || c == '\u2029' }), " "), most)
}

// text is line for a text of several lines.
func (r *run) text(kind, which, field, s string, most int) string {
	return r.clean(kind, which, field, strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s), most)
}

func (r *run) clean(kind, which, field, s string, most int) string {
	kept := strings.Map(func(c rune) rune {
		if c != '\n' && c != '\t' && unicode.IsControl(c) || c == unicode.ReplacementChar || c&0xfffe == 0xfffe || '\u202a' <= c && c <= '\u202e' || '\u2066' <= c && c <= '\u2069' {
			return -1
		}
		return c
	}, s)
	if kept != s {
		r.report.change(kind, field+": characters that are not text are left out", which)
	}
	kept = norm.NFC.String(strings.TrimSpace(kept))
	if utf8.RuneCountInString(kept) > most {
		kept = strings.TrimSpace(string([]rune(kept)[:most]))
		r.report.change(kind, fmt.Sprintf("%s: is cut at %d characters", field, most), which)
	}
	return kept
}

// object is a JSON document that must be an object.
func (r *run) object(kind, which, field string, document jsonText) string {
	var found map[string]any
	if json.Unmarshal([]byte(document), &found) != nil || found == nil {
		if document != "" && document != "null" {
			r.report.change(kind, field+": is no JSON object, and is left out", which)
		}
		return "{}"
	}
	return string(document)
}

// texts are the texts of a JSON object by language. What is no text, or of no language, is left out.
func (r *run) texts(kind, which, field string, document jsonText, most int) map[string]string {
	var found map[string]any
	if json.Unmarshal([]byte(document), &found) != nil {
		r.report.change(kind, field+": is no JSON object, and is left out", which)
	}
	texts := map[string]string{}
	for language, value := range found {
		s, ok := value.(string)
		if ok {
			s = r.line(kind, which, field, s, most)
		}
		if s == "" || !languageTag.MatchString(language) {
			r.report.change(kind, field+": a language or a text that is none is left out", which)
			continue
		}
		texts[language] = s
	}
	return texts
}

// timeOr is a time, or another one when there is none.
func timeOr(t, other time.Time) time.Time {
	if t.IsZero() {
		return other
	}
	return t
}

// orNull is a time, or NULL when there is none.
func orNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}
