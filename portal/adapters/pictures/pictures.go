// Package pictures draws avatars anew, so that nothing but what can be seen is kept of an uploaded picture: no place
// where a photograph was taken, no file hidden behind it, nothing that a decoder of a browser could stumble over.
package pictures

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"

	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

const (
	// side is the longest an avatar is on a side.
	side = 512
	// maxSide bounds what a small file can unfold to: 64 MiB, for one at a time each of a few.
	maxSide = 4096
	atOnce  = 2
	quality = 88
)

// Pictures is ports.Pictures.
type Pictures struct {
	slots chan struct{}
}

var _ ports.Pictures = (*Pictures)(nil)

// New draws a few pictures at a time.
func New() *Pictures { return &Pictures{slots: make(chan struct{}, atOnce)} }

type format struct {
	magic  string
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

// formats are told apart here and not by package image, whose list any import can make longer.
func formats() []format {
	return []format{
		{"\x89PNG\r\n\x1a\n", png.DecodeConfig, png.Decode},
		{"\xff\xd8\xff", jpeg.DecodeConfig, jpeg.Decode},
		{"RIFF", webp.DecodeConfig, webp.Decode},
	}
}

// Avatar draws a picture, no larger than an avatar is shown.
func (p *Pictures) Avatar(content io.Reader) (io.Reader, error) {
	raw, err := io.ReadAll(io.LimitReader(content, domain.MaxAvatarSize+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > domain.MaxAvatarSize {
		return nil, domain.ErrFileTooLarge
	}
	f, ok := formatOf(raw)
	if !ok {
		return nil, domain.ErrNotAPicture
	}
	config, err := f.config(bytes.NewReader(raw))
	if err != nil || config.Width < 1 || config.Height < 1 {
		return nil, domain.ErrNotAPicture.Wrap(err)
	}
	if config.Width > maxSide || config.Height > maxSide {
		return nil, domain.ErrPictureTooLarge
	}
	p.slots <- struct{}{}
	defer func() { <-p.slots }()
	picture, err := f.decode(bytes.NewReader(raw))
	if err != nil {
		return nil, domain.ErrNotAPicture.Wrap(err)
	}
	return encode(scaled(picture))
}

func formatOf(raw []byte) (format, bool) {
	for _, f := range formats() {
		if bytes.HasPrefix(raw, []byte(f.magic)) {
			return f, true
		}
	}
	return format{}, false
}

// scaled is the picture with no side longer than an avatar's.
func scaled(picture image.Image) *image.NRGBA {
	size := picture.Bounds().Size()
	if longest := max(size.X, size.Y); longest > side {
		size = image.Pt(max(1, size.X*side/longest), max(1, size.Y*side/longest))
	}
	drawn := image.NewNRGBA(image.Rectangle{Max: size})
	draw.ApproxBiLinear.Scale(drawn, drawn.Bounds(), picture, picture.Bounds(), draw.Src, nil)
	return drawn
}

// encode chooses the smaller form that loses nothing that matters: only PNG keeps what can be seen through.
func encode(picture *image.NRGBA) (io.Reader, error) {
	var out bytes.Buffer
	if picture.Opaque() {
		err := jpeg.Encode(&out, picture, &jpeg.Options{Quality: quality})
		return &out, err
	}
	err := png.Encode(&out, picture)
	return &out, err
}
