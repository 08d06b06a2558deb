package markdown_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"go.updspace.com/libs/markdown"
)

func render(t require.TestingT, source string) string {
	rendered, err := newRenderer().Render(source)
	require.NoError(t, err, source)
	return strings.TrimSpace(rendered.HTML)
}

func TestRendering(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"a **b** *c* ~~d~~ `e`": "<p>a <strong>b</strong> <em>c</em> <del>d</del> <code>e</code></p>",
		"# one\n\n- x\n- y":     "<h1>one</h1>\n<ul>\n<li>x</li>\n<li>y</li>\n</ul>",
		"3. x":                  "<ol start=\"3\">\n<li>x</li>\n</ol>",
		"> q":                   "<blockquote>\n<p>q</p>\n</blockquote>",
		"```go\na < b\n```":     "<pre><code class=\"language-go\">a &lt; b\n</code></pre>",
		"one\ntwo":              "<p>one<br>\ntwo</p>",
		"- [ ] a\n- [x] b":      "<ul>\n<li><input disabled=\"\" type=\"checkbox\"> a</li>\n<li><input checked=\"\" disabled=\"\" type=\"checkbox\"> b</li>\n</ul>",
		"|a|b|c|\n|:-|-:|:-:|\n|1|2|3|": "<table>\n<thead>\n<tr>\n<th align=\"left\">a</th>\n<th align=\"right\">b</th>\n<th align=\"center\">c</th>\n</tr>\n</thead>\n" +
			"<tbody>\n<tr>\n<td align=\"left\">1</td>\n<td align=\"right\">2</td>\n<td align=\"center\">3</td>\n</tr>\n</tbody>\n</table>",
		"":                 "",
		" \n":              "",
		"Привет, **мир**":  "<p>Привет, <strong>мир</strong></p>",
		"Write to <name>":  "<p>Write to &lt;name&gt;</p>",
		"<p>Hello</p>":     "<p>&lt;p&gt;Hello&lt;/p&gt;</p>",
		"<div>\nx\n</div>": "<p>&lt;div&gt;<br>\nx<br>\n&lt;/div&gt;</p>",
		"see <foo:bar>":    "<p>see &lt;foo:bar&gt;</p>",
		"a <!-- b --> c":   "<p>a &lt;!-- b --&gt; c</p>",
		"List<String> x":   "<p>List&lt;String&gt; x</p>",
		"`<script>`":       "<p><code>&lt;script&gt;</code></p>",
	} {
		require.Equal(t, want, render(t, source), source)
	}
}

// Markdown of which nothing could be seen is refused; an empty body is not.
func TestInvisibleBodiesAreRefused(t *testing.T) {
	t.Parallel()
	for _, source := range []string{"[a]: https://example.com", "\u200b", "&nbsp;", "\u2800", "\u3164", "#", "- ", "**\u200b**", "```\n```", "> "} {
		_, err := newRenderer().Render(source)
		require.Equal(t, "has nothing that would be visible", fieldOf(err), "%q", source)
	}
	for _, source := range []string{"---x", "![](/api/v1/portal/attachments/0190a1b2-0000-7000-8000-000000000000/content)", "👍", "."} {
		render(t, source)
	}
}

// fieldOf is what an error says of the source.
func fieldOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// newRenderer shows attachments of portal.
func newRenderer() *markdown.Renderer {
	return markdown.New(regexp.MustCompile(`^/api/v1/portal/attachments/[0-9a-fA-F-]{36}/content$`))
}

// Known attempts to inject a script into a page.
func TestNoScriptRuns(t *testing.T) {
	t.Parallel()
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
		rendered, err := newRenderer().Render(source)
		if err == nil {
			require.Empty(t, harm(rendered.HTML), "%s\nbecame\n%s", source, rendered.HTML)
		}
	}
}

// Random mixtures of dangerous parts give nothing but what the policy lists, in the whole and in the excerpt.
func TestOnlyAllowedElementsAreRendered(t *testing.T) {
	t.Parallel()
	m := newRenderer()
	piece := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"<", ">", "\"", "'", "&", "`", "```", "![", "[", "](", ")", "javascript:", "data:", "<script>", "</script>", "<img src=x onerror=", "onload=", "<svg", "\n", "\n\n", "    ",
		"|", "|-|\n", "- [x] ", "# ", "> ", "<!--", "-->", "http://", "//", "&#x6a;", "\\", "\x00", "style=", "<a href=", "<iframe", "*", "_", "~~", "<textarea>", "<title>", "<math>",
		"![a](https://evil.example/x.png)", "www.", "@", ".рф", "steam://", "tel:", strings.Repeat("word ", 300),
	}))
	rapid.Check(t, func(t *rapid.T) {
		source := strings.Join(rapid.SliceOfN(piece, 0, 40).Draw(t, "source"), "")
		once, err := m.Render(source)
		if err != nil {
			return
		}
		require.Empty(t, harm(once.HTML), once.HTML)
		require.Empty(t, harm(once.Excerpt), once.Excerpt)
		again, err := m.Render(source)
		require.NoError(t, err)
		require.Equal(t, once, again, "the same every time")
	})
}

func FuzzNoScriptRuns(f *testing.F) {
	f.Add("[a](javascript:alert(1)) <script>")
	m := newRenderer()
	f.Fuzz(func(t *testing.T, source string) {
		rendered, err := m.Render(source)
		if found := harm(rendered.HTML); err == nil && found != "" {
			t.Fatal(found)
		}
	})
}

// allowed are the elements that may occur, with their attributes.
var allowed = map[string]string{
	"html": "", "head": "", "body": "", // added by the parser of the test
	"p": "", "br": "", "hr": "", "h1": "", "h2": "", "h3": "", "h4": "", "h5": "", "h6": "", "strong": "", "em": "", "del": "", "blockquote": "", "pre": "",
	"code": "class", "ul": "", "ol": "start", "li": "", "table": "", "thead": "", "tbody": "", "tr": "", "th": "align", "td": "align",
	"a": "href title rel target", "img": "src alt title", "input": "type checked disabled",
}

// harm names what a browser must not find in the HTML.
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
			if a.Key == "src" && !strings.HasPrefix(a.Val, "/api/v1/portal/attachments/") {
				return "a remote picture " + a.Val
			}
			if a.Key != "href" {
				continue
			}
			if strings.HasPrefix(a.Val, "//") {
				return a.Val
			}
			u, err := url.Parse(strings.TrimSpace(a.Val))
			if err != nil {
				return a.Val
			}
			switch u.Scheme {
			case "", "http", "https", "mailto", "steam", "discord", "tel":
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
