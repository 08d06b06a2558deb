package domain

import "go.updspace.com/libs/errs"

// The refusals of the service, each with the code that clients know it by.
var (
	ErrCategoryNotFound  = errs.New(errs.NotFound, "CATEGORY_NOT_FOUND", "There is no such category.")
	ErrCategoryExists    = errs.New(errs.Conflict, "ALREADY_EXISTS", "There is a category with this id.")
	ErrCategoryChanged   = errs.New(errs.Conflict, "CATEGORY_CHANGED", "The category was changed since it was read.")
	ErrTooManyCategories = errs.New(errs.Conflict, "TOO_MANY_CATEGORIES", "There are as many categories as there may be.")
)
