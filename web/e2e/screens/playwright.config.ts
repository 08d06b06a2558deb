// The pictures of the README, which no test run takes: `make screens`.
import { defineConfig } from "@playwright/test";
import tests from "../playwright.config.ts";

export default defineConfig({
  ...tests,
  testDir: "..",
  outputDir: "../results",
  projects: [
    { name: "sign-in", testMatch: "sign-in.setup.ts" },
    { name: "screens", testMatch: "screens/*.spec.ts", dependencies: ["sign-in"], fullyParallel: true },
  ],
});
