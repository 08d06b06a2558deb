package domain

import (
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// The errors of the synchronisation of roles.
var (
	ErrSyncNotFound    = errs.New(errs.NotFound, "ROLE_SYNC_NOT_FOUND", "Roles are not synchronised with this source.")
	ErrNotDiscord      = errs.New(errs.Conflict, "SOURCE_IS_NOT_DISCORD", "Roles are synchronised with sources of Discord only.")
	ErrMappingNotFound = errs.New(errs.NotFound, "ROLE_MAPPING_NOT_FOUND", "These roles are not paired.")
	ErrMappingExists   = errs.New(errs.Conflict, "ROLE_MAPPING_EXISTS", "These roles are paired already.")
	ErrTooManyMappings = errs.New(errs.Conflict, "TOO_MANY_ROLE_MAPPINGS", "There are as many pairs of roles as one server may have.")
	ErrMappingsLeft    = errs.New(errs.Conflict, "ROLE_MAPPINGS_LEFT", "Remove the pairs of roles first, and wait until what they gave is taken back.")
	ErrRoleNotFound    = errs.New(errs.NotFound, "ROLE_NOT_FOUND", "The role does not exist.")
	ErrRoleNotGivable  = errs.New(errs.Conflict, "ROLE_NOT_PAIRABLE", "A role with which its holders can obtain more rights cannot follow one at Discord.")
	ErrRoleForbidden   = errs.New(errs.Forbidden, "ROLE_PAIR_FORBIDDEN", "You may not let others have this role.")
	ErrDiscord         = errs.New(errs.Unavailable, "DISCORD_UNAVAILABLE", "Discord has not answered as it should.")
)

// ErrDiscordRefused is Discord's no; details.reason says why in one word.
var ErrDiscordRefused = errs.New(errs.Conflict, "DISCORD_REFUSED", "Discord refuses what the bot asks for.")

// Refusal is the error of a problem that a person waits for, or nil.
func Refusal(p Problem) error {
	details := map[string]any{"reason": p.Word}
	switch p.Word {
	case "":
		return nil
	case Unauthorized, Forbidden, UnknownGuild:
		return ErrDiscordRefused.WithDetails(details)
	}
	return ErrDiscord.WithDetails(details)
}

// UnknownDiscordRole is the error of a role that the server does not have, or that cannot be given.
func UnknownDiscordRole() error {
	return errs.Field("discord_role_id", why.NotAllowed("must be a role of the server that a bot can give"))
}
