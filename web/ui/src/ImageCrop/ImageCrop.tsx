import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import { Button } from "../Button/Button.tsx";
import style from "./ImageCrop.module.css";
import { centred, moved, zoomed, type Crop } from "./crop.ts";

interface ImageCropProps {
  file: File;
  /** The side of the picture that comes out, in pixels. */
  side: number;
  onDone: (picture: Blob) => void;
  onCancel: () => void;
  pending: boolean;
  words: {
    /** The name of the area that is dragged. */
    area: string;
    help: string;
    zoom: string;
    done: string;
    cancel: string;
    /** The file is no picture that the browser can read. */
    broken: string;
  };
}

const step = 0.04; // of the shown square, for one press of an arrow key
const shownSide = 320; // pixels of the canvas

/** Cuts a square out of a picture: drag, wheel or pinch the slider; arrows and + - by keyboard. */
export function ImageCrop({ file, side, onDone, onCancel, pending, words }: ImageCropProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const held = useRef<{ x: number; y: number }>(undefined);
  const [image, setImage] = useState<ImageBitmap | "broken">();
  const [crop, setCrop] = useState<Crop>();
  useEffect(() => {
    let live = true;
    createImageBitmap(file).then(
      (bitmap) => {
        if (!live) return;
        setImage(bitmap);
        setCrop(centred(bitmap.width, bitmap.height));
      },
      () => live && setImage("broken"),
    );
    return () => {
      live = false;
    };
  }, [file]);
  useEffect(() => {
    if (canvas.current && image && image !== "broken" && crop) draw(canvas.current, image, crop);
  }, [image, crop]);
  if (image === "broken") {
    return (
      <div className="vstack">
        <p className="field-error" role="alert">
          {words.broken}
        </p>
        <div className="btns">
          <Button onPress={onCancel}>{words.cancel}</Button>
        </div>
      </div>
    );
  }
  if (!image || !crop) return null;
  const size = { width: image.width, height: image.height };
  const largest = Math.min(size.width, size.height);
  const zoom = largest / crop.side;
  const dragged = (e: PointerEvent) => {
    const from = held.current;
    if (!from) return;
    held.current = { x: e.clientX, y: e.clientY };
    const scale = crop.side / e.currentTarget.clientWidth;
    setCrop(moved(crop, (from.x - e.clientX) * scale, (from.y - e.clientY) * scale, size));
  };
  const pressed = (e: KeyboardEvent) => {
    const by = step * crop.side;
    const moves: Record<string, () => Crop> = {
      ArrowLeft: () => moved(crop, -by, 0, size),
      ArrowRight: () => moved(crop, by, 0, size),
      ArrowUp: () => moved(crop, 0, -by, size),
      ArrowDown: () => moved(crop, 0, by, size),
      "+": () => zoomed(crop, zoom * 1.1, size),
      "=": () => zoomed(crop, zoom * 1.1, size),
      "-": () => zoomed(crop, zoom / 1.1, size),
    };
    const move = moves[e.key];
    if (!move) return;
    e.preventDefault();
    setCrop(move());
  };
  const finish = () => {
    const out = document.createElement("canvas");
    out.width = side;
    out.height = side;
    draw(out, image, crop);
    out.toBlob((blob) => blob && onDone(blob), "image/png");
  };
  return (
    <div className={style["crop"]}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keys and pointer move it in both directions: no other role has both */}
      <div
        className={style["area"]}
        role="application"
        aria-label={words.area}
        aria-describedby="crop-help"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- an application takes keys, so it takes the focus
        tabIndex={0}
        onKeyDown={pressed}
        onPointerDown={(e) => {
          e.currentTarget.setPointerCapture(e.pointerId);
          held.current = { x: e.clientX, y: e.clientY };
        }}
        onPointerMove={dragged}
        onPointerUp={() => (held.current = undefined)}
        onWheel={(e) => setCrop(zoomed(crop, zoom * (e.deltaY < 0 ? 1.08 : 1 / 1.08), size))}
      >
        <canvas ref={canvas} width={shownSide} height={shownSide} />
      </div>
      <div className="vstack">
        <p id="crop-help" className="small muted">
          {words.help}
        </p>
        <label className="field">
          <span className="lab">{words.zoom}</span>
          <input
            type="range"
            min={1}
            max={5}
            step={0.05}
            value={zoom}
            onChange={(e) => setCrop(zoomed(crop, e.target.valueAsNumber, size))}
          />
        </label>
        <div className="btns">
          <Button variant="primary" pending={pending} onPress={finish}>
            {words.done}
          </Button>
          <Button variant="quiet" onPress={onCancel}>
            {words.cancel}
          </Button>
        </div>
      </div>
    </div>
  );
}

function draw(canvas: HTMLCanvasElement, image: ImageBitmap, { x, y, side }: Crop): void {
  const paint = canvas.getContext("2d");
  if (!paint) return;
  paint.imageSmoothingQuality = "high";
  paint.clearRect(0, 0, canvas.width, canvas.height);
  paint.drawImage(image, x, y, side, side, 0, 0, canvas.width, canvas.height);
}
