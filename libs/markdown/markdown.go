// Package markdown renders Markdown that users write to HTML that is safe to show. What it costs and how long it becomes is in
// proportion to the source (bounds.go); links lead where they say, and pictures are loaded only from paths that the caller
// allows, because a picture elsewhere would tell its host who reads the page (links.go).
package markdown

import (
	"bytes"
	"errors"
	"regexp"
	"strings"
	"unicode"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Version names the rendering rules. Change it with every change of the rules or of the libraries that implement them, so
// that HTML of another version can be rendered again before it is shown.
const Version = "2"

// Rendered is the result of rendering.
type Rendered struct {
	HTML string
	// Excerpt is the beginning of a long text, for lists. It is empty when HTML is short enough to be shown in one.
	Excerpt string
}

// Renderer renders CommonMark with tables, strikethrough, task lists, bare links and hard line breaks. HTML in the source is
// escaped and shown. The output is sanitised as well, so a bug in one of the two is not enough.
type Renderer struct {
	parser   parser.Parser
	renderer renderer.Renderer
	policy   *bluemonday.Policy
}

// New returns a renderer that shows pictures whose whole address matches a pattern. Other pictures become links.
func New(pictures *regexp.Regexp) *Renderer {
	return &Renderer{parser: newParser(pictures), renderer: newRenderer(), policy: newPolicy(pictures)}
}

// newParser leaves out the parsers of HTML blocks and inline HTML, so that HTML is text like any other.
func newParser(pictures *regexp.Regexp) parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewSetextHeadingParser(), 100), util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(parser.NewListParser(), 300), util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewCodeBlockParser(), 500), util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700), util.Prioritized(parser.NewBlockquoteParser(), 800),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(extension.NewTaskCheckBoxParser(), 0), util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(parser.NewLinkParser(), 200), util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(parser.NewEmphasisParser(), 500), util.Prioritized(extension.NewStrikethroughParser(), 500),
			util.Prioritized(newLinkify(), 999),
		),
		parser.WithParagraphTransformers(
			util.Prioritized(parser.LinkReferenceParagraphTransformer, 100), util.Prioritized(newTables(), 200),
		),
		parser.WithASTTransformers(
			util.Prioritized(extension.NewTableASTTransformer(), 0), util.Prioritized(treeBounds{}, 900), util.Prioritized(safeLinks{pictures}, 1000),
		),
	)
}

func newRenderer() renderer.Renderer {
	return renderer.NewRenderer(renderer.WithNodeRenderers(
		util.Prioritized(html.NewRenderer(html.WithHardWraps()), 1000),
		util.Prioritized(extension.NewTableHTMLRenderer(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)), 500),
		util.Prioritized(extension.NewStrikethroughHTMLRenderer(), 500), util.Prioritized(extension.NewTaskCheckBoxHTMLRenderer(), 500),
	))
}

// newPolicy lists the elements and attributes that the HTML may contain; everything else is removed.
func newPolicy(pictures *regexp.Regexp) *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "em", "del", "blockquote", "pre", "code",
		"ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("class").Matching(bluemonday.SpaceSeparatedTokens).OnElements("code") // language-go
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("align").Matching(bluemonday.CellAlign).OnElements("th", "td")
	p.AllowAttrs("type").Matching(checkboxType).OnElements("input") // of task lists
	p.AllowAttrs("checked", "disabled").OnElements("input")

	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("src").Matching(pictures).OnElements("img")
	p.AllowAttrs("alt").OnElements("img")
	p.AllowAttrs("title").OnElements("a", "img")
	p.AllowURLSchemes(schemes...)
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true) // which also adds noopener
	return p
}

// Render renders a text. The error says why a text is refused, as a reason for the people who wrote it: it is too complex, or
// nothing of it would be visible.
func (m *Renderer) Render(source string) (Rendered, error) {
	whole, err := m.html(source)
	if err != nil {
		return Rendered{}, err
	}
	if strings.TrimSpace(source) != "" && !visible(whole) {
		return Rendered{}, ErrInvisible
	}
	return Rendered{HTML: whole, Excerpt: m.excerpt(source, whole)}, nil
}

// html renders within the bounds of bounds.go.
func (m *Renderer) html(source string) (string, error) {
	if err := checkSource(source); err != nil {
		return "", err
	}
	pc := parser.NewContext()
	src := []byte(source)
	doc := m.parser.Parse(text.NewReader(src), parser.WithContext(pc))
	if reason, over := pc.Get(overKey).(error); over {
		return "", reason
	}
	out := &limitedBuffer{limit: maxHTML}
	if err := m.renderer.Render(out, src, doc); err != nil {
		return "", errOutput
	}
	clean := m.policy.SanitizeBytes(out.Bytes())
	size := wireSize(string(clean))
	if size > min(maxOnWire, baseOnWire+maxGrowth*len(source)) || size+wireSize(source) > maxWithSource {
		return "", errOutput
	}
	return string(clean), nil
}

const (
	// excerptRunes is how many characters of the source a list shows of a long post at most.
	excerptRunes = 1000
	// excerptOnWire is how many bytes an excerpt takes in an answer at most.
	excerptOnWire = 4096
)

// excerpt renders the beginning of a body for lists; it is empty when the whole body fits. The source is halved until the
// result is small enough.
func (m *Renderer) excerpt(source, whole string) string {
	if len(whole) <= excerptOnWire && wireSize(whole) <= excerptOnWire {
		return ""
	}
	for runes := excerptRunes; runes > 1; runes /= 2 {
		part, err := m.html(beginning(source, runes))
		if err == nil && visible(part) && wireSize(part) <= excerptOnWire {
			return part
		}
	}
	return "<p>…</p>"
}

// beginning returns at most a number of characters of a text, cut between words if there are any.
func beginning(source string, runes int) string {
	end, n := len(source), 0
	for i := range source {
		if n == runes {
			end = i
			break
		}
		n++
	}
	if end == len(source) {
		return source
	}
	part := source[:end]
	if space := strings.LastIndexAny(part, " \n"); space > len(part)/2 {
		part = part[:space]
	}
	return part + " …"
}

// visible reports whether sanitised HTML shows anything: a picture, or a character that is not blank.
func visible(sanitised string) bool {
	inTag := false
	for i, r := range sanitised {
		switch {
		case r == '<':
			inTag = true
			if strings.HasPrefix(sanitised[i:], "<img ") {
				return true
			}
		case r == '>':
			inTag = false
		case !inTag && !unicode.IsSpace(r) && unicode.IsGraphic(r) && !blank(r):
			return true
		}
	}
	return false
}

// blank reports whether a graphic character is drawn as nothing: the Braille blank and the Hangul fillers.
func blank(r rune) bool {
	return r == 0x2800 || r == 0x3164 || r == 0x115F || r == 0x1160 || r == 0xFFA0
}

var errOutput = errors.New("becomes too long when it is formatted")

// ErrInvisible means a text of which a reader would see nothing.
var ErrInvisible = errors.New("has nothing that would be visible")

// limitedBuffer refuses what would make it longer than its limit.
type limitedBuffer struct {
	bytes.Buffer
	limit int
}

func (b *limitedBuffer) Write(p []byte) (int, error) {
	if b.Len()+len(p) > b.limit {
		return 0, errOutput
	}
	return b.Buffer.Write(p)
}
