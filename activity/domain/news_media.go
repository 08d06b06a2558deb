package domain

import (
	"encoding/hex"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// Bounds of pictures of news.
const (
	MaxMediaSize     = 10 << 20
	MaxMediaFileName = 128
	MaxCaption       = 500
	// MaxPendingMedia is how many pictures a member may have that no post has.
	MaxPendingMedia = 40
	// PendingMediaLife is how long a picture stays without a post, UploadLife how long its upload may wait.
	PendingMediaLife = 24 * time.Hour
	UploadLife       = 15 * time.Minute
	// ThumbnailSide is the longest a thumbnail is on a side, in pixels.
	ThumbnailSide = 640
)

// MediaKind is the kind of an attachment of a post.
type MediaKind string

// The kinds.
const (
	MediaImage   MediaKind = "image"
	MediaYouTube MediaKind = "youtube"
)

// NewsMedia is an attachment of a post: an uploaded picture or a video elsewhere.
type NewsMedia struct {
	Kind    MediaKind
	Image   uuid.UUID // of a picture
	Key     string    // of a picture, as the caller names it; not stored
	Caption string
	VideoID string // of a video
	Title   string // of a video
}

// MediaTypes are the content types of pictures.
func MediaTypes() []string { return []string{"image/jpeg", "image/png", "image/webp", "image/gif"} }

var (
	videoID     = regexp.MustCompile(`^[A-Za-z0-9_-]{11}$`)
	mediaKey    = regexp.MustCompile(`^news/([0-9a-f-]{36})/([0-9a-f]{32})-[a-z0-9._-]+$`)
	notFileName = regexp.MustCompile(`[^A-Za-z0-9._-]+`)
)

// VideoURL is the address of a video, or of nothing when url and id do not name one.
func VideoURL(address, id string) (video string, ok bool) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.User != nil || !videoID.MatchString(id) {
		return "", false
	}
	host := strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(u.Hostname()), "www."), "m.")
	if host != "youtube.com" && host != "youtu.be" && host != "youtube-nocookie.com" && host != "music.youtube.com" {
		return "", false
	}
	return "https://www.youtube.com/watch?v=" + id, true
}

// Address is the address of a video.
func (m NewsMedia) Address() string { return "https://www.youtube.com/watch?v=" + m.VideoID }

// checkedMedia checks attachments. Each picture and each video is kept once.
func checkedMedia(fields errs.Fields, media []NewsMedia) []NewsMedia {
	checked := []NewsMedia{}
	for _, m := range media {
		m.Caption = valid.Line(fields, "media", m.Caption, 0, MaxCaption)
		m.Title = valid.Line(fields, "media", m.Title, 0, MaxNewsTitle)
		m.Key = ""
		if !slices.ContainsFunc(checked, func(o NewsMedia) bool {
			return o.Kind == m.Kind && o.Image == m.Image && o.VideoID == m.VideoID
		}) {
			checked = append(checked, m)
		}
	}
	fields.Check(len(checked) <= MaxNewsMedia, "media", why.TooMany(MaxNewsMedia))
	return checked
}

// Images are the ids of the pictures of the post.
func (p NewsPost) Images() []uuid.UUID {
	ids := []uuid.UUID{}
	for _, m := range p.data.Media {
		if m.Kind == MediaImage {
			ids = append(ids, m.Image)
		}
	}
	return ids
}

// MediaKeyID is the picture that a key names. A key of another tenant names none.
func MediaKeyID(tenant uuid.UUID, key string) (uuid.UUID, bool) {
	parts := mediaKey.FindStringSubmatch(key)
	if parts == nil || parts[1] != tenant.String() {
		return uuid.Nil, false
	}
	raw, err := hex.DecodeString(parts[2])
	if err != nil {
		return uuid.Nil, false
	}
	id, err := uuid.FromBytes(raw)
	return id, err == nil
}

// NewsImage is an uploaded picture. Its row is stored before its content and deleted after it, so no content is left behind.
type NewsImage struct{ data NewsImageData }

// NewsImageData is the state of a picture.
type NewsImageData struct {
	ID         uuid.UUID // random: the address of an upload cannot be guessed
	TenantID   uuid.UUID
	UploaderID uuid.UUID
	PostID     uuid.UUID // uuid.Nil while no post has it
	FileName   string
	Content    StoredContent
	CreatedAt  time.Time
}

// StoredContent is what is known of the content of a picture.
type StoredContent struct {
	Type          string // found in the content; empty until it is stored
	ThumbnailType string
	Digest        string // SHA-256 of what was uploaded, in hex
	Size          int64  // in bytes
	Width, Height int    // of the picture as it is shown
}

// NewNewsImage makes a picture that waits for its content. size is in bytes.
func NewNewsImage(by authz.Actor, fileName, contentType string, size int64, now time.Time) (NewsImage, error) {
	fields := errs.Fields{}
	fields.Check(size > 0, "size_bytes", why.Below(1))
	fields.Check(size <= MaxMediaSize, "size_bytes", why.Above(MaxMediaSize))
	fields.Check(slices.Contains(MediaTypes(), contentType), "content_type", why.NotAllowed("must be "+strings.Join(MediaTypes(), ", ")))
	name := strings.ToLower(strings.Trim(notFileName.ReplaceAllString(fileName, "-"), "-"))
	if name == "" {
		name = "upload"
	}
	name = name[max(0, len(name)-MaxMediaFileName):] // the end has the extension
	return NewsImage{NewsImageData{ID: uuid.New(), TenantID: by.Tenant, UploaderID: by.User, FileName: name, CreatedAt: valid.Instant(now)}}, fields.Err()
}

// RestoreNewsImage makes a picture from its stored state.
func RestoreNewsImage(d NewsImageData) NewsImage { return NewsImage{d} }

// Data returns the state of the picture.
func (i NewsImage) Data() NewsImageData { return i.data }

// ID returns the id of the picture.
func (i NewsImage) ID() uuid.UUID { return i.data.ID }

// Key names the picture in requests.
func (i NewsImage) Key() string {
	id := i.data.ID
	return "news/" + i.data.TenantID.String() + "/" + hex.EncodeToString(id[:]) + "-" + i.data.FileName
}

// MediaSize is one of the stored sizes of a picture.
type MediaSize string

// The sizes. The original has the pixels as they were uploaded, without metadata.
const (
	MediaOriginal  MediaSize = "original"
	MediaThumbnail MediaSize = "thumbnail"
)

// BlobKey is the key of the content of a size in the blob store.
func (i NewsImage) BlobKey(size MediaSize) string {
	return "news/" + i.data.TenantID.String() + "/" + i.data.ID.String() + "/" + string(size)
}

// Complete reports whether the content is stored.
func (i NewsImage) Complete() bool { return i.data.Content.Type != "" }

// Arrived returns the picture with what is known of its stored content.
func (i NewsImage) Arrived(content StoredContent) NewsImage {
	i.data.Content = content
	return i
}

// ContentType is the type of the content of a size.
func (i NewsImage) ContentType(size MediaSize) string {
	if size == MediaThumbnail {
		return i.data.Content.ThumbnailType
	}
	return i.data.Content.Type
}

// FitsPost reports whether a post can have the picture: its author uploaded it and no other post has it.
func (i NewsImage) FitsPost(post, author uuid.UUID) bool {
	return i.Complete() && (i.data.PostID == post || i.data.PostID == uuid.Nil && i.data.UploaderID == author)
}
