package markdown

import (
	"bytes"
	"errors"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// The bounds below keep the cost of parsing and the size of the output in proportion to the source. Parsing alone can be
// quadratic (tables, nested quotes and lists, unmatched brackets and emphasis), so most are checked before the output is made.
const (
	// maxContainers is how many quotes and lists may begin on one line.
	maxContainers = 16
	maxIndent     = 64    // columns
	maxEmphasis   = 4_000 // runs of * _ or ~
	maxLinks      = 200   // occurrences of "]("
	maxBareLinks  = 1_000
	maxTableCells = 2_000
	maxNodes      = 20_000
	maxDepth      = 40
	maxTargets    = 64 << 10  // bytes of link destinations and titles
	maxHTML       = 512 << 10 // bytes of output

	// maxOnWire, and maxGrowth for each byte of source beside baseOnWire, bound the output as JSON. maxWithSource bounds the
	// output and the source together, so that an answer with both, a title and attachments stays below 1 MB.
	maxWithSource = 975_000

	maxOnWire  = 700 << 10
	maxGrowth  = 48
	baseOnWire = 1024
)

var (
	errNesting  = errors.New("has too many quotes and lists inside one another")
	errEmphasis = errors.New("has too many * _ and ~")
	errLinks    = errors.New("has too many links")
	errTables   = errors.New("has too many table cells")
	errNodes    = errors.New("has too much formatting")
)

// checkSource checks what one pass over the source can tell.
func checkSource(source string) error {
	if strings.Count(source, "](") > maxLinks {
		return errLinks
	}
	for line := range strings.Lines(source) {
		if containers, indent := prefixOf(line); containers > maxContainers || indent > maxIndent {
			return errNesting
		}
	}
	runs, before := 0, byte(0)
	for i := range len(source) {
		c := source[i]
		if (c == '*' || c == '_' || c == '~') && c != before {
			runs++
		}
		before = c
	}
	if runs > maxEmphasis {
		return errEmphasis
	}
	return nil
}

// prefixOf counts the quotes and list items that a line can begin, and the columns of white space before and between them.
func prefixOf(line string) (containers, indent int) {
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == ' ':
			indent++
		case c == '\t':
			indent += 4
		case c == '>':
			containers++
		case strings.IndexByte("-+*", c) >= 0 && endsMarker(line, i+1):
			containers++
		case c >= '0' && c <= '9':
			for i+1 < len(line) && line[i+1] >= '0' && line[i+1] <= '9' {
				i++
			}
			i++
			if i >= len(line) || line[i] != '.' && line[i] != ')' || !endsMarker(line, i+1) {
				return containers, indent
			}
			containers++
		default:
			return containers, indent
		}
	}
	return containers, indent
}

// endsMarker reports whether a list marker may end before a byte of a line.
func endsMarker(line string, at int) bool {
	return at >= len(line) || strings.IndexByte(" \t\r\n", line[at]) >= 0
}

// overKey is where a bound that was exceeded is noted while parsing.
var overKey = parser.NewContextKey()

// tables bounds the cells of all tables before they are made: a row gets as many cells as the table has columns, whatever
// it contains.
type tables struct {
	parser.ParagraphTransformer
}

func newTables() tables { return tables{extension.NewTableParagraphTransformer()} }

var (
	cellsKey  = parser.NewContextKey()
	delimiter = regexp.MustCompile(`^[ \t]*[|:\-][ \t|:\-]*$`)
)

func (t tables) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	lines := node.Lines()
	columns := 0
	for i := 1; i < lines.Len(); i++ {
		segment := lines.At(i)
		if line := bytes.TrimSpace(segment.Value(reader.Source())); delimiter.Match(line) {
			columns = max(columns, bytes.Count(bytes.Trim(line, "|"), []byte{'|'})+1)
		}
	}
	cells, _ := pc.Get(cellsKey).(int)
	cells += columns * lines.Len()
	pc.Set(cellsKey, cells)
	if cells > maxTableCells {
		pc.Set(overKey, errTables)
		return
	}
	t.ParagraphTransformer.Transform(node, reader, pc)
}

// treeBounds bounds what was parsed: nodes, depth, and the length of link destinations, which references can repeat.
type treeBounds struct{}

func (treeBounds) Transform(doc *ast.Document, _ text.Reader, pc parser.Context) {
	nodes, depth, targets, bare := 0, 0, 0, 0
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the visitor returns no error
		if !entering {
			depth--
			return ast.WalkContinue, nil
		}
		nodes++
		depth++
		switch n := n.(type) {
		case *ast.Link:
			targets += len(n.Destination) + len(n.Title)
		case *ast.Image:
			targets += len(n.Destination) + len(n.Title)
		case *ast.AutoLink:
			bare++
		}
		if bare > maxBareLinks {
			pc.Set(overKey, errLinks)
			return ast.WalkStop, nil
		}
		if nodes > maxNodes || depth > maxDepth || targets > maxTargets {
			pc.Set(overKey, errNodes)
			return ast.WalkStop, nil
		}
		return ast.WalkContinue, nil
	})
}

// wireSize is the length of a text as a JSON string, as encoding/json writes it.
func wireSize(s string) int {
	n := 2
	for _, r := range s {
		switch {
		case r == '"' || r == '\\' || r == '\n' || r == '\r' || r == '\t' || r == '\b' || r == '\f':
			n += 2
		case r < ' ' || r == '<' || r == '>' || r == '&' || r == utf8.RuneError || r == '\u2028' || r == '\u2029':
			n += 6
		default:
			n += utf8.RuneLen(r)
		}
	}
	return n
}
