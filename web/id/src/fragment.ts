// The token of a mailed link. It stands in the fragment of the address, which browsers send to no server.

/** The token behind a name, or without one, as in #undo=TOKEN and #TOKEN. */
export function tokenOf(hash: string, name = ""): string {
  const prefix = name && `${name}=`;
  const text = hash.replace(/^#/, "");
  return text.startsWith(prefix) ? text.slice(prefix.length) : "";
}
