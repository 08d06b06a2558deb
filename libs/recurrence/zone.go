package recurrence

import (
	"regexp"
	"sync"
	"time"
	_ "time/tzdata" // images have no time zones

	"go.updspace.com/libs/errs/why"
)

var (
	// zones has what was loaded, because time.LoadLocation reads and decodes a file each time. Only zones that exist are kept.
	zones    sync.Map // name to *time.Location
	zoneForm = regexp.MustCompile(`^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$`)
	// notZones depend on the machine, or are trees of tzdata that count leap seconds or double the names.
	notZones = regexp.MustCompile(`^(Local|localtime|Factory|posixrules|posix/.*|right/.*)$`)
)

// Zone returns the zone of an IANA name such as Europe/Moscow.
func Zone(name string) (*time.Location, error) {
	if zone, ok := zones.Load(name); ok {
		return zone.(*time.Location), nil
	}
	if zoneForm.MatchString(name) && !notZones.MatchString(name) {
		if zone, err := time.LoadLocation(name); err == nil {
			zones.Store(name, zone)
			return zone, nil
		}
	}
	return nil, &Error{Why: why.NotFormat("time-zone", "must be the name of a time zone, such as Europe/Moscow")}
}
