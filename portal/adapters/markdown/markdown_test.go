package markdown_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"go.updspace.com/portal/adapters/markdown"
	"go.updspace.com/portal/domain"
)

func render(source string) string {
	return strings.TrimSpace(markdown.New().Render(source).HTML)
}

func TestWhatMarkdownBecomes(t *testing.T) {
	for source, want := range map[string]string{
		"a **b** *c* ~~d~~ `e`":              "<p>a <strong>b</strong> <em>c</em> <del>d</del> <code>e</code></p>",
		"# one\n\n- x\n- y":                  "<h1>one</h1>\n<ul>\n<li>x</li>\n<li>y</li>\n</ul>",
		"3. x":                               "<ol start=\"3\">\n<li>x</li>\n</ol>",
		"> q":                                "<blockquote>\n<p>q</p>\n</blockquote>",
		"```go\na < b\n```":                  "<pre><code class=\"language-go\">a &lt; b\n</code></pre>",
		"[a](/b \"c\")":                      `<p><a href="/b" title="c" rel="nofollow noreferrer">a</a></p>`,
		"see https://example.com/x?a=1&b=2.": `<p>see <a href="https://example.com/x?a=1&amp;b=2" rel="nofollow noreferrer noopener" target="_blank">https://example.com/x?a=1&amp;b=2</a>.</p>`,
		"mail a@example.com":                 `<p>mail <a href="mailto:a@example.com" rel="nofollow noreferrer">a@example.com</a></p>`,
		"![a](https://example.com/x.png)":    `<p><img src="https://example.com/x.png" alt="a"></p>`,
		"|a|b|\n|:-|-:|\n|1|2|":              "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>",
		"":                                   "",
		"Привет, **мир**":                    "<p>Привет, <strong>мир</strong></p>",
	} {
		require.Equal(t, want, render(source), source)
	}
}

// What people have tried elsewhere to get their own script into a page.
func TestNothingRuns(t *testing.T) {
	for _, source := range []string{
		"<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<iframe src=javascript:alert(1)>",
		"[a](javascript:alert(1))", "[a](JaVaScRiPt:alert(1))", "[a](java\nscript:alert(1))", "[a](&#106;avascript:alert(1))", "[a](\x01javascript:alert(1))",
		"[a](vbscript:msgbox(1))", "[a](data:text/html;base64,PHNjcmlwdD4=)", "[a](data:text/html,<script>alert(1)</script>)",
		"![a](javascript:alert(1))", "![a](data:image/svg+xml;base64,PHN2Zz4=)", "![a\" onerror=\"alert(1)](x)", "![a](x\" onerror=\"alert(1))",
		"[a](x \"t\" onmouseover=\"alert(1)\")", "[a](<x\" onclick=\"alert(1)>)", "<a href=\"javascript:alert(1)\">a</a>", "<javascript:alert(1)>",
		"[a]: javascript:alert(1)\n\n[a]", "`<script>alert(1)</script>`", "```\"><script>alert(1)</script>\nx\n```", "```x onload=alert(1)\n```",
		"<div style=\"background:url(javascript:alert(1))\">", "<style>*{background:url(//evil)}</style>", "<base href=//evil>", "<meta http-equiv=refresh content=0>",
		"<form action=//evil><input name=x><button>", "<math><mtext><script>alert(1)</script>", "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
		"<!--><img src=x onerror=alert(1)>-->", "<![CDATA[<script>alert(1)</script>]]>", "&lt;script&gt;alert(1)&lt;/script&gt;", "\\<script>alert(1)\\</script>",
		"|<script>alert(1)</script>|\n|-|\n", "- [ ] <input type=image src=x onerror=alert(1)>", "http://x/\"onmouseover=\"alert(1)", "www.x.com/<script>alert(1)</script>",
		strings.Repeat("[", 2000) + "a" + strings.Repeat("](javascript:alert(1))", 50), "<scr<script>ipt>alert(1)</scr</script>ipt>", "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
	} {
		require.Empty(t, harm(render(source)), "%s\nbecame\n%s", source, render(source))
	}
}

// Whatever is written, in whatever mixture of what is dangerous, nothing comes of it but what the policy lists.
func TestNothingEverRuns(t *testing.T) {
	m := markdown.New()
	piece := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"<", ">", "\"", "'", "&", "`", "```", "![", "[", "](", ")", "javascript:", "data:", "<script>", "</script>", "<img src=x onerror=", "onload=", "<svg", "\n", "\n\n", "    ",
		"|", "|-|\n", "- [x] ", "# ", "> ", "<!--", "-->", "http://", "//", "&#x6a;", "\\", "\x00", "style=", "<a href=", "<iframe", "*", "_", "~~", "<textarea>", "<title>", "<math>",
	}))
	rapid.Check(t, func(t *rapid.T) {
		source := strings.Join(rapid.SliceOfN(piece, 0, 40).Draw(t, "source"), "")
		once := m.Render(source).HTML
		require.Empty(t, harm(once), once)
		require.Equal(t, once, m.Render(source).HTML, "the same every time")
	})
}

func FuzzNothingRuns(f *testing.F) {
	f.Add("[a](javascript:alert(1)) <script>")
	m := markdown.New()
	f.Fuzz(func(t *testing.T, source string) {
		if found := harm(m.Render(source).HTML); found != "" {
			t.Fatal(found)
		}
	})
}

func TestWhatIsRenderedAgain(t *testing.T) {
	m := markdown.New()
	require.False(t, m.Renews(m.Render("x")))
	require.True(t, m.Renews(domain.Rendered{HTML: "<p>x</p>", By: "0"}))
	require.True(t, m.Renews(domain.Rendered{}))
}

// allowed are the elements that may be there, with their attributes.
var allowed = map[string]string{
	"html": "", "head": "", "body": "", // which the parser adds
	"p": "", "br": "", "hr": "", "h1": "", "h2": "", "h3": "", "h4": "", "h5": "", "h6": "", "strong": "", "em": "", "del": "", "blockquote": "", "pre": "",
	"code": "class", "ul": "", "ol": "start", "li": "", "table": "", "thead": "", "tbody": "", "tr": "", "th": "align", "td": "align",
	"a": "href title rel target", "img": "src alt title", "input": "type checked disabled",
}

// harm names what a browser would find in the HTML and should not.
func harm(text string) string {
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return err.Error()
	}
	for n := range root.Descendants() {
		if n.Type == html.CommentNode || n.Type == html.DoctypeNode {
			return "a comment"
		}
		if n.Type != html.ElementNode {
			continue
		}
		attributes, ok := allowed[n.Data]
		if !ok || n.Namespace != "" {
			return "<" + n.Data + ">"
		}
		for _, a := range n.Attr {
			if !strings.Contains(" "+attributes+" ", " "+a.Key+" ") {
				return n.Data + " " + a.Key
			}
			if a.Key != "href" && a.Key != "src" {
				continue
			}
			u, err := url.Parse(strings.TrimSpace(a.Val))
			if err != nil {
				return a.Val
			}
			switch u.Scheme {
			case "", "http", "https", "mailto":
			default:
				return a.Val
			}
		}
		if n.Data == "a" && !strings.Contains(attribute(n, "rel"), "nofollow") {
			return "a link that is followed"
		}
		if attribute(n, "target") != "" && !strings.Contains(attribute(n, "rel"), "noopener") {
			return "a window with an opener"
		}
	}
	return ""
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
