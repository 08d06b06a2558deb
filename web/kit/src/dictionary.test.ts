import { expect, test } from "vitest";
import type { Language } from "./boot.ts";
import { Dictionary } from "./dictionary.ts";

/** A dictionary whose files arrive when the test says so. */
function setUp() {
  const files = new Map<string, PromiseWithResolvers<void>>();
  const file = (name: string) => {
    const known = files.get(name);
    if (known) return known;
    const made = withResolvers();
    files.set(name, made);
    return made;
  };
  const words = new Dictionary<"polls" | "manage">(async (language: Language, part) => {
    await file(`${language}.${part}`).promise;
    return { [part]: [{ type: 0, value: language }] };
  });
  return { words, file };
}

interface PromiseWithResolvers<T> {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (reason: Error) => void;
}

function withResolvers(): PromiseWithResolvers<void> {
  let resolve: () => void = () => undefined;
  let reject: (reason: Error) => void = () => undefined;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

const seen = (words: Dictionary<"polls" | "manage">) => [words.now.language, ...Object.keys(words.now.messages)];

test("a route that is opened at the start has the core and its part, in the language of the page", async () => {
  const { words, file } = setUp();
  const started = Promise.all([words.choose("ru"), words.need("polls")]);
  file("ru.core").resolve();
  file("ru.polls").resolve();
  await started;
  expect(seen(words)).toEqual(["ru", "core", "polls"]);
});

test("a language is shown once all parts in use are there, also one that is asked for meanwhile", async () => {
  const { words, file } = setUp();
  for (const name of ["en.core", "en.polls", "en.manage", "ru.core", "ru.polls"]) file(name).resolve();
  await words.choose("en");
  await words.need("polls");
  const chosen = words.choose("ru");
  const needed = words.need("manage");
  expect(seen(words)).toEqual(["en", "core", "polls"]);
  file("ru.manage").resolve();
  await Promise.all([chosen, needed]);
  expect(seen(words)).toEqual(["ru", "core", "polls", "manage"]);
});

test("what could not be loaded leaves things as they were, and can be asked for again", async () => {
  const { words, file } = setUp();
  for (const name of ["en.core", "ru.core"]) file(name).resolve();
  await words.choose("en");
  const needed = words.need("polls");
  file("en.polls").reject(new Error("offline"));
  await expect(needed).rejects.toThrow("offline");
  await words.choose("ru"); // without the part
  expect(seen(words)).toEqual(["ru", "core"]);
});
