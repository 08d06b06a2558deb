// The parts of the pages of a group, apart from the pages: the routes check addresses with them before a page is loaded.
export const groupTabs = ["posts", "teams", "members", "about"] as const;
export type GroupTab = (typeof groupTabs)[number];

export const manageParts = ["requests", "invitations", "members", "bans", "settings"] as const;
export type ManagePart = (typeof manageParts)[number];
