import encode from "qr";
import css from "./QrCode.module.css";

interface QrCodeProps {
  text: string;
  /** What it is for: "Code of the date". The text should stand beside it for those who cannot scan it. */
  label: string;
}

/** A text as a QR code. Dark on light in every theme: some readers know no other. */
export function QrCode({ text, label }: QrCodeProps) {
  const rows = encode(text, "raw", { ecc: "medium", border: 4 });
  const dots = rows.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return (
    <svg className={css["qr"]} viewBox={`0 0 ${rows.length} ${rows.length}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <path d={dots.join("")} />
    </svg>
  );
}
