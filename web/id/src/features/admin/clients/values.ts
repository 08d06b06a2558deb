// What the form of an application holds, and what it sends.
import type { IntlShape } from "react-intl";
import * as v from "valibot";
import { rules } from "@updspace/kit/rules.ts";
import { algorithms, authMethods, scopes, type Client, type ClientRegistration } from "./queries.ts";

const longestName = 128;
const longestAddress = 2048;

const lines = (text: string): string[] => text.split("\n").flatMap((l) => l.trim() || []);

export function schema(intl: IntlShape) {
  const { text } = rules(intl);
  const keys = intl.formatMessage({ id: "admin.clients.jwks.wrong" });
  return v.object({
    name: text({ required: true, max: longestName }),
    client_id: v.string(),
    auth_method: v.picklist(authMethods),
    jwks: v.pipe(
      v.string(),
      v.check((s) => s.trim() === "" || keySet(s) !== undefined, keys),
    ),
    jwks_uri: text({ max: longestAddress }),
    redirect_uris: text({ required: true, max: 20 * longestAddress }),
    post_logout_redirect_uris: text({ max: 20 * longestAddress }),
    backchannel_logout_uri: text({ max: longestAddress }),
    origins: text({ max: 20 * longestAddress }),
    scopes: v.array(v.picklist(scopes)),
    algorithm: v.picklist(algorithms),
    pairwise: v.boolean(),
    pkce: v.boolean(),
    consent: v.boolean(),
  });
}

export type Values = v.InferOutput<ReturnType<typeof schema>>;

/** What the form shows of an application, or of a new one. */
export function valuesOf(c?: Client): Values {
  return {
    name: c?.name ?? "",
    client_id: "",
    auth_method: c?.auth_method ?? "client_secret",
    jwks: "",
    jwks_uri: c?.jwks_uri ?? "",
    redirect_uris: c?.redirect_uris.join("\n") ?? "",
    post_logout_redirect_uris: c?.post_logout_redirect_uris.join("\n") ?? "",
    backchannel_logout_uri: c?.backchannel_logout_uri ?? "",
    origins: c?.origins.join("\n") ?? "",
    // No scopes are all but the communities.
    scopes: scopes.filter((s) =>
      c === undefined ? s === "openid" || s === "profile" || s === "email" : c.scopes.length === 0 ? s !== "groups" : c.scopes.includes(s),
    ),
    algorithm: c?.algorithm ?? "ES256",
    pairwise: c?.subject_type === "pairwise",
    pkce: c === undefined || !c.pkce_optional,
    consent: c === undefined || !c.first_party,
  };
}

/** What is sent. Fields that the way to authenticate has no use for are left out or emptied. */
export function bodyOf(values: Values): Omit<ClientRegistration, "client_id"> {
  const keyed = values.auth_method === "private_key_jwt";
  const open = values.auth_method === "none";
  const jwks = keyed ? keySet(values.jwks) : undefined;
  return {
    name: values.name,
    auth_method: values.auth_method,
    redirect_uris: lines(values.redirect_uris),
    post_logout_redirect_uris: lines(values.post_logout_redirect_uris),
    backchannel_logout_uri: values.backchannel_logout_uri.trim(),
    origins: open ? lines(values.origins) : [],
    scopes: values.scopes,
    algorithm: values.algorithm,
    subject_type: values.pairwise ? "pairwise" : "public",
    pkce_optional: !open && !values.pkce,
    first_party: !values.consent,
    ...(jwks && { jwks }),
    ...(keyed && values.jwks_uri.trim() !== "" && { jwks_uri: values.jwks_uri.trim() }),
  };
}

/** A JWK set out of its text; undefined when it is none. */
function keySet(text: string): { keys: Record<string, unknown>[] } | undefined {
  try {
    const set: unknown = JSON.parse(text);
    return v.parse(v.object({ keys: v.array(v.record(v.string(), v.unknown())) }), set);
  } catch {
    return undefined;
  }
}
