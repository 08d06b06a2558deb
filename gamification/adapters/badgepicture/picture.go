// Package badgepicture draws pictures for achievements that have none of their own here: the colour of the tier and initials.
package badgepicture

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"strings"
	"sync"
	"unicode"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"

	"go.updspace.com/gamification/domain"
)

// size is how wide and high a picture is.
const size = 512

const maxDrawn = 256 // pictures of some kilobytes

// Pictures is ports.BadgePictures.
type Pictures struct{ drawn *lru.Cache[look, []byte] }

// look is all that a picture depends on.
type look struct {
	tier     domain.Tier
	initials string
}

// New returns the pictures.
func New() (*Pictures, error) {
	drawn, err := lru.New[look, []byte](maxDrawn)
	if err != nil {
		return nil, fmt.Errorf("cache of pictures: %w", err)
	}
	return &Pictures{drawn}, nil
}

// Draw draws the picture of an achievement.
func (p *Pictures) Draw(_ context.Context, a domain.Achievement) ([]byte, error) {
	_, name := a.Data().Names.In("")
	l := look{a.Data().Rules.Tier, Initials(name)}
	if picture, ok := p.drawn.Get(l); ok {
		return picture, nil
	}
	picture, err := l.draw()
	if err == nil {
		p.drawn.Add(l, picture)
	}
	return picture, err
}

// Initials are the first letters of the first two words of a name.
func Initials(name string) string {
	initials := ""
	for _, word := range strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if initials += string(unicode.ToUpper([]rune(word)[0])); len([]rune(initials)) == 2 {
			break
		}
	}
	return initials
}

// colours are those of a tier: of the ring and of the middle.
var colours = map[domain.Tier][2]color.RGBA{
	domain.TierNone:     {{0x5b, 0x6b, 0x8c, 0xff}, {0x2c, 0x36, 0x4d, 0xff}},
	domain.TierBronze:   {{0xc8, 0x85, 0x4f, 0xff}, {0x6b, 0x3e, 0x1d, 0xff}},
	domain.TierSilver:   {{0xc4, 0xcb, 0xd4, 0xff}, {0x4e, 0x59, 0x66, 0xff}},
	domain.TierGold:     {{0xe9, 0xb9, 0x49, 0xff}, {0x75, 0x52, 0x0d, 0xff}},
	domain.TierPlatinum: {{0xb9, 0xe3, 0xe6, 0xff}, {0x1f, 0x5c, 0x66, 0xff}},
}

// bold is the font of the initials. It has Latin, Greek and Cyrillic letters.
var bold = sync.OnceValues(func() (*opentype.Font, error) { return opentype.Parse(gobold.TTF) })

func (l look) draw() ([]byte, error) {
	picture := image.NewRGBA(image.Rect(0, 0, size, size))
	of := colours[l.tier]
	hexagon(picture, size/2-8, of[0])
	hexagon(picture, size/2-40, of[1])
	if err := l.write(picture); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		return nil, fmt.Errorf("encoding a picture: %w", err)
	}
	return out.Bytes(), nil
}

// hexagon fills a hexagon in the middle of the picture.
func hexagon(picture draw.Image, radius float64, fill color.Color) {
	r := vector.NewRasterizer(size, size)
	for i := range 6 {
		angle := math.Pi/6 + float64(i)*math.Pi/3
		x, y := float32(size/2+radius*math.Cos(angle)), float32(size/2+radius*math.Sin(angle))
		if i == 0 {
			r.MoveTo(x, y)
		} else {
			r.LineTo(x, y)
		}
	}
	r.ClosePath()
	r.Draw(picture, picture.Bounds(), image.NewUniform(fill), image.Point{})
}

// write writes the initials into the middle.
func (l look) write(picture draw.Image) error {
	parsed, err := bold()
	if err != nil {
		return fmt.Errorf("reading the font of pictures: %w", err)
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: size * 0.36, DPI: 72})
	if err != nil {
		return fmt.Errorf("reading the font of pictures: %w", err)
	}
	defer face.Close()
	text := font.Drawer{Dst: picture, Src: image.White, Face: face}
	bounds, advance := text.BoundString(l.initials)
	middle := fixed.I(size / 2)
	text.Dot = fixed.Point26_6{X: middle - advance/2, Y: middle - (bounds.Min.Y+bounds.Max.Y)/2}
	text.DrawString(l.initials)
	return nil
}
