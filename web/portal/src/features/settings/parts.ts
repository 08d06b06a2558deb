export const parts = ["profile", "picture", "guests", "reminders", "looks"] as const;
export type SettingsPart = (typeof parts)[number];
