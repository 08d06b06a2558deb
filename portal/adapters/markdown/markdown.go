// Package markdown makes HTML of what people write.
package markdown

import (
	"bytes"
	"html"
	"regexp"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// version names the rules by which this package renders. Whoever changes them, or what they stand on, changes it too:
// what was rendered under another is rendered again before it is shown.
const version = "1"

// Markdown is ports.Markdown: CommonMark with tables, strikethrough, task lists and bare links. HTML in the source is
// left out. That and the cleaning of what comes out are two locks: either alone would do.
type Markdown struct {
	parser goldmark.Markdown
	policy *bluemonday.Policy
}

var _ ports.Markdown = (*Markdown)(nil)

// New prepares the renderer.
func New() *Markdown {
	return &Markdown{
		parser: goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.TaskList, extension.Linkify)),
		policy: policy(),
	}
}

// policy lists what may be in the HTML. It begins with nothing.
func policy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "em", "del", "blockquote", "pre", "code",
		"ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("class").Matching(bluemonday.SpaceSeparatedTokens).OnElements("code") // language-go
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("align").Matching(bluemonday.CellAlign).OnElements("th", "td")
	p.AllowAttrs("type").Matching(checkbox()).OnElements("input")
	p.AllowAttrs("checked", "disabled").OnElements("input")

	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("src", "alt").OnElements("img")
	p.AllowAttrs("title").OnElements("a", "img")
	p.AllowURLSchemes("http", "https", "mailto")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true) // which also says noopener
	return p
}

// checkbox is the one input there may be: that of a task list.
func checkbox() *regexp.Regexp { return regexp.MustCompile(`^checkbox$`) }

// Render makes HTML.
func (m *Markdown) Render(source string) domain.Rendered {
	var out bytes.Buffer
	if err := m.parser.Convert([]byte(source), &out); err != nil { // a buffer takes everything, so this is not reached
		return domain.Rendered{HTML: "<p>" + html.EscapeString(source) + "</p>", By: version}
	}
	return domain.Rendered{HTML: m.policy.SanitizeReader(&out).String(), By: version}
}

// Renews reports whether the rules have changed since.
func (m *Markdown) Renews(r domain.Rendered) bool { return r.By != version }
