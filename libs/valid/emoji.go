package valid

import (
	"regexp"
	"unicode/utf8"
)

// maxEmoji is the longest an emoji is, in characters: a family with skin tones has ten.
const maxEmoji = 32

// emoji is one emoji as UTS #51 (1.4.9) forms them: a flag of two regional indicators, a keycap, or a pictograph with a
// modifier, a presentation selector or tags, joined with further ones. The ranges are those of Extended_Pictographic.
var emoji = func() *regexp.Regexp {
	const (
		pictograph = `[\x{A9}\x{AE}\x{203C}\x{2049}\x{2122}\x{2139}\x{2194}-\x{2199}\x{21A9}-\x{21AA}\x{231A}-\x{231B}\x{2328}\x{23CF}` +
			`\x{23E9}-\x{23F3}\x{23F8}-\x{23FA}\x{24C2}\x{25AA}-\x{25AB}\x{25B6}\x{25C0}\x{25FB}-\x{25FE}\x{2600}-\x{2605}\x{2607}-\x{2612}` +
			`\x{2614}-\x{2685}\x{2690}-\x{2705}\x{2708}-\x{2712}\x{2714}\x{2716}\x{271D}\x{2721}\x{2728}\x{2733}-\x{2734}\x{2744}\x{2747}` +
			`\x{274C}\x{274E}\x{2753}-\x{2755}\x{2757}\x{2763}-\x{2767}\x{2795}-\x{2797}\x{27A1}\x{27B0}\x{27BF}\x{2934}-\x{2935}` +
			`\x{2B05}-\x{2B07}\x{2B1B}-\x{2B1C}\x{2B50}\x{2B55}\x{3030}\x{303D}\x{3297}\x{3299}\x{1F000}-\x{1F0FF}\x{1F170}-\x{1F171}` +
			`\x{1F17E}-\x{1F17F}\x{1F18E}\x{1F191}-\x{1F19A}\x{1F201}-\x{1F202}\x{1F21A}\x{1F22F}\x{1F232}-\x{1F23A}\x{1F250}-\x{1F251}` +
			`\x{1F300}-\x{1F3FA}\x{1F400}-\x{1F64F}\x{1F680}-\x{1F6FF}\x{1F7E0}-\x{1F7F0}\x{1F90C}-\x{1FAFF}]`
		one = pictograph + `(?:[\x{1F3FB}-\x{1F3FF}]|\x{FE0F}\x{20E3}?|[\x{E0020}-\x{E007E}]+\x{E007F})?`
	)
	return regexp.MustCompile(`^(?:[\x{1F1E6}-\x{1F1FF}]{2}|[0-9#*]\x{FE0F}?\x{20E3}|` + one + `(?:\x{200D}` + one + `)*)$`)
}()

// Emoji reports whether s is exactly one emoji.
func Emoji(s string) bool { return utf8.RuneCountInString(s) <= maxEmoji && emoji.MatchString(s) }
