// What a build consists of, read from Vite's manifest: which files the first view of a page needs.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { partsOfRoute } from "./parts.mjs";

const web = fileURLToPath(new URL("../", import.meta.url));
export const languages = ["en", "ru"];
export const folderOf = (app) => `${web}dist/${app}/`;

/** The pages of web/id that need no router, by address: src/pages.ts. */
function plainPages(app) {
  const file = `${web}${app}/src/pages.ts`;
  if (!existsSync(file)) return [];
  const found = readFileSync(file, "utf8").matchAll(/"(\/[^"]*)": async \(\) => \(await import\("\.\/([^"]+)"\)/g);
  return [...found].map(([, path, source]) => ({ name: source, path, keys: [`src/${source}`] }));
}

// The component of a route, and its loader if it has one: vite.ts puts them in one chunk.
const page = /^src\/routes\/(.+)\.tsx\?tsr-split=component(---loader)?$/;

/** The address of a route file: polls.$id.index is /polls/$id. */
const addressOf = (name) => `/${name.replace(/(^|\.)index$/, "").replaceAll(".", "/")}`;

/** The pages with a route file, with the components of their parents. */
function routedPages(manifest) {
  const keyOf = new Map(Object.keys(manifest).flatMap((key) => (page.test(key) ? [[page.exec(key)[1], key]] : [])));
  const names = [...keyOf.keys()];
  const router = "src/router.tsx" in manifest ? ["src/router.tsx"] : [];
  return names
    .filter((name) => !names.includes(`${name}.index`))
    .map((name) => {
      const segments = name.split(".");
      const line = segments.flatMap((_, i) => keyOf.get(segments.slice(0, i + 1).join(".")) ?? []);
      return { name: `${name}.tsx`, path: addressOf(name), keys: [...router, ...line] };
    });
}

/** A build: its manifest, and for each page its name, address (with $ for what varies), own files and message parts. */
export function readBuild(app) {
  const manifest = JSON.parse(readFileSync(`${folderOf(app)}.vite/manifest.json`, "utf8"));
  const source = (file) => {
    const path = `${web}${app}/src/routes/${file}`;
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
  };
  /** The files of chunks and of all that they import at once. */
  const filesOf = (keys) => {
    const seen = new Set();
    const add = (key) => {
      if (seen.has(key)) return;
      seen.add(key);
      (manifest[key].imports ?? []).forEach(add);
    };
    keys.forEach(add);
    return [...new Set([...seen].flatMap((key) => [manifest[key].file, ...(manifest[key].css ?? [])]))];
  };
  const first = filesOf(["index.html"]);
  const wordsOf = (language, parts) => parts.map((part) => manifest[`src/words/${language}.${part}.json`].file);
  const pages = [...plainPages(app), ...routedPages(manifest)].map(({ name, path, keys }) => ({
    name,
    path,
    parts: ["core", ...partsOfRoute(name, source)],
    files: filesOf(keys).filter((file) => !first.includes(file)),
  }));
  return { first, pages, wordsOf };
}
