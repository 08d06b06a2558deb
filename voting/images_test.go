package voting_test

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

	"go.updspace.com/api/votingapi"
	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/devkit/testkit/service"
	"go.updspace.com/voting/app"
)

// picture draws a PNG.
func picture(t testing.TB, shade uint8) []byte {
	t.Helper()
	canvas := image.NewGray(image.Rect(0, 0, 2, 2))
	canvas.Set(0, 0, color.Gray{Y: shade})
	var text bytes.Buffer
	require.NoError(t, png.Encode(&text, canvas))
	return text.Bytes()
}

// uploaded uploads a picture of the maker's and returns its address.
func (s *fixture) uploaded(poll uuid.UUID, shade uint8) string {
	s.T.Helper()
	r, err := s.As(s.maker).UploadImageWithBodyWithResponse(s.T.Context(), poll, "application/octet-stream", bytes.NewReader(picture(s.T, shade)))
	require.NoError(s.T, err)
	require.Equal(s.T, http.StatusCreated, r.StatusCode(), string(r.Body))
	return r.JSON201.URL
}

func idOfImage(t testing.TB, url string) uuid.UUID {
	t.Helper()
	id, err := uuid.Parse(url[strings.LastIndex(url, "/")+1:])
	require.NoError(t, err)
	return id
}

func TestOptionsHavePictures(t *testing.T) {
	t.Parallel()
	s := start(t)
	info := s.poll(func(b *votingapi.PollCreate) { b.Nominations = some([]votingapi.NominationCreate{nomination(2)}) })
	id := info.Poll.ID
	used, unused := s.uploaded(id, 1), s.uploaded(id, 2)
	option, err := s.As(s.maker).UpdateOptionWithResponse(t.Context(), id, info.Options[0].ID, votingapi.OptionUpdate{MediaURL: some(used)})
	service.OK(t, option, err)
	get := func(url string) (service.Answer, error) {
		return s.As(s.member).GetImageWithResponse(t.Context(), id, idOfImage(t, url), &votingapi.GetImageParams{})
	}
	hidden, err := get(used)
	service.Refused(t, http.StatusNotFound, "NOT_FOUND", hidden, err)
	s.setStatus(id, votingapi.PollStatusActive)
	shown, err := get(used)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, shown.StatusCode())
	require.Equal(t, "image/png", shown.(*votingapi.GetImageResponse).HTTPResponse.Header.Get("Content-Type"))
	require.Equal(t, picture(t, 1), shown.GetBody())
	locked, err := s.As(s.maker).UploadImageWithBodyWithResponse(t.Context(), id, "application/octet-stream", bytes.NewReader(picture(t, 3)))
	service.Refused(t, http.StatusConflict, "POLL_LOCKED", locked, err)

	sweep := func() {
		t.Helper()
		images := app.Images{Deps: s.deps}
		require.NoError(t, images.Sweep(pg.AcrossTenants(context.Background(), "a test")))
	}
	sweep()
	kept, err := get(unused)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, kept.StatusCode(), "it may still be used")
	s.Clock.Advance(25 * time.Hour)
	sweep()
	gone, err := get(unused)
	service.Refused(t, http.StatusNotFound, "NOT_FOUND", gone, err)
	kept, err = get(used)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, kept.StatusCode())
}

func TestOnlyPicturesAreAccepted(t *testing.T) {
	t.Parallel()
	s := start(t)
	draft := s.poll(func(b *votingapi.PollCreate) { b.Nominations = some([]votingapi.NominationCreate{nomination(1)}) }).Poll.ID
	for body, want := range map[string]struct {
		status int
		code   string
	}{
		"":                       {http.StatusBadRequest, "EMPTY_FILE"},
		"<svg onload='alert()'>": {http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE"},
	} {
		r, err := s.As(s.maker).UploadImageWithBodyWithResponse(t.Context(), draft, "application/octet-stream", strings.NewReader(body))
		service.Refused(t, want.status, want.code, r, err)
	}
	r, err := s.As(s.maker).UploadImageWithBodyWithResponse(t.Context(), draft, "application/octet-stream",
		bytes.NewReader(append(picture(t, 1), make([]byte, 5<<20)...)))
	require.NoError(t, err)
	require.Equal(t, http.StatusRequestEntityTooLarge, r.StatusCode())
}
