import { expect, test } from "vitest";
import { partOf, partsOfRoute, split, strays } from "./parts.mjs";

const app = {
  polls: { keys: ["polls"], where: ["portal/src/features/polls/"] },
  rights: { keys: ["why", "role", "error.ROLE_"], where: ["kit/src/why.tsx"] },
};

test("a key belongs to the part that its first word is listed in, or what it begins with, else to the core", () => {
  expect(partOf("polls.title", app)).toBe("polls");
  expect(partOf("polls", app)).toBe("polls");
  expect(partOf("groups.role.owner", app)).toBe("core");
  expect(partOf("error.ROLE_EXISTS", app)).toBe("rights");
  expect(partOf("error.NOT_FOUND", app)).toBe("core");
  expect(split({ "polls.title": 1, "nav.polls": 2 }, app)).toEqual({ core: { "nav.polls": 2 }, polls: { "polls.title": 1 }, rights: {} });
});

test("a route has the parts of its parents", () => {
  const files = { "polls.tsx": `loader: () => words.need("polls")`, "polls.$id.tsx": `words.need("rights", "polls")` };
  const read = (file) => files[file];
  expect(partsOfRoute("polls.new.tsx", read)).toEqual(["polls"]);
  expect(partsOfRoute("polls.$id.index.tsx", read)).toEqual(["polls", "rights"]);
  expect(partsOfRoute("index.tsx", read)).toEqual([]);
});

test("a key, a page or a helper of a part is found where the part is not loaded", () => {
  expect(strays({ "portal/src/features/home/Home.tsx": `formatMessage({ id: "polls.title" })` }, app)).toHaveLength(1);
  expect(strays({ "portal/src/features/home/Home.tsx": "formatMessage({ id: `polls.${kind}` })" }, app)).toHaveLength(1);
  expect(strays({ "portal/src/features/home/Home.tsx": `import { Why } from "@updspace/kit/why.tsx";` }, app)).toHaveLength(1);
  const route = `import { Page } from "../features/polls/Page.tsx";`;
  expect(strays({ "portal/src/routes/vote.tsx": route }, app)).toHaveLength(1);
  expect(strays({ "portal/src/routes/polls.new.tsx": route, "portal/src/routes/polls.tsx": `words.need("polls")` }, app)).toEqual([]);
  expect(
    strays({ "portal/src/features/polls/Page.tsx": `formatMessage({ id: "polls.title" })`, "kit/src/why.tsx": `"why.not"` }, app),
  ).toEqual([]);
});
