// Package domain holds the rules of portal: what communities and teams are, who belongs to them as what, and the ways
// in and out.
//
// Communities and teams are alike in nearly everything, so both are a Group; what is said of a group holds for either.
// The wire keeps them apart, under the names people use.
//
// Every type is built by a constructor that refuses what breaks a rule, and changed by methods that return the changed
// value. Restore functions are for repositories alone: they take back what a constructor once let through.
package domain
