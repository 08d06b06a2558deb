// Passkeys of the browser. What speaks WebAuthn is loaded when it is first used.
import type { identity as api } from "@updspace/api";
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/browser";

export type Options = api.components["schemas"]["PasskeyOptions"];
export type Credential = api.components["schemas"]["PasskeyCredential"];

const library = () => import("@simplewebauthn/browser");

/** The person has closed the question of the browser, or the browser has no passkey to show. */
export class PasskeyCancelled extends Error {}

async function asked<T extends object>(call: Promise<T>): Promise<Credential> {
  try {
    return Object.fromEntries(Object.entries(await call));
  } catch (e) {
    if (e instanceof Error && ["NotAllowedError", "AbortError", "InvalidStateError"].includes(e.name)) throw new PasskeyCancelled();
    throw e;
  }
}

/** Makes a passkey. The options are the server's, in the form of WebAuthn. */
export async function createPasskey(options: Options): Promise<Credential> {
  const { startRegistration } = await library();
  return asked(startRegistration({ optionsJSON: options["publicKey"] as PublicKeyCredentialCreationOptionsJSON }));
}

/** Shows a passkey that the person chooses. */
export async function showPasskey(options: Options): Promise<Credential> {
  const { startAuthentication } = await library();
  return asked(startAuthentication({ optionsJSON: options["publicKey"] as PublicKeyCredentialRequestOptionsJSON }));
}

/** Offers passkeys in the field for the e-mail address; undefined when the browser cannot, or nothing was chosen. */
export async function passkeyFromField(begin: () => Promise<Options>): Promise<Credential | undefined> {
  const { browserSupportsWebAuthnAutofill, startAuthentication } = await library();
  if (!(await browserSupportsWebAuthnAutofill())) return undefined;
  const options = (await begin())["publicKey"] as PublicKeyCredentialRequestOptionsJSON;
  const chosen: AuthenticationResponseJSON | undefined = await startAuthentication({
    optionsJSON: options,
    useBrowserAutofill: true,
  }).catch(() => undefined);
  return chosen && { ...chosen };
}

/** Ends what passkeyFromField began. */
export async function stopOffering(): Promise<void> {
  (await library()).WebAuthnAbortService.cancelCeremony();
}
