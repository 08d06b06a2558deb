// What happens when the session has ended elsewhere: nothing that was written is lost. Calls that got a 401 wait until the person has
// signed in again in a pop-up, and are then sent once more with the same request ids.

/** The name of the channel on which the page that ends a sign-in says so. */
export const signedInChannel = "updspace-signed-in";

let ask: (() => Promise<boolean>) | undefined;
let asking: Promise<boolean> | undefined;

/** Sets how to ask. The shell of a signed-in person does; without it a 401 is an ordinary error. */
export function onSessionEnded(how: (() => Promise<boolean>) | undefined): void {
  ask = how;
}

/** Asks the person to sign in again, once for all calls that wait. False when they would not, or were never signed in. */
export async function signInAgain(): Promise<boolean> {
  if (!ask) return false;
  asking ??= ask().finally(() => (asking = undefined));
  return asking;
}

/** Resolves when another window says that the person has signed in. */
export function signedInElsewhere(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const channel = new BroadcastChannel(signedInChannel);
    const done = () => {
      channel.close();
      resolve();
    };
    channel.addEventListener("message", done);
    signal.addEventListener("abort", done);
  });
}

/** Tells the other windows of this browser that the person has signed in. */
export function announceSignIn(): void {
  const channel = new BroadcastChannel(signedInChannel);
  channel.postMessage("signed-in");
  channel.close();
}
