// Package markdown renders the bodies of news with libs/markdown.
package markdown

import (
	"errors"
	"regexp"

	"go.updspace.com/activity/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/markdown"
)

// pictures is the address of a picture of a post: the only pictures that a body loads.
var pictures = regexp.MustCompile(`^/api/v1/activity/news-media/[0-9a-f-]{36}/(original|thumbnail)$`)

// Renderer implements ports.Markdown.
type Renderer struct{ renderer *markdown.Renderer }

var _ ports.Markdown = Renderer{}

// New returns the renderer.
func New() Renderer { return Renderer{markdown.New(pictures)} }

// Render renders a body.
func (r Renderer) Render(body string) (string, error) {
	rendered, err := r.renderer.Render(body)
	switch {
	case errors.Is(err, markdown.ErrInvisible):
		return "", errs.Field("body", why.Empty.Saying(err.Error()))
	case err != nil:
		return "", errs.Field("body", why.TooComplex(err.Error()))
	}
	return rendered.HTML, nil
}
