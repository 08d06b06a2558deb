import { useRef } from "react";
import { QueryClient, replaceEqualDeep, useMutation, useQueryClient, type QueryKey } from "@tanstack/react-query";
import { toast } from "@updspace/ui/Toast";
import { ApiError, isTransient } from "./answer.ts";

const fresh = 30_000; // milliseconds

let tabs: BroadcastChannel | undefined;

/** What a person sees in one tab follows what the person does in another. */
export function newQueryClient(): QueryClient {
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: "always", // offline a page says so at once, instead of waiting without a word
        refetchOnReconnect: true,
        staleTime: fresh,
        retry: (count, error) => count < 2 && isTransient(error),
        throwOnError: (e) => !(e instanceof ApiError),
      },
      mutations: { networkMode: "always", retry: (count, error) => count < 1 && isTransient(error) },
    },
  });
  tabs ??= new BroadcastChannel("updspace-stale");
  tabs.addEventListener("message", ({ data }: MessageEvent<QueryKey[]>) => {
    for (const queryKey of data) void client.invalidateQueries({ queryKey });
  });
  return client;
}

/** What a write sends with it: the id makes a repeated create return its first result. */
export type WriteHeaders = { "X-Request-Id": string };

interface Action<V, R> {
  run: (input: V, headers: WriteHeaders) => Promise<R>;
  /** The beginnings of the query keys that the write makes stale. */
  stale?: readonly QueryKey[];
  /** The sentence that says it went right. */
  done?: string | ((result: R) => string);
  onDone?: (result: R, input: V) => void;
}

/** A write. The request id is made when the person acts, so every repetition of the call is the same request; so is acting once more
 * with the same input after a failure, since the first attempt may have arrived. */
export function useAction<V = void, R = unknown>({ run, stale = [], done, onDone }: Action<V, R>) {
  const client = useQueryClient();
  const failed = useRef<{ input: V; id: string }>(undefined);
  const mutation = useMutation<R, Error, { input: V; id: string }>({
    mutationFn: ({ input, id }) => run(input, { "X-Request-Id": id }),
    onError: (_, { input, id }) => {
      failed.current = { input, id };
    },
    onSuccess: async (result, { input }) => {
      failed.current = undefined;
      const text = typeof done === "function" ? done(result) : done;
      if (text !== undefined) toast(text);
      onDone?.(result, input);
      tabs?.postMessage(stale);
      await Promise.all(stale.map((queryKey) => client.invalidateQueries({ queryKey })));
    },
  });
  return {
    start: (input: V) => {
      const before = failed.current;
      // The former input comes back when both are equal; another file is another input.
      const again = before !== undefined && replaceEqualDeep(before.input, input) === before.input;
      mutation.mutate({ input, id: again ? before.id : crypto.randomUUID() });
    },
    pending: mutation.isPending,
    error: mutation.error,
    reset: mutation.reset,
  };
}
