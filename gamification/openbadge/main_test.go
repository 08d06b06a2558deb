package openbadge_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"flag"
	"image"
	"image/color"
	"image/png"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/gamification/openbadge"
)

const (
	did     = "did:web:aef.updspace.com"
	listURL = "https://aef.updspace.com/api/v1/gamification/status-lists/1"
)

var (
	update = flag.Bool("update", false, "write the files of testdata")
	start  = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	now    = start.Add(24 * time.Hour)
)

// key is the key of the tests. It is in testdata, so that the files there do not change.
func key(t testing.TB) openbadge.Key {
	t.Helper()
	text, err := os.ReadFile("testdata/test-key.pem")
	require.NoError(t, err)
	block, _ := pem.Decode(text)
	require.NotNil(t, block)
	k, err := openbadge.ParseKey(block.Bytes)
	require.NoError(t, err)
	return k
}

func generate(t testing.TB, alg openbadge.Algorithm) openbadge.Key {
	t.Helper()
	k, err := openbadge.GenerateKey(alg)
	require.NoError(t, err)
	return k
}

func badge() openbadge.Badge {
	picture := &openbadge.Image{ID: "https://aef.updspace.com/media/pioneer.png", Caption: "Ракета"}
	return openbadge.Badge{
		ID:        "urn:uuid:0192d3a4-0000-7000-8000-000000000001",
		Issuer:    openbadge.Profile{Name: "AEF", URL: "https://aef.updspace.com", Description: "A gaming community.", Image: picture},
		Recipient: openbadge.Recipient{ID: "urn:uuid:0192d3a4-0000-7000-8000-000000000002"},
		Achievement: openbadge.Achievement{
			ID: "https://aef.updspace.com/api/v1/gamification/achievements/1/badge", Name: "Первопроходец", Description: "Пять посещённых событий.",
			Criteria: openbadge.Criteria{Narrative: "Attend five events."}, Image: picture, Tags: []string{"events"}, Language: "ru",
		},
		Awarded: start, ValidFrom: start, ValidUntil: start.AddDate(1, 0, 0),
		Evidence: []openbadge.Evidence{{Name: "Five events", Narrative: "Attendance was marked by an organiser."}},
		Status:   &openbadge.StatusEntry{List: listURL, Index: 94_567},
	}
}

func sign(t testing.TB, k openbadge.Key, b openbadge.Badge) string {
	t.Helper()
	token, err := openbadge.Sign(did, k, b)
	require.NoError(t, err)
	return token
}

// signedList is the status list in which the badges with the given indexes are revoked.
func signedList(t testing.TB, k openbadge.Key, revoked ...int) string {
	t.Helper()
	list := openbadge.NewStatusList()
	for _, index := range revoked {
		require.NoError(t, list.Set(index, true))
	}
	text, err := openbadge.SignStatusList(did, k, openbadge.SignedStatusList{URL: listURL, List: list, ValidFrom: start, ValidUntil: start.AddDate(0, 1, 0)})
	require.NoError(t, err)
	return text
}

// sources gives what the issuer publishes.
func sources(t testing.TB, list string, keys ...openbadge.Key) openbadge.Sources {
	t.Helper()
	public := make([]openbadge.PublicKey, len(keys))
	for i, k := range keys {
		public[i] = k.Public()
	}
	document, err := openbadge.NewDocument(did, public...)
	require.NoError(t, err)
	return openbadge.Sources{
		Document: func(_ context.Context, of string) ([]byte, error) {
			if of != did {
				return nil, errors.New("no such issuer")
			}
			return document, nil
		},
		StatusList: func(_ context.Context, url string) ([]byte, error) {
			if url != listURL {
				return nil, errors.New("no such list")
			}
			return []byte(list), nil
		},
	}
}

// picture is a PNG image whose pixels all differ.
func picture(t testing.TB) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 40, 30))
	for x := range 40 {
		for y := range 30 {
			img.SetNRGBA(x, y, color.NRGBA{R: uint8(x), G: uint8(y), B: uint8(x * y), A: 255})
		}
	}
	var out bytes.Buffer
	require.NoError(t, png.Encode(&out, img))
	return out.Bytes()
}

// privateKey is key for other libraries.
func privateKey(t testing.TB) any {
	t.Helper()
	der, err := key(t).PKCS8()
	require.NoError(t, err)
	private, err := x509.ParsePKCS8PrivateKey(der)
	require.NoError(t, err)
	return private
}
