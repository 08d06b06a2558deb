package portal

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"

	"golang.org/x/image/vector"
)

// The size of a picture of the demo data.
const (
	pictureWidth  = 960
	pictureHeight = 540
)

// demoColours are those of a picture, from its sky to its foreground.
type demoColours struct{ Sky, Low, Sun, Far, Near, Front color.RGBA }

func rgb(hex uint32) color.RGBA {
	return color.RGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff}
}

var (
	demoDusk  = demoColours{rgb(0x0b4f6c), rgb(0xe88873), rgb(0xffc9a0), rgb(0x0a86a8), rgb(0x066079), rgb(0x03303d)}
	demoDawn  = demoColours{rgb(0x8fc7d6), rgb(0xfbe3c0), rgb(0xfff4dc), rgb(0x6f9fb0), rgb(0x3f7488), rgb(0x1d4354)}
	demoNight = demoColours{rgb(0x161238), rgb(0x4a2a66), rgb(0xf2e6c9), rgb(0x2b2258), rgb(0x1d1745), rgb(0x0c0a24)}
	demoAmber = demoColours{rgb(0x7a2418), rgb(0xf2a63b), rgb(0xffe9b8), rgb(0xa8442a), rgb(0x6e2318), rgb(0x351009)}
	demoPine  = demoColours{rgb(0x4fc4cf), rgb(0xd8f3ee), rgb(0xf7ffff), rgb(0x2b9a7a), rgb(0x0f6b4e), rgb(0x073a2b)}
)

// canvas is a picture that is being drawn.
type canvas struct{ *image.RGBA }

// demoPicture returns a scene as PNG.
func demoPicture(colours demoColours, scene func(canvas, demoColours)) ([]byte, error) {
	c := canvas{image.NewRGBA(image.Rect(0, 0, pictureWidth, pictureHeight))}
	c.sky(colours)
	scene(c, colours)
	var out bytes.Buffer
	err := png.Encode(&out, c.RGBA)
	return out.Bytes(), err
}

// polygon fills a polygon given by x, y, x, y and so on.
func (c canvas) polygon(fill color.RGBA, points ...float32) {
	low, high := [2]float32{points[0], points[1]}, [2]float32{points[0], points[1]}
	for i, at := range points {
		low[i%2], high[i%2] = min(low[i%2], at), max(high[i%2], at)
	}
	box := image.Rect(int(low[0])-1, int(low[1])-1, int(high[0])+2, int(high[1])+2).Intersect(c.Bounds())
	x, y := float32(box.Min.X), float32(box.Min.Y)
	r := vector.NewRasterizer(box.Dx(), box.Dy())
	r.MoveTo(points[0]-x, points[1]-y)
	for i := 2; i < len(points); i += 2 {
		r.LineTo(points[i]-x, points[i+1]-y)
	}
	r.ClosePath()
	r.Draw(c.RGBA, box, image.NewUniform(fill), image.Point{})
}

func (c canvas) rect(fill color.RGBA, x, y, width, height int) {
	draw.Draw(c.RGBA, image.Rect(x, y, x+width, y+height), image.NewUniform(fill), image.Point{}, draw.Src)
}

func (c canvas) disc(fill color.RGBA, x, y, radius float32) {
	const corners = 72
	points := make([]float32, 0, 2*corners)
	for i := range corners {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / corners)
		points = append(points, x+radius*float32(cos), y+radius*float32(sin))
	}
	c.polygon(fill, points...)
}

// ground fills everything below a line of heights that are evenly spread over the width.
func (c canvas) ground(fill color.RGBA, heights ...float32) {
	points := []float32{0, pictureHeight}
	for i, y := range heights {
		points = append(points, float32(i)*pictureWidth/float32(len(heights)-1), y)
	}
	c.polygon(fill, append(points, pictureWidth, pictureHeight)...)
}

// waves fills everything below a wavy line.
func (c canvas) waves(fill color.RGBA, level, height, length float64) {
	heights := make([]float32, 121)
	for i := range heights {
		heights[i] = float32(level + height*math.Sin(float64(i)*pictureWidth/120/length*2*math.Pi))
	}
	c.ground(fill, heights...)
}

// sky is in flat bands, as if it were of cloth.
func (c canvas) sky(colours demoColours) {
	const bands = 9
	for i := range bands {
		part := float64(i) / (bands - 1)
		mix := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + (float64(b)-float64(a))*part)) }
		band := color.RGBA{mix(colours.Sky.R, colours.Low.R), mix(colours.Sky.G, colours.Low.G), mix(colours.Sky.B, colours.Low.B), 0xff}
		c.rect(band, 0, i*pictureHeight/bands, pictureWidth, pictureHeight)
	}
}

func (c canvas) stars(fill color.RGBA) {
	for i := range 26 {
		c.disc(fill, float32((i*367+41)%pictureWidth), float32((i*i*53+29)%230), float32(1.5+float64(i%3)))
	}
}

// drawSea draws a lighthouse by the sea.
func drawSea(c canvas, of demoColours) {
	c.stars(of.Sun)
	c.disc(of.Sun, 280, 250, 92)
	c.waves(of.Far, 330, 3, 240)
	for i := range 6 {
		c.rect(of.Sun, 230+i%3*24, 356+i*18, 110-i%2*40, 5)
	}
	c.polygon(of.Front, 96, 372, 216, 372, 190, 404, 118, 404)
	c.polygon(of.Front, 152, 230, 152, 362, 92, 362)
	c.polygon(of.Low, 162, 262, 162, 362, 214, 362)
	c.polygon(of.Near, 470, 540, 520, 420, 600, 372, 700, 350, 800, 372, 900, 410, 960, 400, 960, 540)
	c.polygon(of.Low, 668, 352, 680, 176, 740, 176, 752, 352)
	c.polygon(of.Front, 673, 282, 677, 226, 743, 226, 747, 282)
	c.rect(of.Front, 664, 164, 92, 14)
	c.rect(of.Sun, 684, 122, 52, 42)
	c.polygon(of.Front, 672, 124, 710, 84, 748, 124)
	c.waves(of.Near, 470, 8, 300)
	c.waves(of.Front, 505, 10, 220)
}

// drawMountains draws a ridge above a wood.
func drawMountains(c canvas, of demoColours) {
	c.stars(of.Sun)
	c.disc(of.Sun, 690, 150, 66)
	c.ground(of.Far, 330, 250, 310, 190, 280, 120, 260, 210, 300, 230, 340)
	c.polygon(of.Sun, 480, 120, 438, 184, 462, 178, 480, 196, 500, 180, 522, 186)
	c.ground(of.Near, 400, 340, 390, 300, 380, 340, 290, 370, 330, 410, 360)
	c.ground(of.Front, 480, 460, 470, 440, 455, 430, 450, 470, 480)
	for i := range 22 {
		x, y, h := float32(i*46-10), float32(500-(i*i*17)%40), float32(60+(i*37)%70)
		c.polygon(of.Front, x, y, x+24, y-h, x+48, y)
		c.polygon(of.Front, x-4, y+36, x+24, y-h/2, x+52, y+36)
	}
	c.polygon(of.Low, 566, 452, 584, 430, 602, 452) // a tent, lit
	c.rect(of.Sun, 581, 442, 6, 10)
}

// drawCity draws roofs with windows that are lit.
func drawCity(c canvas, of demoColours) {
	c.stars(of.Sun)
	c.disc(of.Sun, 210, 120, 54)
	rows := []struct {
		fill         color.RGBA
		step, least  int
		spread, seed int
	}{{of.Far, 74, 170, 150, 7}, {of.Near, 92, 120, 140, 11}, {of.Front, 118, 70, 110, 5}}
	for row, r := range rows {
		for i := range pictureWidth/r.step + 1 {
			height := r.least + (i*i*r.seed*13+i*61)%r.spread
			x, y := i*r.step-row*20, pictureHeight-height
			c.rect(r.fill, x, y, r.step-4, height)
			if i%3 == row {
				c.polygon(r.fill, float32(x), float32(y), float32(x+(r.step-4)/2), float32(y-34), float32(x+r.step-4), float32(y))
			}
			for w := range (r.step - 20) / 18 * (height / 26) {
				if (w*7+i*5+row*3)%4 == 0 {
					columns := (r.step - 20) / 18
					c.rect(of.Sun, x+10+w%columns*18, y+14+w/columns*26, 8, 12)
				}
			}
		}
	}
}

// drawTable draws a board, dice and a cup on a table.
func drawTable(c canvas, of demoColours) {
	c.rect(of.Near, 0, 0, pictureWidth, 320)
	c.polygon(of.Far, 340, 0, 620, 0, 780, 320, 180, 320) // the light of a lamp
	c.polygon(of.Sun, 420, 0, 540, 0, 600, 70, 360, 70)
	c.rect(of.Front, 0, 320, pictureWidth, 220)
	c.polygon(of.Low, 250, 350, 700, 350, 790, 510, 160, 510)
	for row := range 4 {
		for column := range 6 {
			if (row+column)%2 == 0 {
				continue
			}
			at := func(i, j int) (x, y float32) {
				left, right := 250-22.5*float32(j), 700+22.5*float32(j)
				return left + (right-left)*float32(i)/6, 350 + 40*float32(j)
			}
			ax, ay := at(column, row)
			bx, by := at(column+1, row)
			dx, dy := at(column+1, row+1)
			ex, ey := at(column, row+1)
			c.polygon(of.Sky, ax, ay, bx, by, dx, dy, ex, ey)
		}
	}
	for i, x := range []float32{330, 440, 575} {
		y := float32(430 - i%2*36)
		c.polygon(of.Sun, x-26, y, x, y-16, x+26, y, x, y+16)
		c.polygon(of.Far, x-26, y, x, y+16, x, y+50, x-26, y+34)
		c.polygon(of.Near, x+26, y, x, y+16, x, y+50, x+26, y+34)
		c.disc(of.Front, x, y, 4)
	}
	c.polygon(of.Sun, 800, 372, 890, 372, 878, 470, 812, 470)
	c.disc(of.Sun, 896, 412, 26)
	c.disc(of.Front, 896, 412, 14)
	c.polygon(of.Far, 800, 372, 890, 372, 887, 386, 803, 386)
}
