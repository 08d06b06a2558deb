// Tests in a real Chromium against a running platform: tools/e2e starts both and gives their addresses. By hand:
//   make up, and beside it: npx playwright test --config web/e2e/playwright.config.ts
import { defineConfig } from "@playwright/test";

const ci = process.env["PORTAL_ORIGIN"] !== undefined;

export default defineConfig({
  outputDir: "results",
  reporter: ci ? "dot" : "line", // dots leave room for the failures in a log that is cut
  forbidOnly: ci,
  retries: ci ? 1 : 0, // of some 800 tests; one that needs it is reported as flaky, with its first failure
  workers: 2,
  timeout: 120_000, // milliseconds, and 15 s for one thing to appear: a loaded machine is slow, not wrong
  expect: { timeout: 15_000 },
  use: {
    baseURL: process.env["PORTAL_ORIGIN"] ?? "http://aef.localhost:8080",
    launchOptions: {
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        `--host-resolver-rules=MAP *.localhost ${process.env["LOCALHOST"] ?? "127.0.0.1"}`,
      ],
    },
    trace: "off",
    screenshot: "only-on-failure",
  },
  projects: [
    { name: "sign-in", testDir: ".", testMatch: "sign-in.setup.ts" },
    { name: "pages", testDir: "pages", dependencies: ["sign-in"], fullyParallel: true },
    { name: "journeys", testDir: "journeys", dependencies: ["sign-in"], fullyParallel: true },
  ],
});
