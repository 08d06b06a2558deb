package gamification_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/gamification/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit/service"
)

// drawing is a square PNG of one colour.
func drawing(t testing.TB, side int, c color.Color) []byte {
	t.Helper()
	canvas := image.NewNRGBA(image.Rect(0, 0, side, side))
	for i := range side * side {
		canvas.Set(i%side, i/side, c)
	}
	var out bytes.Buffer
	require.NoError(t, png.Encode(&out, canvas))
	return out.Bytes()
}

func (s *fixture) upload(by authz.Actor, picture []byte) *gamificationapi.UploadImageResponse {
	s.T.Helper()
	r, err := s.As(by).UploadImageWithBodyWithResponse(s.T.Context(), &gamificationapi.UploadImageParams{}, "application/octet-stream", bytes.NewReader(picture))
	require.NoError(s.T, err)
	return r
}

// uploaded uploads a picture of the maker's and returns its addresses.
func (s *fixture) uploaded(picture []byte) gamificationapi.Images {
	s.T.Helper()
	return *service.OK(s.T, s.upload(s.maker, picture), nil).JSON201
}

func (s *fixture) shown(by authz.Actor, address string, etag ...string) *gamificationapi.GetImageResponse {
	s.T.Helper()
	id, size, ok := domain.UploadedImage(address)
	require.True(s.T, ok, address)
	params := &gamificationapi.GetImageParams{}
	if len(etag) > 0 {
		params.IfNoneMatch = &etag[0]
	}
	r, err := s.As(by).GetImageWithResponse(s.T.Context(), id, string(size), params)
	require.NoError(s.T, err)
	return r
}

func written(i gamificationapi.Images) *gamificationapi.ImagesWrite {
	return &gamificationapi.ImagesWrite{Small: i.Small, Medium: i.Medium, Large: i.Large}
}

func TestAnAchievementHasAnUploadedPicture(t *testing.T) {
	t.Parallel()
	s := start(t)
	images := s.uploaded(drawing(t, 600, color.NRGBA{R: 255, A: 128}))
	a := s.achievementOf(s.maker, func(b *gamificationapi.AchievementCreate) {
		b.Images, b.ImageAltI18N = written(images), &gamificationapi.ImageAlts{"en": "A red square", "ru": "Красный квадрат"}
	})
	require.Equal(t, images, a.Images.MustGet())
	require.Equal(t, gamificationapi.ImageAlts{"en": "A red square", "ru": "Красный квадрат"}, a.ImageAltI18N)
	for address, side := range map[string]int{images.Small.MustGet(): 96, images.Medium.MustGet(): 256, images.Large.MustGet(): 512} {
		r := s.shown(s.member, address)
		require.Equal(t, http.StatusOK, r.StatusCode())
		require.Equal(t, "image/png", r.HTTPResponse.Header.Get("Content-Type"))
		require.Equal(t, "private, max-age=31536000, immutable", r.HTTPResponse.Header.Get("Cache-Control"))
		drawn, err := png.Decode(bytes.NewReader(r.Body))
		require.NoError(t, err)
		require.Equal(t, image.Pt(side, side), drawn.Bounds().Size())
		require.Equal(t, http.StatusNotModified, s.shown(s.member, address, r.HTTPResponse.Header.Get("ETag")).StatusCode())
	}
	service.Refused(t, http.StatusNotFound, "NOT_FOUND", s.shown(s.Outsider(adminKeys...), images.Large.MustGet()), nil)

	// What badges are baked into.
	ctx := reqctx.With(context.Background(), reqctx.Context{TenantID: s.Tenant})
	stored, err := s.images.Achievements.Find(ctx, a.ID)
	require.NoError(t, err)
	content, err := s.images.PNG(ctx, stored)
	require.NoError(t, err)
	drawn, err := png.Decode(bytes.NewReader(content))
	require.NoError(t, err)
	require.Equal(t, image.Pt(512, 512), drawn.Bounds().Size())
	pasted, err := s.images.Achievements.Find(ctx, s.achievement(published).ID)
	require.NoError(t, err)
	_, err = s.images.PNG(ctx, pasted)
	require.ErrorIs(t, err, domain.ErrImageNotFound)
}

func TestPicturesThatNoAchievementHasAreRemoved(t *testing.T) {
	t.Parallel()
	s := start(t)
	sweep := func() {
		t.Helper()
		require.NoError(t, s.images.Sweep(pg.AcrossTenants(context.Background(), "a test")))
	}
	there := func(images gamificationapi.Images) bool {
		t.Helper()
		return s.shown(s.member, images.Medium.MustGet()).StatusCode() == http.StatusOK
	}
	used, unused := s.uploaded(drawing(t, 8, color.White)), s.uploaded(drawing(t, 8, color.Black))
	a := s.achievementOf(s.maker, func(b *gamificationapi.AchievementCreate) { b.Images = &gamificationapi.ImagesWrite{Small: used.Small} })
	s.Clock.Advance(23 * time.Hour)
	sweep()
	require.True(t, there(unused), "it may still be used")
	s.Clock.Advance(2 * time.Hour)
	sweep()
	require.False(t, there(unused))
	require.True(t, there(used))
	id, _, _ := domain.UploadedImage(unused.Small.MustGet())
	_, err := s.images.Blobs.Open(t.Context(), "achievement-images/"+s.Tenant.String()+"/"+id.String()+"/small")
	require.Error(t, err, "the content is gone, too")

	edit := func(images *gamificationapi.ImagesWrite) *gamificationapi.UpdateAchievementResponse {
		r, err := s.As(s.maker).UpdateAchievementWithResponse(t.Context(), a.ID, nil, gamificationapi.AchievementUpdate{Images: images})
		require.NoError(t, err)
		return r
	}
	service.Invalid(t, edit(&gamificationapi.ImagesWrite{Small: used.Small, Large: unused.Large}), nil, "images.large")
	service.OK(t, edit(&gamificationapi.ImagesWrite{}), nil)
	sweep()
	require.True(t, there(used), "another day")
	s.Clock.Advance(25 * time.Hour)
	sweep()
	require.False(t, there(used))
}

func TestWhichPicturesAreAccepted(t *testing.T) {
	t.Parallel()
	s := start(t)
	for body, want := range map[string]struct {
		status int
		code   string
	}{
		"":                       {http.StatusBadRequest, "EMPTY_FILE"},
		"<svg onload='alert()'>": {http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE"},
	} {
		service.Refused(t, want.status, want.code, s.upload(s.maker, []byte(body)), nil)
	}
	require.Equal(t, http.StatusRequestEntityTooLarge, s.upload(s.maker, append(drawing(t, 8, color.White), make([]byte, 5<<20)...)).StatusCode())
	service.Refused(t, http.StatusForbidden, "FORBIDDEN", s.upload(s.member, drawing(t, 8, color.White)), nil)

	create := func(address string) *gamificationapi.CreateAchievementResponse {
		r, err := s.As(s.maker).CreateAchievementWithResponse(t.Context(), s.draft(func(b *gamificationapi.AchievementCreate) {
			b.Images = &gamificationapi.ImagesWrite{Medium: some(address)}
		}))
		require.NoError(t, err)
		return r
	}
	of := func(id string) string { return "/api/v1/gamification/images/" + id + "/medium" }
	medium := s.uploaded(drawing(t, 8, color.White)).Medium.MustGet()
	service.OK(t, create(medium), nil)
	for _, address := range []string{
		of(uuid.NewString()), strings.ToUpper(medium), medium + "/", strings.Replace(medium, "medium", "huge", 1), "/api/v1/gamification/grants", "//example.com/x.png",
	} {
		service.Invalid(t, create(address), nil, "images.medium")
	}
}

// A repeated upload gets the picture of the first, and racing ones are counted.
func TestUploadsAreCounted(t *testing.T) {
	t.Parallel()
	s := start(t)
	ctx, picture := service.Request(s.maker), drawing(t, 8, color.White)
	var first gamificationapi.Images
	for i := range 2 {
		r, err := s.As(s.maker).UploadImageWithBodyWithResponse(ctx, &gamificationapi.UploadImageParams{}, "application/octet-stream", bytes.NewReader(picture))
		images := *service.OK(t, r, err).JSON201
		if i == 0 {
			first = images
		}
		require.Equal(t, first, images)
	}
	statuses := make(chan int, 120)
	for range cap(statuses) {
		go func() {
			r, err := s.As(s.maker).UploadImageWithBodyWithResponse(t.Context(), &gamificationapi.UploadImageParams{}, "application/octet-stream", bytes.NewReader(picture))
			if err != nil {
				statuses <- 0
				return
			}
			statuses <- r.StatusCode()
		}()
	}
	counts := map[int]int{}
	for range cap(statuses) {
		counts[<-statuses]++
	}
	require.Equal(t, map[int]int{http.StatusCreated: domain.MaxUploads - 2, http.StatusTooManyRequests: 22}, counts)
	require.Equal(t, http.StatusCreated, s.upload(s.admin, picture).StatusCode(), "another member")
	s.Clock.Advance(25 * time.Hour)
	require.Equal(t, http.StatusCreated, s.upload(s.maker, picture).StatusCode())
}
