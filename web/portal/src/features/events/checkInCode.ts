// The code of a date that was scanned: it comes in the fragment of the event's address, so that no server logs it, and waits in this
// browser while a guest signs in.
const kept = "check-in-code";
const mark = "check-in=";

/** The address that members open by scanning it. */
export const checkInAddress = (path: string, code: string): string => `${location.origin}${path}#${mark}${code}`;

export function keepCode(path: string, hash: string): void {
  if (hash.startsWith(mark)) localStorage.setItem(kept, JSON.stringify([path, hash.slice(mark.length)]));
}

/** The code that waits for the page with this address; "" for none. */
export function keptCode(path: string): string {
  const [of, code] = JSON.parse(localStorage.getItem(kept) ?? "[]") as string[]; // what keepCode wrote
  return of === path && code !== undefined ? code : "";
}

export const forgetCode = (): void => localStorage.removeItem(kept);
