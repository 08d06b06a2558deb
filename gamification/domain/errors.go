package domain

import "go.updspace.com/libs/errs"

// The refusals of the service, each with the code that clients know it by.
var (
	ErrCategoryNotFound  = errs.New(errs.NotFound, "CATEGORY_NOT_FOUND", "There is no such category.")
	ErrCategoryExists    = errs.New(errs.Conflict, "ALREADY_EXISTS", "There is a category with this id.")
	ErrCategoryChanged   = errs.New(errs.Conflict, "CATEGORY_CHANGED", "The category was changed since it was read.")
	ErrTooManyCategories = errs.New(errs.Conflict, "TOO_MANY_CATEGORIES", "There are as many categories as there may be.")
	ErrCategoryUsed      = errs.New(errs.Conflict, "CATEGORY_IN_USE", "There are achievements in the category.")

	ErrAchievementNotFound = errs.New(errs.NotFound, "ACHIEVEMENT_NOT_FOUND", "There is no such achievement.")
	ErrAchievementChanged  = errs.New(errs.Conflict, "ACHIEVEMENT_CHANGED", "The achievement was changed since it was read.")
	ErrStatusNotAllowed    = errs.New(errs.Conflict, "STATUS_NOT_ALLOWED", "The achievement cannot get this status from the one that it has.")
	ErrNotDraft            = errs.New(errs.Conflict, "ACHIEVEMENT_NOT_DRAFT", "Only drafts can be deleted.")

	ErrImageNotFound = errs.New(errs.NotFound, "", "There is no such picture.")
	ErrTooManyImages = errs.New(errs.RateLimited, "", "You have uploaded as many pictures as one may in a day.")

	ErrGrantNotFound        = errs.New(errs.NotFound, "GRANT_NOT_FOUND", "There is no such grant.")
	ErrNotPublished         = errs.New(errs.Conflict, "ACHIEVEMENT_NOT_PUBLISHED", "Only published achievements can be granted.")
	ErrPrerequisitesMissing = errs.New(errs.Conflict, "PREREQUISITES_MISSING", "The member lacks an achievement that this one requires.")
	ErrNoGrantsLeft         = errs.New(errs.Conflict, "NO_GRANTS_LEFT", "All of this limited achievement are granted.")
	ErrIssuerLimit          = errs.New(errs.RateLimited, "", "You have granted this achievement as often as one may in a day.")

	ErrLeaderboardNotFound = errs.New(errs.NotFound, "LEADERBOARD_NOT_FOUND", "There is no such leaderboard.")
	ErrLevelsChanged       = errs.New(errs.Conflict, "LEVELS_CHANGED", "The levels were changed since they were read.")
	ErrSeasonNotFound      = errs.New(errs.NotFound, "SEASON_NOT_FOUND", "There is no such season.")
	ErrSeasonChanged       = errs.New(errs.Conflict, "SEASON_CHANGED", "The season was changed since it was read.")
	ErrSeasonOver          = errs.New(errs.Conflict, "SEASON_OVER", "The season is over.")
	ErrSeasonsOverlap      = errs.New(errs.Conflict, "SEASONS_OVERLAP", "Another season is in this time.")
	ErrTooManySeasons      = errs.New(errs.Conflict, "TOO_MANY_SEASONS", "There are as many seasons as there may be.")

	ErrNominationNotFound = errs.New(errs.NotFound, "NOMINATION_NOT_FOUND", "There is no such nomination.")
	ErrNominationDecided  = errs.New(errs.Conflict, "NOMINATION_DECIDED", "The nomination is decided already.")
	ErrNominated          = errs.New(errs.Conflict, "ALREADY_EXISTS", "You have nominated this member for this achievement already.")
	ErrAlreadyHeld        = errs.New(errs.Conflict, "ALREADY_HELD", "The member has this achievement already.")
	ErrTooManyNominations = errs.New(errs.Conflict, "TOO_MANY_PENDING", "You have as many open nominations as one may have.")

	ErrGrantEnded         = errs.New(errs.Conflict, "GRANT_ENDED", "The grant has ended.")
	ErrBadgeNotFound      = errs.New(errs.NotFound, "BADGE_NOT_FOUND", "There is no such badge.")
	ErrBadgeKeyNotFound   = errs.New(errs.NotFound, "KEY_NOT_FOUND", "There is no such key.")
	ErrTooManyBadgeKeys   = errs.New(errs.Conflict, "TOO_MANY_KEYS", "There are as many keys as there may be.")
	ErrStatusListNotFound = errs.New(errs.NotFound, "STATUS_LIST_NOT_FOUND", "There is no such status list.")
)
