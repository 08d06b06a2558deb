package seal

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"
)

// FormTokens implements ports.FormTokens. A token is its purpose and end,
// sealed: nobody else can make one, and nothing has to be stored.
type FormTokens struct{ Sealer *Sealer }

const aboutFormToken = "form_token/"

// Issue implements ports.FormTokens.
func (f FormTokens) Issue(purpose string, until time.Time) string {
	sealed, key := f.Sealer.Seal(strconv.AppendInt(nil, until.Unix(), 10), []byte(aboutFormToken+purpose))
	return key + "." + base64.RawURLEncoding.EncodeToString(sealed)
}

// Check implements ports.FormTokens.
func (f FormTokens) Check(token, purpose string, now time.Time) bool {
	key, encoded, ok := strings.Cut(token, ".")
	if !ok {
		return false
	}
	sealed, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil {
		return false
	}
	plain, err := f.Sealer.Open(sealed, key, []byte(aboutFormToken+purpose))
	if err != nil {
		return false
	}
	until, err := strconv.ParseInt(string(plain), 10, 64)
	return err == nil && now.Unix() < until
}
