package portal

import (
	"time"

	"github.com/google/uuid"
)

const (
	day  = 24 * time.Hour
	week = 7 * day
)

// Demo tenants and accounts, the same in every service's demo data.
var (
	demoAEF      = uuid.MustParse("00000000-0000-0000-0000-000000000001")
	demoGaming   = uuid.MustParse("00000000-0000-0000-0000-000000000002")
	demoAdmin    = demoID(0x01) // admin@aef.test
	demoMember   = demoID(0x02) // member@aef.test
	demoSecond   = demoID(0x03) // second@aef.test
	demoRoot     = demoID(0x05) // root@updspace.test
	demoOutsider = demoID(0x06) // outsider@gaming.test

	demoYana, demoMiron, demoTaya, demoPolyn = demoPlayer(1), demoPlayer(2), demoPlayer(3), demoPlayer(4)
	demoOleg, demoNika, demoLev, demoQuartz  = demoPlayer(5), demoPlayer(6), demoPlayer(7), demoPlayer(8)
	demoTheo, demoMaki, demoJuno, demoWren   = demoPlayer(9), demoPlayer(10), demoPlayer(11), demoPlayer(12)
	demoOtto, demoInes, demoBram             = demoPlayer(13), demoPlayer(14), demoPlayer(15)
	demoSonya, demoGleb, demoPip             = demoPlayer(16), demoPlayer(17), demoPlayer(18)
)

// demoID is an id of the demo data that ends in n.
func demoID(n byte) uuid.UUID {
	id := uuid.MustParse("00000000-0000-4000-8000-000000000000")
	id[15] = n
	return id
}

// demoPlayer is the id of playerN@aef.test.
func demoPlayer(n byte) uuid.UUID { return demoID(0x10 + n) }

// demoPerson is a member of a tenant with a profile. Since is how long ago the person came.
type demoPerson struct {
	Tenant, ID uuid.UUID
	Since      time.Duration
	Listed     bool // agrees to be shown to guests
	Bio        string
}

func demoPeople() []demoPerson {
	return []demoPerson{
		{demoAEF, demoAdmin, 60 * week, true, "Держу свет включённым: роли, заявки, расписание. Если что-то сломалось, пишите мне, даже если сломали вы.\n\nPlays: chess (badly), anything with a map (slowly)."},
		{demoAEF, demoMember, 40 * week, false, "Moderates Chess & Tea. Will explain en passant twice, not three times."},
		{demoAEF, demoSecond, 48 * week, false, "Рисую карты для кампаний. Границы на карте окончательные, пока не начался ход.\n\n- Strategy Nights, с первого дня\n- линейка, калька, терпение"},
		{demoAEF, demoRoot, 60 * week, false, ""},
		{demoAEF, demoYana, 58 * week, true, "Веду «Янтарный фонарь» третий год. Номинации, эфир, чай для ведущих.\n\nЛюблю игры, после которых хочется молчать, и людей, после которых не хочется."},
		{demoAEF, demoMiron, 52 * week, true, "Рейд-лидер поневоле. Голос спокойный, кнопка «всё заново» стёрта.\n\n> Не тушите костры на правом фланге."},
		{demoAEF, demoTaya, 50 * week, true, "Лечу всех, кто стоит в круге. Кто не стоит, лечит себя сам."},
		{demoAEF, demoPolyn, 31 * week, false, "Настолки на три часа и дольше. Правила объясню, чай с меня, печенье с вас."},
		{demoAEF, demoOleg, 29 * week, false, "Танк. На записи слышно, как я перестаю дышать."},
		{demoAEF, demoNika, 27 * week, true, "Фотографирую города, которых нет. Скриншот дня по воскресеньям, без фильтров и без людей в кадре."},
		{demoAEF, demoLev, 22 * week, false, "Собираю чертежи в «Чугуне и паре». Осталось четыре. Осталось четыре уже полгода."},
		{demoAEF, demoQuartz, 20 * week, false, "Инженер, днём мосты, ночью тоже мосты."},
		{demoAEF, demoTheo, 44 * week, true, "Scout. I find the way, Maki finds what is wrong with it."},
		{demoAEF, demoMaki, 44 * week, true, "I am not complaining. I am narrating.\n\nTime zone: always one hour late."},
		{demoAEF, demoJuno, 36 * week, true, "Writes the guides, pins the guides, reads the guides aloud to people who did not read the guides."},
		{demoAEF, demoWren, 33 * week, true, "Dice keeper, host of quiet evenings. Lisbon, so my nine is your ten.\n\n* teaches Paper Dragons to anyone\n* owns one lamp too many"},
		{demoAEF, demoOtto, 17 * week, false, "Cook of the camp. There are recipes, and there is what we have left."},
		{demoAEF, demoInes, 15 * week, true, "Speedruns of slow games. Personal best in *Nine Winters*: 41:12, with one death and one sandwich."},
		{demoAEF, demoBram, 12 * week, false, "New to raids, old to spreadsheets."},
		{demoAEF, demoSonya, 11 * week, true, "Смотрю титры до конца. Иногда там котики."},
		{demoAEF, demoGleb, 5 * week, false, "Эндшпили, этюды, пешки. Ферзей жалко."},
		{demoAEF, demoPip, 9 * day, false, "Just came in. Where do we keep the mugs?"},

		{demoGaming, demoOutsider, 30 * week, true, "Runs the place. Opens at six, closes when the last match ends."},
		{demoGaming, demoTheo, 20 * week, true, "Here for the co-op cabinet."},
		{demoGaming, demoInes, 19 * week, true, "If there is a clock on the screen, I am in front of it."},
		{demoGaming, demoQuartz, 12 * week, false, "Чиню автоматы, которые не я сломал."},
		{demoGaming, demoAdmin, 10 * week, false, "Visiting from next door."},
	}
}
