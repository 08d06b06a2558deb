import { useSyncExternalStore, type CSSProperties } from "react";
import { cx } from "@updspace/ui/cx";
import { FormattedMessage, useIntl } from "react-intl";

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const week = 7 * day;

const units: readonly [number, Intl.RelativeTimeFormatUnit][] = [
  [day, "day"],
  [hour, "hour"],
  [minute, "minute"],
];

const tick = 30_000; // milliseconds between looks at the clock

let now = Date.now();

function subscribe(changed: () => void): () => void {
  const timer = setInterval(() => {
    now = Date.now();
    changed();
  }, tick);
  return () => clearInterval(timer);
}

/** The current time in milliseconds, at most half a minute old. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

/** An instant: relative up to a week, then the date; the exact time in the title. `at` is RFC 3339. */
export function Time({ at, exact }: { at: string; exact?: boolean }) {
  const intl = useIntl();
  const date = new Date(at);
  const seconds = (date.getTime() - useNow()) / 1000;
  const full = intl.formatDate(date, { dateStyle: "long", timeStyle: "short" });
  let text: string;
  const otherYear = date.getFullYear() !== new Date(now).getFullYear() && ({ year: "numeric" } as const);
  if (exact) text = intl.formatDate(date, { day: "numeric", month: "long", hour: "numeric", minute: "numeric", ...otherYear });
  else if (Math.abs(seconds) > week) text = intl.formatDate(date, { day: "numeric", month: "long", year: "numeric" });
  else {
    const unit = units.find(([size]) => Math.abs(seconds) >= size);
    text = unit
      ? intl.formatRelativeTime(Math.trunc(seconds / unit[0]), unit[1], { numeric: "auto" })
      : intl.formatMessage({ id: seconds * 1000 <= tick ? "time.now" : "time.soon" });
  }
  return (
    <time dateTime={at} title={full}>
      {text}
    </time>
  );
}

interface DateBannerProps {
  at: string;
  large?: boolean;
  /** The IANA zone whose day it is; that of the reader by default. */
  zone?: string;
  /** The class and style of its colours; those of the page by default. */
  colours?: { className: string; style?: CSSProperties };
}

/** A date that hangs like a banner: weekday, day, month. */
export function DateBanner({ at, large, zone, colours }: DateBannerProps) {
  const intl = useIntl();
  const date = new Date(at);
  const timeZone = zone ?? intl.timeZone;
  const part = (o: Intl.DateTimeFormatOptions) => intl.formatDate(date, { ...o, ...(timeZone !== undefined && { timeZone }) });
  return (
    <time className={cx("date", large && "l", colours?.className)} style={colours?.style} dateTime={at}>
      {part({ weekday: "short" })}
      <b>{part({ day: "numeric" })}</b>
      {part({ month: "short" }).replace(".", "")}
    </time>
  );
}

/** "until 20 December": a moment in a sentence of the caller. */
export function Until({ at }: { at: string }) {
  return <FormattedMessage id="time.until" values={{ time: <Time at={at} exact /> }} />;
}
