package valid

import (
	"regexp"
	"slices"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

var slugPattern = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// reservedSlugs are first labels of hosts that belong to the platform.
var reservedSlugs = []string{
	"admin", "api", "app", "assets", "auth", "blog", "cdn", "docs", "ftp", "help", "id", "imap", "mail", "metrics", "mx", "ns", "ns1", "ns2",
	"pop", "smtp", "static", "status", "support", "www",
}

// Slug reports whether s can name a tenant: it is one lower-case host label (RFC 1123) that is not reserved. A label with
// hyphens in third and fourth place is reserved for encodings such as xn--.
func Slug(s string) bool {
	return slugPattern.MatchString(s) && !slices.Contains(reservedSlugs, s) && !(len(s) > 3 && s[2:4] == "--")
}

func slugReason(s string) why.Reason {
	if slices.Contains(reservedSlugs, s) {
		return why.Reserved("must not be a reserved name")
	}
	return why.InvalidFormat("must be 1 to 63 lower-case letters, digits and inner hyphens")
}

// CheckSlug adds what is wrong with a slug to the fields.
func CheckSlug(fields errs.Fields, field, s string) {
	fields.Check(Slug(s), field, slugReason(s))
}
