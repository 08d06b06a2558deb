package ical

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Write writes calendars as a stream (RFC 5545, 3.4), all of it or nothing. Names that are none, and values with a line break or
// another control character, are an error, so that no value adds a line of its own; in parameters line breaks are encoded and
// other control characters left out.
func Write(w io.Writer, calendars ...Component) error {
	var out bytes.Buffer
	for _, calendar := range calendars {
		if err := writeComponent(&out, calendar, 1); err != nil {
			return err
		}
	}
	_, err := w.Write(out.Bytes())
	return err
}

func writeComponent(out *bytes.Buffer, c Component, depth int) error {
	name := wholeName(c.Name)
	if name == "" {
		return fmt.Errorf("iCalendar: %q cannot be the name of a component", c.Name)
	}
	if depth > MaxDepth {
		return fmt.Errorf("iCalendar: %s: %s", c.Name, string(TooDeep))
	}
	fold(out, "BEGIN:"+name)
	for _, p := range c.Properties {
		if err := writeProperty(out, p); err != nil {
			return err
		}
	}
	for _, child := range c.Components {
		if err := writeComponent(out, child, depth+1); err != nil {
			return err
		}
	}
	fold(out, "END:"+name)
	return nil
}

func writeProperty(out *bytes.Buffer, p Property) error {
	name := wholeName(p.Name)
	if name == "" || name == "BEGIN" || name == "END" {
		return fmt.Errorf("iCalendar: %q cannot be the name of a property", p.Name)
	}
	if !utf8.ValidString(p.Value) || strings.ContainsFunc(p.Value, isControl) {
		return fmt.Errorf("iCalendar: the value of %s has a control character or is not UTF-8", name)
	}
	var line strings.Builder
	line.WriteString(name)
	for _, param := range p.Params {
		paramName := wholeName(param.Name)
		if paramName == "" {
			return fmt.Errorf("iCalendar: %q cannot be the name of a parameter of %s", param.Name, name)
		}
		line.WriteString(";" + paramName + "=")
		for i, value := range param.Values {
			if i > 0 {
				line.WriteByte(',')
			}
			line.WriteString(paramValue(value))
		}
	}
	fold(out, line.String()+":"+p.Value)
	return nil
}

// paramValue encodes a value (RFC 6868, 3.1) and quotes it where it must be (RFC 5545, 3.2).
func paramValue(value string) string {
	value = printable(paramEncoder.Replace(value))
	if strings.ContainsAny(value, ":;,") {
		return `"` + value + `"`
	}
	return value
}

// printable leaves out control characters, and replaces what is not UTF-8.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if isControl(r) {
			return -1
		}
		return r
	}, s)
}

// maxOctets is the length of a line, without its break (RFC 5545, 3.1).
const maxOctets = 75

// fold writes a line in pieces (RFC 5545, 3.1) that do not end inside of a character.
func fold(out *bytes.Buffer, line string) {
	for most := maxOctets; len(line) > most; most = maxOctets - len(" ") {
		end := most
		for !utf8.RuneStart(line[end]) {
			end--
		}
		out.WriteString(line[:end] + "\r\n ")
		line = line[end:]
	}
	out.WriteString(line + "\r\n")
}
