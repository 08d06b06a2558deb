package httpapi

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// How long copies of an answer may be used.
const (
	forMinute  = "public, max-age=60" // keys and status lists: a copy hides what was withdrawn for so long
	forHour    = "public, max-age=3600"
	askedAgain = "private, no-cache" // badges: a link may be withdrawn
)

// published answers with a document or a file as it is, or says that the reader has it already.
type published struct {
	body        []byte
	contentType string
	caching     string
	download    string // the name of the file; empty for what is shown
	known       *string
}

// etag is made of the content.
func (p published) etag() string {
	sum := sha256.Sum256(p.body)
	return strconv.Quote(hex.EncodeToString(sum[:16]))
}

// write sends the answer. Files run nothing when they are opened by themselves.
func (p published) write(w http.ResponseWriter) error {
	h, tag := w.Header(), p.etag()
	h.Set("ETag", tag)
	h.Set("Cache-Control", p.caching)
	if p.known != nil && slices.ContainsFunc(strings.Split(*p.known, ","), func(known string) bool {
		known = strings.TrimSpace(known)
		return known == "*" || strings.TrimPrefix(known, "W/") == tag
	}) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	if p.download != "" {
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": p.download}))
	}
	h.Set("Content-Type", p.contentType)
	h.Set("Content-Length", strconv.Itoa(len(p.body)))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	if _, err := w.Write(p.body); err != nil {
		return fmt.Errorf("writing what is published: %w", err)
	}
	return nil
}

// VisitGetDIDDocumentResponse implements the generated interface, as the methods below do.
func (p published) VisitGetDIDDocumentResponse(w http.ResponseWriter) error      { return p.write(w) }
func (p published) VisitGetBadgeKeySetResponse(w http.ResponseWriter) error      { return p.write(w) }
func (p published) VisitGetBadgeStatusListResponse(w http.ResponseWriter) error  { return p.write(w) }
func (p published) VisitGetBadgeAchievementResponse(w http.ResponseWriter) error { return p.write(w) }
func (p published) VisitGetBadgeAchievementImageResponse(w http.ResponseWriter) error {
	return p.write(w)
}
func (p published) VisitGetBadgeCredentialResponse(w http.ResponseWriter) error { return p.write(w) }
func (p published) VisitGetBadgeImageResponse(w http.ResponseWriter) error      { return p.write(w) }
func (p published) VisitGetSharedBadgeCredentialResponse(w http.ResponseWriter) error {
	return p.write(w)
}
func (p published) VisitGetSharedBadgeImageResponse(w http.ResponseWriter) error { return p.write(w) }
