package seal

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"
)

// Tokens seals data for a purpose, so that it can travel through a browser or a mail and come back unread and unchanged.
// Nothing is stored.
type Tokens struct{ Sealer *Sealer }

// Issue returns the token of data.
func (t Tokens) Issue(purpose string, data []byte) string {
	sealed, key := t.Sealer.Seal(data, []byte(purpose))
	return key + "." + base64.RawURLEncoding.EncodeToString(sealed)
}

// Open returns the data of a token that was issued for the purpose.
func (t Tokens) Open(token, purpose string) (data []byte, ok bool) {
	key, encoded, _ := strings.Cut(token, ".")
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(encoded)
	if err != nil {
		return nil, false
	}
	data, err = t.Sealer.Open(sealed, key, []byte(purpose))
	return data, err == nil
}

// Stamps seals times for a purpose.
type Stamps struct{ Sealer *Sealer }

const aboutStamp = "stamp/"

// Issue returns the stamp of a time.
func (s Stamps) Issue(purpose string, t time.Time) string {
	return Tokens(s).Issue(aboutStamp+purpose, strconv.AppendInt(nil, t.UnixMicro(), 10))
}

// Open returns the time of a stamp that was issued for the purpose.
func (s Stamps) Open(stamp, purpose string) (time.Time, bool) {
	plain, ok := Tokens(s).Open(stamp, aboutStamp+purpose)
	if !ok {
		return time.Time{}, false
	}
	micro, err := strconv.ParseInt(string(plain), 10, 64)
	return time.UnixMicro(micro).UTC(), err == nil
}
