package invitationmail

import (
	"fmt"
	"time"

	"go.updspace.com/events/domain"
	"go.updspace.com/libs/recurrence"
)

// words are the texts of the mails in a language.
type words struct {
	language string
	subject  map[domain.MailReason]string // with the title
	lead     map[domain.MailReason]string
	when     string
	dates    string // further ones of a series
	where    string
	reason   string
	answers  [3]string // of answerNames
	press    string
	weekdays [7]string
	months   [12]string
	day      string // weekday, day, month, year
}

// answerNames are the answers that links offer, as their page knows them.
var answerNames = [3]domain.AnswerStatus{domain.AnswerGoing, domain.AnswerInterested, domain.AnswerNotGoing}

// languages are those of the platform. The first is for recipients of another language.
var languages = []words{
	{
		language: "en",
		subject: map[domain.MailReason]string{
			domain.Invited: "Invitation: %s", domain.EventChanged: "Changed: %s", domain.EventOff: "Cancelled: %s",
			domain.Uninvited: "Invitation withdrawn: %s", domain.DatesCancelled: "Dates cancelled: %s", domain.SeatFree: "You have a seat: %s",
		},
		lead: map[domain.MailReason]string{
			domain.Invited: "You are invited.", domain.EventChanged: "Something about this event has changed. It is now as follows.",
			domain.EventOff: "This event does not take place.", domain.Uninvited: "The organisers have withdrawn your invitation.",
			domain.DatesCancelled: "These dates of the event do not take place:", domain.SeatFree: "You waited for a seat, and now you have one.",
		},
		when: "When", dates: "Further dates", where: "Where", reason: "Reason", answers: [3]string{"I am going", "I may come", "I am not coming"},
		press:    "A link opens a page. Your answer counts when you press the button there.",
		weekdays: [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		months:   [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		day:      "%s, %d %s %d",
	},
	{
		language: "ru",
		subject: map[domain.MailReason]string{
			domain.Invited: "Приглашение: %s", domain.EventChanged: "Изменено: %s", domain.EventOff: "Отменено: %s",
			domain.Uninvited: "Приглашение отозвано: %s", domain.DatesCancelled: "Отменены даты: %s", domain.SeatFree: "Для вас есть место: %s",
		},
		lead: map[domain.MailReason]string{
			domain.Invited: "Вы приглашены.", domain.EventChanged: "В событии что-то изменилось. Теперь оно такое.",
			domain.EventOff: "Событие не состоится.", domain.Uninvited: "Организаторы отозвали ваше приглашение.",
			domain.DatesCancelled: "В эти даты событие не состоится:", domain.SeatFree: "Вы ждали места, и теперь оно у вас есть.",
		},
		when: "Когда", dates: "Следующие даты", where: "Где", reason: "Причина", answers: [3]string{"Приду", "Может быть", "Не приду"},
		press:    "Ссылка откроет страницу. Ответ засчитывается, когда вы нажмёте там кнопку.",
		weekdays: [7]string{"воскресенье", "понедельник", "вторник", "среда", "четверг", "пятница", "суббота"},
		months:   [12]string{"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"},
		day:      "%s, %d %s %d",
	},
}

func (w words) date(t time.Time) string {
	return fmt.Sprintf(w.day, w.weekdays[t.Weekday()], t.Day(), w.months[t.Month()-1], t.Year())
}

// span is when a date takes place, on the wall clock of the event's zone.
func (w words) span(event domain.Event, o domain.Occurrence) string {
	schedule := event.Data().Schedule
	zone, err := recurrence.Zone(schedule.Zone)
	if err != nil {
		zone = time.UTC
	}
	starts, ends := o.Data().Starts.In(zone), o.Data().Ends.In(zone)
	if schedule.AllDay() {
		first, last := w.date(starts), w.date(ends.Add(-time.Microsecond))
		if first == last {
			return first
		}
		return first + " – " + last
	}
	const clock = "15:04"
	from, to := w.date(starts)+", "+starts.Format(clock), ends.Format(clock)
	if w.date(starts) != w.date(ends) {
		return fmt.Sprintf("%s – %s, %s (%s)", from, w.date(ends), to, zone)
	}
	return fmt.Sprintf("%s–%s (%s)", from, to, zone)
}
