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
  en: { admin: () => import("./words/en.admin.json"), core: () => import("./words/en.core.json") },
  ru: { admin: () => import("./words/ru.admin.json"), core: () => import("./words/ru.core.json") },
};

/** The words of the page, compiled by web/scripts/messages.mjs. Loaders of routes wait for parts beyond the core: `words.need("admin")`. */
export const words = new Dictionary<"admin">(async (language, part) => (await load[language][part]()).default as unknown as Messages);
