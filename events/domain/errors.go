package domain

import "go.updspace.com/libs/errs"

// The refusals of the service, each with the code that clients know it by.
var (
	ErrEventNotFound      = errs.New(errs.NotFound, "NOT_FOUND", "There is no such event.")
	ErrAddressNotFound    = errs.New(errs.NotFound, "ADDRESS_NOT_FOUND", "There is no such calendar address.")
	ErrCalendarNotFound   = errs.New(errs.NotFound, "NOT_FOUND", "There is no such calendar.")
	ErrOccurrenceNotFound = errs.New(errs.NotFound, "OCCURRENCE_NOT_FOUND", "The event has no such date.")

	ErrInvalidFrom      = errs.New(errs.BadRequest, "INVALID_FROM", "from must be a date or a time with its offset.")
	ErrInvalidTo        = errs.New(errs.BadRequest, "INVALID_TO", "to must be a date or a time with its offset.")
	ErrInvalidTimeRange = errs.New(errs.BadRequest, "INVALID_TIME_RANGE", "The end must be after the start.")
	ErrNoUpdates        = errs.New(errs.BadRequest, "NO_UPDATES", "The request changes nothing.")

	ErrEventChanged        = errs.New(errs.Conflict, "EVENT_CHANGED", "The event was changed since it was read.")
	ErrEventCancelled      = errs.New(errs.Conflict, "EVENT_CANCELLED", "The event is cancelled.")
	ErrAnswersClosed       = errs.New(errs.Conflict, "ANSWERS_CLOSED", "Answers are closed.")
	ErrNoSeats             = errs.New(errs.Conflict, "NO_SEATS", "There are not enough free seats.")
	ErrCapacityTaken       = errs.New(errs.Conflict, "CAPACITY_TAKEN", "More seats are taken than there would be.")
	ErrCheckInClosed       = errs.New(errs.Conflict, "CHECK_IN_CLOSED", "Check-in is not open now.")
	ErrWrongCode           = errs.New(errs.Invalid, "WRONG_CODE", "This code is not valid.")
	ErrInvitationUnknown   = errs.New(errs.NotFound, "INVITATION_UNKNOWN", "There is no such invitation.")
	ErrInvitationWithdrawn = errs.New(errs.Gone, "INVITATION_WITHDRAWN", "The invitation was withdrawn.")
	ErrTooManyInvitations  = errs.New(errs.Conflict, "TOO_MANY_INVITATIONS", "An event has at most 1,000 invitations.")
	ErrResentTooSoon       = errs.New(errs.RateLimited, "", "The mail was sent less than an hour ago.")
	ErrTooManyAddresses    = errs.New(errs.RateLimited, "", "Too many addresses were invited today.")

	ErrTooManyCalendarAddresses = errs.New(errs.Conflict, "TOO_MANY_ADDRESSES", "You have as many calendar addresses as there may be. End one first.")
	ErrNotACalendar             = errs.New(errs.Invalid, "NOT_A_CALENDAR", "The file is not a calendar.")
	ErrNotRecurring             = errs.New(errs.Conflict, "NOT_RECURRING", "The event cannot be divided at this date.")
	ErrInboundMailOff           = errs.New(errs.NotFound, "INBOUND_MAIL_OFF", "This installation reads no mail.")
	ErrMailSignature            = errs.New(errs.Unauthenticated, "MAIL_SIGNATURE", "The mail is not signed, or its signature is old.")
	ErrMailUnreadable           = errs.New(errs.Invalid, "MAIL_UNREADABLE", "The mail cannot be read.")
	ErrNoReply                  = errs.New(errs.Invalid, "MAIL_NO_REPLY", "The mail is no reply to an invitation.")
	ErrOtherEvent               = errs.New(errs.Invalid, "MAIL_OTHER_EVENT", "The reply is about another event.")
	ErrOtherAttendee            = errs.New(errs.Invalid, "MAIL_OTHER_ATTENDEE", "The reply is of another person.")
)
