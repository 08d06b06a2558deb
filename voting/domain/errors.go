package domain

import (
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// The refusals of voting, each with the code that clients know it by.
var (
	ErrPollNotFound     = errs.New(errs.NotFound, "NOT_FOUND", "There is no such poll.")
	ErrQuestionNotFound = errs.New(errs.NotFound, "NOMINATION_NOT_FOUND", "The poll has no such nomination.")
	ErrOptionNotFound   = errs.New(errs.NotFound, "OPTION_NOT_FOUND", "The nomination has no such option.")
	ErrBallotNotFound   = errs.New(errs.NotFound, "NOT_FOUND", "There is no such vote.")
	ErrForbidden        = errs.New(errs.Forbidden, "FORBIDDEN", "You are not allowed to do this.")

	ErrQuestionTitleRequired = errs.New(errs.BadRequest, "NOMINATION_TITLE_REQUIRED", "A nomination needs a title.")
	ErrOptionTitleRequired   = errs.New(errs.BadRequest, "OPTION_TITLE_REQUIRED", "An option needs a title.")

	ErrNoQuestions       = errs.New(errs.BadRequest, "NO_QUESTIONS", "Add a nomination before publishing.")
	ErrNoOptions         = errs.New(errs.BadRequest, "NO_OPTIONS", "Every nomination needs an option before publishing.")
	ErrInvalidTransition = errs.New(errs.BadRequest, "INVALID_STATUS_TRANSITION", "A poll goes from draft to active to closed.")
	ErrInvalidStatus     = errs.New(errs.BadRequest, "INVALID_STATUS", "A poll cannot be given this status.")

	ErrInvalidRole       = errs.New(errs.BadRequest, "INVALID_ROLE", "The role must be owner, admin, moderator, observer or participant.")
	ErrCreatorIsOwner    = errs.New(errs.Conflict, "CREATOR_IS_OWNER", "The creator of a poll stays its owner.")
	ErrLastOwner         = errs.New(errs.Conflict, "LAST_OWNER", "The poll needs an owner.")
	ErrInviteNotFound    = errs.New(errs.NotFound, "NOT_FOUND", "There is no such invite.")
	ErrImageNotFound     = errs.New(errs.NotFound, "NOT_FOUND", "There is no such picture.")
	ErrTooManyImages     = errs.New(errs.Conflict, "TOO_MANY_OPTIONS", "The poll cannot take another picture.")
	ErrTooManyPeople     = errs.New(errs.Conflict, "TOO_MANY_PARTICIPANTS", "The poll cannot take another participant.")
	ErrHasBallots        = errs.New(errs.Conflict, "POLL_LOCKED", "Votes are in; what the voters decided on can no longer be changed.")
	ErrAmendmentNeeded   = errs.New(errs.Conflict, "AMENDMENT_REASON_REQUIRED", "Votes are in; a correction of title or description needs a reason, which voters will see.")
	ErrTooManyAmendments = errs.New(errs.Conflict, "TOO_MANY_AMENDMENTS", "The poll has been corrected too often.")
	ErrUnknownTemplate   = errs.Field("template", why.NotAllowed("is not a known template"))

	ErrPollLocked       = errs.New(errs.Conflict, "POLL_LOCKED", "The poll is published; this can no longer be changed.")
	ErrSortOrderTaken   = errs.New(errs.Conflict, "ALREADY_EXISTS", "Another nomination of the poll has this sort order.")
	ErrOptionExists     = errs.New(errs.Conflict, "ALREADY_EXISTS", "The nomination has an option with this title.")
	ErrTooManyQuestions = errs.New(errs.Conflict, "TOO_MANY_NOMINATIONS", "The poll cannot take another nomination.")
	ErrTooManyOptions   = errs.New(errs.Conflict, "TOO_MANY_OPTIONS", "The nomination cannot take another option.")
	ErrQuestionHasVotes = errs.New(errs.Conflict, "NOMINATION_HAS_VOTES", "The nomination has votes.")
	ErrOptionHasVotes   = errs.New(errs.Conflict, "OPTION_HAS_VOTES", "The option has votes.")

	ErrPollClosed       = errs.New(errs.Conflict, "POLL_CLOSED", "The poll is not open.")
	ErrPollNotStarted   = errs.New(errs.Conflict, "POLL_NOT_STARTED", "The poll has not started yet.")
	ErrPollEnded        = errs.New(errs.Conflict, "POLL_ENDED", "The poll is over.")
	ErrAlreadyVoted     = errs.New(errs.Conflict, "ALREADY_VOTED", "You have voted for this option already.")
	ErrTooManyVotes     = errs.New(errs.Conflict, "TOO_MANY_VOTES", "You have used all your votes in this nomination.")
	ErrAnswerRequired   = errs.New(errs.Invalid, "ANSWER_REQUIRED", "A required nomination has no answer.")
	ErrRevoteNotAllowed = errs.New(errs.Forbidden, "REVOTE_NOT_ALLOWED", "In this poll a vote cannot be taken back.")
	ErrResultsHidden    = errs.New(errs.Forbidden, "RESULTS_HIDDEN", "The results are not public yet.")
)
