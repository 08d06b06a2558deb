/** A square of a picture, in its pixels. */
export interface Crop {
  x: number;
  y: number;
  side: number;
}

interface Size {
  width: number;
  height: number;
}

const most = 5; // times larger than the largest square

/** The largest square, in the middle. */
export function centred(width: number, height: number): Crop {
  const side = Math.min(width, height);
  return { x: (width - side) / 2, y: (height - side) / 2, side };
}

/** The square moved, but never over the edge. */
export function moved(crop: Crop, dx: number, dy: number, { width, height }: Size): Crop {
  const within = (at: number, end: number) => Math.min(Math.max(at, 0), end - crop.side);
  return { ...crop, x: within(crop.x + dx, width), y: within(crop.y + dy, height) };
}

/** The square at another zoom (1 is the largest square), about the same middle. */
export function zoomed(crop: Crop, zoom: number, size: Size): Crop {
  const side = Math.min(size.width, size.height) / Math.min(Math.max(zoom, 1), most);
  const shift = (crop.side - side) / 2;
  return moved({ x: crop.x, y: crop.y, side }, shift, shift, size);
}
