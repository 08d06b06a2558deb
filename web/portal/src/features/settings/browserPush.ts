// Subscribing this browser to messages (Push API, W3C).

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): { createScriptURL(url: string): unknown };
}

const worker = "/push-worker.js";
let trusted: string | undefined;

function workerURL(): string {
  const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes; // not in TypeScript's DOM library
  trusted ??= types ? (types.createPolicy("push-worker", { createScriptURL: () => worker }).createScriptURL(worker) as string) : worker;
  return trusted;
}

/** Whether this browser can get messages at all. */
export const canPush = () => "serviceWorker" in navigator && "PushManager" in globalThis && "Notification" in globalThis;

export class PushRefused extends Error {}

/** Asks the person, and subscribes this browser with the key of the tenant. */
export async function subscribe(key: string): Promise<{ endpoint: string; p256dh: string; auth: string }> {
  if ((await Notification.requestPermission()) !== "granted") throw new PushRefused();
  const registration = await navigator.serviceWorker.register(workerURL());
  await navigator.serviceWorker.ready;
  const { endpoint = "", keys } = (await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })).toJSON();
  return { endpoint, p256dh: keys?.["p256dh"] ?? "", auth: keys?.["auth"] ?? "" };
}

/** What to call this browser: "Firefox, Linux". */
export function browserName(agent = navigator.userAgent): string {
  const found = (names: string[]) => names.find((n) => agent.includes(n));
  const browser = found(["Firefox", "Edg", "OPR", "Chrome", "Safari"]) ?? "";
  const system = found(["Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"]) ?? "";
  return [browser === "Edg" ? "Edge" : browser === "OPR" ? "Opera" : browser, system].filter((word) => word !== "").join(", ");
}
