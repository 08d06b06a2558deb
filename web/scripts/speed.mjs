// Opens pages as a phone on a slow line does and says how long they took: tools/bench gives the pages on standard input, as JSON, and
// reads one JSON document. Each page is opened cold, in a browser that has nothing of it, and then once more, warm.
import { json } from "node:stream/consumers";
import { chromium } from "playwright";

const line = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 }; // ms, bytes/s
const slowdown = 4; // of the processor
const phone = { width: 390, height: 844 };

/** Runs in each page before its own scripts. */
function observe() {
  const seen = { lcp: 0, largest: "", shift: 0, press: 0, pressed: false };
  window.speed = seen;
  const watch = (type, each, options) =>
    new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true, ...options });
  watch("largest-contentful-paint", (e) => {
    seen.lcp = e.startTime;
    const place = e.element?.closest("[class]")?.getAttribute("class");
    seen.largest = e.element ? e.element.localName + (place ? ` (${place})` : "") : "gone";
  });
  watch("layout-shift", (e) => {
    if (!e.hadRecentInput) seen.shift += e.value; // all of them, not only those of the worst window: never less than CLS
  });
  const pressed = (e) => (seen.press = Math.max(seen.press, e.duration));
  watch("event", (e) => e.interactionId && pressed(e), { durationThreshold: 16 });
  watch("first-input", (e) => {
    pressed(e);
    seen.pressed = true;
  });
}

/** Resolves when the page has nothing left to do and has painted what it did. Without a frame before it an idle page may never call back. */
const idle = () =>
  new Promise((done) => {
    const frame = requestAnimationFrame;
    frame(() => requestIdleCallback(() => frame(() => frame(done))));
  });

async function visit(context, { url, shown }) {
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.emulateNetworkConditions", line);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  await page.addInitScript(observe);
  const answer = await page.goto(url);
  if (answer?.headers()["x-frontend"] === "missing") throw new Error("the frontends are not built: make web");
  await page.locator(shown).first().waitFor();
  await page.waitForLoadState("networkidle");
  await page.evaluate(idle);
  const measured = await page.evaluate(() => {
    const loaded = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
    const { lcp, largest, shift } = window.speed;
    return { lcp, largest, shift, requests: loaded.length, bytes: loaded.reduce((sum, r) => sum + r.transferSize, 0) };
  });
  if (measured.lcp === 0) throw new Error(`${url}: the browser told of no largest paint`);
  return { page, measured };
}

/** Presses a button and gives how long the next paint took, in ms. */
async function press(page, { press: button, opens }) {
  await page.locator(button).first().click();
  await page.locator(opens).first().waitFor();
  await page.waitForFunction(() => window.speed.pressed);
  await page.evaluate(idle);
  return page.evaluate(() => window.speed.press);
}

async function measure(browser, page) {
  const context = await browser.newContext({ viewport: phone, locale: "en-GB" });
  await context.addCookies(page.cookies.map((c) => ({ ...c, url: new URL(page.url).origin })));
  const cold = await visit(context, page);
  await cold.page.close();
  const warm = await visit(context, page);
  const pressed = await press(warm.page, page);
  await context.close();
  return { name: page.name, cold: cold.measured, warm: warm.measured, press: pressed };
}

const { executable, pages } = await json(process.stdin);
const browser = await chromium.launch({
  executablePath: executable,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    `--host-resolver-rules=MAP *.localhost ${process.env["LOCALHOST"] ?? "127.0.0.1"}`,
  ],
});
try {
  const results = [];
  for (const page of pages) results.push(await measure(browser, page));
  console.log(JSON.stringify(results));
} finally {
  await browser.close();
}
