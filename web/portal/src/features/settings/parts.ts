export const parts = ["profile", "picture", "guests", "notifications", "reminders", "games", "looks"] as const;
export type SettingsPart = (typeof parts)[number];
