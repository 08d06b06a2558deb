package portal

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	contentapp "go.updspace.com/portal/content/app"
	contentdomain "go.updspace.com/portal/content/domain"
)

// demoPost is a post of the demo data. Ago is how long before the seed it was written.
type demoPost struct {
	Tenant, By uuid.UUID // without a tenant: of demoAEF
	Ago        time.Duration
	Draft      contentdomain.PostDraft
	Pictures   []demoScene
}

// demoScene is a picture of a post.
type demoScene struct {
	Name    string
	Colours demoColours
	Draw    func(canvas, demoColours)
}

func demoPosts() []demoPost {
	all := append(demoPublicPosts(), demoGroupPosts()...)
	for i := range all {
		if all[i].Tenant == uuid.Nil {
			all[i].Tenant = demoAEF
		}
		switch d := &all[i].Draft; {
		case d.Visibility != "":
		case d.Scope.TeamID != uuid.Nil:
			d.Visibility = authz.VisibilityTeam
		case d.Scope.CommunityID != uuid.Nil:
			d.Visibility = authz.VisibilityCommunity
		default:
			d.Visibility = authz.VisibilityPublic
		}
	}
	return all
}

func demoPublicPosts() []demoPost {
	return []demoPost{
		{By: demoYana, Ago: 2*time.Hour + 20*time.Minute, Draft: contentdomain.PostDraft{
			ID: demoID(0xe5), Title: "«Янтарный фонарь»: номинации закрыты, голосуем",
			Body: "Вы предложили **84 игры**, в бюллетень вошли те, за которые спорили громче всего. Бюллетень лежит в разделе «Опросы», времени до конца голосования хватит, чтобы пройти хотя бы одну из них.\n\nИмена победителей откроем в прямом эфире. Ведут Яна и Juno, чай у каждого свой.",
		}, Pictures: []demoScene{{"Маяк у ночного моря.png", demoDusk, drawSea}}},
		{By: demoTheo, Ago: 21 * time.Hour, Draft: contentdomain.PostDraft{
			ID:   demoID(0xe6),
			Body: "Six of us, one lantern, no map. We found the observatory by following the sound of Maki complaining. Nobody froze. Two of us nearly did, for the screenshot.",
		}, Pictures: []demoScene{{"The ridge at dawn.png", demoDawn, drawMountains}, {"The same ridge, later than planned.png", demoNight, drawMountains}}},
		{By: demoMaki, Ago: 19 * time.Hour, Draft: contentdomain.PostDraft{
			ID: demoID(0xe7), Body: "I was not complaining. I was narrating. There is a difference, and the difference is that I was right about the bridge.",
		}},
		{By: demoSonya, Ago: 2*day + 5*time.Hour, Draft: contentdomain.PostDraft{
			ID: demoID(0xe8), Title: "Бюро находок",
			Body: "После субботы на Литейном остались:\n\n- один шарф, серый\n- два кубика d20, оба везучие\n- чья-то гордость\n\nПервые два пункта лежат у входа, за третьим приходите сами.",
		}},
		{By: demoNika, Ago: 3*day + 8*time.Hour, Draft: contentdomain.PostDraft{
			ID: demoID(0xe9), Title: "Скриншоты недели: города, в которых никто не живёт",
			Body: "Три вечера ходила по крышам и ждала, пока погаснет лишнее окно. Не погасло, зато нашла балкон с чайником. Настройки фоторежима сюда не влезли, [лежат здесь](https://example.com/photo-mode).\n\n> Самый красивый свет в игре за десять минут до того, как тебя заметят.",
		}, Pictures: []demoScene{
			{"Город до рассвета.png", demoNight, drawCity}, {"Тот же город, янтарный час.png", demoAmber, drawCity}, {"Город утром.png", demoDawn, drawCity},
		}},
		{By: demoJuno, Ago: 5 * day, Draft: contentdomain.PostDraft{
			ID: demoID(0xea), Title: "How we walk: notes for your first evening",
			Body: "You said yes to a Thursday walk. Good. Here is all there is to know, and it is less than you fear.\n\n" +
				"## Before\n\n1. Be at the gate **ten minutes early**. We leave on time, because Otto has soup on.\n2. Bring a lamp, a snack, and a bad joke.\n3. Say in the chat if you need to stop before midnight. We all do, nobody asks why.\n\n" +
				"## On the way\n\n- The slowest person sets the pace.\n- If you are lost, stand still and make light. Theo will find you; Maki will tell you about it.\n- Screenshots at the top, not on the edge.\n\n" +
				"## After\n\nWe sit by the fire for a quarter of an hour. You may talk, you need not.\n\n> Nobody is carried, nobody is left behind.\n\nThe long version with maps is at <https://example.com/walks>. Questions: to me, before the walk rather than on the bridge.",
		}},
		{By: demoOtto, Ago: 6*day + 3*time.Hour, Draft: contentdomain.PostDraft{
			ID: demoID(0xeb), Body: "Camp soup, serves nine: whatever is in the bag, salt, and not telling anyone what was in the bag.",
		}},
		{By: demoInes, Ago: 8*day + 2*time.Hour, Draft: contentdomain.PostDraft{
			ID: demoID(0xec), Title: "41:12",
			Body: "New personal best in *Nine Winters*, east ridge, no maps. One death, one sandwich. The route through the mill saves nineteen seconds if you do not stop to pet the goat.\n\nI stopped to pet the goat. `41:12` includes the goat.",
		}, Pictures: []demoScene{{"East ridge, no maps.png", demoPine, drawMountains}}},
		{By: demoAdmin, Ago: 11 * day, Draft: contentdomain.PostDraft{
			ID: demoID(0xed), Title: "Правила дома, коротко",
			Body: "Собрал то, о чём спрашивают чаще всего.\n\n- Камера не нужна. Микрофон тоже дело ваше.\n- Спойлеры только под заголовком, сколько бы лет ни было игре.\n- После полуночи говорим тише: за стенкой спят, и это не метафора.\n- Спорить можно со всеми, и со мной, и даже с картой.\n\nIn English it is the same list, only the neighbours sleep later.",
		}},
		{By: demoWren, Ago: 13*day + 6*time.Hour, Draft: contentdomain.PostDraft{
			ID: demoID(0xee), Title: "Four chairs, one dragon",
			Body: "I teach *Paper Dragons* again on Saturday. Two hours, no reading in advance, I bring the dragon. Three seats are taken; the fourth has a cat on it, which is negotiable.",
		}, Pictures: []demoScene{{"The table, before the dragon.png", demoPine, drawTable}}},
		{By: demoAdmin, Ago: 20 * day, Draft: contentdomain.PostDraft{
			ID: demoID(0xe1), Title: "Добро пожаловать / Welcome",
			Body: "Это **лента**: здесь то, что пишут для всех, и то, что пишут в ваших сообществах и командах. Никаких алгоритмов, только время.\n\n- загляните в сообщества и вступите хотя бы в одно\n- расскажите о себе в профиле, двух строк достаточно\n- напишите что-нибудь; первый пост бывает только раз\n\nPosts in English are as welcome as posts in Russian. Bad puns are welcome in both.",
		}, Pictures: []demoScene{{"Маяк утром.png", demoDawn, drawSea}}},

		{Tenant: demoGaming, By: demoOutsider, Ago: 3 * time.Hour, Draft: contentdomain.PostDraft{
			ID: demoID(0xf1), Title: "Cabinet three is back",
			Body: "The left stick was loose, the right button was jam, and the jam was strawberry. All fixed. The score table survived; the argument about it did too.",
		}, Pictures: []demoScene{{"The street in front of the arcade.png", demoPine, drawCity}}},
		{Tenant: demoGaming, By: demoInes, Ago: 4 * day, Draft: contentdomain.PostDraft{
			ID: demoID(0xf2), Body: "Whoever signs as **AAA** on every cabinet: I am coming for you, politely and in alphabetical order.",
		}},
	}
}

func demoGroupPosts() []demoPost {
	in := func(community uuid.UUID, team ...uuid.UUID) contentdomain.PostScope {
		scope := contentdomain.PostScope{CommunityID: community}
		if len(team) > 0 {
			scope.TeamID = team[0]
		}
		return scope
	}
	return []demoPost{
		{By: demoMiron, Ago: 40 * time.Minute, Draft: contentdomain.PostDraft{
			ID: demoID(0xd9), Scope: in(demoTide),
			Body: "Третий страж пал с одиннадцатой попытки. Главное: не тушить костры на правом фланге, пока Олег не дошёл до ворот. Запись с отметками времени положу к вечеру.\n\n> На восьмой минуте слышно, как Олег перестал дышать.",
		}, Pictures: []demoScene{{"Ворота на закате.png", demoAmber, drawMountains}, {"Берег после боя.png", demoAmber, drawSea}}},
		{By: demoPolyn, Ago: day + 3*time.Hour, Draft: contentdomain.PostDraft{
			ID: demoID(0xda), Title: "Ищу двоих на «Сонный город»", Scope: in(demoTable),
			Body: "По воскресеньям, партия на три часа, правила объясню, чай с меня. Берите тапочки: пол холодный, игра тёплая.",
		}, Pictures: []demoScene{{"Стол ждёт.png", demoAmber, drawTable}}},
		{By: demoOleg, Ago: day + 9*time.Hour, Draft: contentdomain.PostDraft{
			ID: demoID(0xdb), Title: "Расстановка на вторник", Scope: in(demoTide, demoWave),
			Body: "| Место | Кто | Что делает |\n|-|-|-|\n| ворота | Олег | стоит |\n| правый фланг | Ника, Theo | не тушат костры |\n| круг | Тая | лечит тех, кто в круге |\n| запас | Лев | чертит |\n\nПо таймеру: 02:10 первая волна, 04:35 вторая, 08:00 Олег дышит.",
		}},
		{By: demoSecond, Ago: 2*day + 2*time.Hour, Draft: contentdomain.PostDraft{
			ID: demoID(0xdc), Title: "Turn nine", Scope: in(demoStrategy),
			Body: "The north has fallen, the south is *considering its options*, and Bram has opened a spreadsheet.\n\n1. Orders by Friday noon.\n2. Treaties in writing, please. Yes, Juno, a drawing counts.\n3. The river is not a border this turn. Ask it again on turn ten.",
		}, Pictures: []demoScene{{"View from the northern pass.png", demoDusk, drawMountains}}},
		{By: demoMember, Ago: 4*day + 4*time.Hour, Draft: contentdomain.PostDraft{
			ID: demoID(0xe2), Title: "Club night on Thursday", Scope: in(demoChess),
			Body: "We start at *eight*. Long games, one clock for each board, two kettles for all.\n\n| Board | White | Black |\n|-|-|-|\n| 1 | Ada | Gleb |\n| 2 | Sasha | Соня |\n| 3 | Otto | whoever comes first |",
		}},
		{By: demoMember, Ago: 7*day + time.Hour, Draft: contentdomain.PostDraft{
			ID: demoID(0xe3), Title: "The Italian Game", Scope: in(demoChess, demoOpenings),
			Body: "`1. e4 e5 2. Nf3 Nc6 3. Bc4` and then? See https://en.wikipedia.org/wiki/Italian_Game. Соня спрашивает, почему итальянская: потому что долго, вкусно и с жестами.",
		}},
		{By: demoJuno, Ago: 9 * day, Draft: contentdomain.PostDraft{
			ID: demoID(0xdd), Title: "Сценарий эфира, черновик", Scope: in(demoLantern),
			Body: "Прочитайте до среды, ругайтесь вслух, хвалите лично.\n\n- [x] открытие: Яна и фонарь\n- [x] номинации, по четыре минуты на каждую\n- [ ] пауза на чай: **семь** минут, не пятнадцать\n- [ ] финал, конверты, бумажные звёзды",
		}},
		{By: demoMaki, Ago: 12 * day, Draft: contentdomain.PostDraft{
			ID: demoID(0xde), Title: "When does the clock start?", Scope: in(demoRunners),
			Body: "When you say so. Not when the music swells, not when Ines looks ready; Ines always looks ready.",
		}},
		{By: demoTheo, Ago: 27 * day, Draft: contentdomain.PostDraft{
			ID: demoID(0xdf), Title: "Season one is over", Scope: in(demoWinters),
			Body: "Nine evenings, nine ridges. We go on elsewhere; this place stays as it was, with the fire out and the mugs washed.",
		}},
		{By: demoMember, Ago: 10 * day, Draft: contentdomain.PostDraft{
			ID: demoID(0xe4), Title: "Note to myself", Visibility: authz.VisibilityPrivate, Body: "Bring the clocks.\n\n- [ ] batteries\n- [x] excuses",
		}},
	}
}

// seed writes a post unless it is there, or was.
func (p demoPost) seed(ctx context.Context, d demo) error {
	d.clock.Ago(p.Ago)
	ctx, by := demoUser(ctx, p.Tenant, p.By)
	_, err := d.posts.Get(ctx, by, p.Draft.ID)
	if !errors.Is(err, contentdomain.ErrPostNotFound) {
		return err
	}
	create := contentapp.CreatePost{Draft: p.Draft, AltTexts: map[uuid.UUID]string{}}
	for _, s := range p.Pictures {
		picture, err := demoPicture(s.Colours, s.Draw)
		if err != nil {
			return err
		}
		file, err := d.files.Upload(ctx, by, contentapp.UploadFile{Name: s.Name, Content: bytes.NewReader(picture)})
		if err != nil {
			return err
		}
		create.Attachments = append(create.Attachments, file.ID())
		create.AltTexts[file.ID()] = strings.TrimSuffix(s.Name, ".png") // the names say it
	}
	_, err = d.posts.Create(ctx, by, create)
	if errs.KindOf(err) == errs.Conflict { // a user has deleted it; the cleanup removes the pictures
		return nil
	}
	return err
}
