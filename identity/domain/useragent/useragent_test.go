package useragent_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/identity/domain/useragent"
)

func TestHeadersInWords(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]useragent.Client{
		"Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0":                                                                  {useragent.Desktop, "Firefox", "Linux"},
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0":               {useragent.Desktop, "Edge", "Windows"},
		"Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 YaBrowser/24.12 Safari/537.36":                         {useragent.Desktop, "Yandex Browser", "Windows"},
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1": {useragent.Phone, "Safari", "iOS"},
		"Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36":                   {useragent.Phone, "Chrome", "Android"},
		"Mozilla/5.0 (Linux; Android 15; SM-X910) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Safari/537.36":      {useragent.Tablet, "Samsung Internet", "Android"},
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15":                   {useragent.Desktop, "Safari", "macOS"},
		"curl/8.5.0": {useragent.Other, "curl", ""},
		"":           {useragent.Other, "", ""},
	} {
		require.Equal(t, want, useragent.Parse(header), header)
	}
}
