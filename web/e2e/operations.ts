// Operations that no page calls, each with the reason. Every other operation that a person may call must be called by a page.
export const withoutPage: Record<string, string> = {
  // For programs
  "events receiveMail": "called by mail servers",
  "bff acceptLogoutToken": "called by the ID service",
  "identity getDiscovery": "for applications (OpenID Connect)",
  "identity getJWKS": "for applications (OpenID Connect)",
  "identity getOAuthJWKS": "for applications (OpenID Connect)",
  "identity getUserinfo": "for applications (OpenID Connect)",
  "identity postUserinfo": "for applications (OpenID Connect)",
  "identity issueToken": "for applications (OAuth 2.0)",
  "identity introspectToken": "for applications (OAuth 2.0)",
  "identity revokeToken": "for applications (OAuth 2.0)",
  "identity getMe": "asked by the gateway; pages get it with the session",
  "identity prepareAuthorization": "the server puts its answer into the page of the consent",
  // Addresses that the browser opens by itself
  "bff finishLogin": "where the ID service sends the browser back to",
  "bff openMagicLink": "the address in the mails; it leads to the page",
  "bff getTenantPicture": "the address of a picture",
  "portal getAttachmentContent": "the address of a file, in the post",
  "portal getAttachmentLink": "the address of a file, for players of videos",
  "portal getAvatar": "the address of a picture, in the profile",
  "events exportEvent": "the address of a file, linked on the event",
  "voting getImage": "the address of a picture, in the option",
  "voting exportResults": "the address of a file, linked on the results",
  "bff startLogin": "the address of the sign-in",
  // The server puts the answer into the page
  "identity getPreferences": "in the page from the start (boot); the account page reads getHostPreferences",
  "bff getCSRFToken": "fetched below the clients, when a cookie is missing (kit/api.ts)",
  // Kept for the former frontends; the pages use what replaced them
  "access createRole": "system administrators' form of createAdminRole",
  "access listRoles": "system administrators' form of listAdminRoles",
  "access createRoleBinding": "system administrators' form of createAdminRoleBinding",
  "access deleteRoleBinding": "system administrators' form of deleteAdminRoleBinding",
  "access getUserPermissions": "the page explains one decision at a time (explainUserDecision)",
  "access listAdminEvents": "replaced by listAudit",
  "portal addGroupMember": "pages invite: the person agrees first",
  "portal getGroupMember": "the list of members has it",
  "portal listProfiles": "pages use the directory (listPeople), which shows no private fields",
  "voting listPolls": "replaced by listMyPolls",
  "voting getPoll": "pages use getPollInfo, which has the poll and what the reader may do",
  "bff logoutAlias": "the same as logout",
  "access previewAdminRole":
    "the page shows at once, with each switch, who keeps what and through which role; the preview has numbers only",
  "portal listModules":
    "its answer is the same in every tenant: the four parts are always in use, so there is nothing to show or to switch",
  "voting castVote": "the page sends whole ballots (castBallot)",
  "voting revokeVote": "the page sends whole ballots (castBallot)",
};
