// Sending a file with progress: fetch cannot tell how much of a body has gone, XMLHttpRequest can.
import { unreachable } from "./answer.ts";
import { gateway } from "./api.ts";

/** A `fetch` for one call of a client that reports how much of the body has gone, from 0 to 1. */
export function withProgress(progress: (sent: number) => void): (request: Request) => Promise<Response> {
  return (request) => gateway(request, (r) => send(r, progress));
}

async function send(request: Request, progress: (sent: number) => void): Promise<Response> {
  const body = await request.blob();
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open(request.method, request.url);
    xhr.withCredentials = true;
    xhr.responseType = "blob";
    for (const [name, value] of request.headers) xhr.setRequestHeader(name, value);
    xhr.upload.addEventListener("progress", (e) => progress(e.total > 0 ? e.loaded / e.total : 0));
    xhr.addEventListener("error", () => reject(unreachable(request)));
    xhr.addEventListener("abort", () => reject(request.signal.reason));
    xhr.addEventListener("load", () => {
      const headers = new Headers();
      for (const line of xhr.getAllResponseHeaders().trim().split("\r\n")) {
        const colon = line.indexOf(":");
        if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
      }
      resolve(new Response(xhr.status === 204 ? null : xhr.response, { status: xhr.status, headers }));
    });
    request.signal.addEventListener("abort", () => xhr.abort());
    xhr.send(body);
  });
}
