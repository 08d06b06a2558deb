package gamification

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"

	"go.updspace.com/gamification/app"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/blob"
	"go.updspace.com/libs/reqctx"
)

// seedPicture uploads a picture for an achievement of the demo data.
func seedPicture(ctx context.Context, admin authz.Actor, deps app.Deps, dir string, in *app.CreateAchievement) error {
	folder, err := blob.OpenFolder(dir)
	if err != nil {
		return err
	}
	defer folder.Close()
	deps.Blobs = folder
	var picture bytes.Buffer
	if err := png.Encode(&picture, drawMedal()); err != nil {
		return err
	}
	ctx = reqctx.With(ctx, reqctx.Context{TenantID: admin.Tenant, UserID: admin.User, RequestID: "demo picture"})
	images := app.Images{Deps: deps}
	uploaded, err := images.Upload(ctx, admin, app.UploadImage{Content: &picture})
	if err != nil {
		return err
	}
	in.Draft.Images = uploaded.Addresses()
	in.Draft.ImageAlts = map[string]string{"ru": "Золотая медаль на синей ленте", "en": "A gold medal on a blue ribbon"}
	return nil
}

// drawMedal draws a gold disc over a ribbon.
func drawMedal() image.Image {
	const size, middle = 512, 256
	night, blue := color.RGBA{0x1b, 0x24, 0x4a, 0xff}, color.RGBA{0x4c, 0x7d, 0xe0, 0xff}
	gold, rim := color.RGBA{0xf2, 0xc1, 0x4e, 0xff}, color.RGBA{0xa8, 0x74, 0x1a, 0xff}
	canvas := image.NewRGBA(image.Rect(0, 0, size, size))
	for y := range size {
		for x := range size {
			dx, dy := x-middle, y-300
			away, ink := dx*dx+dy*dy, night
			switch {
			case away < 92*92:
				ink = gold
			case away < 116*116:
				ink = rim
			case y < 300 && abs(dx) < 110-y/6 && abs(dx) > 20:
				ink = blue
			}
			canvas.SetRGBA(x, y, ink)
		}
	}
	return canvas
}

func abs(n int) int { return max(n, -n) }
