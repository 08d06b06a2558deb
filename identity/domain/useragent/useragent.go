// Package useragent puts a User-Agent header into the words by which people know their devices. It is for display: browsers
// say what they like.
package useragent

import "strings"

// The kinds of device.
const (
	Desktop = "desktop"
	Phone   = "phone"
	Tablet  = "tablet"
	Other   = "other"
)

// Client is what a header says. Browser and System are empty when they are not known.
type Client struct{ Device, Browser, System string }

// name is the word that a header has for something, and how people call it. The first that is found counts, so those that
// pretend to be others come before them.
type name struct{ word, called string }

var browsers = []name{
	{"YaBrowser/", "Yandex Browser"}, {"Edg/", "Edge"}, {"EdgA/", "Edge"}, {"EdgiOS/", "Edge"}, {"OPR/", "Opera"}, {"Vivaldi/", "Vivaldi"},
	{"SamsungBrowser/", "Samsung Internet"}, {"FxiOS/", "Firefox"}, {"Firefox/", "Firefox"}, {"CriOS/", "Chrome"}, {"Chrome/", "Chrome"},
	{"Safari/", "Safari"}, {"curl/", "curl"},
}

var systems = []name{
	{"iPhone", "iOS"}, {"iPad", "iPadOS"}, {"Android", "Android"}, {"Windows", "Windows"}, {"CrOS", "ChromeOS"}, {"Macintosh", "macOS"}, {"Linux", "Linux"},
}

func find(names []name, header string) string {
	for _, n := range names {
		if strings.Contains(header, n.word) {
			return n.called
		}
	}
	return ""
}

// Parse reads a header.
func Parse(header string) Client {
	c := Client{Device: Other, Browser: find(browsers, header), System: find(systems, header)}
	mobile := strings.Contains(header, "Mobile")
	switch c.System {
	case "iOS":
		c.Device = Phone
	case "iPadOS":
		c.Device = Tablet
	case "Android":
		if c.Device = Tablet; mobile {
			c.Device = Phone
		}
	case "Windows", "macOS", "Linux", "ChromeOS":
		c.Device = Desktop
	}
	return c
}
