// The parts of the page, apart from the page: the route checks an address with them before the page is loaded.
export const services = ["portal", "voting", "access", "identity", "bff"] as const;
export type Service = (typeof services)[number];

export const parts = ["clients", ...services, "codes", "events"] as const;
export type Part = (typeof parts)[number];
