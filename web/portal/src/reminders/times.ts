// How long before a date reminders come, in minutes.

/** Those that a person picks from. The service knows some more, which are shown where they are chosen. */
const offered = [10080, 4320, 1440, 360, 180, 60, 30, 15];

/** How many reminders one date can have. */
export const most = 5;

/** What is picked from, the longest first. */
export const choicesWith = (chosen: readonly number[]): number[] => [...new Set([...offered, ...chosen])].toSorted((a, b) => b - a);

/** The list with a time more or less, the longest first. */
export const toggled = (chosen: readonly number[], minutes: number, on: boolean): number[] =>
  on ? [...chosen, minutes].toSorted((a, b) => b - a) : chosen.filter((m) => m !== minutes);

type Unit = "days" | "hours" | "minutes";

/** A time in its largest unit. */
export function inUnit(minutes: number): { unit: Unit; n: number } {
  if (minutes % 1440 === 0) return { unit: "days", n: minutes / 1440 };
  return minutes % 60 === 0 ? { unit: "hours", n: minutes / 60 } : { unit: "minutes", n: minutes };
}
