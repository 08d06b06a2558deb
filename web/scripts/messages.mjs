// Compiles messages/*.json of each frontend, together with those of the kit, into src/words/*.json: ASTs, so that no parser is
// shipped, in the parts that parts.mjs names. The page tests also get en-XA, English with longer and accented words, which no source
// imports, so that no build has it. `--check` verifies the sources instead: every key in both languages, the same structure,
// every key used, and each part named only where it is loaded.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parts, split, strays } from "./parts.mjs";

const web = fileURLToPath(new URL("..", import.meta.url));
const formatjs = fileURLToPath(new URL("../../node_modules/.bin/formatjs", import.meta.url));
const run = (...args) => execFileSync(formatjs, args, { cwd: web, stdio: ["ignore", "ignore", "inherit"] });
const frontends = ["portal", "id"];

/** The words that are compiled: from which messages, and how. */
const compiled = {
  en: { from: "en", how: [] },
  ru: { from: "ru", how: [] },
  "en-XA": { from: "en", how: ["--pseudo-locale", "en-XA"] },
};

/** The sources of a folder by their path in web/. */
function sources(folder) {
  const files = readdirSync(web + folder, { withFileTypes: true, recursive: true })
    .filter((f) => f.isFile() && /\.tsx?$/.test(f.name) && !f.parentPath.includes("node_modules"))
    .map((f) => `${f.parentPath}/${f.name}`);
  return Object.fromEntries(files.map((path) => [path.slice(web.length), readFileSync(path, "utf8")]));
}

/** Keys that no source names. Keys that are put together at run time are named in the source by their beginning: `error.${code}`. */
function unused(part) {
  const others = part === "kit" ? frontends : ["kit"]; // the kit names keys of frontends by their beginning, such as error.CODE
  const text = [part, ...others].flatMap((p) => Object.values(sources(`${p}/src`))).join("\n");
  const beginnings = [...text.matchAll(/[`"']([a-z][\w.]*\.)\$\{/g)].map((m) => m[1]);
  const keys = Object.keys(JSON.parse(readFileSync(`${web}/${part}/messages/en.json`, "utf8")));
  return keys.filter((k) => !text.includes(`"${k}"`) && !text.includes(`\`${k}\``) && !beginnings.some((b) => k.startsWith(b)));
}

if (process.argv.includes("--check")) {
  let failed = false;
  for (const part of ["kit", ...frontends]) {
    run("verify", "--source-locale", "en", "--missing-keys", "--extra-keys", "--structural-equality", `${part}/messages/*.json`);
    for (const key of unused(part)) {
      console.error(`${part}/messages: no source uses ${key}`);
      failed = true;
    }
  }
  for (const app of frontends) {
    const own = Object.entries({ ...sources("kit/src"), ...sources(`${app}/src`) }).filter(
      ([path]) => !/\.test\.tsx?$|routeTree/.test(path),
    );
    for (const stray of strays(Object.fromEntries(own), parts[app])) {
      console.error(`web/${stray}`);
      failed = true;
    }
  }
  if (failed) process.exit(1);
} else {
  for (const app of frontends) {
    const folder = `${web}${app}/src/words`;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const [language, { from, how }] of Object.entries(compiled)) {
      const files = ["kit", app].map((part) => `${part}/messages/${from}.json`);
      const all = `${folder}/all.json`;
      run("compile", ...files, "--ast", "--format", "simple", ...how, "--out-file", all);
      for (const [part, messages] of Object.entries(split(JSON.parse(readFileSync(all, "utf8")), parts[app])))
        writeFileSync(`${folder}/${language}.${part}.json`, JSON.stringify(messages));
      rmSync(all);
    }
  }
}
