package oldsystem

// What makes an import hard, by whom it is about: a person has a trap when the number of the person is divisible by the trap's. The
// numbers below 10 have none.
const (
	unverified    = 10  // the address was never verified
	noAccount     = 97  // a user without an account
	noUser        = 89  // an account without a user
	twoAccounts   = 101 // two accounts whose addresses differ in case
	byPBKDF2      = 11  // an older hash
	byBcrypt      = 13  // an older hash
	unusable      = 29  // no password
	damagedHash   = 31  // a password that is none
	deleted       = 37  // the account was deleted, the user was left
	banned        = 41
	suspended     = 43
	oddStatus     = 47 // a status that there is not
	oddZone       = 53 // a time zone that there is not
	oddLanguage   = 59
	withTOTP      = 61 // a second factor
	locked        = 67 // the account is locked
	otherAddress  = 71 // the account is found by another of its addresses only
	damagedName   = 73 // control characters in names
	oddBirthDate  = 79
	badAddress    = 83 // an e-mail address that is none
	externalLinks = 7  // linked accounts elsewhere; no trap
)

// People for tests, each the first with what the name says.
const (
	PersonUnverified  = unverified
	PersonPBKDF2      = byPBKDF2
	PersonBcrypt      = byBcrypt
	PersonTOTP        = withTOTP
	PersonBanned      = banned
	PersonDeleted     = deleted
	PersonTwoAccounts = twoAccounts
	PersonNoAccount   = noAccount
)

func is(person, trap int) bool { return person%trap == 0 }

// Slugs of tenants that the new system cannot have as they are.
const (
	oddSlug     = "Old_Club"
	onlyInID    = "ghost"       // identity alone knows it
	placeholder = "__portal__"  // no tenant at all
	stranger    = "nobody here" // a tenant that nothing knows
)

// erased is the id that the old system wrote in the place of erased people.
const erased = "00000000-0000-0000-0000-000000000000"
