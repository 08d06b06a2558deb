// Writes which files each page needs beyond the entry, for the server to name them on the page (web/preload.go). The browser then fetches
// them beside the entry and not after it.
import { writeFileSync } from "node:fs";
import { folderOf, languages, readBuild } from "./build.mjs";

/** What the page of a signed-in user asks for first, exactly as its query writes it: another address is fetched twice, and a page test fails.
 * $id is that of the page's own address. */
const data = {
  "/": ["/api/v1/portal/posts?limit=20"],
  "/achievements": ["/api/v1/gamification/achievements?status=published&limit=100", "/api/v1/gamification/categories"],
  "/achievements/$id": ["/api/v1/gamification/achievements/$id"],
  "/c/$id": ["/api/v1/portal/groups/$id"],
  "/t/$id": ["/api/v1/portal/groups/$id"],
  "/communities": [
    "/api/v1/portal/me/groups?limit=100",
    "/api/v1/portal/me/invites?pending=true",
    "/api/v1/portal/me/join-requests?status=pending",
  ],
  "/events": ["/api/v1/portal/me/groups?limit=100"],
  "/people": ["/api/v1/portal/people?q=&limit=48", "/api/v1/portal/communities"],
  "/people/$id": ["/api/v1/portal/profiles/$id"],
  "/polls": ["/api/v1/voting/me/polls?phase=open&limit=20"],
  "/polls/$id": ["/api/v1/voting/polls/$id/info"],
  "/posts/$id": ["/api/v1/portal/posts/$id"],
};

/** The page that reads codes with the camera: the server lets no other document use it. */
const camera = "/events/$id/check-in";

for (const app of ["portal", "id"]) {
  const { pages, wordsOf } = readBuild(app);
  const filesBy = (of) => Object.fromEntries(languages.map((language) => [language, of(language)]));
  if (app === "portal" && !pages.some(({ path }) => path === camera)) throw new Error(`there is no page ${camera}`);
  const fixedFirst = (a, b) => a.path.split("$").length - b.path.split("$").length || a.path.localeCompare(b.path);
  writeFileSync(
    `${folderOf(app)}.vite/preload.json`,
    JSON.stringify({
      pages: pages.toSorted(fixedFirst).map(({ path, parts, files }) => ({
        path,
        files: filesBy((l) => [...files, ...wordsOf(l, parts)]),
        data: data[path] ?? [],
        camera: path === camera,
      })),
      others: filesBy((l) => wordsOf(l, ["core"])),
    }),
  );
}
