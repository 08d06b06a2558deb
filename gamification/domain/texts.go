package domain

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// Texts is a text in several languages, by language tag (BCP 47), such as "ru".
type Texts map[string]string

// The lengths of texts, in characters, and how many languages a text may have.
const (
	maxName        = 128
	maxDescription = 2000
	maxAlt         = 300
	maxURL         = 2048
	maxLanguages   = 20
)

var languageTag = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$`)

// names brings a name in several languages into its form. At least one language is needed.
func names(fields errs.Fields, field string, t Texts) Texts {
	fields.Check(len(t) > 0, field, why.Empty)
	return t.checked(fields, field, func(field, s string) string { return valid.Line(fields, field, s, 1, maxName) })
}

// checked returns the texts as check brings them into their form, each under the field name.language.
func (t Texts) checked(fields errs.Fields, field string, check func(field, s string) string) Texts {
	fields.Check(len(t) <= maxLanguages, field, why.TooMany(maxLanguages))
	form := make(Texts, len(t))
	for language, s := range t {
		if !languageTag.MatchString(language) {
			fields.Add(field, why.InvalidFormat("must have language tags such as ru or pt-BR as its keys"))
			continue
		}
		form[language] = check(field+"."+language, s)
	}
	return form
}

// hostName is the form of a name that the whole internet can know a host by. It is no number, no name of one machine and no pattern.
var hostName = regexp.MustCompile(`^([\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}([\p{L}\p{N}-]*[\p{L}\p{N}])?$`)

// image checks the address of a picture: of another host, or of an uploaded one. The zero address is none. Other hosts are never asked, so
// nothing is known of what they answer or redirect to.
func image(fields errs.Fields, field, s string) string {
	s = valid.Line(fields, field, s, 0, maxURL)
	if _, _, uploaded := UploadedImage(s); uploaded || s == "" {
		return s
	}
	u, err := url.Parse(s)
	fields.Check(err == nil && u.Scheme == "https" && hostName.MatchString(u.Hostname()) && u.User == nil, field, why.InvalidFormat("must be an https address"))
	return s
}

// Search is the folded text in which a search text is looked for: names and descriptions in all languages.
func (d AchievementData) Search() string {
	texts := append(slices.Collect(maps.Values(d.Names)), slices.Collect(maps.Values(d.Descriptions))...)
	texts = append(texts, d.Description)
	for i := range texts {
		texts[i] = valid.Fold(texts[i])
	}
	slices.Sort(texts)
	return strings.Join(texts, "\n")
}
