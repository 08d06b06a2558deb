package domain

// Platform is the catalogue of the platform, the only source of permissions: the database is seeded from it, and other keys
// are never allowed. Some keys are reserved: no service requires them yet. A key is the service and the name:
// own(Voting, "poll.create", ...) is voting.poll.create.
var Platform = NewCatalogue([]Permission{
	own(Portal, "profile.read_self", Text{"See the own profile", "Видеть свой профиль"},
		Text{"The page that other members see.", "Страница, какой её видят другие."}).reserved(ownProfile),
	own(Portal, "profile.edit_self", Text{"Change the own profile", "Менять свой профиль"},
		Text{"Name, picture and the text about the member.", "Имя, картинку и рассказ о себе."}),
	own(Portal, "profiles.read", Text{"See the profiles of others", "Видеть профили других"},
		Text{"The list of people and the search for them, too.", "А также список людей и поиск по нему."}),
	own(Portal, "applications.review", Text{"Decide applications to join", "Решать по заявкам на вступление"},
		Text{"A person who is let in sees everything that members see.", "Кого приняли, видит всё, что видят участники."}),
	own(Portal, "communities.list", Text{"See the list of communities", "Видеть список сообществ"},
		Text{"Names, descriptions and sizes, not what is written inside.", "Названия, описания и размер, но не то, что внутри."}),
	own(Portal, "communities.create", Text{"Found communities", "Создавать сообщества"},
		Text{"The founder becomes the owner, with every right inside.", "Создатель становится владельцем со всеми правами внутри."}),
	own(Portal, "communities.read", Text{"Open the pages of communities", "Открывать страницы сообществ"},
		Text{"What is meant for members only stays hidden from others.", "То, что только для участников, другим не видно."}),
	own(Portal, "communities.manage", Text{"Run any community", "Управлять любым сообществом"},
		Text{"Settings, archive, deletion and ownership, without being a member.", "Настройки, архив, удаление и владение, даже не вступая."}),
	own(Portal, "communities.members.read", Text{"See who is in a community", "Видеть участников сообществ"},
		Text{"Names and roles of its members.", "Имена и роли внутри сообщества."}),
	own(Portal, "communities.members.manage", Text{"Add and remove members of communities", "Добавлять и исключать участников сообществ"},
		Text{"Requests, invitations and bans are decided with it, too.", "Сюда же входят заявки, приглашения и запреты на вход."}),
	own(Portal, "teams.list", Text{"See the teams of communities", "Видеть команды сообществ"},
		Text{"Names, descriptions and sizes.", "Названия, описания и размер."}),
	own(Portal, "teams.create", Text{"Found teams", "Создавать команды"},
		Text{"The founder becomes the owner of the team.", "Создатель становится владельцем команды."}),
	own(Portal, "teams.manage", Text{"Run any team", "Управлять любой командой"},
		Text{"Settings, archive and deletion of teams of others.", "Настройки, архив и удаление чужих команд."}),
	own(Portal, "teams.members.read", Text{"See who is in a team", "Видеть участников команд"},
		Text{"Names and roles of its members.", "Имена и роли внутри команды."}),
	own(Portal, "teams.members.manage", Text{"Add and remove members of teams", "Добавлять и исключать участников команд"},
		Text{"Requests, invitations and bans are decided with it, too.", "Сюда же входят заявки, приглашения и запреты на вход."}),
	own(Portal, "posts.read", Text{"Read posts", "Читать посты"},
		Text{"Each post still has readers of its own choice.", "У каждого поста круг читателей выбирает автор."}),
	own(Portal, "posts.create", Text{"Write posts", "Писать посты"},
		Text{"Kept for roles made earlier; the keys for each kind of readers decide.", "Осталось от прежних ролей: решают отдельные права для каждого круга читателей."}).reserved(oneOfSome),
	own(Portal, "posts.create_public", Text{"Write posts for everybody", "Писать посты для всех"},
		Text{"They appear at once in the feed of every member.", "Сразу появляются в ленте у каждого."}),
	own(Portal, "posts.create_community", Text{"Write posts for a community", "Писать посты для сообщества"},
		Text{"Only its members read them.", "Их читают только его участники."}),
	own(Portal, "posts.create_team", Text{"Write posts for a team", "Писать посты для команды"},
		Text{"Only its members read them.", "Их читают только её участники."}),
	own(Portal, "posts.create_private", Text{"Write private posts", "Писать личные посты"},
		Text{"Only the author and administrators read them.", "Их читают только автор и администраторы."}),
	own(Portal, "posts.read_private", Text{"Read private posts of others", "Читать чужие личные посты"},
		Text{"The authors are not told.", "Автор об этом не узнает."}),
	own(Portal, "posts.manage", Text{"Change and delete posts of others", "Менять и удалять чужие посты"},
		Text{"Each change is kept in the journal.", "Каждое изменение остаётся в журнале."}),
	own(Portal, "roles.read", Text{"See roles, their holders and the journal", "Видеть роли, их держателей и журнал"},
		Text{"Nothing can be changed with it.", "Изменить ничего нельзя."}),
	own(Portal, "roles.write", Text{"Create, change and delete roles", "Создавать, менять и удалять роли"},
		Text{"Only with rights that the person holds as well.", "Только из тех прав, что есть у самого человека."}),
	own(Portal, "role_bindings.write", Text{"Give and take roles", "Давать и забирать роли"},
		Text{"Only roles whose rights the person holds as well.", "Только роли, права которых есть у самого человека."}),
	own(Portal, "policy_overrides.write", Text{"Make exceptions for single people", "Делать исключения для отдельных людей"},
		Text{"An exception wins over every role.", "Исключение сильнее любой роли."}),
	own(Portal, "permissions.read", Text{"See the list of all rights", "Видеть список всех прав"},
		Text{"The names of rights, not who holds them.", "Названия прав, но не у кого они есть."}),
	own(Portal, "tenant.settings.write", Text{"Change the name and look of the whole space", "Менять имя и вид всего пространства"},
		Text{"Name, colour, pictures, languages and how people join.", "Имя, цвет, картинки, языки и порядок вступления."}),

	own(Voting, "poll.read", Text{"See polls", "Видеть опросы"},
		Text{"Questions and options, not the votes.", "Вопросы и варианты, но не голоса."}),
	own(Voting, "poll.create", Text{"Create polls", "Создавать опросы"},
		Text{"The author runs them from draft to closing.", "Автор ведёт опрос от черновика до закрытия."}),
	own(Voting, "vote.cast", Text{"Vote", "Голосовать"},
		Text{"In each poll that the person may take part in.", "В каждом опросе, куда человек допущен."}),
	own(Voting, "vote.read_own", Text{"See the own votes", "Видеть свои голоса"},
		Text{"What was chosen, and when.", "Что и когда было выбрано."}),
	own(Voting, "results.read", Text{"See results", "Видеть результаты"},
		Text{"As early as the poll shows them.", "Тогда, когда их открывает сам опрос."}),
	own(Voting, "votings.admin", Text{"Run any poll", "Управлять любым опросом"},
		Text{"Change, close and delete polls of others, and see results before the end.", "Менять, закрывать и удалять чужие опросы, видеть результаты до конца."}),
	own(Voting, "nominations.admin", Text{"See the page of questions", "Видеть страницу вопросов"},
		Text{"Changing them needs the right to run any poll.", "Чтобы менять их, нужно право управлять любым опросом."}).reserved(shownOnly),

	own(Events, "event.read", Text{"See events", "Видеть события"},
		Text{"When, where and who comes.", "Когда, где и кто придёт."}),
	own(Events, "event.create", Text{"Create events", "Создавать события"},
		Text{"They are announced at once, without a check.", "Сразу публикуются, без проверки."}),
	own(Events, "event.manage", Text{"Change and cancel events of others", "Менять и отменять чужие события"},
		Text{"Those who answered are told.", "Тем, кто ответил, придёт сообщение."}),
	own(Events, "rsvp.set", Text{"Answer invitations", "Отвечать на приглашения"},
		Text{"Coming, not coming, perhaps.", "Приду, не приду, возможно."}),
	own(Events, "attendance.mark", Text{"Record who attended", "Отмечать пришедших"},
		Text{"On the page of the event or with a code at the door.", "На странице события или по коду на входе."}),

	own(Activity, "feed.read", Text{"Read the feed", "Читать ленту"},
		Text{"What happens in the whole space and in the own communities.", "Что происходит вокруг и в своих сообществах."}),
	own(Activity, "sources.link", Text{"Link accounts of games", "Привязывать игровые аккаунты"},
		Text{"Only the own accounts.", "Только свои."}),
	own(Activity, "sources.manage", Text{"Run the sources of the feed", "Управлять источниками ленты"},
		Text{"Adds and removes sources for every member at once.", "Добавляет и убирает источники сразу для всех."}),
	own(Activity, "webhooks.manage", Text{"Run the webhooks of the tenant", "Управлять вебхуками тенанта"},
		Text{"Decides which addresses outside get the public events.", "Решает, на какие внешние адреса уходят публичные события."}),
	own(Activity, "news.create", Text{"Write news", "Писать новости"},
		Text{"Shown in the feed under the name of the author.", "Появляются в ленте под своим именем."}),
	own(Activity, "news.manage", Text{"Change and delete news of others", "Менять и удалять чужие новости"},
		Text{"Each change is kept in the journal.", "Каждое изменение остаётся в журнале."}),
	own(Activity, "admin.sync", Text{"Start a synchronisation", "Запускать обновление источников"},
		Text{"Fetches the news of all linked accounts again.", "Заново собирает новости всех привязанных аккаунтов."}),
	own(Activity, "admin.games", Text{"Edit the list of games", "Менять список игр"},
		Text{"Names and pictures change for every member at once.", "Названия и картинки меняются сразу для всех."}),

	own(Gamification, "achievements.read", Text{"See achievements", "Видеть достижения"},
		Text{"Secret ones stay secret.", "Секретные остаются секретными."}),
	own(Gamification, "achievements.create", Text{"Create achievements", "Создавать достижения"},
		Text{"As drafts, until they are published.", "Как черновики, пока их не опубликуют."}),
	own(Gamification, "achievements.edit", Text{"Change achievements", "Менять достижения"},
		Text{"Those who have one keep it.", "У кого достижение уже есть, у того и останется."}),
	own(Gamification, "achievements.publish", Text{"Publish achievements", "Публиковать достижения"},
		Text{"From then on every member sees them.", "С этого момента их видят все."}),
	own(Gamification, "achievements.hide", Text{"Hide achievements", "Скрывать достижения"},
		Text{"They leave the list; those who have one keep it.", "Уходят из списка, но остаются у тех, кто их получил."}),
	own(Gamification, "achievements.assign", Text{"Grant achievements", "Вручать достижения"},
		Text{"To any member; the person is told.", "Любому участнику, человек получит сообщение."}),
	own(Gamification, "achievements.revoke", Text{"Take achievements back", "Отзывать достижения"},
		Text{"The person is told the reason.", "Человек увидит причину."}),
	own(Gamification, "achievements.view_private", Text{"See private achievements of others", "Видеть скрытые достижения других"},
		Text{"Those that the holder hides from other members.", "Те, что человек не показывает остальным."}),
	own(Gamification, "points.manage", Text{"Run levels and seasons", "Вести уровни и сезоны"},
		Text{"What counts on the leaderboards, for every member at once.", "От них зависят таблицы лидеров, сразу для всех."}),
	own(Gamification, "badges.manage", Text{"Manage the keys of badges", "Управлять ключами значков"},
		Text{"Badges of a withdrawn key are not valid any more.", "Значки с отозванным ключом становятся недействительными."}),

	own(Personalization, "preferences.read_own", Text{"See the own preferences", "Видеть свои настройки"},
		Text{"Language, theme and the order of the start page.", "Язык, тему и порядок на главной."}).reserved(untilPersonalization),
	own(Personalization, "preferences.edit_own", Text{"Change the own preferences", "Менять свои настройки"},
		Text{"Language, theme and the order of the start page.", "Язык, тему и порядок на главной."}).reserved(untilPersonalization),
	own(Personalization, "content.manage", Text{"Run personalised content", "Управлять персональными подборками"},
		Text{"What is offered to whom on the start page.", "Что и кому предлагается на главной."}).reserved(untilPersonalization),
	own(Personalization, "dashboards.customize", Text{"Arrange the own start page", "Настраивать свою главную"},
		Text{"Other members see nothing of it.", "Только для себя."}).reserved(untilPersonalization),
})

// Reasons for reserved keys. Roles of tenants hold them and the frontends know them, so they stay in the catalogue. A test
// fails for a key that is neither required by a service nor reserved, and for one that is both.
const (
	ownProfile           = "showing the own profile requires no permission; only the frontends check it, for its page"
	oneOfSome            = "writing requires the key of the post's visibility; roles of earlier installations hold this one"
	untilPersonalization = "the personalization service, which is not built, will require it; roles of earlier installations hold it"
	shownOnly            = "only the frontends check it, to show the screen of nominations; voting itself requires votings.admin"
)

func (p Permission) reserved(why string) Permission {
	p.Reserved = why
	return p
}

// own makes a permission with the key service.name.
func own(service Service, name string, description, effect Text) Permission {
	return Permission{Key: keyOf(service, name), Service: service, Description: description, Effect: effect}
}

func keyOf(service Service, name string) string { return string(service) + "." + name }
