import { readdirSync, readFileSync } from "node:fs";
import { errorCodes, fieldReasonCodes, operations } from "@updspace/api";
import { expect, test } from "vitest";
import { withoutPage } from "./operations.ts";

const web = new URL("../", import.meta.url);

function sources(folder: string): string {
  return readdirSync(new URL(folder, web), { recursive: true, withFileTypes: true })
    .filter((f) => f.isFile() && /\.tsx?$/.test(f.name) && !/\.(test|gen)\./.test(f.name))
    .map((f) => readFileSync(`${f.parentPath}/${f.name}`, "utf8"))
    .join("\n");
}

const source = ["portal/src", "id/src", "kit/src"].map(sources).join("\n");
const forPeople = operations.filter((o) => o.audience !== "service");
const called = (method: string, path: string) => source.includes(`.${method}("${path}"`);

test("every operation that a person may call is called by a page, or the reason stands in the list", () => {
  const unreachable = forPeople.filter((o) => !called(o.method, o.path)).map((o) => `${o.service} ${o.operationId}`);
  expect(
    unreachable.filter((name) => !(name in withoutPage)),
    "neither called nor in withoutPage (operations.ts)",
  ).toEqual([]);
});

test("the list holds nothing else", () => {
  const unreachable = new Set(forPeople.filter((o) => !called(o.method, o.path)).map((o) => `${o.service} ${o.operationId}`));
  expect(Object.keys(withoutPage).filter((name) => !unreachable.has(name))).toEqual([]);
});

for (const language of ["en", "ru"]) {
  const messages: Record<string, string> = JSON.parse(readFileSync(new URL(`kit/messages/${language}.json`, web), "utf8"));
  test(`every code that a spec names has a sentence (${language})`, () => {
    expect(errorCodes.filter((code) => !messages[`error.${code}`])).toEqual([]);
    expect(fieldReasonCodes.filter((code) => !messages[`field.${code}`])).toEqual([]);
  });
}
