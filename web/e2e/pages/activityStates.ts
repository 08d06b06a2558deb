// The feed, news and notifications: pages and their main states.
import * as activityActs from "./activityActs.ts";
import { id } from "./demo.ts";
import { groupedFeed } from "./feed.ts";
import { newsPage } from "./news.ts";
import { notifications } from "./notifications.ts";
import { refused, type State } from "./state.ts";

const nothing = { items: [], next_cursor: null };
const newsPath = "/api/v1/activity/news";

export const activityStates: State[] = [
  // The feed
  { name: "home-activity", path: "/?feed=all", as: "member" },
  { name: "home-activity-groups", path: "/?feed=all", as: "member", answers: { "/api/v1/activity/v2/feed": groupedFeed } },
  {
    name: "home-activity-empty",
    path: "/?feed=badges",
    as: "member",
    answers: { "/api/v1/activity/v2/feed": { ...nothing, has_more: false } },
  },
  { name: "home-activity-failed", path: "/?feed=polls", as: "member", answers: { "/api/v1/activity/v2/feed": 500 }, allow: refused(500) },
  // The posts of the answer are not there when they are told of as seen.
  {
    name: "home-news",
    path: "/?feed=news",
    as: "member",
    answers: { [newsPath]: { ...newsPage, has_more: false } },
    allow: refused(404),
  },
  { name: "home-news-empty", path: "/?feed=news", as: "member", answers: { [newsPath]: { ...nothing, has_more: false } } },
  { name: "home-news-failed", path: "/?feed=news", as: "member", answers: { [newsPath]: 500 }, allow: refused(500) },
  { name: "home-news-write", path: "/?feed=news", as: "admin", act: activityActs.writeNews },
  // Notifications
  {
    name: "notifications",
    path: "/notifications",
    as: "member",
    answers: { "/api/v1/activity/notifications": notifications, "/api/v1/activity/notifications/unread": { count: 3 } },
  },
  { name: "notifications-empty", path: "/notifications", as: "member", answers: { "/api/v1/activity/notifications": nothing } },
  {
    name: "notifications-failed",
    path: "/notifications",
    as: "member",
    answers: { "/api/v1/activity/notifications": 500 },
    allow: refused(500),
  },
  // News
  {
    name: "news-list",
    path: "/news",
    as: "admin",
    answers: { [newsPath]: { ...newsPage, has_more: false } },
    allow: refused(404),
  },
  { name: "news-list-member", path: "/news?sort=best", as: "member" },
  { name: "news-list-empty", path: "/news", as: "admin", answers: { [newsPath]: { ...nothing, has_more: false } } },
  { name: "news-list-not-found", path: `/news?q=nothing-is-called-so&tag=none&author=${id("02")}`, as: "member" },
  { name: "news-list-failed", path: "/news", as: "member", answers: { [newsPath]: 500 }, allow: refused(500) },
  { name: "news", path: `/news/${id("f1")}`, as: "member" },
  { name: "news-edit", path: `/news/${id("f1")}?edit=true`, as: "admin" },
  { name: "news-draft", path: `/news/${id("f2")}`, as: "admin" },
  { name: "news-draft-of-another", path: `/news/${id("f2")}`, as: "member", allow: refused(404) },
  { name: "news-new", path: "/news/new", as: "admin" },
  { name: "news-video", path: "/news/new", as: "member", act: activityActs.video },
  { name: "news-new-empty", path: "/news/new", as: "member" },
  { name: "news-drafts-failed", path: "/news/new", as: "member", answers: { "/api/v1/activity/news/drafts": 500 }, allow: refused(500) },
  { name: "news-moderation", path: "/news/moderation", as: "admin" },
  {
    name: "news-moderation-failed",
    path: "/news/moderation",
    as: "admin",
    answers: { "/api/v1/activity/news-reports": 500 },
    allow: refused(500),
  },
];
