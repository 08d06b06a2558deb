package wire

import (
	"strconv"
	"strings"
)

// ETag is the entity tag of a version of a resource.
func ETag(version int) *string { return new(strconv.Quote(strconv.Itoa(version))) }

// IfMatch reads the version from an If-Match header that [ETag] made. nil is any version; a text that is no such tag gives 0,
// which no resource has.
func IfMatch(tag *string) *int {
	if tag == nil || strings.TrimSpace(*tag) == "*" {
		return nil
	}
	version, err := strconv.Atoi(strings.Trim(strings.TrimPrefix(strings.TrimSpace(*tag), "W/"), `"`))
	if err != nil {
		version = 0
	}
	return &version
}
