package ical

import (
	"strings"
	"time"
)

// Zones finds the zones that the TZIDs of one calendar mean. It is not safe for concurrent use.
type Zones struct {
	load  func(name string) (*time.Location, error)
	olson map[string]string         // what the VTIMEZONE of a TZID says of its IANA name
	found map[string]*time.Location // nil for a TZID that means none
}

// NewZones prepares for the TZIDs of a calendar. load returns the zone of an IANA name and refuses all other names; it may be called
// with any.
func NewZones(calendar Component, load func(name string) (*time.Location, error)) *Zones {
	z := &Zones{load: load, olson: map[string]string{}, found: map[string]*time.Location{}}
	for _, zone := range calendar.Children("VTIMEZONE") {
		id, _ := zone.Property("TZID")
		name, _ := zone.Property("X-LIC-LOCATION")
		z.olson[strings.TrimSpace(id.Text())] = name.Text()
	}
	return z
}

// Location returns the zone of a TZID (RFC 5545, 3.2.19): an IANA name, a name of Windows, or any text for which the calendar's
// VTIMEZONE has the IANA name (X-LIC-LOCATION) or which ends in one, as /freeassociation.sourceforge.net/Europe/Berlin does. Offsets
// of a VTIMEZONE are not compared with those of zones: an unknown name is an *Error and not a guess.
func (z *Zones) Location(tzid string) (*time.Location, error) {
	loc, known := z.found[tzid]
	if !known {
		loc = z.find(strings.TrimSpace(tzid))
		z.found[tzid] = loc
	}
	if loc == nil {
		return nil, &Error{Reason: UnknownZone}
	}
	return loc, nil
}

// Bounds of the names that are looked up.
const (
	maxTZID     = 255 // bytes
	maxSegments = 3   // America/Argentina/Buenos_Aires
)

func (z *Zones) find(tzid string) *time.Location {
	if tzid == "" || len(tzid) > maxTZID {
		return nil
	}
	names := []string{tzid, windowsZones[tzid], z.olson[tzid]}
	segments := strings.Split(tzid, "/")
	for from := max(1, len(segments)-maxSegments); from < len(segments); from++ {
		names = append(names, strings.Join(segments[from:], "/"))
	}
	for _, name := range names {
		if name == "" {
			continue
		}
		if loc, err := z.load(name); err == nil {
			return loc
		}
	}
	return nil
}
