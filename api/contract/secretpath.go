package contract

import "strings"

// secretPaths are the beginnings of the paths whose rest is a secret: in the documents a parameter of the format password, and the
// pages that show what such paths answer, or what a mailed link is for. A test compares them with the documents.
var secretPaths = []string{"/api/v1/events/calendars/feeds/", "/api/v1/gamification/badges/shared/", "/badges/", "/invite/"}

// LoggedPath is a path as logs may have it: without the secret, if it has one. Requests to such a path are not traced.
func LoggedPath(path string) (logged string, secret bool) {
	for _, prefix := range secretPaths {
		if strings.HasPrefix(path, prefix) {
			return prefix + "...", true
		}
	}
	return path, false
}
