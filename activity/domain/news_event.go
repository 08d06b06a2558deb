package domain

import "github.com/google/uuid"

// The events of news.
type (
	// NewsWasPublished says that a post is in the feed of its audience from now on.
	NewsWasPublished struct{ Post NewsPost }
	// NewsWasChanged says that parts of a published post are different.
	NewsWasChanged struct {
		Post  NewsPost
		By    uuid.UUID // uuid.Nil for a background job
		Parts []NewsPart
	}
	// NewsWasDeleted says that a post is in the feed no more: it was deleted or hidden, or is a draft again.
	NewsWasDeleted struct {
		Post NewsPost
		By   uuid.UUID
	}
	// NewsWasCommented says that a post has a new comment. Parent is the comment that it replies to, if it does.
	NewsWasCommented struct {
		Post    NewsPost
		Comment NewsComment
		Parent  *NewsComment
	}
	// NewsWasReacted says that a user reacted to a post.
	NewsWasReacted struct {
		Post  NewsPost
		By    uuid.UUID
		Emoji string
	}
)

func (NewsWasPublished) event() {}
func (NewsWasChanged) event()   {}
func (NewsWasDeleted) event()   {}
func (NewsWasCommented) event() {}
func (NewsWasReacted) event()   {}
