package markdown_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
	"pgregory.net/rapid"
)

// links returns the destinations of the links in what a source becomes, and the text of the page.
func links(t require.TestingT, source string) (hrefs []string, text string) {
	rendered, err := newRenderer().Render(source)
	if err != nil {
		return nil, ""
	}
	root, err := html.Parse(strings.NewReader(rendered.HTML))
	require.NoError(t, err)
	for n := range root.Descendants() {
		if n.Type == html.TextNode {
			text += n.Data
		}
		if n.Type == html.ElementNode && n.Data == "a" {
			hrefs = append(hrefs, attribute(n, "href"))
		}
	}
	return hrefs, strings.TrimSpace(text)
}

// A link leads exactly where it says; its text stays as it was written.
func TestLinksLeadWhereTheySay(t *testing.T) {
	t.Parallel()
	moscow := "https://ru.wikipedia.org/wiki/%D0%9C%D0%BE%D1%81%D0%BA%D0%B2%D0%B0_(%D0%B3%D0%BE%D1%80%D0%BE%D0%B4)"
	for source, want := range map[string]string{
		"https://ru.wikipedia.org/wiki/Москва_(город)":                moscow,
		"(https://ru.wikipedia.org/wiki/Москва_(город))":              moscow,
		"[Москва](https://ru.wikipedia.org/wiki/Москва_(город))":      moscow,
		"<https://ru.wikipedia.org/wiki/Москва_(город)>":              moscow,
		"см. https://пример.рф.":                                      "https://xn--e1afmkfd.xn--p1ai",
		"https://пример.рф, и":                                        "https://xn--e1afmkfd.xn--p1ai",
		"https://xn--80a1acny.xn--p1ai":                               "https://xn--80a1acny.xn--p1ai",
		"https://пример.рф:8080/путь?x=ы&y=1#я":                       "https://xn--e1afmkfd.xn--p1ai:8080/%D0%BF%D1%83%D1%82%D1%8C?x=%D1%8B&y=1#%D1%8F",
		"www.пример.рф/ы":                                             "http://www.xn--e1afmkfd.xn--p1ai/%D1%8B",
		"https://example.com/a%20b%2Fc":                               "https://example.com/a%20b%2Fc",
		"https://example.com/100%":                                    "https://example.com/100%25",
		"https://EXAMPLE.com/A":                                       "https://example.com/A",
		"see https://example.com/x?a=1&b=2.":                          "https://example.com/x?a=1&b=2",
		"**https://example.com/a_b**":                                 "https://example.com/a_b",
		"https://example.com/«x»":                                     "https://example.com/%C2%ABx",
		"mail a@example.com":                                          "mailto:a@example.com",
		"<a@example.com>":                                             "mailto:a@example.com",
		"[a](mailto:a@example.com?subject=Привет)":                    "mailto:a@example.com?subject=%D0%9F%D1%80%D0%B8%D0%B2%D0%B5%D1%82",
		"[a](tel:+7-900-123)":                                         "tel:+7-900-123",
		"steam://connect/1.2.3.4:27015":                               "steam://connect/1.2.3.4:27015",
		"[a](discord://-/channels/1/2)":                               "discord://-/channels/1/2",
		"[a](/app/polls?x=1#y)":                                       "/app/polls?x=1#y",
		"[a](#rules)":                                                 "#rules",
		"[www.example.com](https://example.com/x)":                    "https://example.com/x",
		"![cat](https://example.com/cat.png)":                         "https://example.com/cat.png",
		"![](https://example.com/cat.png)":                            "https://example.com/cat.png",
		"[![cat](https://evil.example/cat.png)](https://example.com)": "https://example.com",
		"[a]\n\n[a]: https://пример.рф/ы":                             "https://xn--e1afmkfd.xn--p1ai/%D1%8B",
	} {
		hrefs, _ := links(t, source)
		require.Equal(t, []string{want}, hrefs, source)
	}
}

// What leads elsewhere than it says, or not certainly there, is text.
func TestUncertainLinksAreText(t *testing.T) {
	t.Parallel()
	for source, text := range map[string]string{
		"[a](javascript:alert(1))":                     "a",
		"[a](data:text/html,x)":                        "a",
		"[a](ftp://example.com)":                       "a",
		"[a](//evil.example)":                          "a",
		`[a](/\\evil.example)`:                         "a",
		`[a](\\evil.example)`:                          "a",
		"[a](evil.example)":                            "a",
		"[a](https://user:pass@evil.example)":          "a",
		"[a](https://good.example@evil.example)":       "a",
		"https://good.example@evil.example":            "https://good.example@evil.example",
		"[https://good.example](https://evil.example)": "https://good.example",
		"[www.good.example](https://evil.example)":     "www.good.example",
		"[a](https://)":                                "a",
		"[a](https://a_b.example)":                     "a",
		"[a](https://xn--80a1acny\u202e.xn--p1ai)":     "a",
		"[a](https:evil.example)":                      "a",
		"[a](mailto:x)":                                "a",
		"[a](tel:1?x)":                                 "a",
		"[a](steam:x)":                                 "a",
		"![a](javascript:alert(1))":                    "a",
		"<foo://bar>":                                  "<foo://bar>",
	} {
		hrefs, shown := links(t, source)
		require.Empty(t, hrefs, source)
		require.Equal(t, text, shown, source)
	}
}

func TestOnlyAttachmentsArePictures(t *testing.T) {
	t.Parallel()
	const own = "/api/v1/portal/attachments/0190a1b2-0000-7000-8000-000000000000/content"
	require.Equal(t, `<p><img src="`+own+`" alt="a"></p>`, render(t, "![a]("+own+")"))
	for _, other := range []string{
		"https://example.com/x.png", "//example.com/x.png", "/x.png", own + "?x", own + "/../../x", "https://aef.updspace.com" + own, "/api/v1/portal/attachments/../content", "x.png",
	} {
		require.NotContains(t, render(t, "![a]("+other+")"), "<img", other)
	}
}

// Whatever the address, a link that is rendered has an ASCII address with a listed scheme, no user, and the host of its text.
func TestBareLinksNeverMislead(t *testing.T) {
	t.Parallel()
	piece := rapid.SampledFrom([]string{
		"a", "я", "example.com", "пример.рф", "/", "?", "#", "@", ":", ":80", "%", "%D0", "(", ")", "&", "&amp;", "[", "]", "\\", "_", "*", "~", ".", ",", "!", "'", "xn--", "-", "\u202e", "\u200b", "ß", "ı", "。",
	})
	rapid.Check(t, func(t *rapid.T) {
		address := "https://" + strings.Join(rapid.SliceOfN(piece, 1, 12).Draw(t, "address"), "")
		hrefs, text := links(t, address)
		for _, href := range hrefs {
			u, err := url.Parse(href)
			require.NoError(t, err)
			require.Nil(t, u.User)
			if u.Scheme == "mailto" { // an e-mail address among it
				continue
			}
			require.Equal(t, "https", u.Scheme)
			for _, r := range href {
				require.Less(t, r, rune(0x80))
			}
			said, _, _ := strings.Cut(strings.TrimPrefix(text, "https://"), "/")
			if isASCII(said) && !strings.ContainsAny(said, "?#") {
				require.True(t, strings.HasPrefix(strings.ToLower(said), u.Host), "%s leads to %s", text, href)
			}
		}
	})
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 })
}
