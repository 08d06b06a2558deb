// The parts that a helm is made of, besides its field. Class names give the colour: hd vs cr sh (styles/art.css). Coordinates are those
// of the drawings that the look was decided on.
import type { ReactNode } from "react";

/** Heads of helms. */
export const heads = {
  bucket: (
    <>
      <path className="hd" d="M18 56V28a14 14 0 0 1 28 0v28z" />
    </>
  ),
  point: (
    <>
      <path className="hd" d="M32 9c13 9 16 20 15 46H17C16 29 19 18 32 9z" />
    </>
  ),
  round: (
    <>
      <circle className="hd" cx="32" cy="34" r="19.500" />
    </>
  ),
  wide: (
    <>
      <rect className="hd" x="13" y="17" width="38" height="36" rx="9" />
    </>
  ),
  shield: (
    <>
      <path className="hd" d="M15 16h34v20c0 11-8 17-17 22-9-5-17-11-17-22z" />
    </>
  ),
  hood: (
    <>
      <path className="hd" d="M32 9c16 4 20 20 20 47H12C12 29 16 13 32 9z" />
      <path className="vs" d="M32 19c9 4 11 12 11 20 0 7-5 11-11 11s-11-4-11-11c0-8 2-16 11-20z" />
    </>
  ),
} satisfies Record<string, ReactNode>;

/** Visors of helms. */
export const visors = {
  slit: (
    <>
      <path className="vs" d="M20 29h24v6.500H20z" />
    </>
  ),
  tee: (
    <>
      <path className="vs" d="M20 28h24v6H35v17h-6V34h-9z" />
    </>
  ),
  eyes: (
    <>
      <g className="vs">
        <circle cx="25" cy="33" r="4.500" />
        <circle cx="39" cy="33" r="4.500" />
      </g>
    </>
  ),
  glass: (
    <>
      <rect className="vs" x="19" y="24" width="26" height="19" rx="9" />
      <path className="hd" d="M24 31c0-2 2-3.500 5-3.500v3c-2 0-2 1-2 2.500z" />
    </>
  ),
  stern: (
    <>
      <path className="vs" d="M20 28l11 5v5l-11-2zM44 28l-11 5v5l11-2z" />
    </>
  ),
  lens: (
    <>
      <circle className="vs" cx="32" cy="34" r="9" />
      <circle className="hd" cx="35" cy="31" r="2.500" />
    </>
  ),
  bars: (
    <>
      <path className="vs" d="M21 27h4v18h-4zM30 27h4v21h-4zM39 27h4v18h-4z" />
    </>
  ),
  grin: (
    <>
      <g className="vs">
        <circle cx="25" cy="30" r="4" />
        <circle cx="39" cy="30" r="4" />
        <path d="M22 40h20c-1 6-5 9-10 9s-9-3-10-9z" />
      </g>
    </>
  ),
} satisfies Record<string, ReactNode>;

/** Crests of helms. */
export const crests = {
  none: null,
  plume: (
    <>
      <path className="cr" d="M29 15C28 4 38-1 52 4c4 6 4 16 0 24 0-9-8-15-16-13z" />
    </>
  ),
  horns: (
    <>
      <path className="cr" d="M19 24C9 23 5 14 7 4c4 6 8 9 15 11zM45 24c10-1 14-10 12-20-4 6-8 9-15 11z" />
    </>
  ),
  mast: (
    <>
      <path className="cr" d="M30.500 7h3v12h-3z" />
      <circle className="cr" cx="32" cy="6" r="4.500" />
    </>
  ),
  ears: (
    <>
      <path className="cr" d="M15 26l-1-18 14 8zM49 26l1-18-14 8z" />
    </>
  ),
  fin: (
    <>
      <path className="cr" d="M29 2h6l2 18H27z" />
    </>
  ),
  crown: (
    <>
      <path className="cr" d="M18 21L16 5l9 6 7-9 7 9 9-6-2 16c-9-4-19-4-28 0z" />
    </>
  ),
  band: (
    <>
      <path className="cr" d="M14 20h36v5.500H14z" />
    </>
  ),
} satisfies Record<string, ReactNode>;

/** The shoulders below every head. */
export const shoulders = <path className="sh" d="M7 90V64c0-10 9-15 25-15s25 5 25 15v26z" />;
