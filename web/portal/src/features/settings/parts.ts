export const parts = ["profile", "picture", "guests", "notifications", "reminders", "looks"] as const;
export type SettingsPart = (typeof parts)[number];
