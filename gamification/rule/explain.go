package rule

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Language is a language in which rules are explained.
type Language string

// The languages.
const (
	English Language = "en"
	Russian Language = "ru"
)

// Explain says the rule in words, a sentence for each condition. name returns the name of what a filter's value identifies, such
// as the title of a poll, and "" if it has none; nil if no names are known.
func (r Rule) Explain(language Language, name func(field, value string) string) string {
	r = r.normal()
	w := words[English]
	if language == Russian {
		w = words[Russian]
	}
	var sentences []string
	zoneMatters := false
	for _, c := range r.Conditions {
		sentences = append(sentences, capital(w.condition(c, name))+".")
		zoneMatters = zoneMatters || c.Measure == Days || c.Measure == Streak || c.Measure == Years || c.WindowDays > 0 || c.From != "" || c.Until != ""
	}
	if len(sentences) > 1 {
		sentences = append([]string{w.all}, sentences...)
	}
	if zoneMatters {
		sentences = append(sentences, fmt.Sprintf(w.zone, r.TimeZone))
	}
	if r.TakesBack {
		sentences = append(sentences, w.takesBack)
	} else {
		sentences = append(sentences, w.keeps)
	}
	return strings.Join(sentences, " ")
}

// Due says in words how far a person is, such as "3 of 5".
func (p Progress) Due(language Language) string {
	if language == Russian {
		return fmt.Sprintf("%d из %d", p.Have, p.Need)
	}
	return fmt.Sprintf("%d of %d", p.Have, p.Need)
}

func capital(text string) string {
	r := []rune(text)
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

// vocabulary is how a language says rules. Forms of a noun are those after 1, 2 and 5; English has two.
type vocabulary struct {
	all, zone, takesBack, keeps string
	count                       map[Kind]action // in which the number stands
	distinct                    map[Kind]action
	onDays                      map[Kind]string // what happens on each of the days
	anniversary, window         string
	days, streak                string
	units                       map[Unit][]string
	years, dayForms             []string
	from, until                 string
	fields                      map[string]string
	values                      map[string]string
	or, quote                   string
	plural                      func(n int, forms []string) string
	date                        func(day string) string
}

type action struct {
	text  string // with %s for the number and the noun
	forms []string
}

func (w vocabulary) number(n int, forms []string) string {
	return strconv.Itoa(n) + " " + w.plural(n, forms)
}

func (w vocabulary) condition(c Condition, name func(field, value string) string) string {
	var text string
	switch c.Measure {
	case Years:
		text = fmt.Sprintf(w.anniversary, w.number(c.Need, w.years))
	case Days:
		text = fmt.Sprintf(w.days, w.onDays[c.Fact], w.number(c.Need, w.dayForms))
	case Streak:
		text = fmt.Sprintf(w.streak, w.onDays[c.Fact], w.number(c.Need, w.units[c.Unit]))
	case Distinct:
		a := w.distinct[c.Fact]
		text = fmt.Sprintf(a.text, w.number(c.Need, a.forms))
	default:
		a := w.count[c.Fact]
		text = fmt.Sprintf(a.text, w.number(c.Need, a.forms))
	}
	if c.WindowDays > 0 {
		text += " " + fmt.Sprintf(w.window, w.number(c.WindowDays, w.dayForms))
	}
	if c.From != "" {
		text += " " + fmt.Sprintf(w.from, w.date(c.From))
	}
	if c.Until != "" {
		text += " " + fmt.Sprintf(w.until, w.date(c.Until))
	}
	for _, f := range c.Where {
		values := make([]string, len(f.AnyOf))
		for i, v := range f.AnyOf {
			values[i] = w.value(c.Fact, f.Field, v, name)
		}
		text += "; " + w.fields[f.Field] + ": " + strings.Join(values, w.or)
	}
	return text
}

func (w vocabulary) value(kind Kind, field, value string, name func(field, value string) string) string {
	if len(Values(kind, field)) > 0 {
		return w.values[value]
	}
	if name != nil {
		if n := name(field, value); n != "" {
			return fmt.Sprintf(w.quote, n)
		}
	}
	return value
}

func englishPlural(n int, forms []string) string {
	if n == 1 {
		return forms[0]
	}
	return forms[1]
}

func russianPlural(n int, forms []string) string {
	switch {
	case n%10 == 1 && n%100 != 11:
		return forms[0]
	case n%10 >= 2 && n%10 <= 4 && (n%100 < 12 || n%100 > 14):
		return forms[1]
	}
	return forms[2]
}

var words = map[Language]vocabulary{
	English: {
		all: "All of this is needed.", zone: "Days are those of the time zone %s.",
		takesBack: "What is taken back does not count.", keeps: "What is taken back later still counts.",
		count: map[Kind]action{
			MemberJoined:    {"join %s", []string{"community, team or tenant", "communities, teams or tenants"}},
			PostWritten:     {"write %s", []string{"post", "posts"}},
			BallotCast:      {"cast %s (anonymous polls do not count)", []string{"vote", "votes"}},
			EventAnswered:   {"answer invitations to events %s", []string{"time", "times"}},
			EventAttended:   {"attend events %s", []string{"time", "times"}},
			NewsPosted:      {"post %s", []string{"news item", "news items"}},
			AccountLinked:   {"link %s of another service", []string{"account", "accounts"}},
			AchievementHeld: {"hold %s", []string{"badge", "badges"}},
		},
		distinct: map[Kind]action{
			BallotCast:      {"vote in %s (anonymous ones do not count)", []string{"poll", "different polls"}},
			EventAnswered:   {"answer for %s", []string{"event", "different events"}},
			EventAttended:   {"attend %s", []string{"event", "different events"}},
			AccountLinked:   {"link accounts of %s", []string{"service", "different services"}},
			AchievementHeld: {"hold %s", []string{"achievement", "different achievements"}},
		},
		onDays: map[Kind]string{
			PostWritten: "write posts", BallotCast: "vote (anonymous polls do not count)", EventAnswered: "answer for events",
			EventAttended: "attend events", NewsPosted: "post news",
		},
		anniversary: "be a member for %s", window: "within %s", days: "%s on %s", streak: "%s %s in a row",
		units: map[Unit][]string{Day: {"day", "days"}, Week: {"week", "weeks"}, Month: {"month", "months"}},
		years: []string{"year", "years"}, dayForms: []string{"day", "days"}, from: "from %s", until: "until %s",
		fields: map[string]string{
			"scope_type": "in", "scope": "of", "visibility": "visibility", "poll": "poll", "event": "event", "answer": "answer", "method": "marked by",
			"provider": "service", "achievement": "achievement",
		},
		values: map[string]string{
			"TENANT": "the whole tenant", "COMMUNITY": "communities", "TEAM": "teams", "EVENT": "events", "POST": "posts",
			"public": "public", "community": "community", "team": "team", "private": "private",
			"going": "going", "interested": "interested", "not_going": "not going",
			"organiser": "an organiser", "scan": "a scanned code", "self": "a code that the member entered",
		},
		or: " or ", quote: "“%s”", plural: englishPlural,
		date: func(day string) string { return reformat(day, "2 January 2006") },
	},
	Russian: {
		all: "Нужно всё перечисленное.", zone: "Дни считаются в часовом поясе %s.",
		takesBack: "Отменённое не засчитывается.", keeps: "Отменённое позже остаётся засчитанным.",
		count: map[Kind]action{
			MemberJoined:    {"вступить в %s", []string{"сообщество, команду или пространство", "сообщества, команды или пространства", "сообществ, команд или пространств"}},
			PostWritten:     {"написать %s", []string{"пост", "поста", "постов"}},
			BallotCast:      {"отдать %s (анонимные опросы не в счёт)", []string{"голос", "голоса", "голосов"}},
			EventAnswered:   {"ответить на приглашения на события %s", []string{"раз", "раза", "раз"}},
			EventAttended:   {"посетить события %s", []string{"раз", "раза", "раз"}},
			NewsPosted:      {"опубликовать %s", []string{"новость", "новости", "новостей"}},
			AccountLinked:   {"привязать %s других сервисов", []string{"аккаунт", "аккаунта", "аккаунтов"}},
			AchievementHeld: {"иметь %s", []string{"награду", "награды", "наград"}},
		},
		distinct: map[Kind]action{
			BallotCast:      {"проголосовать в %s (анонимные не в счёт)", []string{"опросе", "разных опросах", "разных опросах"}},
			EventAnswered:   {"ответить на приглашения на %s", []string{"событие", "разных события", "разных событий"}},
			EventAttended:   {"посетить %s", []string{"событие", "разных события", "разных событий"}},
			AccountLinked:   {"привязать аккаунты %s", []string{"сервиса", "разных сервисов", "разных сервисов"}},
			AchievementHeld: {"иметь %s", []string{"достижение", "разных достижения", "разных достижений"}},
		},
		onDays: map[Kind]string{
			PostWritten: "писать посты", BallotCast: "голосовать (анонимные опросы не в счёт)", EventAnswered: "отвечать на приглашения на события",
			EventAttended: "посещать события", NewsPosted: "публиковать новости",
		},
		anniversary: "состоять участником %s", window: "за %s", days: "%s в разные дни (%s)", streak: "%s: %s подряд",
		units: map[Unit][]string{Day: {"день", "дня", "дней"}, Week: {"неделя", "недели", "недель"}, Month: {"месяц", "месяца", "месяцев"}},
		years: []string{"год", "года", "лет"}, dayForms: []string{"день", "дня", "дней"}, from: "с %s", until: "по %s",
		fields: map[string]string{
			"scope_type": "где", "scope": "в", "visibility": "видимость", "poll": "опрос", "event": "событие", "answer": "ответ", "method": "отметка",
			"provider": "сервис", "achievement": "достижение",
		},
		values: map[string]string{
			"TENANT": "всё пространство", "COMMUNITY": "сообщества", "TEAM": "команды", "EVENT": "события", "POST": "посты",
			"public": "для всех", "community": "для сообщества", "team": "для команды", "private": "личная",
			"going": "иду", "interested": "возможно", "not_going": "не иду",
			"organiser": "организатором", "scan": "по коду участника", "self": "по коду события",
		},
		or: " или ", quote: "«%s»", plural: russianPlural,
		date: func(day string) string { return reformat(day, "02.01.2006") },
	},
}

func reformat(day, layout string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return at.Format(layout)
}
