import { expect, test } from "vitest";
import { render } from "vitest-browser-react";
import { QrCode } from "@updspace/ui/QrCode";
import { newCodeReader } from "./codeReader.ts";

/** What a camera sees of the code on a screen. */
async function seen(text: string): Promise<HTMLCanvasElement> {
  const { container } = await render(<QrCode text={text} label="Code" />);
  const svg = container.querySelector("svg");
  if (!svg) throw new Error("there is no code");
  const canvas = document.createElement("canvas");
  canvas.width = 640;
  canvas.height = 480;
  const drawing = canvas.getContext("2d");
  if (!drawing) throw new Error("there is no canvas");
  drawing.fillStyle = "#888";
  drawing.fillRect(0, 0, 640, 480);
  drawing.translate(200, 60);
  drawing.rotate(0.2);
  const side = svg.viewBox.baseVal.width;
  drawing.scale(280 / side, 280 / side);
  drawing.fillStyle = "#fff";
  drawing.fillRect(0, 0, side, side);
  drawing.fillStyle = "#000";
  const d = svg.querySelector("path")?.getAttribute("d") ?? "";
  for (const [, x, y] of d.matchAll(/M(\d+) (\d+)/g)) drawing.fillRect(Number(x), Number(y), 1, 1);
  return canvas;
}

test.each([
  "7K2M9QXD",
  "https://aef.updspace.com/events/01890a5d-ac96-774b-bcce-b302099a8057?on=01890a5d-ac96-774b-bcce-b302099a8058#check-in=7K2M9Q",
])("the code of %s is read, also when it is held askew", async (text) => {
  const read = await newCodeReader();
  expect(await read(await seen(text))).toBe(text);
});

test("without a code there is none", async () => {
  const canvas = document.createElement("canvas");
  canvas.getContext("2d")?.fillRect(0, 0, 50, 50);
  const read = await newCodeReader();
  expect(await read(canvas)).toBeUndefined();
});
