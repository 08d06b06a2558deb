package domain

import (
	"slices"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
)

// ItemType says what happened.
type ItemType string

// The types of items.
const (
	VoteCast         ItemType = "vote.cast"
	EventCreated     ItemType = "event.created"
	EventRsvpChanged ItemType = "event.rsvp.changed"
	PostCreated      ItemType = "post.created"
	NewsPosted       ItemType = "news.posted"

	PollOpened           ItemType = "poll.opened"
	AchievementPublished ItemType = "achievement.published"
	AchievementGranted   ItemType = "achievement.granted"
	LevelReached         ItemType = "level.reached"
	SeasonClosed         ItemType = "season.closed"
	MemberJoined         ItemType = "member.joined"
	CommunityCreated     ItemType = "community.created"
	TeamCreated          ItemType = "team.created"

	GameAchievement ItemType = "game.achievement"
	GamePlaytime    ItemType = "game.playtime"
	GameEvent       ItemType = "game.event"
	FeedEntry       ItemType = "feed.entry"
)

// typeRule is what the feed knows of a type.
type typeRule struct {
	read    authz.Permission // besides PermissionFeedRead, in the scope of the item; may be empty
	shown   bool             // without being asked for: the types that clients of the first release know
	content bool             // about something that belongs to the tenant and stays when its author is erased
	grouped bool             // many members do it about one thing
}

var typeRules = map[ItemType]typeRule{
	VoteCast:         {read: permissionPollRead, shown: true, grouped: true},
	EventCreated:     {read: permissionEventRead, shown: true, content: true},
	EventRsvpChanged: {read: permissionEventRead, shown: true, grouped: true},
	PostCreated:      {read: permissionPostsRead, shown: true, content: true},
	NewsPosted:       {shown: true, content: true},

	PollOpened:           {read: permissionPollRead, content: true},
	AchievementPublished: {read: permissionAchievementsRead, content: true},
	AchievementGranted:   {read: permissionAchievementsRead},
	LevelReached:         {read: permissionAchievementsRead},
	SeasonClosed:         {read: permissionAchievementsRead, content: true},
	MemberJoined:         {},
	CommunityCreated:     {content: true},
	TeamCreated:          {content: true},

	GameAchievement: {},
	GamePlaytime:    {},
	GameEvent:       {},
	FeedEntry:       {content: true},
}

// Valid reports whether t is one of the types.
func (t ItemType) Valid() bool {
	_, ok := typeRules[t]
	return ok
}

// Default reports whether the feed has items of the type without being asked for them.
func (t ItemType) Default() bool { return typeRules[t].shown }

// DefaultTypes are the types that the feed has when the caller names none, in the order of their names.
func DefaultTypes() []ItemType { return slices.Clone(defaultTypes) }

var defaultTypes = sortedTypes(func(r typeRule) bool { return r.shown })

// GroupedTypes are the types whose items are grouped, in the order of their names.
func GroupedTypes() []ItemType { return slices.Clone(groupedTypes) }

var groupedTypes = sortedTypes(func(r typeRule) bool { return r.grouped })

// ContentTypes are the types of items that stay, without their author, when the author is erased.
func ContentTypes() []ItemType { return sortedTypes(func(r typeRule) bool { return r.content }) }

// TypesReadWith are the types whose items need a further permission, in the order of their names.
func TypesReadWith(permission authz.Permission) []ItemType {
	return sortedTypes(func(r typeRule) bool { return r.read == permission })
}

func sortedTypes(match func(typeRule) bool) (types []ItemType) {
	for t, rule := range typeRules {
		if match(rule) {
			types = append(types, t)
		}
	}
	slices.Sort(types)
	return types
}

// errUnknownTypes says that a filter names types that the feed does not have.
var errUnknownTypes = errs.New(errs.BadRequest, "INVALID_EVENT_TYPES", "The feed has no items of these types.")

// ParseTypes returns the types of a filter. Without names it returns DefaultTypes.
func ParseTypes(names []string) ([]ItemType, error) {
	if len(names) == 0 {
		return DefaultTypes(), nil
	}
	var types []ItemType
	unknown := []string{}
	for _, name := range names {
		switch t := ItemType(name); {
		case !t.Valid():
			unknown = append(unknown, name)
		case !slices.Contains(types, t):
			types = append(types, t)
		}
	}
	if len(unknown) > 0 {
		return nil, errUnknownTypes.WithDetails(map[string]any{"unknown": unknown})
	}
	return types, nil
}
