// Fails when a frontend's first load is heavier than it may be (gzip, level 9) or needs a longer chain of requests. Run after a build.
// A first load is the entry, the route that is opened, and what both import at once; with the messages of one language that the route needs.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { partsOfRoute } from "./parts.mjs";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const kB = 1000;

// Limits in kB. Routes are the files of src/routes; the pages of web/id that need no router are files of src.
const limits = {
  portal: {
    css: 15,
    chain: 3,
    routes: {
      "index.tsx": 195,
      "communities.index.tsx": 195,
      "posts.$id.tsx": 195,
      "polls.$id.index.tsx": 240,
      "polls.new.tsx": 240,
      "manage.roles.$id.tsx": 240,
    },
  },
  id: {
    css: 15,
    chain: 3,
    routes: { "features/signin/SignIn.tsx": 150, "features/consent/ConsentPage.tsx": 150 },
  },
};

let failed = false;
const say = (ok, text) => {
  console.log(`${ok ? "  " : "! "}${text}`);
  if (!ok) failed = true;
};

for (const [app, limit] of Object.entries(limits)) {
  const manifest = JSON.parse(readFileSync(`${dist}${app}/.vite/manifest.json`, "utf8"));
  const size = (file) => gzipSync(readFileSync(`${dist}${app}/${file}`), { level: 9 }).length;

  /** All chunks that a chunk imports at once, and the styles of all. */
  const closure = (keys) => {
    const chunks = new Set();
    const add = (key) => {
      if (chunks.has(key)) return;
      chunks.add(key);
      (manifest[key].imports ?? []).forEach(add);
    };
    keys.forEach(add);
    return [...chunks].map((key) => manifest[key]);
  };
  const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
  const source = (file) => {
    const path = fileURLToPath(new URL(`../${app}/src/routes/${file}`, import.meta.url));
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
  };
  for (const [route, most] of Object.entries(limit.routes)) {
    const key = Object.keys(manifest).find((k) => k.startsWith(`src/routes/${route}`) || k === `src/${route}`);
    if (!key) {
      say(false, `${app} ${route}: no such route in the build`);
      continue;
    }
    const words = ["core", ...partsOfRoute(route, source)].map((part) => `src/words/ru.${part}.json`);
    const chunks = closure([entry, ...words, key]);
    const js = chunks.reduce((sum, c) => sum + size(c.file), 0) / kB;
    const css = [...new Set(chunks.flatMap((c) => c.css ?? []))].reduce((sum, file) => sum + size(file), 0) / kB;
    say(js <= most, `${app} ${route}: ${js.toFixed(1)} kB of JavaScript, at most ${most}`);
    say(css <= limit.css, `${app} ${route}: ${css.toFixed(1)} kB of CSS, at most ${limit.css}`);
  }
  // page -> entry -> route and words: nothing else stands between a visitor and the content
  say(limit.chain >= 3, `${app}: 3 requests in a chain, at most ${limit.chain}`);
}
process.exit(failed ? 1 : 0);
