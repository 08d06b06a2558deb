// Package outbox writes the events of activity as api/events/activity.yaml describes them.
package outbox

import (
	"github.com/google/uuid"

	"go.updspace.com/activity/domain"
	"go.updspace.com/api/activityevents"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/outbox"
)

// New implements ports.Events through publisher.
func New(publisher *outbox.Publisher) *outbox.Events[domain.Event] {
	return outbox.NewEvents(publisher, toWire)
}

func toWire(event domain.Event) (outbox.Event, error) {
	switch e := event.(type) {
	case domain.NewsWasPublished:
		data := news(e.Post, e.Post.Data().AuthorID)
		return outbox.Event{Type: activityevents.TypeNewsPublished, Subject: data.Subject(), Data: data}, nil
	case domain.NewsWasChanged:
		data := newsChanged(e)
		return outbox.Event{Type: activityevents.TypeNewsChanged, Subject: data.Subject(), Data: data}, nil
	case domain.NewsWasDeleted:
		data := news(e.Post, e.By)
		return outbox.Event{Type: activityevents.TypeNewsDeleted, Subject: data.Subject(), Data: data}, nil
	case domain.NewsWasCommented:
		data := newsComment(e)
		return outbox.Event{Type: activityevents.TypeNewsCommented, Subject: data.Subject(), Data: data}, nil
	case domain.NewsWasReacted:
		data := newsReaction(e)
		return outbox.Event{Type: activityevents.TypeNewsReacted, Subject: data.Subject(), Data: data}, nil
	}
	return outbox.Event{}, errs.Internalf("activity: no wire form of %T", event)
}

func news(p domain.NewsPost, by uuid.UUID) activityevents.News {
	d := p.Data()
	title, mentions := telling(p, d.Body)
	return activityevents.News{
		NewsID: d.ID, Title: title, CreatedBy: d.AuthorID, ActorID: orNil(by), Mentions: mentions, ScopeType: string(d.Scope.Type), ScopeID: d.Scope.ID,
		Visibility: string(d.Visibility), SourceRef: p.SourceRef(),
	}
}

// telling are the title of a post and whom a text mentions. Of a private post nothing is told.
func telling(p domain.NewsPost, text string) (title string, mentions []string) {
	if p.Data().Visibility == authz.VisibilityPrivate {
		return "", nil
	}
	return p.Heading(), domain.Mentions(text)
}

func newsChanged(e domain.NewsWasChanged) activityevents.NewsChanged {
	n := news(e.Post, e.By)
	parts := make([]string, len(e.Parts))
	for i, part := range e.Parts {
		parts[i] = string(part)
	}
	return activityevents.NewsChanged{
		NewsID: n.NewsID, Title: n.Title, CreatedBy: n.CreatedBy, ActorID: n.ActorID, Mentions: n.Mentions, Changed: parts, ScopeType: n.ScopeType, ScopeID: n.ScopeID,
		Visibility: n.Visibility, SourceRef: n.SourceRef,
	}
}

func newsComment(e domain.NewsWasCommented) activityevents.NewsComment {
	c := e.Comment.Data()
	n := news(e.Post, c.AuthorID)
	_, mentions := telling(e.Post, c.Body)
	data := activityevents.NewsComment{
		NewsID: n.NewsID, Title: n.Title, CreatedBy: n.CreatedBy, ActorID: n.ActorID, Mentions: mentions, CommentID: c.ID, AuthorID: c.AuthorID,
		ScopeType: n.ScopeType, ScopeID: n.ScopeID, Visibility: n.Visibility, SourceRef: n.SourceRef,
	}
	if e.Parent != nil {
		p := e.Parent.Data()
		data.ParentID, data.ParentAuthorID = &p.ID, orNil(p.AuthorID)
	}
	return data
}

func newsReaction(e domain.NewsWasReacted) activityevents.NewsReaction {
	n := news(e.Post, e.By)
	return activityevents.NewsReaction{
		NewsID: n.NewsID, Title: n.Title, CreatedBy: n.CreatedBy, UserID: e.By, Emoji: e.Emoji,
		ScopeType: n.ScopeType, ScopeID: n.ScopeID, Visibility: n.Visibility, SourceRef: n.SourceRef,
	}
}

func orNil(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}
