package domain

import (
	"crypto/sha256"
	"errors"
	"slices"
	"strings"
	"time"
)

// AssertionType is the only kind of client assertion that is taken (RFC 7523).
const AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// AssertionLifetime is how far in the future an assertion may expire: for as long its id is remembered.
const AssertionLifetime = 5 * time.Minute

// assertionSkew is how far the clock of a client may be ahead.
const assertionSkew = 30 * time.Second

const maxAssertionID = 256

// Assertion is what a client has signed to authenticate (private_key_jwt).
type Assertion struct {
	Issuer, Subject, ID        string
	Audience                   []string
	Issued, NotBefore, Expires time.Time // zero: not said
}

// Check refuses an assertion that does not authenticate the client here and now. audiences are the names that this provider has.
func (a Assertion) Check(client string, audiences []string, now time.Time) error {
	var problem string
	switch {
	case a.Issuer != client || a.Subject != client:
		problem = "iss and sub must be the client"
	case !slices.ContainsFunc(a.Audience, func(aud string) bool { return slices.Contains(audiences, aud) }):
		problem = "aud is another one"
	case a.ID == "" || len(a.ID) > maxAssertionID:
		problem = "jti must have 1 to 256 bytes"
	case !now.Before(a.Expires):
		problem = "it has expired"
	case a.Expires.After(now.Add(AssertionLifetime)):
		problem = "it expires more than 5 minutes from now"
	case a.Issued.After(now.Add(assertionSkew)) || a.NotBefore.After(now.Add(assertionSkew)):
		problem = "it is not valid yet"
	default:
		return nil
	}
	return ErrInvalidClient.Wrap(errors.New("the client assertion: " + problem))
}

// Hash is what is remembered of the assertion.
func (a Assertion) Hash() Hash {
	return sha256.Sum256([]byte(strings.Join([]string{a.Issuer, a.ID}, "\n")))
}
