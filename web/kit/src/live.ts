// What servers send by themselves: server-sent events. One tab of a browser holds the connection, because a browser opens few to one host, and tells
// the others.

/** An event of a stream. */
export interface LiveEvent {
  name: string;
  data: Record<string, unknown>;
}

const again = 30_000; // milliseconds before a connection that was refused is tried again; one that broke is opened anew by the browser

/** Listens to the events with these names. Returns what ends it. */
export function listen(path: string, names: readonly string[], tell: (event: LiveEvent) => void): () => void {
  const channel = new BroadcastChannel(`live:${path}`);
  const ending = new AbortController();
  channel.addEventListener("message", (e: MessageEvent<LiveEvent>) => tell(e.data));
  const hold = () =>
    new Promise<void>((release) => {
      let source: EventSource;
      let retry: ReturnType<typeof setTimeout> | undefined;
      const open = () => {
        source = new EventSource(path);
        for (const name of names) {
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
  navigator.locks.request(`live:${path}`, { signal: ending.signal }, hold).catch(() => undefined);
  return () => {
    ending.abort();
    channel.close();
  };
}
