package domain

// Reserves is how many keys say that nobody asks for them.
func Reserves() int { return len(reserved) }
