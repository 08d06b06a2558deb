/** The views of the feed, as they stand in the address. Without one, the posts are shown whole. */
export const feedKinds = ["news", "all", "polls", "events", "badges", "people"] as const;

export type FeedKind = (typeof feedKinds)[number];
