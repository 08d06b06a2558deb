// QR codes as a camera sees them: taken from one screen and held in front of the camera of another browser.
import { writeFileSync } from "node:fs";
import { chromium, test, type Browser, type Locator } from "@playwright/test";
import decode from "qr/decode.js";

const width = 640;
const height = 480;

/** The brightness of each dot of the picture that a camera takes of an element on the screen. */
async function taken(element: Locator): Promise<Uint8Array> {
  await element.scrollIntoViewIfNeeded();
  const shot = (await element.screenshot()).toString("base64");
  const dots = await element.page().evaluate(
    async ([data, w, h]) => {
      const picture = new Image();
      picture.src = `data:image/png;base64,${data}`;
      await picture.decode();
      const canvas = document.createElement("canvas");
      canvas.width = w;
      canvas.height = h;
      const drawing = canvas.getContext("2d");
      if (!drawing) throw new Error("there is no canvas");
      drawing.fillStyle = "#777";
      drawing.fillRect(0, 0, w, h);
      const side = h * 0.8;
      drawing.drawImage(picture, (w - side) / 2, (h - side) / 2, side, side);
      return [...drawing.getImageData(0, 0, w, h).data].filter((_, i) => i % 4 === 1);
    },
    [shot, width, height] as const,
  );
  return Uint8Array.from(dots);
}

/** What a phone reads from a code on the screen. */
export async function read(code: Locator): Promise<string> {
  const dots = await taken(code);
  return decode({ width, height, data: Uint8Array.from([...dots].flatMap((y) => [y, y, y])) });
}

/** A browser whose camera sees a code on another screen. */
export async function browserThatSees(code: Locator): Promise<Browser> {
  const grey = Buffer.alloc((width * height) / 2, 128); // both colour planes
  const file = test.info().outputPath("camera.y4m");
  const head = Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\nFRAME\n`);
  writeFileSync(file, Buffer.concat([head, await taken(code), grey]));
  const { args, ...options } = test.info().project.use.launchOptions ?? {};
  const camera = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", `--use-file-for-fake-video-capture=${file}`];
  return chromium.launch({ ...options, args: [...(args ?? []), ...camera] });
}
