// Tests: *.test.ts and *.test.mjs in Node, *.test.tsx in a real Chromium.
import react from "@vitejs/plugin-react";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";

const resolve = {
  alias: { "@formatjs/icu-messageformat-parser": "@formatjs/icu-messageformat-parser/no-parser.js" },
  dedupe: ["react", "react-dom"],
};

export default defineConfig({
  test: {
    projects: [
      { resolve, test: { name: "rules", include: ["**/*.test.{ts,mjs}"], exclude: ["**/node_modules/**"], environment: "node" } },
      {
        plugins: [react()],
        resolve,
        test: {
          name: "components",
          include: ["**/*.test.tsx"],
          exclude: ["**/node_modules/**"],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: ["--no-sandbox"] },
            }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
    ],
  },
});
