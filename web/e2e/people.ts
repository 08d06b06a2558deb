// The people of the demo data (identity/demo.go), and where they sign in.
export const password = "updspace-demo";
/** The tenant of the demo data, and its neighbour. */
export const portalOrigin = process.env["PORTAL_ORIGIN"] ?? "http://aef.localhost:8080";
export const gamingOrigin = portalOrigin.replace("//aef.", "//gaming.");
export const idOrigin = process.env["ID_ORIGIN"] ?? "http://id.localhost:8001";

export const people = {
  admin: "admin@aef.test",
  member: "member@aef.test",
  second: "second@aef.test",
  root: "root@updspace.test",
} as const;

export type Role = keyof typeof people;

/** The names that others see. */
export const names: Record<Role, string> = { admin: "Ada Admin", member: "Mika Member", second: "Sasha Second", root: "Robin Root" };

/** Where the browser state of a signed-in person is kept. */
export const stateOf = (role: Role) => new URL(`.state/${role}.json`, import.meta.url).pathname;
