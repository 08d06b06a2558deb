import { useState } from "react";

import { useAction, type WriteHeaders } from "./queries.ts";

/** What the services accept. */
export const pictureTypes = ["image/png", "image/jpeg", "image/gif", "image/webp"];
const maxBytes = 5 * 1024 * 1024;

/** Sends a picture that a person chooses; `sent` is how much of it has gone, from 0 to 1. */
export function usePictureUpload<R>(
  send: (file: File, headers: WriteHeaders, progress: (sent: number) => void) => Promise<R>,
  onSent: (stored: R) => void,
) {
  const [sent, setSent] = useState(0);
  const [wrong, setWrong] = useState<"type" | "size">();
  const upload = useAction({
    // Time and size tell one file from another: a different file is a different request.
    run: ({ file }: { file: File; modified: number; size: number }, headers) => send(file, headers, setSent),
    onDone: onSent,
  });
  return {
    sent,
    wrong,
    pending: upload.pending,
    error: upload.error,
    choose: (files: readonly File[]) => {
      const file = files.find((f) => pictureTypes.includes(f.type));
      const found = file === undefined ? "type" : file.size > maxBytes ? "size" : undefined;
      setWrong(found);
      setSent(0);
      upload.reset();
      if (file && found === undefined) upload.start({ file, modified: file.lastModified, size: file.size });
    },
  };
}
