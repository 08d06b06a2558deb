package ical

import "strings"

// textEscaper makes a value of the type TEXT (RFC 5545, 3.3.11).
var textEscaper = strings.NewReplacer(`\`, `\\`, `;`, `\;`, `,`, `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`)

// textUnescaper is its reverse. Other characters after a backslash are no escapes: both stay.
var textUnescaper = strings.NewReplacer(`\\`, `\`, `\;`, `;`, `\,`, `,`, `\n`, "\n", `\N`, "\n")

// Text makes a property of the type TEXT (RFC 5545, 3.3.11), of several texts a list (3.1.1) such as CATEGORIES. It turns line
// breaks into "\n", leaves out other control characters, and replaces what is not UTF-8.
func Text(name string, texts ...string) Property {
	var value strings.Builder
	for i, text := range texts {
		if i > 0 {
			value.WriteByte(',')
		}
		value.WriteString(printable(textEscaper.Replace(text)))
	}
	return Property{Name: name, Value: value.String()}
}

// Text reads a value of the type TEXT. A comma without a backslash belongs to it, although RFC 5545 wants one.
func (p Property) Text() string { return textUnescaper.Replace(p.Value) }

// Texts reads a list of texts; an empty value is an empty list.
func (p Property) Texts() []string {
	if p.Value == "" {
		return nil
	}
	var texts []string
	from, escaped := 0, false
	for i := range len(p.Value) {
		if p.Value[i] == ',' && !escaped {
			texts = append(texts, textUnescaper.Replace(p.Value[from:i]))
			from = i + 1
		}
		escaped = p.Value[i] == '\\' && !escaped
	}
	return append(texts, textUnescaper.Replace(p.Value[from:]))
}
