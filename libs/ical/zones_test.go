package ical_test

import (
	"errors"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // as in the programs that use the package

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/ical"
)

// load accepts IANA names only.
func load(name string) (*time.Location, error) {
	if name == "" || name == "Local" || strings.HasPrefix(name, "posix") || name == "localtime" {
		return nil, errors.New("no zone")
	}
	return time.LoadLocation(name)
}

func TestZones(t *testing.T) {
	t.Parallel()
	vtimezone := func(tzid, olson string) ical.Component {
		return ical.Component{Name: "VTIMEZONE", Properties: []ical.Property{ical.Text("TZID", tzid), ical.Text("X-LIC-LOCATION", olson)}}
	}
	zones := ical.NewZones(ical.Component{Name: "VCALENDAR", Components: []ical.Component{
		vtimezone("Home, sweet home", "Asia/Yekaterinburg"), vtimezone("Bad", "Local"), vtimezone("Empty", ""), {Name: "VTIMEZONE"}, vtimezone("", "Asia/Tokyo"),
	}}, load)
	for tzid, want := range map[string]string{
		"Europe/Moscow":                  "Europe/Moscow",
		" Europe/Moscow ":                "Europe/Moscow",
		"America/Argentina/Buenos_Aires": "America/Argentina/Buenos_Aires",
		"America/Port-au-Prince":         "America/Port-au-Prince",
		"Etc/GMT+3":                      "Etc/GMT+3",
		"EST5EDT":                        "EST5EDT",
		"UTC":                            "UTC",
		"GMT":                            "GMT",
		"Home, sweet home":               "Asia/Yekaterinburg",
		"W. Europe Standard Time":        "Europe/Berlin",
		"Russian Standard Time":          "Europe/Moscow",
		"Eastern Standard Time":          "America/New_York",
		"FLE Standard Time":              "Europe/Kyiv",
		"UTC-11":                         "Etc/GMT+11",
		"tzone://Microsoft/Utc":          "UTC",
		"/freeassociation.sourceforge.net/Europe/Berlin":                    "Europe/Berlin",
		"/softwarestudio.org/Olson_20011030_5/America/Indiana/Indianapolis": "America/Indiana/Indianapolis",
		"../Europe/Moscow":            "Europe/Moscow",
		"posix/Europe/Moscow":         "Europe/Moscow",
		"/citadel.org/20210210_1/UTC": "UTC",
	} {
		for range 2 { // found, and remembered
			loc, err := zones.Location(tzid)
			require.NoError(t, err, tzid)
			require.Equal(t, want, loc.String())
		}
	}
	for _, tzid := range []string{
		"", " ", "Local", "Europe/Nowhere", "Europe", "Europe/", "/", "//", "Bad", "Empty", "Customized Time Zone", "Moscow Standard Time", "europe/moscow",
		"../../etc/localtime", "/etc/localtime", "localtime", "posixrules", "tzdata.zi", "Europe\\Moscow", "tzone://Microsoft/Custom",
		"+03:00", "(UTC+03:00) Moscow, St. Petersburg", strings.Repeat("A", 300), strings.Repeat("A", 250) + "/UTC/", strings.Repeat("A/", 127),
	} {
		for range 2 {
			_, err := zones.Location(tzid)
			require.Equal(t, &ical.Error{Reason: ical.UnknownZone}, err, "%.100q", tzid)
		}
	}
}

func TestWindowsZonesExist(t *testing.T) {
	t.Parallel()
	require.Len(t, ical.WindowsZones, 139)
	zones := ical.NewZones(ical.Component{}, load)
	for windows, want := range ical.WindowsZones {
		loc, err := zones.Location(windows)
		require.NoError(t, err, windows)
		require.Equal(t, want, loc.String())
	}
}

// A hostile name costs few look-ups, and only the first time.
func TestZonesLookUpFewNames(t *testing.T) {
	t.Parallel()
	var asked []string
	zones := ical.NewZones(ical.Component{}, func(name string) (*time.Location, error) {
		asked = append(asked, name)
		return nil, errors.New("no zone")
	})
	for range 3 {
		_, err := zones.Location("a/b/c/d/e")
		require.Error(t, err)
		_, err = zones.Location(strings.Repeat("A/", 30_000) + "UTC")
		require.Error(t, err)
	}
	require.Equal(t, []string{"a/b/c/d/e", "c/d/e", "d/e", "e"}, asked)
}
