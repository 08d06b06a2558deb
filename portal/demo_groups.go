package portal

import (
	"time"

	"github.com/google/uuid"

	groupsdomain "go.updspace.com/portal/groups/domain"
)

// demoGroup is a community, or a team when Within is set. Its first member is its owner.
type demoGroup struct {
	Tenant, ID, Within uuid.UUID // without a tenant: of demoAEF
	Since              time.Duration
	Draft              groupsdomain.GroupDraft
	Members            []demoMembership
	Invited            []uuid.UUID
	Requests           []demoRequest
	Archived           bool
}

type demoMembership struct {
	User uuid.UUID
	Role groupsdomain.Role
}

type demoRequest struct {
	User    uuid.UUID
	Message string
}

// Ids of the demo groups, for the demo data of other services.
var (
	demoChess    = demoID(0xc1)
	demoStrategy = demoID(0xc2)
	demoTide     = demoID(0xc3)
	demoTable    = demoID(0xc4)
	demoLantern  = demoID(0xc5)
	demoRunners  = demoID(0xc6)
	demoWinters  = demoID(0xc7)
	demoArcade   = demoID(0xc8) // of demoGaming
	demoCoop     = demoID(0xc9) // of demoGaming

	demoOpenings = demoID(0xd1)
	demoEndgames = demoID(0xd2)
	demoRaid     = demoID(0xd3)
	demoWave     = demoID(0xd4)
	demoFires    = demoID(0xd5)
	demoCube     = demoID(0xd6)
	demoJury     = demoID(0xd7)
	demoSplits   = demoID(0xd8)
)

// demoMembers are an owner, moderators and members.
func demoMembers(owner uuid.UUID, moderators []uuid.UUID, members ...uuid.UUID) []demoMembership {
	all := []demoMembership{{owner, groupsdomain.RoleOwner}}
	for _, user := range moderators {
		all = append(all, demoMembership{user, groupsdomain.RoleModerator})
	}
	for _, user := range members {
		all = append(all, demoMembership{user, groupsdomain.RoleMember})
	}
	return all
}

func demoGroups() []demoGroup { return append(demoCommunities(), demoTeams()...) }

func demoCommunities() []demoGroup {
	open, request, invite := groupsdomain.PolicyOpen, groupsdomain.PolicyRequest, groupsdomain.PolicyInvite
	return []demoGroup{
		{
			ID: demoChess, Since: 39 * week, Draft: groupsdomain.GroupDraft{
				Name: "Chess & Tea", Hue: 150, JoinPolicy: open,
				Description: "For those who think ahead. Блиц по понедельникам, длинные партии по четвергам; цейтнота боимся, вопросов нет.",
			},
			Members: demoMembers(demoAdmin, []uuid.UUID{demoMember}, demoSecond, demoGleb, demoSonya, demoOtto, demoWren, demoPip),
		},
		{
			ID: demoStrategy, Since: 38 * week, Draft: groupsdomain.GroupDraft{
				Name: "Strategy Nights", Hue: 50, JoinPolicy: request,
				Description: "Maps, armies, long evenings. Bring a plan; it will not survive turn nine.",
			},
			Members:  demoMembers(demoSecond, []uuid.UUID{demoQuartz}, demoAdmin, demoBram, demoJuno, demoLev),
			Requests: []demoRequest{{demoOtto, "I cook. Armies march on that, I am told."}},
		},
		{
			ID: demoTide, Since: 37 * week, Draft: groupsdomain.GroupDraft{
				Name: "Рейдеры прилива", Hue: 230, JoinPolicy: request,
				Description: "«Каменный прилив», вторник и четверг, сбор в 20:45. Умираем дружно, смотрим запись, идём снова.\n\nНовичков берём с двумя условиями: микрофон не обязателен, чувство юмора обязательно.",
			},
			Members: demoMembers(demoMiron, []uuid.UUID{demoTaya, demoAdmin}, demoOleg, demoNika, demoLev, demoQuartz, demoTheo, demoMaki, demoSonya),
			Requests: []demoRequest{
				{demoBram, "Healer, three years elsewhere. I read the guide. Both pages."},
				{demoGleb, "Играл стрелком, умею стоять там, где сказали."},
				{demoPip, "Hello! I have never raided, but I own a chair and free Tuesdays."},
			},
		},
		{
			ID: demoTable, Since: 30 * week, Draft: groupsdomain.GroupDraft{
				Name: "Настольный вечер", Hue: 85, JoinPolicy: open,
				Description: "Коробки, кубики и чай на Литейном, каждую субботу в 19:00. Правила объясняем, счёт не ведём. Почти.",
			},
			Members: demoMembers(demoPolyn, []uuid.UUID{demoWren}, demoMember, demoAdmin, demoSonya, demoGleb, demoYana, demoOtto, demoJuno, demoPip),
		},
		{
			ID: demoLantern, Since: 26 * week, Draft: groupsdomain.GroupDraft{
				Name: "Янтарный фонарь", Hue: 65, JoinPolicy: invite,
				Description: "Кухня нашей премии: номинации, сценарий эфира, призы. Вход по приглашению, выход с мешком бумажных звёзд.",
			},
			Members: demoMembers(demoYana, []uuid.UUID{demoAdmin}, demoJuno, demoWren, demoNika),
			Invited: []uuid.UUID{demoMember, demoTaya},
		},
		{
			ID: demoRunners, Since: 14 * week, Draft: groupsdomain.GroupDraft{
				Name: "Speedlight", Hue: 330, JoinPolicy: open,
				Description: "Runs, routes and friendly records. A personal best counts for more than a world one, and the timer starts when you say so.",
			},
			Members: demoMembers(demoInes, []uuid.UUID{demoMaki}, demoTheo, demoBram, demoQuartz, demoLev),
		},
		{
			ID: demoWinters, Since: 43 * week, Archived: true, Draft: groupsdomain.GroupDraft{
				Name: "Nine Winters, season one", Hue: 205, JoinPolicy: open,
				Description: "Nine evenings, nine ridges, nobody frozen for long. The season is over; the stories stay.",
			},
			Members: demoMembers(demoTheo, nil, demoMaki, demoJuno, demoWren, demoAdmin),
		},
		{
			Tenant: demoGaming, ID: demoArcade, Since: 20 * week, Draft: groupsdomain.GroupDraft{
				Name: "High Score Wall", Hue: 190, JoinPolicy: open, Description: "Initials, screenshots, and the argument about the third cabinet.",
			},
			Members: demoMembers(demoOutsider, []uuid.UUID{demoInes}, demoQuartz, demoTheo),
		},
		{
			Tenant: demoGaming, ID: demoCoop, Since: 18 * week, Draft: groupsdomain.GroupDraft{
				Name: "Two Sticks", Hue: 20, JoinPolicy: request, Description: "Co-op for pairs. Come with a partner or take one home.",
			},
			Members: demoMembers(demoTheo, nil, demoOutsider, demoAdmin),
		},
	}
}

func demoTeams() []demoGroup {
	open, request, invite := groupsdomain.PolicyOpen, groupsdomain.PolicyRequest, groupsdomain.PolicyInvite
	return []demoGroup{
		{
			ID: demoOpenings, Within: demoChess, Since: 36 * week, Members: demoMembers(demoMember, nil, demoSecond, demoSonya),
			Draft: groupsdomain.GroupDraft{Name: "Openings", Hue: 120, JoinPolicy: open, Description: "The first ten moves. After that you are on your own."},
		},
		{
			ID: demoEndgames, Within: demoChess, Since: 35 * week, Members: demoMembers(demoAdmin, nil, demoGleb), Invited: []uuid.UUID{demoMember},
			Draft: groupsdomain.GroupDraft{Name: "Endgames", Hue: 170, JoinPolicy: invite, Description: "Пешки, терпение, чай. Именно в таком порядке."},
		},
		{
			ID: demoRaid, Within: demoStrategy, Since: 34 * week, Members: demoMembers(demoSecond, nil, demoAdmin, demoQuartz),
			Draft: groupsdomain.GroupDraft{Name: "Raid night", Hue: 35, JoinPolicy: request, Description: "Friday, one map, no alliances before midnight."},
		},
		{
			ID: demoWave, Within: demoTide, Since: 33 * week, Members: demoMembers(demoMiron, []uuid.UUID{demoTaya}, demoOleg, demoNika, demoLev, demoTheo),
			Draft: groupsdomain.GroupDraft{Name: "Вторая волна", Hue: 245, JoinPolicy: request, Description: "Основной состав. Сбор в 20:45, в 21:00 мы уже у ворот."},
		},
		{
			ID: demoFires, Within: demoTide, Since: 21 * week, Members: demoMembers(demoTaya, nil, demoMaki, demoSonya, demoQuartz),
			Draft: groupsdomain.GroupDraft{Name: "Костры", Hue: 25, JoinPolicy: open, Description: "Учебная группа: тренируем механику без спешки и без свидетелей."},
		},
		{
			ID: demoCube, Within: demoTable, Since: 16 * week, Members: demoMembers(demoWren, nil, demoPolyn, demoMember, demoAdmin, demoGleb),
			Draft: groupsdomain.GroupDraft{Name: "Кубик и\u00a0чай", Hue: 100, JoinPolicy: open, Description: "Одна кампания, пять человек, суббота. Кубик d20 общий, обиды личные."},
		},
		{
			ID: demoJury, Within: demoLantern, Since: 10 * week, Members: demoMembers(demoJuno, nil, demoYana, demoNika),
			Draft: groupsdomain.GroupDraft{Name: "Жюри", Hue: 300, JoinPolicy: invite, Description: "Читаем заявки, спорим вежливо, голосуем молча."},
		},
		{
			ID: demoSplits, Within: demoRunners, Since: 8 * week, Members: demoMembers(demoMaki, nil, demoInes, demoBram),
			Draft: groupsdomain.GroupDraft{Name: "Split watchers", Hue: 345, JoinPolicy: open, Description: "We time, we do not judge. We judge a little."},
		},
	}
}
