package domain

import "go.updspace.com/libs/errs"

// The refusals about rules.
var (
	ErrRuleNotFound = errs.New(errs.NotFound, "RULE_NOT_FOUND", "The achievement has no rule.")
	ErrRuleChanged  = errs.New(errs.Conflict, "RULE_CHANGED", "The rule was changed since it was read.")
	ErrTooManyRules = errs.New(errs.Conflict, "TOO_MANY_RULES", "There are as many rules as there may be.")
)

// MaxRules bounds the rules of a tenant: each new fact is counted for those that look at its kind.
const MaxRules = 200
