package journey

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Form is a form of a page, with the values it came with.
type Form struct {
	Method, Action string
	Values         url.Values
}

// Has reports whether the form has a field of that name.
func (f *Form) Has(name string) bool { _, ok := f.Values[name]; return ok }

// Forms reads the forms of a page.
func Forms(page []byte) []*Form {
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return nil
	}
	var forms []*Form
	var walk func(n *html.Node, in *Form)
	walk = func(n *html.Node, in *Form) {
		if n.Type == html.ElementNode {
			switch n.DataAtom {
			case atom.Form:
				in = &Form{Method: strings.ToUpper(attr(n, "method")), Action: attr(n, "action"), Values: url.Values{}}
				if in.Method == "" {
					in.Method = http.MethodGet
				}
				forms = append(forms, in)
			case atom.Input, atom.Button:
				if name := attr(n, "name"); in != nil && name != "" {
					switch kind := attr(n, "type"); {
					case kind == "checkbox" && !has(n, "checked"), kind == "radio" && !has(n, "checked"):
					case in.Has(name) && (n.DataAtom == atom.Button || kind == "submit"): // a person presses the first button
					default:
						in.Values.Add(name, attr(n, "value"))
					}
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, in)
		}
	}
	walk(root, nil)
	return forms
}

// Links reads where the page's links lead.
func Links(page []byte) []string {
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return nil
	}
	var links []string
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.DataAtom == atom.A {
			links = append(links, attr(n, "href"))
		}
	}
	return links
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}
