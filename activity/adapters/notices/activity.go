package notices

import (
	"slices"
	"strconv"

	"github.com/google/uuid"

	"go.updspace.com/activity/notifications/domain"
	"go.updspace.com/api/activityevents"
	"go.updspace.com/libs/authz"
)

// aboutNews is a notice about a post. Who may not see the post any more is not told.
func aboutNews(n activityevents.News, kind domain.Kind, cause string, by uuid.UUID) domain.Notice {
	scope := scopeOf(n.ScopeType, n.ScopeID)
	return domain.Notice{
		Cause: string(kind) + ":" + cause, Kind: kind, Subject: n.SourceRef, Actor: by, To: domain.Named, Scope: scope, Title: n.Title, Link: "/news/" + n.NewsID.String(),
		Sight: domain.Sight{Permission: "activity.feed.read", Scope: scope, Visibility: authz.Visibility(n.Visibility)},
	}
}

// newsPublished tells those whom the post mentions.
func newsPublished(_ occasion, n activityevents.News) domain.Told {
	if len(n.Mentions) == 0 {
		return domain.Told{}
	}
	notice := aboutNews(n, domain.KindMention, n.NewsID.String(), n.CreatedBy)
	notice.Usernames = n.Mentions
	return one(notice)
}

// newsChanged follows the audience of the post.
func newsChanged(_ occasion, n activityevents.NewsChanged) domain.Told {
	if !slices.Contains(n.Changed, "visibility") {
		return domain.Told{}
	}
	return domain.Told{Moved: []domain.Moved{{Subject: n.SourceRef, Sight: domain.Sight{
		Scope: scopeOf(n.ScopeType, n.ScopeID), Visibility: authz.Visibility(n.Visibility),
	}}}}
}

func newsDeleted(_ occasion, n activityevents.News) domain.Told {
	return domain.Told{Withdrawn: []string{n.SourceRef}}
}

// newsCommented tells the author of what the comment answers, and those whom it mentions.
func newsCommented(_ occasion, c activityevents.NewsComment) domain.Told {
	n := activityevents.News{
		NewsID: c.NewsID, Title: c.Title, CreatedBy: c.CreatedBy, ScopeType: c.ScopeType, ScopeID: c.ScopeID, Visibility: c.Visibility, SourceRef: c.SourceRef,
	}
	cause := strconv.FormatInt(c.CommentID, 10)
	answered := c.CreatedBy
	if c.ParentID != nil {
		answered = orNil(c.ParentAuthorID)
	}
	var told domain.Told
	if answered != uuid.Nil && answered != c.AuthorID {
		reply := aboutNews(n, domain.KindReply, cause, c.AuthorID)
		reply.Persons = []uuid.UUID{answered}
		told.Notices = append(told.Notices, reply)
	}
	if len(c.Mentions) > 0 {
		mention := aboutNews(n, domain.KindMention, "comment:"+cause, c.AuthorID)
		mention.Usernames = c.Mentions
		told.Notices = append(told.Notices, mention)
	}
	return told
}

// newsReacted tells the author. Reactions to one post are one notification while it is unread.
func newsReacted(_ occasion, r activityevents.NewsReaction) domain.Told {
	if r.UserID == r.CreatedBy || r.CreatedBy == uuid.Nil {
		return domain.Told{}
	}
	notice := aboutNews(activityevents.News{
		NewsID: r.NewsID, Title: r.Title, ScopeType: r.ScopeType, ScopeID: r.ScopeID, Visibility: r.Visibility, SourceRef: r.SourceRef,
	}, domain.KindReaction, r.NewsID.String()+":"+r.UserID.String(), r.UserID)
	notice.Persons, notice.Group = []uuid.UUID{r.CreatedBy}, "reaction:"+r.NewsID.String()
	return one(notice)
}
