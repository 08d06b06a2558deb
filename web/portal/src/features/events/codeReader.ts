// Reads QR codes from the pictures of a camera: by the browser where it can, else by a library, which is loaded only then and has the
// same interface.
import type { BarcodeDetector as Detector } from "qr/decode.js";

const format = "qr_code";

/** The text of a QR code in a picture; undefined for none. */
export type CodeReader = (picture: HTMLVideoElement | HTMLCanvasElement) => Promise<string | undefined>;

export async function newCodeReader(): Promise<CodeReader> {
  const { BarcodeDetector: own } = window as { BarcodeDetector?: typeof Detector }; // TypeScript does not know the Shape Detection API yet
  const BarcodeDetector = own && (await own.getSupportedFormats()).includes(format) ? own : (await import("qr/decode.js")).BarcodeDetector;
  const detector = new BarcodeDetector({ formats: [format] });
  return async (picture) => (await detector.detect(picture))[0]?.rawValue;
}
