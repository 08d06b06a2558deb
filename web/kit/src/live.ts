// What servers send by themselves: server-sent events. One tab of a browser holds the connection, because a browser opens few to one host, and tells
// the others.

/** An event of a stream. */
export interface LiveEvent {
  name: string;
  data: Record<string, unknown>;
}

type Tell = (event: LiveEvent) => void;

const again = 30_000; // milliseconds before a connection that was refused is tried again; one that broke is opened anew by the browser

/** A stream of the events with these names. It is connected while at least one part of a page listens. */
export class LiveStream {
  readonly #path: string;
  readonly #names: readonly string[];
  readonly #listeners = new Set<Tell>();
  #end: (() => void) | undefined;

  constructor(path: string, names: readonly string[]) {
    this.#path = path;
    this.#names = names;
  }

  /** Listens, until the function that it returns is called. */
  listen(tell: Tell): () => void {
    const listener: Tell = (event) => tell(event); // the same function may listen twice
    this.#listeners.add(listener);
    this.#end ??= this.#connect();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#end?.();
      this.#end = undefined;
    };
  }

  #connect(): () => void {
    const lock = `live:${this.#path}`;
    const channel = new BroadcastChannel(lock);
    const ending = new AbortController();
    const tell: Tell = (event) => this.#listeners.forEach((listener) => listener(event));
    channel.addEventListener("message", (e: MessageEvent<LiveEvent>) => tell(e.data));
    const hold = () =>
      new Promise<void>((release) => {
        let source: EventSource;
        let retry: ReturnType<typeof setTimeout> | undefined;
        const open = () => {
          source = new EventSource(this.#path);
          for (const name of this.#names) {
            source.addEventListener(name, (e: MessageEvent<string>) => {
              const event: LiveEvent = { name, data: JSON.parse(e.data) };
              tell(event);
              channel.postMessage(event);
            });
          }
          source.addEventListener("error", () => {
            if (source.readyState === EventSource.CLOSED) retry = setTimeout(open, again);
          });
        };
        open();
        ending.signal.addEventListener("abort", () => {
          clearTimeout(retry);
          source.close();
          release();
        });
      });
    // Refused when it ends while another tab holds the connection.
    navigator.locks.request(lock, { signal: ending.signal }, hold).catch(() => undefined);
    return () => {
      ending.abort();
      channel.close();
    };
  }
}
