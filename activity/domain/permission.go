package domain

import "go.updspace.com/libs/authz"

// The permissions of activity.
const (
	PermissionFeedRead      authz.Permission = "activity.feed.read"
	PermissionNewsCreate    authz.Permission = "activity.news.create"
	PermissionNewsManage    authz.Permission = "activity.news.manage"
	PermissionSourcesLink   authz.Permission = "activity.sources.link"
	PermissionSourcesManage authz.Permission = "activity.sources.manage"
	PermissionAdminSync     authz.Permission = "activity.admin.sync"
	PermissionAdminGames    authz.Permission = "activity.admin.games"
)

// Permissions of the services that items come from. An item is shown only to those who may read its source.
const (
	permissionPollRead         authz.Permission = "voting.poll.read"
	permissionEventRead        authz.Permission = "events.event.read"
	permissionPostsRead        authz.Permission = "portal.posts.read"
	permissionAchievementsRead authz.Permission = "gamification.achievements.read"
)
