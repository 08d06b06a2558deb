// Package openbadge makes and verifies badges after Open Badges 3.0 of 1EdTech. A badge is a Verifiable Credential (W3C data
// model 2.0) that one issuer signs as a JSON Web Token (VC-JWT) and that anybody can verify without asking the issuer's
// service. The package does no I/O and reads no clock.
//
// # Issuing
//
//	key, err := openbadge.GenerateKey(openbadge.RS256)        // its PKCS8 is to be sealed before it is stored
//	did, err := openbadge.DIDWeb("https://aef.updspace.com")  // did:web:aef.updspace.com
//	token, err := openbadge.Sign(did, key, openbadge.Badge{...})
//	image, err := openbadge.Bake(png, token)
//
// The issuer publishes its public keys twice: as the DID document (NewDocument) at DocumentURL(did), and as a JSON Web Key
// Set (KeySet) for those who know no DIDs. A key that is rotated out stays in both, so that the badges that it signed remain
// valid; a key that was stolen is taken out of both, and its badges become invalid.
//
// # Revoking
//
// Each badge names a bit of a Bitstring Status List (W3C). StatusList is the list; SignStatusList signs it as a credential
// that the issuer publishes at the list's address. The service picks the index of a badge at random, so that an index says
// nothing about when the badge was granted.
//
// # Verifying
//
// Verify makes a Report: each check by name, whether it passed, failed or could not be made, and why.
//
// # What is strict
//
// Open Badges 3.0 allows no other JOSE headers than alg, kid, jwk and typ, wants RS256 as the least common algorithm, and
// wants typ, if there is one, to be JWT. Sign does that. Verify also takes ES256, EdDSA and typ vc+jwt (W3C), and refuses other headers, other
// algorithms, algorithms that do not fit the key, base64 that is not canonical, and keys that the issuer's DID document does
// not have. A jwk in the header only selects one of the issuer's keys; it is never trusted.
package openbadge

import (
	"strings"
	"time"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// The contexts, types and the schema of a badge.
const (
	contextVC    = "https://www.w3.org/ns/credentials/v2"
	contextBadge = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"

	typeVC    = "VerifiableCredential"
	typeBadge = "OpenBadgeCredential"

	schemaID   = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
	schemaType = "1EdTechJsonSchemaValidator2019"
)

// Limits of what is read.
const (
	MaxToken = 128 << 10 // bytes of a signed badge
	MaxImage = 4 << 20   // bytes of an image with a badge in it
	maxText  = 10_000    // characters of one text of a badge
	maxURI   = 2_048
)

// Badge is what an issuer says of a person: that the person has an achievement.
type Badge struct {
	ID          string // a URI, the same for each copy of the badge
	Issuer      Profile
	Recipient   Recipient
	Achievement Achievement
	Awarded     time.Time // when the person got it
	ValidFrom   time.Time // of this edition of the badge
	ValidUntil  time.Time // zero: for ever
	Evidence    []Evidence
	Status      *StatusEntry // nil: it cannot be revoked
}

// Profile is an issuer. Its identifier is the DID.
type Profile struct {
	Name        string
	URL         string // optional
	Description string // optional
	Image       *Image
}

// Recipient is the person, as far as the badge says who that is.
type Recipient struct {
	ID         string     // a URI; one made for this badge says nothing of the person
	Identities []Identity // optional, see HashIdentity
}

// Achievement is what a person can achieve.
type Achievement struct {
	ID          string // a URI
	Type        string // of the vocabulary of Open Badges, or ext:...; "" means Badge
	Name        string
	Description string
	Criteria    Criteria
	Image       *Image
	Tags        []string
	Language    string // of the texts, such as ru
}

// Criteria say what a person must do. One of the two is required.
type Criteria struct {
	Narrative string `json:"narrative,omitempty"`
	ID        string `json:"id,omitempty"` // the address of a page
}

// Image is a picture at an address.
type Image struct {
	ID      string // its address
	Caption string // its alternative text
}

// Evidence is what a badge was given for.
type Evidence struct {
	ID, Name, Description, Narrative string
}

// StatusEntry is the place of a badge in a status list.
type StatusEntry struct {
	List  string // the address at which the issuer publishes the signed list
	Index int
}

// field checks of a badge that the schema cannot make, or makes in words that are not for people.
func (b Badge) validate() error {
	f := errs.Fields{}
	required := func(field, text string, most int) {
		f.Check(strings.TrimSpace(text) != "", field, why.Required)
		f.Check(len([]rune(text)) <= most, field, why.TooLong(most))
	}
	optional := func(field, text string, most int) { f.Check(len([]rune(text)) <= most, field, why.TooLong(most)) }
	uri := func(field, text string) {
		f.Check(isURI(text), field, why.NotFormat("uri", "must be an absolute URI"))
		optional(field, text, maxURI)
	}
	image := func(field string, i *Image) {
		if i != nil {
			uri(field+".id", i.ID)
			optional(field+".caption", i.Caption, maxText)
		}
	}
	uri("id", b.ID)
	required("issuer.name", b.Issuer.Name, maxText)
	if b.Issuer.URL != "" {
		uri("issuer.url", b.Issuer.URL)
	}
	optional("issuer.description", b.Issuer.Description, maxText)
	image("issuer.image", b.Issuer.Image)
	uri("recipient.id", b.Recipient.ID)
	uri("achievement.id", b.Achievement.ID)
	required("achievement.name", b.Achievement.Name, maxText)
	required("achievement.description", b.Achievement.Description, maxText)
	f.Check(b.Achievement.Criteria != Criteria{}, "achievement.criteria", why.Required)
	optional("achievement.criteria.narrative", b.Achievement.Criteria.Narrative, maxText)
	if b.Achievement.Criteria.ID != "" {
		uri("achievement.criteria.id", b.Achievement.Criteria.ID)
	}
	image("achievement.image", b.Achievement.Image)
	f.Check(!b.ValidFrom.IsZero(), "valid_from", why.Required)
	f.Check(b.ValidUntil.IsZero() || b.ValidUntil.After(b.ValidFrom), "valid_until", why.Mismatch("must be after valid_from"))
	if b.Status != nil {
		uri("status.list", b.Status.List)
		f.Check(b.Status.Index >= 0, "status.index", why.Below(0))
	}
	return f.Err()
}
