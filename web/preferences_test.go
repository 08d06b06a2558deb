package web_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/web"
)

func TestTheFirstLanguageThatIsKnownCounts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ account, cookie, wanted, accept, tenant, want string }{
		{want: "en"},
		{tenant: "ru", want: "ru"},
		{accept: "en", tenant: "ru", want: "en"},
		{accept: "de, ru;q=0.5, en;q=0.8", want: "en"},
		{accept: "de, ru-RU;q=0.9, en;q=0.8", want: "ru"},
		{accept: "de;q=1, *", tenant: "ru", want: "ru"},
		{accept: "ru;q=0, en;q=x", tenant: "ru", want: "ru"},
		{wanted: "ru-RU", accept: "en", want: "ru"},
		{cookie: "en", wanted: "ru", want: "en"},
		{account: "ru", cookie: "en", want: "ru"},
		{account: "de", cookie: `"><script>`, want: "en"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
		r.Header.Set("Accept-Language", c.accept)
		r.AddCookie(&http.Cookie{Name: "updspace_lang", Value: c.cookie})
		require.Equal(t, c.want, web.Language(r, c.account, c.tenant, c.wanted), "%+v", c)
	}
}

func TestTheThemeIsTheBrowsersThenTheAccounts(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
	require.Equal(t, "auto", web.Theme(r, ""))
	require.Equal(t, "dark", web.Theme(r, "dark"))
	r.AddCookie(&http.Cookie{Name: "updspace_theme", Value: "light"})
	require.Equal(t, "light", web.Theme(r, "dark"))
}
