interface Told {
  told_at: string;
}

interface Day<T> {
  /** Of the reader: year, month, day. */
  day: string;
  /** In days before today. */
  age: number;
  items: T[];
}

const dayOf = (date: Date) => `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;

/** Splits a list, the latest first, into the days of the reader. `now` is in milliseconds. */
export function daysOf<T extends Told>(items: readonly T[], now: number): Day<T>[] {
  const today = new Date(now);
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  const ages = new Map([
    [dayOf(today), 0],
    [dayOf(yesterday), 1],
  ]);
  const days: Day<T>[] = [];
  for (const item of items) {
    const day = dayOf(new Date(item.told_at));
    const last = days.at(-1);
    if (last?.day === day) last.items.push(item);
    else days.push({ day, age: ages.get(day) ?? 2, items: [item] });
  }
  return days;
}
