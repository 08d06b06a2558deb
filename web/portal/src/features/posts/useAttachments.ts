import { useRef, useState } from "react";
import { deleteAttachment, uploadAttachment, type Attachment } from "./queries.ts";

/** A file on its way, or one that did not arrive. */
export interface Upload {
  key: string;
  file: File;
  sent: number;
  error?: unknown;
}

export const maxAttachments = 10;
export const maxBytes = 10 * 1024 * 1024;

/** The files of a post that is being written. `onAdded` gets each file that has arrived. */
export function useAttachments(onAdded: (attachment: Attachment) => void) {
  const [uploads, setUploads] = useState<Upload[]>([]);
  const running = useRef(new Map<string, AbortController>());
  const change = (key: string, part: Partial<Upload>) => setUploads((all) => all.map((u) => (u.key === key ? { ...u, ...part } : u)));
  const forget = (key: string) => {
    running.current.get(key)?.abort();
    running.current.delete(key);
    setUploads((all) => all.filter((u) => u.key !== key));
  };
  const begin = async (key: string, file: File) => {
    const stop = new AbortController();
    running.current.set(key, stop);
    try {
      const attachment = await uploadAttachment(file, (sent) => change(key, { sent }), stop.signal);
      forget(key);
      onAdded(attachment);
    } catch (error) {
      if (!stop.signal.aborted) change(key, { error });
    }
  };
  return {
    uploads,
    busy: uploads.some((u) => u.error === undefined),
    add: (files: readonly File[]) => {
      const fresh = files.map((file) => ({ key: crypto.randomUUID(), file, sent: 0 }));
      setUploads((all) => [...all, ...fresh]);
      for (const u of fresh) void begin(u.key, u.file);
    },
    again: (u: Upload) => {
      setUploads((all) => all.map((o) => (o.key === u.key ? { key: u.key, file: u.file, sent: 0 } : o)));
      void begin(u.key, u.file);
    },
    forget,
    /** Deletes a file that is in no post yet; the server forgets it in a day anyway. */
    discard: (attachment: Attachment) => void deleteAttachment(attachment.id).catch(() => undefined),
  };
}
