package ical

import "strings"

// parseProperty reads a content line (RFC 5545, 3.1).
func parseProperty(line string) (Property, Reason) {
	name, rest := cutName(line)
	if name == "" {
		return Property{}, BadName
	}
	p := Property{Name: name}
	for strings.HasPrefix(rest, ";") {
		if len(p.Params) == MaxParams {
			return Property{}, TooManyParams
		}
		var param Param
		var reason Reason
		if param, rest, reason = cutParam(rest[1:]); reason != "" {
			return Property{}, reason
		}
		p.Params = append(p.Params, param)
	}
	var found bool
	if p.Value, found = strings.CutPrefix(rest, ":"); !found {
		return Property{}, NoValue
	}
	return p, ""
}

// cutParam reads the parameter (RFC 5545, 3.2) that text begins with. A quote inside of a value without quotes is a character like
// any other, because some programs write CN=Ann "Queen" Lee.
func cutParam(text string) (p Param, rest string, reason Reason) {
	p.Name, rest = cutName(text)
	if p.Name == "" || !strings.HasPrefix(rest, "=") {
		return p, rest, BadParam
	}
	for more := true; more; more = strings.HasPrefix(rest, ",") {
		rest = rest[1:]
		var value string
		if quoted, found := strings.CutPrefix(rest, `"`); found {
			if value, rest, found = strings.Cut(quoted, `"`); !found {
				return p, rest, OpenQuote
			}
		} else {
			end := strings.IndexAny(rest, ";:,")
			if end < 0 {
				return p, rest, NoValue
			}
			value, rest = rest[:end], rest[end:]
		}
		p.Values = append(p.Values, paramDecoder.Replace(value))
	}
	if !strings.HasPrefix(rest, ";") && !strings.HasPrefix(rest, ":") {
		return p, rest, BadParam
	}
	return p, rest, ""
}

// RFC 6868, 3.1 and 3.2.
var (
	paramDecoder = strings.NewReplacer("^n", "\n", "^'", `"`, "^^", "^")
	paramEncoder = strings.NewReplacer("\r\n", "^n", "\n", "^n", "\r", "^n", `"`, "^'", "^", "^^")
)

// cutName returns the name that text begins with, in upper case, and the rest. RFC 5545, 3.1, allows letters, digits and hyphens;
// some programs use the underscore.
func cutName(text string) (name, rest string) {
	end := 0
	for end < len(text) && isNameByte(text[end]) {
		end++
	}
	return strings.ToUpper(text[:end]), text[end:]
}

// wholeName returns s in upper case if it is a name and nothing else, otherwise "".
func wholeName(s string) string {
	name, rest := cutName(s)
	if rest != "" {
		return ""
	}
	return name
}

func isNameByte(b byte) bool {
	return 'A' <= b && b <= 'Z' || 'a' <= b && b <= 'z' || '0' <= b && b <= '9' || b == '-' || b == '_'
}
