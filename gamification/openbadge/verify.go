package openbadge

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4/json"
)

// Outcome is what came of a check.
type Outcome string

// The outcomes.
const (
	Passed     Outcome = "passed"
	Failed     Outcome = "failed"
	NotChecked Outcome = "not_checked"
)

// The checks, in their order.
const (
	CheckFormat    = "format"     // a signed token that every reader reads alike
	CheckIssuerKey = "issuer_key" // the key is one of the issuer's document
	CheckSignature = "signature"  // the key signed exactly this
	CheckSchema    = "schema"     // the content is that of an Open Badge
	CheckClaims    = "claims"     // the claims of the token are those of the credential
	CheckTime      = "time"       // the badge has begun and has not ended
	CheckStatus    = "status"     // the issuer has not revoked the badge
)

var allChecks = []string{CheckFormat, CheckIssuerKey, CheckSignature, CheckSchema, CheckClaims, CheckTime, CheckStatus}

// Check is one check of a badge.
type Check struct {
	Name    string  `json:"name"`
	Outcome Outcome `json:"outcome"`
	Reason  string  `json:"reason"` // a plain sentence
}

// Report is what a verifier found.
type Report struct {
	Checks     []Check
	Credential Credential // what the badge says; it is not to be believed unless Valid
}

// Valid reports whether each check was made and passed.
func (r Report) Valid() bool {
	return len(r.Checks) > 0 && !slices.ContainsFunc(r.Checks, func(c Check) bool { return c.Outcome != Passed })
}

// Invalid reports whether a check failed. A badge can be neither valid nor invalid: when nothing failed, but not all could be checked.
func (r Report) Invalid() bool {
	return slices.ContainsFunc(r.Checks, func(c Check) bool { return c.Outcome == Failed })
}

// Outcome returns the outcome of the check with the name.
func (r Report) Outcome(name string) Outcome {
	for _, c := range r.Checks {
		if c.Name == name {
			return c.Outcome
		}
	}
	return NotChecked
}

// Sources is where a verifier gets what is not in the badge. A source that is nil, or fails, leaves its checks not made.
type Sources struct {
	Document   func(ctx context.Context, did string) ([]byte, error) // the DID document of an issuer; DocumentURL says where it is
	StatusList func(ctx context.Context, url string) ([]byte, error) // the signed status list at an address
}

// leeway is how far the issuer's clock may be ahead.
const leeway = time.Minute

// Verify checks a badge, as Read returns it, at a time.
func Verify(ctx context.Context, text string, at time.Time, from Sources) Report {
	v := verifier{ctx: ctx, at: at, from: from}
	v.run(text)
	for _, name := range allChecks[len(v.report.Checks):] {
		v.say(name, NotChecked, "An earlier check was not passed.")
	}
	return v.report
}

type verifier struct {
	ctx    context.Context
	at     time.Time
	from   Sources
	report Report
}

func (v *verifier) say(name string, outcome Outcome, format string, args ...any) {
	v.report.Checks = append(v.report.Checks, Check{name, outcome, fmt.Sprintf(format, args...)})
}

// judge adds a check that failed with err, or passed.
func (v *verifier) judge(name string, err error, passed string) bool {
	if err != nil {
		v.say(name, Failed, "%s", sentence(err))
		return false
	}
	v.say(name, Passed, "%s", passed)
	return true
}

func (v *verifier) run(text string) {
	t, err := parseToken(text, "JWT", "vc+jwt")
	if err == nil {
		err = v.decode(t.payload)
	}
	if !v.judge(CheckFormat, err, "The badge is a signed token that can be read in one way only.") {
		return
	}
	c := v.report.Credential
	issuer, key, known := v.issuerKey(c, t)
	if v.report.Invalid() {
		return
	}
	if !known {
		v.say(CheckSignature, NotChecked, "Without the issuer's key the signature cannot be checked.")
	} else if !v.judge(CheckSignature, key.verify(t), "The issuer's key signed exactly this content.") {
		return
	}
	if !v.judge(CheckSchema, checkSchema(t.payload), "The content is that of an Open Badge 3.0.") {
		return
	}
	if !v.judge(CheckClaims, checkClaims(t.payload, c), "The claims of the token are those of the credential.") {
		return
	}
	if !v.judge(CheckTime, validAt(v.at, &c.ValidFrom, c.ValidUntil), "The badge is valid at "+v.at.UTC().Format(time.RFC3339)+".") {
		return
	}
	v.checkStatus(c, issuer, known)
}

// decode reads the payload. Names that differ in case or occur twice are refused: other readers could take the other one.
func (v *verifier) decode(payload []byte) error {
	var old struct {
		VC json.RawMessage `json:"vc"`
	}
	if err := json.Unmarshal(payload, &v.report.Credential); err != nil {
		v.report.Credential = Credential{}
		return errors.New("the content is not a credential in JSON")
	}
	if json.Unmarshal(payload, &old) == nil && old.VC != nil {
		return errors.New("the credential is of version 1.1 of the data model, which is not supported")
	}
	if !v.report.Credential.Type.has(typeVC) {
		return errors.New("the content is not a verifiable credential")
	}
	return nil
}

// issuerKey finds the key that the token names among those of the issuer.
func (v *verifier) issuerKey(c Credential, t token) (document, PublicKey, bool) {
	if v.from.Document == nil {
		v.say(CheckIssuerKey, NotChecked, "The document of the issuer %s is not at hand.", c.Issuer.ID)
		return document{}, PublicKey{}, false
	}
	data, err := v.from.Document(v.ctx, c.Issuer.ID)
	if err != nil {
		v.say(CheckIssuerKey, NotChecked, "The document of the issuer %s is not at hand: %s.", c.Issuer.ID, err)
		return document{}, PublicKey{}, false
	}
	issuer, err := parseDocument(data)
	if err == nil && issuer.did != c.Issuer.ID {
		err = fmt.Errorf("the document is that of %s and not of the issuer %s", issuer.did, c.Issuer.ID)
	}
	var key PublicKey
	if err == nil {
		key, err = issuer.key(t.header)
	}
	return issuer, key, v.judge(CheckIssuerKey, err, "The key is one of those of the issuer "+c.Issuer.ID+".")
}

func checkClaims(payload []byte, c Credential) error {
	var has claims
	if err := json.Unmarshal(payload, &has); err != nil {
		return errors.New("the claims of the token are not of the right types")
	}
	want := c.claims()
	for _, claim := range []struct {
		name string
		same bool
	}{
		{"iss", has.Issuer == want.Issuer},
		{"jti", has.ID == want.ID},
		{"sub", has.Subject == want.Subject},
		{"nbf", has.From == want.From},
		{"exp", has.Until == want.Until},
	} {
		if !claim.same {
			return fmt.Errorf("the claim %s is not what the credential says", claim.name)
		}
	}
	return nil
}

func validAt(at time.Time, from, until *time.Time) error {
	switch {
	case from != nil && at.Add(leeway).Before(*from):
		return fmt.Errorf("it is not valid before %s", from.UTC().Format(time.RFC3339))
	case until != nil && !at.Before(*until):
		return fmt.Errorf("it was valid until %s", until.UTC().Format(time.RFC3339))
	}
	return nil
}

// checkStatus looks the badge up in each status list that it names.
func (v *verifier) checkStatus(c Credential, issuer document, known bool) {
	looked := 0
	for _, entry := range c.Status {
		switch {
		case entry.Type != typeStatusEntry:
			v.say(CheckStatus, NotChecked, "A status of the type %q is not supported.", entry.Type)
			return
		case entry.Purpose != purposeRevocation && entry.Purpose != purposeSuspension:
			continue
		case !known:
			v.say(CheckStatus, NotChecked, "Without the issuer's key the status list cannot be checked.")
			return
		case v.from.StatusList == nil:
			v.say(CheckStatus, NotChecked, "The status list %s is not at hand.", entry.List)
			return
		}
		data, err := v.from.StatusList(v.ctx, entry.List)
		if err != nil {
			v.say(CheckStatus, NotChecked, "The status list %s is not at hand: %s.", entry.List, err)
			return
		}
		if err := v.lookUp(string(data), entry, issuer); err != nil {
			v.say(CheckStatus, Failed, "%s", sentence(err))
			return
		}
		looked++
	}
	if looked == 0 {
		v.say(CheckStatus, Passed, "The badge names no status list: its issuer cannot revoke it.")
		return
	}
	v.say(CheckStatus, Passed, "The issuer has not revoked the badge.")
}

// lookUp verifies a status list and looks an entry up in it. The list must be signed by the issuer of the badge and be the one of the
// address, so that a list of another purpose or another issuer cannot take its place.
func (v *verifier) lookUp(text string, entry statusInJSON, issuer document) error {
	t, err := parseToken(text, "vc+jwt", "JWT")
	if err != nil {
		return fmt.Errorf("the status list cannot be read: %w", err)
	}
	var list statusCredentialJSON
	if err := json.Unmarshal(t.payload, &list); err != nil {
		return errors.New("the status list is not a credential in JSON")
	}
	key, err := issuer.key(t.header)
	if err == nil {
		err = key.verify(t)
	}
	if err != nil {
		return fmt.Errorf("the status list is not signed by the issuer: %w", err)
	}
	index, err := strconv.Atoi(entry.Index)
	switch {
	case err != nil:
		return errors.New("the index in the status list is not a number")
	case !list.Type.has(typeStatusCredential) || !list.Subject.Type.has(typeStatusList):
		return errors.New("the status list is a credential of another type")
	case string(list.Issuer) != issuer.did:
		return fmt.Errorf("the status list is that of %s and not of the issuer", string(list.Issuer))
	case list.ID != entry.List:
		return fmt.Errorf("the status list is the one of %s and not of %s", list.ID, entry.List)
	case !slices.Contains(list.Subject.Purpose, entry.Purpose):
		return fmt.Errorf("the status list is not for %s", entry.Purpose)
	case list.Subject.Size > 1:
		return errors.New("the status list has more than a bit for each badge, which is not supported")
	}
	if err := validAt(v.at, list.ValidFrom, list.ValidUntil); err != nil {
		return fmt.Errorf("the copy of the status list is out of date: %w", err)
	}
	bits, err := DecodeStatusList(list.Subject.List)
	if err != nil {
		return err
	}
	revoked, err := bits.Revoked(index)
	switch {
	case err != nil:
		return err
	case revoked && entry.Purpose == purposeSuspension:
		return errors.New("the issuer has suspended the badge")
	case revoked:
		return errors.New("the issuer has revoked the badge")
	}
	return nil
}

// sentence is an error as a sentence.
func sentence(err error) string {
	text := []rune(err.Error())
	return strings.ToUpper(string(text[:1])) + string(text[1:]) + "."
}
