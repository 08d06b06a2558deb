import { QueryClientProvider } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { render } from "vitest-browser-react";
import { ApiError } from "./answer.ts";
import { newQueryClient, useAction } from "./queries.ts";

interface Upload {
  name: string;
  file: File;
}

/** Sends the inputs one after the other, each refused by the server, and gives the request ids they were sent with. */
async function requestIds(...inputs: Upload[]): Promise<string[]> {
  const sent: string[] = [];
  function Form() {
    const save = useAction({
      run: (_: Upload, headers) => {
        sent.push(headers["X-Request-Id"]);
        return Promise.reject(new ApiError(422, "VALIDATION_ERROR", "no", {}, [], undefined, "r", {}));
      },
    });
    return (
      <>
        {inputs.map((input, n) => (
          <button key={n} type="button" onClick={() => save.start(input)}>
            send {n}
          </button>
        ))}
        {save.error && !save.pending && <p>refused {sent.length}</p>}
      </>
    );
  }
  const screen = await render(
    <QueryClientProvider client={newQueryClient()}>
      <Form />
    </QueryClientProvider>,
  );
  for (const [n] of inputs.entries()) {
    await screen.getByText(`send ${n}`).click();
    await expect.element(screen.getByText(`refused ${n + 1}`)).toBeVisible();
  }
  return sent;
}

const picture = () => new File(["x"], "picture.png");

test("the same input after a failure is the same request, since the first may have arrived", async () => {
  const file = picture();
  const [first, second] = await requestIds({ name: "a", file }, { name: "a", file });
  expect(second).toBe(first);
});

test("another text or another file after a failure is another request", async () => {
  const file = picture();
  const ids = await requestIds({ name: "a", file }, { name: "b", file }, { name: "b", file: picture() });
  expect(new Set(ids).size).toBe(3);
});
