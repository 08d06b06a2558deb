interface Run<T> {
  alone: boolean;
  items: T[];
}

/** Splits a list into the items that stand alone, and the runs between them. */
export function runs<T>(items: readonly T[], alone: (item: T) => boolean): Run<T>[] {
  const found: Run<T>[] = [];
  for (const item of items) {
    const last = found.at(-1);
    if (alone(item)) found.push({ alone: true, items: [item] });
    else if (last && !last.alone) last.items.push(item);
    else found.push({ alone: false, items: [item] });
  }
  return found;
}
