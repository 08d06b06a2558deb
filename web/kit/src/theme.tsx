import { useSyncExternalStore } from "react";
import { readBoot, type Theme } from "./boot.ts";

const year = 31_536_000;

let theme: Theme | undefined;
const listeners = new Set<() => void>();

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  return () => listeners.delete(changed);
}

let chosen: ((theme: Theme) => void) | undefined;

/** Has a choice told to keep, to hold it elsewhere too. */
export function keepTheme(keep: (theme: Theme) => void): void {
  chosen = keep;
}

function apply(next: Theme): void {
  document.cookie = `updspace_theme=${next};path=/;max-age=${year};samesite=lax`;
  if (next === "auto") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = next;
  theme = next;
  chosen?.(next);
  for (const changed of listeners) changed();
}

/** The theme of this browser: the device's own (auto), or a choice. The server writes it into the page before the first paint. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  return [useSyncExternalStore(subscribe, () => (theme ??= readBoot().theme)), apply];
}
