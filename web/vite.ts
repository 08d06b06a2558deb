// What both frontends' Vite configurations share.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import optimizeLocales from "@react-aria/optimize-locales-plugin";
import { tanstackRouter } from "@tanstack/router-plugin/vite";
import react from "@vitejs/plugin-react";
import type { Plugin, UserConfig } from "vite";

/** In development the page comes from Vite, and what the server says on it (the {{actions}} of index.html) from the running platform. */
function serverPage(upstream: string): Plugin {
  return {
    name: "updspace-server-page",
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        if (!request.headers.accept?.includes("text/html")) return next();
        const { cookie = "", host = "" } = request.headers;
        const headers = {
          accept: "text/html",
          cookie,
          host: host.replace(/:\d+$/, new URL(upstream).port ? `:${new URL(upstream).port}` : ""),
        };
        const fill = async () => {
          const theirs = await (await fetch(upstream + (request.url ?? "/"), { headers })).text();
          const boot = /id="boot">(.*?)<\/script>/s.exec(theirs)?.[1] ?? "{}";
          const { lang, theme, tenant } = JSON.parse(boot);
          const values: Record<string, string> = {
            Lang: lang,
            Theme: theme,
            Title: tenant?.name ?? "UpdSpace",
            Boot: boot,
            Hue: String(tenant?.hue ?? 27),
            Chroma: String(tenant?.chroma ?? 0.16),
          };
          const ours = readFileSync(`${server.config.root}/index.html`, "utf8").replace(
            /\{\{\.(\w+)\}\}/g,
            (_, name: string) => values[name] ?? "",
          );
          response.setHeader("Content-Type", "text/html");
          response.end(await server.transformIndexHtml(request.url ?? "/", ours));
        };
        fill().catch(next);
      });
    },
  };
}

/** What every page loads at its start is one chunk instead of sixty: smaller together, and one request. main.tsx itself stays apart: it
 * waits for the route's chunk, which waits for this one. */
const start = { name: "start", tags: ["$initial" as const], test: (id: string) => !/\/(src\/(main\.tsx|early\.ts)|index\.html)$/.test(id) };

/** The first formatter, and the first question for a supported language, make a browser list the languages of all its data: a tenth of a second
 * on a phone. Libraries ask it of each language that they are given; ours are supported everywhere, and the sign-in formats nothing. */
const knownLocales: Plugin = {
  name: "updspace-known-locales",
  apply: "build",
  transform: {
    filter: { id: /\/(react-aria\/dist\/private\/i18n\/useDefaultLocale\.mjs|@formatjs\/intl\/index\.js|intl-messageformat\/index\.js)$/ },
    handler(code, id) {
      const cheap = code.replace(/Intl\.(?:DateTime|Number)Format\.supportedLocalesOf\(/g, "Intl.getCanonicalLocales(");
      if (cheap === code) this.error(`${id} asks for no supported languages any more`);
      return { code: cheap, map: null };
    },
  },
};

/** A script that waits for no other: portal/src/early.ts. Scripts that index.html names itself become one. */
const early: Plugin = {
  name: "updspace-early",
  transformIndexHtml: {
    order: "post",
    handler: (_, { bundle }) => {
      const chunk = Object.values(bundle ?? {}).find((file) => file.type === "chunk" && file.name === "early");
      return (
        chunk && [
          { tag: "script", attrs: { type: "module", async: true, fetchpriority: "high", crossorigin: true, src: `/${chunk.fileName}` } },
        ]
      );
    },
  },
};

/** The icons that several pages use are one chunk: a request for each would cost more than its bytes. */
const icons = { name: "icons", minShareCount: 2, test: /lucide-react/ };

/** The configuration of the frontend in web/<name>, which is served at the port `upstream` in production. */
export function frontend(name: "portal" | "id", upstream: string): UserConfig {
  const root = fileURLToPath(new URL(name, import.meta.url));
  return {
    root,
    plugins: [
      { ...optimizeLocales.vite({ locales: ["en-US", "ru-RU"] }), enforce: "pre" as const },
      tanstackRouter({
        target: "react",
        autoCodeSplitting: true,
        codeSplittingOptions: { defaultBehavior: [["loader", "component"], ["errorComponent"], ["notFoundComponent"]] },
        quoteStyle: "double",
        semicolons: true,
      }),
      react(),
      knownLocales,
      early,
      serverPage(upstream),
    ],
    resolve: {
      alias: [
        { find: "@formatjs/icu-messageformat-parser", replacement: "@formatjs/icu-messageformat-parser/no-parser.js" },
        { find: /^use-sync-external-store\/shim(\/index\.js)?$/, replacement: "react" }, // which has the hook since its version 18
      ],
      dedupe: ["react", "react-dom", "openapi-fetch"],
    },
    build: {
      outDir: fileURLToPath(new URL(`dist/${name}`, import.meta.url)),
      emptyOutDir: true,
      target: "baseline-widely-available",
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      manifest: true,
      license: true,
      rolldownOptions: {
        input: { index: `${root}/index.html`, ...(name === "portal" && { early: `${root}/src/early.ts` }) },
        output: { codeSplitting: { groups: [start, icons] } },
      },
    },
    server: { host: "127.0.0.1", port: 5173, allowedHosts: true, proxy: { "^/(api|oauth)/": { target: upstream, changeOrigin: false } } },
  };
}
