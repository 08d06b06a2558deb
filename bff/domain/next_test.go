package domain_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/bff/domain"
)

func TestSafeNextKeepsPathsOfThisHost(t *testing.T) {
	for _, next := range []string{
		"/", "/app", "/app/voting/1?tab=results&q=a%20b#top", "/app?next=https://evil.example//x",
		"/app/", "/%D0%BF%D1%80%D0%B8%D0%B2%D0%B5%D1%82", "/a:b", "/a@b", "/app#//x", "/.well-known/x", "/a..b",
		"/a%20b", "/" + strings.Repeat("a", 2047),
	} {
		require.Equal(t, next, domain.SafeNext(next))
	}
}

func TestSafeNextRefusesEveryWayOut(t *testing.T) {
	for _, next := range []string{
		"", "app", "//evil.example", "///evil.example", `/\evil.example`, `\/evil.example`, `\\evil.example`,
		"https://evil.example", "HTTPS://evil.example", "http:/evil.example", "https:evil.example",
		"javascript:alert(1)", "data:text/html,x", " //evil.example", "\t//evil.example", "/\t/evil.example",
		"/\n/evil.example", "/\r\nLocation: https://evil.example", "/a\x00b", "/a\x7f",
		"/%2f/evil.example", "/%2F%2Fevil.example", "/%5cevil.example", "/%5C%5Cevil.example", "%2f%2fevil.example",
		"/./", "/../", "/a/../..//evil.example", "/..%2f", "/%2e%2e/x", "/.", "/a/..", "/%0d%0aSet-Cookie:x", "/%09/evil.example",
		"/a//evil.example", "/%zz", "/" + strings.Repeat("a", 2048), "/ ", "/a b",
		"@evil.example", "/\u0000",
	} {
		require.Equal(t, "/", domain.SafeNext(next), "%q", next)
	}
}

// Whatever comes out leads to the same host, read as browsers read it: they
// drop tabs and line ends and take a backslash for a slash.
func TestSafeNextNeverLeavesTheHost(t *testing.T) {
	base, err := url.Parse("https://aef.updspace.com/api/v1/auth/callback")
	require.NoError(t, err)
	pieces := rapid.SampledFrom([]string{
		"/", "//", `\`, ".", "..", "%2f", "%5c", "%2e", "%00", "\t", "\n", " ", ":", "@", "?", "#", "a", "evil.example", "https:", "javascript:", "%",
	})
	rapid.Check(t, func(rt *rapid.T) {
		next := domain.SafeNext(strings.Join(rapid.SliceOfN(pieces, 0, 8).Draw(rt, "pieces"), ""))
		read := strings.NewReplacer("\t", "", "\n", "", "\r", "", `\`, "/").Replace(strings.TrimSpace(next))
		for range 2 { // also after one more decoding
			to, err := base.Parse(read)
			if err != nil {
				rt.Fatalf("%q does not parse: %v", next, err)
			}
			if to.Host != base.Host || to.Scheme != base.Scheme {
				rt.Fatalf("%q leads to %s", next, to)
			}
			path, _, _ := strings.Cut(read, "?")
			path, _, _ = strings.Cut(path, "#")
			if read, err = url.PathUnescape(path); err != nil {
				rt.Fatalf("%q does not decode: %v", next, err)
			}
		}
	})
}
