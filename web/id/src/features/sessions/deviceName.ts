import type { IntlShape } from "react-intl";
import type { Device } from "./queries.ts";

/** "Firefox on Linux", or the part of it that is known. */
export function deviceName(intl: IntlShape, { browser, os }: Pick<Device, "browser" | "os">): string {
  if (browser && os) return intl.formatMessage({ id: "sessions.name" }, { browser, os });
  return browser || os || intl.formatMessage({ id: "sessions.unknown" });
}
