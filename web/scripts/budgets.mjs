// Fails when the first load of a page is heavier than it may be (gzip, level 9) or needs a longer chain of requests. Part of a build.
// A first load is the entry, the route that is opened, and what both import at once; with the messages of one language that the route needs.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { folderOf, readBuild } from "./build.mjs";

const kB = 1000;

// Limits in kB. Pages are the files of src/routes; those of web/id that need no router are files of src.
const limits = {
  portal: {
    css: 15,
    pages: {
      "index.tsx": 195,
      "communities.index.tsx": 195,
      "c.$id.index.tsx": 195,
      "posts.$id.tsx": 195,
      "people.index.tsx": 195,
      "polls.$id.index.tsx": 240,
      "polls.new.tsx": 240,
      "manage.roles.$id.tsx": 240,
    },
  },
  id: { css: 15, pages: { "features/signin/SignIn.tsx": 150, "features/consent/ConsentPage.tsx": 150 } },
};

let failed = false;
const say = (ok, text) => {
  console.log(`${ok ? "  " : "! "}${text}`);
  if (!ok) failed = true;
};

for (const [app, limit] of Object.entries(limits)) {
  const { first, pages, wordsOf } = readBuild(app);
  const text = (file) => readFileSync(folderOf(app) + file);
  const size = (files) => files.reduce((sum, file) => sum + gzipSync(text(file), { level: 9 }).length, 0) / kB;
  const index = text("index.html").toString();
  const preload = JSON.parse(text(".vite/preload.json"));
  for (const [name, most] of Object.entries(limit.pages)) {
    const page = pages.find((p) => p.name === name);
    if (!page) {
      say(false, `${app} ${name}: no such page in the build`);
      continue;
    }
    const files = [...first, ...page.files, ...wordsOf("ru", page.parts)];
    const js = size(files.filter((file) => file.endsWith(".js")));
    const css = size(files.filter((file) => file.endsWith(".css")));
    say(js <= most, `${app} ${name}: ${js.toFixed(1)} kB of JavaScript, at most ${most}`);
    say(css <= limit.css, `${app} ${name}: ${css.toFixed(1)} kB of CSS, at most ${limit.css}`);
    // The page, its files, its data: three requests in a chain, as long as the page names all of its files.
    const named = preload.pages.find((p) => p.path === page.path).files.ru;
    const late = files.filter((file) => !index.includes(`/${file}"`) && !named.includes(file));
    say(late.length === 0, `${app} ${name}: ${late.length === 0 ? "the page names all of its files" : `found late: ${late.join(", ")}`}`);
  }
}
process.exit(failed ? 1 : 0);
