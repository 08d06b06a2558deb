import { Dictionary } from "@updspace/kit/dictionary.ts";
import type { Messages } from "@updspace/kit/words.tsx";
import type en from "../messages/en.json";
import type kit from "../../kit/messages/en.json";

declare global {
  namespace FormatjsIntl {
    interface Message {
      ids: keyof typeof en | keyof typeof kit;
    }
  }
}

const load = {
  en: () => import("./words/en.core.json"),
  ru: () => import("./words/ru.core.json"),
};

/** The words of the page, compiled by web/scripts/messages.mjs. */
export const words = new Dictionary(async (language) => (await load[language]()).default as unknown as Messages);
