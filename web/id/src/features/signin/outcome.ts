/** How a sign-in with another service has gone on: the server writes it into the address of the page. */
export interface Outcome {
  error?: string;
  provider?: string;
  /** A second step is to follow. */
  second: boolean;
}

export function outcomeOf(search: string): Outcome {
  const query = new URLSearchParams(search);
  const word = (name: string) => query.get(name)?.match(/^[A-Za-z0-9_-]{1,64}$/)?.[0];
  const [error, provider] = [word("sign_in_error"), word("provider")];
  return { ...(error !== undefined && { error }), ...(provider !== undefined && { provider }), second: query.get("step") === "second" };
}
