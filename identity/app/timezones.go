package app

import (
	"cmp"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"time"
)

// zoneNames are the zones of the countries, as zone.tab of the IANA database lists them, and UTC.
//
//go:embed zones.txt
var zoneNames string

// Zone is a time zone with its offset now.
type Zone struct {
	Name   string
	Offset time.Duration // east of UTC
}

// DisplayName is "Asia/Kolkata (UTC+05:30)".
func (z Zone) DisplayName() string { return z.Name + " (UTC" + z.Text() + ")" }

// Text is the offset: +05:30.
func (z Zone) Text() string {
	sign, offset := '+', z.Offset
	if offset < 0 {
		sign, offset = '-', -offset
	}
	return fmt.Sprintf("%c%02d:%02d", sign, int(offset.Hours()), int(offset.Minutes())%60)
}

// Zones lists the time zones by offset and name.
func (o *Own) Zones() []Zone {
	now := o.Clock.Now()
	var zones []Zone
	for name := range strings.FieldsSeq(zoneNames) {
		location, err := time.LoadLocation(name)
		if err != nil {
			continue // a system whose data lacks it
		}
		_, seconds := now.In(location).Zone()
		zones = append(zones, Zone{Name: name, Offset: time.Duration(seconds) * time.Second})
	}
	slices.SortFunc(zones, func(a, b Zone) int { return cmp.Or(cmp.Compare(a.Offset, b.Offset), strings.Compare(a.Name, b.Name)) })
	return zones
}
