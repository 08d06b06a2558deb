export const parts = ["profile", "picture", "guests", "looks"] as const;
export type SettingsPart = (typeof parts)[number];
