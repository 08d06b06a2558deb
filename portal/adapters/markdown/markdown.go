// Package markdown renders the bodies of posts with libs/markdown.
package markdown

import (
	"errors"
	"regexp"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/markdown"
	contentdomain "go.updspace.com/portal/content/domain"
)

// attachment is the address of the content of an attachment: the only pictures that a post loads.
var attachment = regexp.MustCompile(`^/api/v1/portal/attachments/[0-9a-fA-F-]{36}/content$`)

// Renderer implements contentports.Markdown.
type Renderer struct{ renderer *markdown.Renderer }

// New returns the renderer.
func New() Renderer { return Renderer{markdown.New(attachment)} }

// Version names the rendering rules.
func (Renderer) Version() string { return markdown.Version }

// Render renders a body.
func (r Renderer) Render(source string) (contentdomain.Rendered, error) {
	rendered, err := r.renderer.Render(source)
	if err != nil {
		return contentdomain.Rendered{}, errs.Field("body", reason(err))
	}
	return contentdomain.Rendered{HTML: rendered.HTML, Excerpt: rendered.Excerpt, By: markdown.Version}, nil
}

func reason(err error) why.Reason {
	if errors.Is(err, markdown.ErrInvisible) {
		return why.Empty.Saying(err.Error())
	}
	return why.TooComplex(err.Error())
}
