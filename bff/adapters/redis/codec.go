package redis

import (
	"encoding/binary"
	"time"

	"go.updspace.com/bff/domain"
)

// The stored form of a session is a version byte, the tenant and user ids and
// two times in microseconds: decoding it happens on every request.
const (
	codecVersion = 1
	codecSize    = 1 + 16 + 16 + 8 + 8
)

func encode(s domain.Session) string {
	b := make([]byte, 0, codecSize)
	b = append(b, codecVersion)
	b = append(b, s.TenantID[:]...)
	b = append(b, s.UserID[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(s.CreatedAt.UnixMicro()))
	b = binary.BigEndian.AppendUint64(b, uint64(s.ExpiresAt.UnixMicro()))
	return string(b)
}

// decode reports false for what another version wrote; the store of record has it.
func decode(id domain.Hash, value string) (domain.Session, bool) {
	if len(value) != codecSize || value[0] != codecVersion {
		return domain.Session{}, false
	}
	s := domain.Session{ID: id}
	b := []byte(value)
	copy(s.TenantID[:], b[1:17])
	copy(s.UserID[:], b[17:33])
	s.CreatedAt = time.UnixMicro(int64(binary.BigEndian.Uint64(b[33:41]))).UTC()
	s.ExpiresAt = time.UnixMicro(int64(binary.BigEndian.Uint64(b[41:49]))).UTC()
	return s, true
}
