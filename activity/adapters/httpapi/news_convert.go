package httpapi

import (
	"encoding/binary"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"go.updspace.com/activity/app"
	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/wire"
)

const mediaPath = "/api/v1/activity/news-media/"

func visibility[V ~string](v V) authz.Visibility { return authz.Visibility(v) }

func scopeType(t string) authz.ScopeType { return authz.ScopeType(strings.ToUpper(t)) }

// fromAPIMedia converts attachments. Those of other kinds are left out.
func fromAPIMedia(media []activityapi.NewsMediaWrite) ([]domain.NewsMedia, error) {
	converted := []domain.NewsMedia{}
	for _, m := range media {
		switch domain.MediaKind(m.Type) {
		case domain.MediaImage:
			converted = append(converted, domain.NewsMedia{Kind: domain.MediaImage, Key: wire.Get(m.Key), Caption: wire.Get(m.Caption)})
		case domain.MediaYouTube:
			if _, ok := domain.VideoURL(wire.Get(m.URL), wire.Get(m.VideoID)); !ok {
				return nil, errs.Field("media", why.InvalidFormat("must name a video on YouTube by its address and its id"))
			}
			converted = append(converted, domain.NewsMedia{
				Kind: domain.MediaYouTube, VideoID: wire.Get(m.VideoID), Title: wire.Get(m.Title), Caption: wire.Get(m.Caption),
			})
		}
	}
	return converted, nil
}

func toAPIMedia(m domain.NewsMedia, images map[uuid.UUID]domain.NewsImage) activityapi.NewsMedia {
	if m.Kind == domain.MediaYouTube {
		return activityapi.NewsMedia{
			Type: activityapi.NewsMediaTypeYoutube, URL: nullable.NewNullableWithValue(m.Address()), VideoID: &m.VideoID, Title: wire.OrNull(m.Title), Caption: wire.OrNull(m.Caption),
		}
	}
	converted := activityapi.NewsMedia{Type: activityapi.NewsMediaTypeImage, URL: nullable.NewNullNullable[string](), Caption: wire.OrNull(m.Caption)}
	if image, ok := images[m.Image]; ok {
		d, at := image.Data(), mediaPath+m.Image.String()+"/"
		converted.URL = nullable.NewNullableWithValue(at + string(domain.MediaOriginal))
		converted.ThumbnailURL, converted.Key = new(at+string(domain.MediaThumbnail)), new(image.Key())
		converted.ContentType, converted.SizeBytes, converted.Width, converted.Height = &d.Content.Type, &d.Content.Size, &d.Content.Width, &d.Content.Height
	}
	return converted
}

// ToAPINews converts a post to an item of the feed.
func ToAPINews(n app.ShownNews) activityapi.NewsItem {
	d := n.Post.Data()
	item := activityapi.NewsItem{
		ID: itemID(d), TenantID: d.TenantID, ActorUserID: wire.OrNull(d.AuthorID), TargetUserID: nullable.NewNullNullable[uuid.UUID](), Type: activityapi.NewsItemTypeNewsPosted,
		OccurredAt: d.PublishedAt, Title: n.Post.Heading(), PayloadJSON: ToAPINewsPayload(n), Visibility: activityapi.NewsVisibility(d.Visibility),
		ScopeType: activityapi.NewsItemScopeType(d.Scope.Type), ScopeID: d.Scope.ID, SourceRef: n.Post.SourceRef(),
		ActorProfile: toAPIProfile(n.Author), Link: wire.OrNull(n.Post.Path()),
	}
	if d.PublishedAt.IsZero() {
		item.OccurredAt = d.CreatedAt
	}
	return item
}

// itemID is the id of the post's item in the feed; of a post without one, a negative number that is always the same.
func itemID(d domain.NewsData) int64 {
	if d.ItemID != 0 {
		return d.ItemID
	}
	return -1 - int64(binary.BigEndian.Uint32(d.ID[:4]))
}

// ToAPINewsPayload converts what readers see of a post.
func ToAPINewsPayload(n app.ShownNews) activityapi.NewsPayload {
	d := n.Post.Data()
	payload := activityapi.NewsPayload{
		NewsID: d.ID, Title: wire.OrNull(d.Title), Body: d.Body, BodyHTML: n.HTML, Tags: d.Tags, Status: activityapi.NewsStatus(d.Status),
		Media:     wire.Each(d.Media, func(m domain.NewsMedia) activityapi.NewsMedia { return toAPIMedia(m, n.Images) }),
		PublishAt: wire.TimeOrNull(d.PublishAt), CommentsCount: d.Comments, ReactionsCount: d.Reactions, ViewsCount: d.Views,
		ReactionCounts: wire.Each(n.Reactions, func(e ports.Emoji) activityapi.NewsEmojiCount {
			return activityapi.NewsEmojiCount{Emoji: e.Emoji, Count: e.Count}
		}),
		MyReactions: []string{}, Pinned: !d.PinnedAt.IsZero(), Hidden: n.Post.Hidden(), HiddenReason: wire.OrNull(d.HiddenReason), CommentsLocked: d.CommentsLocked,
		EditedAt: wire.TimeOrNull(d.EditedAt), Version: d.Version, CanEdit: n.CanEdit, CanModerate: n.Moderates,
	}
	payload.Permalink.NewsID, payload.Permalink.Path = d.ID, "/feed/"+d.ID.String()
	for _, e := range n.Reactions {
		if e.Mine {
			payload.MyReactions = append(payload.MyReactions, e.Emoji)
		}
	}
	slices.Sort(payload.MyReactions)
	return payload
}

func toAPIReactionCount(e ports.Emoji) activityapi.NewsReactionCount {
	return activityapi.NewsReactionCount{Emoji: e.Emoji, Count: e.Count, MyReacted: e.Mine}
}

func toAPIGivenReaction(r app.GivenReaction) activityapi.NewsGivenReaction {
	return activityapi.NewsGivenReaction{ID: r.ID, UserID: r.UserID, Emoji: r.Emoji, CreatedAt: r.CreatedAt, UserProfile: toAPIProfile(r.Profile)}
}

// placeholder is what the place of a deleted comment says, as clients of the former system know it.
const placeholder = "Комментарий удалён"

func toAPIComment(c app.ShownComment) activityapi.NewsComment {
	d := c.Data()
	comment := activityapi.NewsComment{
		ID: d.ID, UserID: wire.OrNull(d.AuthorID), Body: d.Body, CreatedAt: d.CreatedAt, EditedAt: wire.TimeOrNull(d.EditedAt), ParentID: wire.OrNull(d.ParentID),
		Deleted: c.Deleted(), LikesCount: d.Likes, MyLiked: d.Liked, RepliesCount: d.Replies, UserProfile: toAPIProfile(c.Author),
		CanEdit: c.CanEdit, CanDelete: c.CanDelete, CanReply: c.CanReply,
	}
	if c.Deleted() {
		comment.Body, comment.UserID, comment.UserProfile = placeholder, nullable.NewNullNullable[uuid.UUID](), toAPIProfile(nil)
	}
	return comment
}
