// Languages. Messages are compiled from messages/*.json of the frontend and of this folder (web/scripts/messages.mjs).
import { createContext, use, useSyncExternalStore, type ReactNode } from "react";
import { I18nProvider } from "@updspace/ui/I18n";
import { IntlProvider, type MessageFormatElement } from "react-intl";
import type { Language } from "./boot.ts";
import type { Dictionary } from "./dictionary.ts";

/** The keys of messages/en.json of the kit and the frontend (words.ts of the frontend declares them). */
export type MessageId = FormatjsIntl.Message extends { ids: infer Ids } ? Extract<Ids, string> : string;

/** Compiled messages by their key. */
export type Messages = Record<MessageId, MessageFormatElement[]>;

const regions: Record<Language, string> = { en: "en-GB", ru: "ru-RU" };

export const languageNames: Record<Language, string> = { en: "English", ru: "Русский" };

interface LanguageContext {
  language: Language;
  /** Switches without a reload and remembers the choice in this browser. */
  choose: (language: Language) => Promise<void>;
}

const Context = createContext<LanguageContext | undefined>(undefined);

export function useLanguage(): LanguageContext {
  const context = use(Context);
  if (!context) throw new Error("useLanguage needs <Words>");
  return context;
}

const year = 31_536_000;

interface WordsProps {
  words: Pick<Dictionary, "now" | "subscribe" | "choose">;
  /** The zone in which times are shown; the browser's by default. */
  timeZone?: string | undefined;
  /** Hears of a choice, to keep it elsewhere too. */
  onChoose?: ((language: Language) => void) | undefined;
  children: ReactNode;
}

export function Words({ words, timeZone, onChoose, children }: WordsProps) {
  const now = useSyncExternalStore(words.subscribe, () => words.now); // with all that the routes shown need: parts.mjs checks that
  const choose = async (next: Language) => {
    document.cookie = `updspace_lang=${next};path=/;max-age=${year};samesite=lax`;
    onChoose?.(next);
    await words.choose(next);
    document.documentElement.lang = next;
  };
  return (
    <Context value={{ language: now.language, choose }}>
      <IntlProvider
        locale={regions[now.language]}
        messages={now.messages as Messages}
        defaultLocale="en-GB"
        {...(timeZone && { timeZone })}
      >
        <I18nProvider locale={regions[now.language]}>{children}</I18nProvider>
      </IntlProvider>
    </Context>
  );
}
