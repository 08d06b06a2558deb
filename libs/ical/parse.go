package ical

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// Parse reads the calendars of a stream (RFC 5545, 3.4). It accepts a byte order mark, names in any case, lines that end in CRLF, LF
// or CR, and empty lines; it drops control characters. An error about the text is an *Error.
func Parse(r io.Reader) ([]Component, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, err
	}
	if len(text) > MaxBytes {
		return nil, &Error{Reason: TooLarge}
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	lines := lineReader{rest: slices.DeleteFunc(text, func(b byte) bool { return isControl(rune(b)) && b != '\r' && b != '\n' })}
	var built tree
	for {
		line, number, reason := lines.next()
		if line == "" && reason == "" {
			return built.calendars()
		}
		if reason == "" {
			reason = built.add(line, number)
		}
		if reason != "" {
			return nil, &Error{Line: number, Reason: reason}
		}
	}
}

// isControl reports whether no value may have the character (RFC 5545, 3.1).
func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

// lineReader unfolds lines (RFC 5545, 3.1). It joins bytes before they are taken for characters, because some programs fold inside
// of a character.
type lineReader struct {
	rest []byte
	read int // lines before rest
}

// next returns a line that is not empty, with the number where it begins; "" after the last. An empty line inside of a folded one
// is ignored, because some programs end lines in CR CR LF.
func (l *lineReader) next() (text string, number int, reason Reason) {
	var line []byte
	for len(l.rest) > 0 {
		part, rest := cutLine(l.rest)
		begins := len(line) == 0
		if begins {
			number = l.read + 1
		}
		if folded := len(part) > 0 && (part[0] == ' ' || part[0] == '\t'); folded {
			if begins {
				return "", number, FoldsNothing
			}
			part = part[1:]
		} else if !begins && len(part) > 0 {
			break
		}
		if len(line)+len(part) > MaxLine {
			return "", number, LineTooLong
		}
		line = append(line, part...)
		l.rest, l.read = rest, l.read+1
	}
	if !utf8.Valid(line) {
		return "", number, NotUTF8
	}
	return string(line), number, ""
}

func cutLine(text []byte) (line, rest []byte) {
	end := bytes.IndexAny(text, "\r\n")
	if end < 0 {
		return text, nil
	}
	line, rest = text[:end], text[end+1:]
	if text[end] == '\r' {
		rest = bytes.TrimPrefix(rest, []byte("\n"))
	}
	return line, rest
}

// tree builds components from their lines.
type tree struct {
	done                   []Component
	open                   []Component // each stands in the one before it
	components, properties int
}

// add takes the next line.
func (t *tree) add(line string, number int) Reason {
	p, reason := parseProperty(line)
	if reason != "" {
		return reason
	}
	p.Line = number
	switch p.Name {
	case "BEGIN":
		return t.begin(p)
	case "END":
		return t.end(p)
	}
	if len(t.open) == 0 {
		return Outside
	}
	if t.properties++; t.properties > MaxProperties {
		return TooManyProperties
	}
	in := &t.open[len(t.open)-1]
	in.Properties = append(in.Properties, p)
	return ""
}

func (t *tree) begin(p Property) Reason {
	name := wholeName(strings.TrimSpace(p.Value))
	t.components++
	switch {
	case name == "":
		return BadName
	case len(t.open) == 0 && name != "VCALENDAR":
		return Outside
	case len(t.open) == MaxDepth:
		return TooDeep
	case t.components > MaxComponents:
		return TooManyComponents
	}
	t.open = append(t.open, Component{Name: name, Line: p.Line})
	return ""
}

func (t *tree) end(p Property) Reason {
	last := len(t.open) - 1
	if last < 0 || t.open[last].Name != wholeName(strings.TrimSpace(p.Value)) {
		return WrongEnd
	}
	into := &t.done
	if last > 0 {
		into = &t.open[last-1].Components
	}
	*into = append(*into, t.open[last])
	t.open = t.open[:last]
	return ""
}

func (t *tree) calendars() ([]Component, error) {
	if len(t.open) > 0 {
		return nil, &Error{Line: t.open[len(t.open)-1].Line, Reason: NotEnded}
	}
	if len(t.done) == 0 {
		return nil, &Error{Reason: NoCalendar}
	}
	return t.done, nil
}
