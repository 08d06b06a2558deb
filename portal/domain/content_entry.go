package domain

import (
	"time"

	"github.com/google/uuid"
)

// NewPostEntry writes a line about a post.
func NewPostEntry(by uuid.UUID, action string, post Post, now time.Time) Entry {
	return Entry{
		ID: newID(), ActorID: by, Action: "post." + action, TargetType: "post", TargetID: post.ID().String(),
		Metadata: map[string]any{"visibility": string(post.data.Visibility), "attachments": len(post.data.Attachments), "own": post.WrittenBy(by)},
		At:       Instant(now),
	}
}

// NewProfileEntry writes a line about a profile: which fields changed, not what they say.
func NewProfileEntry(by uuid.UUID, changed []string, now time.Time) Entry {
	return Entry{
		ID: newID(), ActorID: by, Action: "profile.updated", TargetType: "profile", TargetID: by.String(),
		Metadata: map[string]any{"changed_fields": changed}, At: Instant(now),
	}
}
