// The parts of the pages, apart from the pages: the routes check addresses with them before a page is loaded.
export const accessTabs = ["decision", "exceptions", "ending"] as const;
export type AccessTab = (typeof accessTabs)[number];

/** The logs of which the journal is made. */
export const sources = ["access", "portal", "voting", "events", "activity", "gamification"] as const;
export type Source = (typeof sources)[number];

/** How applications to become a member stand. */
export const applicationStatuses = ["pending", "approved", "rejected", "withdrawn"] as const;
export type ApplicationStatus = (typeof applicationStatuses)[number];

/** How invitations by mail stand. */
export const invitationStatuses = ["sent", "expired", "accepted", "revoked"] as const;
export type InvitationStatus = (typeof invitationStatuses)[number];
