// The words that are loaded: those of one language, in parts, of which a route asks for what it needs.
import type { Language } from "./boot.ts";
import type { Messages } from "./words.tsx";

export type LoadMessages<Part extends string> = (language: Language, part: Part | "core") => Promise<Partial<Messages>>;

interface Now {
  language: Language;
  messages: Partial<Messages>;
}

export class Dictionary<Part extends string = never> {
  readonly #load: LoadMessages<Part>;
  readonly #waiting = new Set<() => void>();
  #language: Language = "en";
  #asked = new Set<Part | "core">(["core"]);
  #shown: ReadonlySet<Part | "core"> = new Set();
  /** What the reader sees. */
  now: Now = { language: "en", messages: {} };

  constructor(load: LoadMessages<Part>) {
    this.#load = load;
  }

  /** Loads the language, with all parts that are in use, and then switches to it. */
  async choose(language: Language): Promise<void> {
    this.#language = language;
    try {
      await this.#show();
    } catch (e) {
      if (this.#language === language) this.#language = this.now.language;
      throw e;
    }
  }

  /** Loads further parts. Loaders of routes wait for it. */
  async need(...parts: Part[]): Promise<void> {
    if (parts.every((part) => this.#shown.has(part))) return;
    parts.forEach((part) => this.#asked.add(part));
    try {
      await this.#show();
    } catch (e) {
      parts.filter((part) => !this.#shown.has(part)).forEach((part) => this.#asked.delete(part));
      throw e;
    }
  }

  readonly subscribe = (changed: () => void): (() => void) => {
    this.#waiting.add(changed);
    return () => this.#waiting.delete(changed);
  };

  async #show(): Promise<void> {
    const language = this.#language;
    const asked = [...this.#asked];
    const loaded = await Promise.all(asked.map((part) => this.#load(language, part)));
    if (language !== this.#language || asked.length !== this.#asked.size) return this.#show(); // meanwhile something else was asked for
    this.#shown = new Set(asked);
    this.now = { language, messages: Object.assign({}, ...loaded) };
    this.#waiting.forEach((changed) => changed());
  }
}
