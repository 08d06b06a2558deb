package markdown

import (
	"bytes"
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"golang.org/x/net/idna"
)

// schemes are those that a link may have.
var schemes = []string{"http", "https", "mailto", "steam", "discord", "tel"}

var (
	checkboxType = regexp.MustCompile(`^checkbox$`)
	// bareURL and bareWWW find addresses in text. They end before punctuation that closes a sentence or a quotation;
	// goldmark takes off what is left of it, and closing brackets that were not opened.
	bareURL = regexp.MustCompile("^(?:https?|steam|discord)://" + addressRunes)
	bareWWW = regexp.MustCompile(`^www\.` + addressRunes)
)

const addressRunes = "[^\\s<>\"`{}|\\\\^]*[^\\s<>\"`{}|\\\\^«»“”„‘’…。，、]"

func newLinkify() parser.InlineParser {
	return extension.NewLinkifyParser(
		extension.WithLinkifyAllowedProtocols([]string{"http:", "https:", "steam:", "discord:"}),
		extension.WithLinkifyURLRegexp(bareURL), extension.WithLinkifyWWWRegexp(bareWWW),
	)
}

// safeLinks makes every link lead where it says, or removes it and leaves its text. A picture that is not allowed becomes a
// link to it.
type safeLinks struct{ pictures *regexp.Regexp }

func (s safeLinks) Transform(doc *ast.Document, reader text.Reader, pc parser.Context) {
	if pc.Get(overKey) != nil {
		return
	}
	source := reader.Source()
	var found []ast.Node
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the visitor returns no error
		switch n.(type) {
		case *ast.Link, *ast.Image, *ast.AutoLink:
			if !entering { // the inner before the outer
				found = append(found, n)
			}
		}
		return ast.WalkContinue, nil
	})
	for _, n := range found {
		switch n := n.(type) {
		case *ast.Link:
			target, ok := destination(string(n.Destination))
			if !ok || misleads(plainText(n, source), target) {
				replaceByChildren(n, n)
				continue
			}
			n.Destination = []byte(target)
		case *ast.Image:
			if s.pictures.Match(n.Destination) {
				continue
			}
			target, ok := destination(string(n.Destination))
			if !n.HasChildren() {
				n.AppendChild(n, rawText(string(n.Destination)))
			}
			if !ok || insideLink(n) || misleads(plainText(n, source), target) {
				replaceByChildren(n, n)
				continue
			}
			replaceByChildren(n, newLink(target))
		case *ast.AutoLink:
			label := string(n.Label(source))
			said := string(n.URL(source))
			if n.AutoLinkType == ast.AutoLinkEmail {
				said = "mailto:" + said
			}
			target, ok := destination(said)
			if !ok {
				if start := n.Pos(); start >= 0 && start < len(source) && source[start] == '<' {
					label = "<" + label + ">"
				}
				n.Parent().ReplaceChild(n.Parent(), n, rawText(label))
				continue
			}
			link := newLink(target)
			link.AppendChild(link, rawText(label))
			n.Parent().ReplaceChild(n.Parent(), n, link)
		}
	}
}

func newLink(target string) *ast.Link {
	link := ast.NewLink()
	link.Destination = []byte(target)
	return link
}

func rawText(s string) *ast.String {
	node := ast.NewString([]byte(s))
	node.SetRaw(true)
	return node
}

// replaceByChildren puts the children of a node in its place, inside by when that is another node.
func replaceByChildren(n, by ast.Node) {
	parent := n.Parent()
	if by != n {
		parent.InsertBefore(parent, n, by)
	}
	for child := n.FirstChild(); child != nil; {
		next := child.NextSibling()
		if by == n {
			parent.InsertBefore(parent, n, child)
		} else {
			by.AppendChild(by, child)
		}
		child = next
	}
	parent.RemoveChild(parent, n)
}

func insideLink(n ast.Node) bool {
	for p := n.Parent(); p != nil; p = p.Parent() {
		if p.Kind() == ast.KindLink {
			return true
		}
	}
	return false
}

// plainText is the text of a node.
func plainText(n ast.Node, source []byte) string {
	var out bytes.Buffer
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the visitor returns no error
		if entering {
			switch n := n.(type) {
			case *ast.Text:
				out.Write(n.Segment.Value(source))
			case *ast.String:
				out.Write(n.Value)
			}
		}
		return ast.WalkContinue, nil
	})
	return strings.TrimSpace(out.String())
}

// misleads reports whether the text of a link is itself an address, at another host than the link leads to.
func misleads(label, target string) bool {
	if strings.HasPrefix(label, "www.") {
		label = "http://" + label
	}
	if !strings.HasPrefix(label, "http://") && !strings.HasPrefix(label, "https://") {
		return false
	}
	says, ok := destination(label)
	if !ok {
		return true
	}
	said, err := url.Parse(says)
	leads, err2 := url.Parse(target)
	return err != nil || err2 != nil || !strings.EqualFold(strings.TrimPrefix(said.Hostname(), "www."), strings.TrimPrefix(leads.Hostname(), "www."))
}

var (
	withScheme = regexp.MustCompile(`^([a-zA-Z][a-zA-Z0-9+.-]*):(.*)$`)
	authority  = regexp.MustCompile(`^//([^/?#]*)(.*)$`)
	phone      = regexp.MustCompile(`^\+?[0-9().;=a-zA-Z-]+$`)
)

// destination is the address that a browser goes to for what a link says, in ASCII; it is none when that is not certain.
// Relative addresses are those of this platform: they begin with one slash, or with # for a place in the page.
func destination(said string) (string, bool) {
	said = strings.TrimSpace(said)
	if strings.ContainsFunc(said, func(r rune) bool { return r < ' ' || r == 0x7F || r == '\\' }) {
		return "", false
	}
	if strings.HasPrefix(said, "#") || strings.HasPrefix(said, "/") && !strings.HasPrefix(said, "//") {
		return escaped(said), true
	}
	parts := withScheme.FindStringSubmatch(said)
	if parts == nil {
		return "", false
	}
	scheme, rest := strings.ToLower(parts[1]), parts[2]
	switch scheme {
	case "http", "https":
		return web(scheme, rest)
	case "mailto":
		return scheme + ":" + escaped(rest), strings.Contains(rest, "@")
	case "tel":
		return scheme + ":" + rest, phone.MatchString(rest)
	case "steam", "discord":
		return scheme + ":" + escaped(rest), len(rest) > len("//") && strings.HasPrefix(rest, "//")
	}
	return "", false
}

// web is the address of a web page: no user in it that could look like the host, and the host as DNS knows it.
func web(scheme, rest string) (string, bool) {
	parts := authority.FindStringSubmatch(rest)
	if parts == nil || strings.Contains(parts[1], "%") { // an encoded host could decode to another
		return "", false
	}
	u, err := url.Parse(scheme + "://" + parts[1])
	if err != nil || u.User != nil || u.Hostname() == "" {
		return "", false
	}
	host := u.Hostname()
	if address, err := netip.ParseAddr(host); err == nil && address.Is6() && address.Zone() == "" {
		host = "[" + host + "]"
	} else if host, err = idna.Lookup.ToASCII(host); err != nil {
		return "", false
	}
	if u.Port() != "" {
		host += ":" + u.Port()
	}
	return scheme + "://" + host + escaped(parts[2]), true
}

// escaped percent-encodes what an address cannot contain as it is: what is not ASCII, blanks and a few more characters.
// What is encoded already stays as it is.
func escaped(s string) string {
	const hex = "0123456789ABCDEF"
	var out strings.Builder
	for i := range len(s) {
		c := s[i]
		lone := c == '%' && (i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2]))
		if c <= ' ' || c >= 0x7F || lone || strings.IndexByte("\"<>`{}|^", c) >= 0 {
			out.WriteByte('%')
			out.WriteByte(hex[c>>4])
			out.WriteByte(hex[c&15])
			continue
		}
		out.WriteByte(c)
	}
	return out.String()
}

func isHex(c byte) bool { return strings.IndexByte("0123456789abcdefABCDEF", c) >= 0 }
