// Package imaging draws avatars and small pictures, and removes metadata, such as the place where a photo was taken, from uploaded pictures.
package imaging

import (
	"bytes"
	"context"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"

	"go.updspace.com/libs/errs"
)

const (
	// avatarSide is the longest an avatar is on a side.
	avatarSide = 512
	// maxSide and maxPixels bound what a small file can unfold to. A decoded picture takes four to twelve bytes a pixel.
	maxSide         = 16_384
	maxAvatarPixels = 25_000_000
	maxPhotoPixels  = 120_000_000 // not decoded here, but by every browser that shows it
	maxDecodes      = 2
	quality         = 88
)

// What is refused about pictures.
var (
	ErrNotAPicture = errs.New(errs.Unsupported, "", "This is not a picture that can be shown.")
	ErrTooLarge    = errs.New(errs.TooLarge, "", "The picture has too many pixels.")
)

// Imaging draws and strips pictures.
type Imaging struct {
	decodes chan struct{} // one element for each picture that is being decoded
}

// New returns an Imaging that decodes a few pictures at a time.
func New() *Imaging { return &Imaging{decodes: make(chan struct{}, maxDecodes)} }

// format is a picture format by its first bytes. Package image would do, but any import can add to its list.
type format struct {
	magic  string
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error) // of an animation, its first frame
	strip  func([]byte) ([]byte, error)
}

var formats = map[string]format{
	"image/png":  {"\x89PNG\r\n\x1a\n", png.DecodeConfig, png.Decode, stripPNG},
	"image/jpeg": {"\xff\xd8\xff", jpeg.DecodeConfig, jpeg.Decode, stripJPEG},
	"image/gif":  {"GIF8", gif.DecodeConfig, gif.Decode, stripGIF},
	"image/webp": {"RIFF", webp.DecodeConfig, webp.Decode, stripWebP},
}

func formatOf(raw []byte) (format, bool) {
	for _, f := range formats {
		if bytes.HasPrefix(raw, []byte(f.magic)) {
			return f, true
		}
	}
	return format{}, false
}

// check decodes the header of a picture and compares its size with the bounds.
func (f format) check(raw []byte, maxPixels int) error {
	config, err := f.config(bytes.NewReader(raw))
	if err != nil || config.Width < 1 || config.Height < 1 {
		return ErrNotAPicture.Wrap(err)
	}
	if config.Width > maxSide || config.Height > maxSide || config.Width*config.Height > maxPixels {
		return ErrTooLarge
	}
	return nil
}

// Avatar draws a picture upright and at most avatarSide long on a side. Nothing but its pixels is kept.
func (p *Imaging) Avatar(ctx context.Context, raw []byte) ([]byte, error) {
	drawn, _, err := p.Sizes(ctx, raw, avatarSide)
	if err != nil {
		return nil, err
	}
	return drawn[0], nil
}

// Sizes draws a picture upright, once for each of sides, which is what the picture is at most long on a side; they must not increase. All
// have the content type that is returned. Nothing but the pixels is kept.
func (p *Imaging) Sizes(ctx context.Context, raw []byte, sides ...int) (drawn [][]byte, contentType string, err error) {
	err = p.decode(ctx, raw, func(picture image.Image) error {
		for i, side := range sides {
			if i > 0 {
				picture = scaled(picture, side, draw.BiLinear) // of the size before, because it reads every pixel
			} else {
				largest := upright(scaled(picture, side, draw.ApproxBiLinear), orientationOf(raw))
				if contentType = "image/png"; largest.Opaque() {
					contentType = "image/jpeg" // which is smaller
				}
				picture = largest
			}
			content, err := encode(picture, contentType)
			if err != nil {
				return err
			}
			drawn = append(drawn, content)
		}
		return nil
	})
	return drawn, contentType, err
}

// Dimensions returns how large a picture is when it is shown upright, in pixels.
func (*Imaging) Dimensions(raw []byte) (width, height int, err error) {
	f, ok := formatOf(raw)
	if !ok {
		return 0, 0, ErrNotAPicture
	}
	config, err := f.config(bytes.NewReader(firstFrame(raw)))
	if err != nil {
		return 0, 0, ErrNotAPicture.Wrap(err)
	}
	if orientationOf(raw) >= 5 {
		return config.Height, config.Width, nil
	}
	return config.Width, config.Height, nil
}

// PNG encodes a picture of any format as PNG.
func (p *Imaging) PNG(ctx context.Context, raw []byte) (encoded []byte, err error) {
	err = p.decode(ctx, raw, func(picture image.Image) error {
		encoded, err = encode(picture, "image/png")
		return err
	})
	return encoded, err
}

// decode gives a picture to use: of an animation, its first frame. A few pictures are in use at a time.
func (p *Imaging) decode(ctx context.Context, raw []byte, use func(image.Image) error) error {
	f, ok := formatOf(raw)
	if !ok {
		return ErrNotAPicture
	}
	raw = firstFrame(raw)
	if err := f.check(raw, maxAvatarPixels); err != nil {
		return err
	}
	select {
	case p.decodes <- struct{}{}:
		defer func() { <-p.decodes }()
	case <-ctx.Done():
		return ctx.Err()
	}
	picture, err := f.decode(bytes.NewReader(raw))
	if err != nil {
		return ErrNotAPicture.Wrap(err)
	}
	return use(picture)
}

// Strip removes from a picture what is not needed to show it, and leaves its pixels as they are. Other content is returned
// unchanged.
func (p *Imaging) Strip(contentType string, raw []byte) ([]byte, error) {
	f, ok := formats[contentType]
	if !ok {
		return raw, nil
	}
	if err := f.check(raw, maxPhotoPixels); err != nil {
		return nil, err
	}
	return f.strip(raw)
}

// scaled is the picture with no side longer than side.
func scaled(picture image.Image, side int, by draw.Interpolator) *image.NRGBA {
	size := picture.Bounds().Size()
	if longest := max(size.X, size.Y); longest > side {
		size = image.Pt(max(1, size.X*side/longest), max(1, size.Y*side/longest))
	}
	drawn := image.NewNRGBA(image.Rectangle{Max: size})
	by.Scale(drawn, drawn.Bounds(), picture, picture.Bounds(), draw.Src, nil)
	return drawn
}

// upright turns and mirrors a picture as its EXIF orientation (1 to 8) says.
func upright(picture *image.NRGBA, orientation int) *image.NRGBA {
	w, h := picture.Rect.Dx(), picture.Rect.Dy()
	if orientation < 2 || orientation > 8 {
		return picture
	}
	turned := image.NewNRGBA(image.Rect(0, 0, w, h))
	if orientation >= 5 {
		turned = image.NewNRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			to := [...]image.Point{
				2: {w - 1 - x, y}, 3: {w - 1 - x, h - 1 - y}, 4: {x, h - 1 - y}, 5: {y, x}, 6: {h - 1 - y, x}, 7: {h - 1 - y, w - 1 - x}, 8: {y, w - 1 - x},
			}[orientation]
			turned.SetNRGBA(to.X, to.Y, picture.NRGBAAt(x, y))
		}
	}
	return turned
}

// encode writes a picture as JPEG or PNG.
func encode(picture image.Image, contentType string) ([]byte, error) {
	var out bytes.Buffer
	if contentType == "image/jpeg" {
		err := jpeg.Encode(&out, picture, &jpeg.Options{Quality: quality})
		return out.Bytes(), err
	}
	err := png.Encode(&out, picture)
	return out.Bytes(), err
}
