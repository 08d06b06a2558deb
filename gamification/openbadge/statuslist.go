package openbadge

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/go-jose/go-jose/v4/json"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// StatusListSize is how many badges a status list has room for. No list may be smaller, so that an index is one of many.
const StatusListSize = 131_072

// mostListBytes bounds what is decompressed of a list of another issuer: 8 million badges.
const mostListBytes = 1 << 20

const (
	typeStatusEntry      = "BitstringStatusListEntry"
	typeStatusList       = "BitstringStatusList"
	typeStatusCredential = "BitstringStatusListCredential"
	purposeRevocation    = "revocation"
	purposeSuspension    = "suspension"
)

// StatusList is a Bitstring Status List (W3C): a bit for each badge, which is set when the badge is revoked.
type StatusList struct{ bits []byte }

// NewStatusList returns a list of StatusListSize badges of which none is revoked.
func NewStatusList() *StatusList { return &StatusList{bits: make([]byte, StatusListSize/8)} }

// Len is how many badges the list has room for.
func (l *StatusList) Len() int { return len(l.bits) * 8 }

// Revoked reports whether the bit at index is set. Index 0 is the left-most bit.
func (l *StatusList) Revoked(index int) (bool, error) {
	if index < 0 || index >= l.Len() {
		return false, fmt.Errorf("the index %d is outside of the list of %d", index, l.Len())
	}
	return l.bits[index/8]&(0x80>>(index%8)) != 0, nil
}

// Set sets or clears the bit at index.
func (l *StatusList) Set(index int, revoked bool) error {
	if index < 0 || index >= l.Len() {
		return fmt.Errorf("the index %d is outside of the list of %d", index, l.Len())
	}
	if bit := byte(0x80 >> (index % 8)); revoked {
		l.bits[index/8] |= bit
	} else {
		l.bits[index/8] &^= bit
	}
	return nil
}

// Encode returns the list as Multibase: "u" and the base64url of the GZIP of the bits.
func (l *StatusList) Encode() (string, error) {
	var compressed bytes.Buffer
	w := gzip.NewWriter(&compressed)
	if _, err := w.Write(l.bits); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	return "u" + base64.RawURLEncoding.EncodeToString(compressed.Bytes()), nil
}

// DecodeStatusList reads what Encode wrote. It reads no more than a bounded number of bytes, however much would come out.
func DecodeStatusList(text string) (*StatusList, error) {
	if len(text) > MaxToken || len(text) == 0 || text[0] != 'u' {
		return nil, errors.New("the list is not base64url in Multibase")
	}
	compressed, err := decodeBase64(text[1:])
	if err != nil {
		return nil, errors.New("the list is not canonical base64url")
	}
	source := bytes.NewReader(compressed)
	r, err := gzip.NewReader(source)
	if err != nil {
		return nil, errors.New("the list is not compressed with GZIP")
	}
	r.Multistream(false)
	bits, err := io.ReadAll(io.LimitReader(r, mostListBytes+1))
	switch {
	case err != nil:
		return nil, errors.New("the list is not compressed with GZIP")
	case len(bits) > mostListBytes:
		return nil, fmt.Errorf("the list has more than %d entries", mostListBytes*8)
	case len(bits) < StatusListSize/8:
		return nil, fmt.Errorf("the list has fewer than %d entries", StatusListSize)
	case source.Len() > 0:
		return nil, errors.New("there is more after the list")
	}
	return &StatusList{bits: bits}, nil
}

// SignedStatusList is a status list as its issuer publishes it.
type SignedStatusList struct {
	URL        string // where it is published; StatusEntry.List of the badges
	List       *StatusList
	ValidFrom  time.Time // when it was signed
	ValidUntil time.Time // after this, readers ask again; it bounds how long a copy can hide a revocation
}

type statusCredentialJSON struct {
	Context    []string          `json:"@context"`
	ID         string            `json:"id"`
	Type       words             `json:"type"`
	Issuer     issuerRef         `json:"issuer"`
	ValidFrom  *time.Time        `json:"validFrom,omitempty"`
	ValidUntil *time.Time        `json:"validUntil,omitempty"`
	Subject    statusSubjectJSON `json:"credentialSubject"`
}

type statusSubjectJSON struct {
	ID      string       `json:"id,omitempty"`
	Type    words        `json:"type"`
	Purpose list[string] `json:"statusPurpose"`
	List    string       `json:"encodedList"`
	Size    int          `json:"statusSize,omitempty"`
	TTL     int64        `json:"ttl,omitempty"` // milliseconds
}

// issuerRef is an issuer's identifier, or an object that has it.
type issuerRef string

func (i *issuerRef) UnmarshalJSON(data []byte) error {
	var object struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(data, &object) == nil {
		*i = issuerRef(object.ID)
		return nil
	}
	return json.Unmarshal(data, (*string)(i))
}

// SignStatusList signs a list as a BitstringStatusListCredential.
func SignStatusList(did string, key Key, s SignedStatusList) (string, error) {
	f := errs.Fields{}
	f.Check(isURI(s.URL), "url", why.NotFormat("uri", "must be an absolute URI"))
	f.Check(s.List != nil, "list", why.Required)
	f.Check(!s.ValidFrom.IsZero(), "valid_from", why.Required)
	f.Check(s.ValidUntil.After(s.ValidFrom), "valid_until", why.Mismatch("must be after valid_from"))
	if err := f.Err(); err != nil {
		return "", err
	}
	encoded, err := s.List.Encode()
	if err != nil {
		return "", err
	}
	from, until := s.ValidFrom.UTC().Truncate(time.Second), s.ValidUntil.UTC().Truncate(time.Second)
	payload, err := json.Marshal(statusCredentialJSON{
		Context: []string{contextVC}, ID: s.URL, Type: words{typeVC, typeStatusCredential}, Issuer: issuerRef(did), ValidFrom: &from, ValidUntil: &until,
		Subject: statusSubjectJSON{
			ID: s.URL + "#list", Type: words{typeStatusList}, Purpose: list[string]{purposeRevocation}, List: encoded, TTL: until.Sub(from).Milliseconds(),
		},
	})
	if err != nil {
		return "", err
	}
	return key.sign(did, "vc+jwt", payload)
}
