package openbadge

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/go-jose/go-jose/v4/json"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// Credential is the JSON of a badge.
type Credential struct {
	Context     []any              `json:"@context"`
	ID          string             `json:"id"`
	Type        words              `json:"type"`
	Name        string             `json:"name,omitempty"`
	Image       *imageJSON         `json:"image,omitempty"`
	Issuer      issuerJSON         `json:"issuer"`
	ValidFrom   time.Time          `json:"validFrom"`
	ValidUntil  *time.Time         `json:"validUntil,omitempty"`
	AwardedDate *time.Time         `json:"awardedDate,omitempty"`
	Subject     subjectJSON        `json:"credentialSubject"`
	Evidence    []evidenceJSON     `json:"evidence,omitempty"`
	Schema      list[schemaJSON]   `json:"credentialSchema,omitempty"`
	Status      list[statusInJSON] `json:"credentialStatus,omitempty"`
}

type issuerJSON struct {
	ID          string     `json:"id"`
	Type        words      `json:"type"`
	Name        string     `json:"name,omitempty"`
	URL         string     `json:"url,omitempty"`
	Description string     `json:"description,omitempty"`
	Image       *imageJSON `json:"image,omitempty"`
}

// UnmarshalJSON reads a profile, or its identifier alone.
func (i *issuerJSON) UnmarshalJSON(data []byte) error {
	if json.Unmarshal(data, &i.ID) == nil {
		return nil
	}
	type plain issuerJSON
	return json.Unmarshal(data, (*plain)(i))
}

type subjectJSON struct {
	ID          string          `json:"id,omitempty"`
	Type        words           `json:"type"`
	Identifier  []Identity      `json:"identifier,omitempty"`
	Achievement achievementJSON `json:"achievement"`
}

type achievementJSON struct {
	ID              string     `json:"id"`
	Type            words      `json:"type"`
	AchievementType string     `json:"achievementType,omitempty"`
	Name            string     `json:"name"`
	Description     string     `json:"description"`
	Criteria        Criteria   `json:"criteria"`
	Image           *imageJSON `json:"image,omitempty"`
	Tag             []string   `json:"tag,omitempty"`
	InLanguage      string     `json:"inLanguage,omitempty"`
}

type imageJSON struct {
	ID      string `json:"id"`
	Type    string `json:"type"`
	Caption string `json:"caption,omitempty"`
}

type evidenceJSON struct {
	ID          string `json:"id,omitempty"`
	Type        words  `json:"type"`
	Name        string `json:"name,omitempty"`
	Description string `json:"description,omitempty"`
	Narrative   string `json:"narrative,omitempty"`
}

type schemaJSON struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

type statusInJSON struct {
	ID      string `json:"id,omitempty"`
	Type    string `json:"type"`
	Purpose string `json:"statusPurpose,omitempty"`
	Index   string `json:"statusListIndex,omitempty"`
	List    string `json:"statusListCredential,omitempty"`
}

// Identity is a name by which a recipient can be recognised by those who know it already.
type Identity struct {
	Type         string `json:"type"` // IdentityObject
	Hashed       bool   `json:"hashed"`
	IdentityHash string `json:"identityHash"`
	IdentityType string `json:"identityType"`
	Salt         string `json:"salt,omitempty"`
}

// HashIdentity returns the salted hash of a name, such as the emailAddress of a person. A reader can tell whether a name that
// the reader has is the one; the badge does not show it. Use a random salt for each badge.
func HashIdentity(kind, name, salt string) Identity {
	sum := sha256.Sum256([]byte(name + salt))
	return Identity{Type: "IdentityObject", Hashed: true, IdentityHash: "sha256$" + hex.EncodeToString(sum[:]), IdentityType: kind, Salt: salt}
}

// PlainIdentity is a name as everybody may read it, such as the name of a person who wants to be named.
func PlainIdentity(kind, name string) Identity {
	return Identity{Type: "IdentityObject", IdentityHash: name, IdentityType: kind}
}

// Matches reports whether name is the name that was hashed.
func (i Identity) Matches(name string) bool {
	return i.Hashed && HashIdentity(i.IdentityType, name, i.Salt).IdentityHash == i.IdentityHash
}

// credential is the badge as JSON. Times are cut to seconds, because the claims of a token have no more.
func (b Badge) credential(did string) Credential {
	seconds := func(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }
	optional := func(t time.Time) *time.Time {
		if t.IsZero() {
			return nil
		}
		t = seconds(t)
		return &t
	}
	a := b.Achievement
	c := Credential{
		Context: []any{contextVC, contextBadge}, ID: b.ID, Type: words{typeVC, typeBadge}, Name: a.Name, Image: a.Image.json(),
		Issuer: issuerJSON{
			ID: did, Type: words{"Profile"}, Name: b.Issuer.Name, URL: b.Issuer.URL, Description: b.Issuer.Description, Image: b.Issuer.Image.json(),
		},
		ValidFrom: seconds(b.ValidFrom), ValidUntil: optional(b.ValidUntil), AwardedDate: optional(b.Awarded),
		Subject: subjectJSON{ID: b.Recipient.ID, Type: words{"AchievementSubject"}, Identifier: b.Recipient.Identities, Achievement: a.json()},
		Schema:  list[schemaJSON]{{ID: schemaID, Type: schemaType}},
	}
	for _, e := range b.Evidence {
		c.Evidence = append(c.Evidence, evidenceJSON{ID: e.ID, Type: words{"Evidence"}, Name: e.Name, Description: e.Description, Narrative: e.Narrative})
	}
	if s := b.Status; s != nil {
		index := strconv.Itoa(s.Index)
		c.Status = list[statusInJSON]{{
			ID: s.List + "#" + index, Type: typeStatusEntry, Purpose: purposeRevocation, Index: index, List: s.List,
		}}
	}
	return c
}

func (a Achievement) json() achievementJSON {
	kind := a.Type
	if kind == "" {
		kind = "Badge"
	}
	return achievementJSON{
		ID: a.ID, Type: words{"Achievement"}, AchievementType: kind, Name: a.Name, Description: a.Description, Criteria: a.Criteria,
		Image: a.Image.json(), Tag: a.Tags, InLanguage: a.Language,
	}
}

func (i *Image) json() *imageJSON {
	if i == nil {
		return nil
	}
	return &imageJSON{ID: i.ID, Type: "Image", Caption: i.Caption}
}

// MarshalJSON writes the achievement as it stands in badges, for the address that its ID is.
func (a Achievement) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Context []string `json:"@context"`
		achievementJSON
	}{[]string{contextVC, contextBadge}, a.json()})
}

// words is a list of words; a list of one may be written as the word.
type words []string

func (w *words) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*w = words{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(w))
}

func (w words) has(word string) bool {
	return slices.Contains(w, word)
}

// list is a list of objects. A list of one is written as the object; both forms are read.
type list[T any] []T

func (l list[T]) MarshalJSON() ([]byte, error) {
	if len(l) == 1 {
		return json.Marshal(l[0])
	}
	return json.Marshal([]T(l))
}

func (l *list[T]) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '[' {
		return json.Unmarshal(data, (*[]T)(l))
	}
	var one T
	if err := json.Unmarshal(data, &one); err != nil {
		return err
	}
	*l = list[T]{one}
	return nil
}

// isURI reports whether text is an absolute URI.
func isURI(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme != "" && (u.Host != "" || u.Opaque != "")
}

// claims are the registered claims of a token (RFC 7519), which Open Badges derives from the credential.
type claims struct {
	Issuer  string `json:"iss"`
	ID      string `json:"jti"`
	Subject string `json:"sub,omitempty"`
	From    int64  `json:"nbf"`
	Until   int64  `json:"exp,omitempty"`
}

func (c Credential) claims() claims {
	k := claims{Issuer: c.Issuer.ID, ID: c.ID, Subject: c.Subject.ID, From: c.ValidFrom.Unix()}
	if c.ValidUntil != nil {
		k.Until = c.ValidUntil.Unix()
	}
	return k
}

// Sign signs a badge of the issuer with the DID. It refuses, by field, a badge that would not be valid.
func Sign(did string, key Key, badge Badge) (string, error) {
	if err := badge.validate(); err != nil {
		return "", err
	}
	c := badge.credential(did)
	payload, err := json.Marshal(struct {
		claims
		Credential
	}{c.claims(), c})
	if err != nil {
		return "", err
	}
	if err := checkSchema(payload); err != nil {
		return "", err
	}
	token, err := key.sign(did, "JWT", payload)
	if err == nil && len(token) > MaxToken {
		err = errs.Field("badge", why.TooLarge(MaxToken))
	}
	return token, err
}
