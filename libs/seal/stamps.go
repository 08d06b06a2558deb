package seal

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"
)

// Stamps seals times for a purpose, so that they can travel through a browser. Nothing is stored.
type Stamps struct{ Sealer *Sealer }

const aboutStamp = "stamp/"

// Issue returns the stamp of a time.
func (s Stamps) Issue(purpose string, t time.Time) string {
	sealed, key := s.Sealer.Seal(strconv.AppendInt(nil, t.UnixMicro(), 10), []byte(aboutStamp+purpose))
	return key + "." + base64.RawURLEncoding.EncodeToString(sealed)
}

// Open returns the time of a stamp that was issued for the purpose.
func (s Stamps) Open(stamp, purpose string) (time.Time, bool) {
	key, encoded, _ := strings.Cut(stamp, ".")
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(encoded)
	if err != nil {
		return time.Time{}, false
	}
	plain, err := s.Sealer.Open(sealed, key, []byte(aboutStamp+purpose))
	if err != nil {
		return time.Time{}, false
	}
	micro, err := strconv.ParseInt(string(plain), 10, 64)
	return time.UnixMicro(micro).UTC(), err == nil
}
