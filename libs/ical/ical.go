// Package ical reads and writes iCalendar streams (RFC 5545, with the parameters of RFC 6868). It knows components, properties,
// parameters and values, and no domain: what a VEVENT means is its caller's business.
//
//	calendars, err := ical.Parse(file)
//	for _, event := range calendars[0].Children("VEVENT") {
//		start, ok := event.Property("DTSTART")
//		...
//	}
//
//	err := ical.Write(w, ical.Component{Name: "VCALENDAR", Properties: []ical.Property{
//		ical.Text("VERSION", "2.0"), ical.Text("PRODID", "-//UpdSpace//Events//EN"),
//	}, Components: events})
package ical

import (
	"fmt"
	"slices"
	"strings"
)

// Bounds of what Parse reads. Memory and time grow with the size of a text only.
const (
	MaxBytes      = 1 << 20  // of a text
	MaxLine       = 64 << 10 // bytes of a line after unfolding
	MaxParams     = 64       // of a line
	MaxDepth      = 4        // of components, the calendar included: VCALENDAR, VEVENT, VALARM and one more
	MaxComponents = 10_000   // of a text
	MaxProperties = 50_000   // of a text
)

// Component is what stands between BEGIN and END (RFC 5545, 3.6): a calendar, an event, an alarm, a time zone.
type Component struct {
	Name       string // in upper case
	Properties []Property
	Components []Component
	Line       int // of its BEGIN in the text that was read, from 1
}

// Property returns the first property of a name, which is given in upper case.
func (c Component) Property(name string) (Property, bool) {
	for _, p := range c.Properties {
		if p.Name == name {
			return p, true
		}
	}
	return Property{}, false
}

// All returns every property of a name, which is given in upper case.
func (c Component) All(name string) []Property {
	var found []Property
	for _, p := range c.Properties {
		if p.Name == name {
			found = append(found, p)
		}
	}
	return found
}

// Children returns the components of a name, given in upper case, that stand directly in c.
func (c Component) Children(name string) []Component {
	var found []Component
	for _, child := range c.Components {
		if child.Name == name {
			found = append(found, child)
		}
	}
	return found
}

// Property is a content line (RFC 5545, 3.1). Its value is as it is on the line, which is the value itself for types such as URI,
// CAL-ADDRESS, INTEGER and RECUR; Text, Time, Duration and their like read and make the other types.
type Property struct {
	Name   string // in upper case
	Params []Param
	Value  string
	Line   int // where it begins in the text that was read, from 1
}

// Param is a parameter of a property (RFC 5545, 3.2), its values without quotes and without the escapes of RFC 6868.
type Param struct {
	Name   string // in upper case
	Values []string
}

// Param returns the first value of a parameter, whose name is given in upper case, and "" when there is none.
func (p Property) Param(name string) string {
	for _, param := range p.Params {
		if param.Name == name && len(param.Values) > 0 {
			return param.Values[0]
		}
	}
	return ""
}

// With returns the property with one more parameter.
func (p Property) With(name string, values ...string) Property {
	p.Params = append(slices.Clip(p.Params), Param{Name: name, Values: values})
	return p
}

// typed reports whether the parameter VALUE (RFC 5545, 3.2.20) names a type.
func (p Property) typed(as string) bool { return strings.EqualFold(p.Param("VALUE"), as) }

// Error is why a text or a value is not read.
type Error struct {
	Line   int // where the trouble begins, from 1; 0 when it is not in one line
	Reason Reason
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return "iCalendar: " + string(e.Reason)
	}
	return fmt.Sprintf("iCalendar, line %d: %s", e.Line, string(e.Reason))
}

// Reason says what is wrong. The list is closed, so that a caller can translate it.
type Reason string

// The reasons.
const (
	TooLarge          Reason = "larger than 1 MB"
	NoCalendar        Reason = "no calendar"
	NotUTF8           Reason = "not UTF-8"
	LineTooLong       Reason = "longer than 64 KB"
	FoldsNothing      Reason = "continues no line"
	BadName           Reason = "does not begin with a name"
	BadParam          Reason = "a parameter is malformed"
	OpenQuote         Reason = "a quote is not closed"
	TooManyParams     Reason = "more than 64 parameters"
	NoValue           Reason = "no colon before a value"
	TooDeep           Reason = "more than 4 components inside each other"
	TooManyComponents Reason = "more than 10,000 components"
	TooManyProperties Reason = "more than 50,000 properties"
	Outside           Reason = "outside of a calendar"
	WrongEnd          Reason = "ends a component that is not open"
	NotEnded          Reason = "begins a component that does not end"
	BadTime           Reason = "not a date or a date with time"
	BadDuration       Reason = "not a duration, or longer than 100 years"
	BadPeriod         Reason = "not a period"
	UnknownZone       Reason = "unknown time zone"
)
