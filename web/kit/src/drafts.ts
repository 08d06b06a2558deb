// Text that is being written, kept in this browser per account and place: there again after a reload, a crash or an ended session.
import { useEffect, useState, type SetStateAction } from "react";

const prefix = "draft:";
const pause = 300; // milliseconds without a keystroke before it is kept

/** Like useState, but kept. `clear` forgets it once it was sent. The key names account and place, such as `${userId}:post:new`. */
export function useDraft<T>(key: string, empty: T): [T, (value: SetStateAction<T>) => void, () => void] {
  const [value, setValue] = useState<T>(() => read(key) ?? empty);
  const [changed, setChanged] = useState(false);
  useEffect(() => {
    if (!changed) return;
    const timer = setTimeout(() => localStorage.setItem(prefix + key, JSON.stringify(value)), pause);
    return () => clearTimeout(timer);
  }, [key, value, changed]);
  return [
    value,
    (next) => {
      setChanged(true);
      setValue(next);
    },
    () => {
      setChanged(false);
      setValue(empty);
      localStorage.removeItem(prefix + key);
    },
  ];
}

function read<T>(key: string): T | undefined {
  try {
    const text = localStorage.getItem(prefix + key);
    return text === null ? undefined : (JSON.parse(text) as T); // what useDraft of the same place wrote
  } catch {
    return undefined; // storage is off, or holds something old
  }
}

/** Forgets all drafts, when a person signs out. */
export function forgetDrafts(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key);
}
