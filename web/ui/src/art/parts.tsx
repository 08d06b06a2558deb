// The parts that flags and patches are made of, and the fields of helms (helmParts.tsx has the others). Class names give the colour: fa and
// fb are the two fields, ch the charge (styles/art.css). Coordinates are those of the drawings that the look was decided on.
import type { ReactNode } from "react";

/** Fields of flags and helms, 64 x 64. No plain tricolours, crosses, sunbursts or crescents: a generator must not make the flag of a state. */
export const fields = {
  bend: (
    <>
      <path className="fa" d="M0 0h64v64H0z" />
      <path className="fb" d="M64 0v64H0z" />
    </>
  ),
  chevron: (
    <>
      <path className="fa" d="M0 0h64v64H0z" />
      <path className="fb" d="M0 64V44l32-24 32 24v20z" />
    </>
  ),
  pile: (
    <>
      <path className="fa" d="M0 0h64v64H0z" />
      <path className="fb" d="M0 0h64L32 58z" />
    </>
  ),
  quarter: (
    <>
      <path className="fa" d="M0 0h64v64H0z" />
      <path className="fb" d="M32 0h32v32H0v32h32z" />
    </>
  ),
  lozenge: (
    <>
      <path className="fa" d="M0 0h64v64H0z" />
      <path className="fb" d="M32-6l38 38-38 38L-6 32z" />
    </>
  ),
  waves: (
    <>
      <path className="fa" d="M0 0h64v64H0z" />
      <path className="fb" d="M0 14q16-10 32 0t32 0v14q-16 10-32 0t-32 0zM0 44q16-10 32 0t32 0v20H0z" />
    </>
  ),
  bendy: (
    <>
      <path className="fa" d="M0 0h64v64H0z" />
      <path className="fb" d="M0 24L24 0h20L0 44zM20 64L64 20v20L40 64z" />
    </>
  ),
  wall: (
    <>
      <path className="fa" d="M0 0h64v64H0z" />
      <path className="fb" d="M0 64V36h10v-8h11v8h11v-8h11v8h11v-8h10v36z" />
    </>
  ),
  hoist: (
    <>
      <path className="fa" d="M0 0h64v64H0z" />
      <path className="fb" d="M0 0h22l12 32-12 32H0z" />
    </>
  ),
} satisfies Record<string, ReactNode>;

/** Charges, 64 x 64: one silhouette each, no detail thinner than 4 units, so that they read at 16 px. */
export const charges = {
  tower: (
    <>
      <path className="ch" d="M24 24h16l5 32H19zM22 16h20v5H22zM32 5l9 8H23z" />
      <path className="fb" d="M22.9 34h18.2l1 7H21.8z" />
    </>
  ),
  pine: (
    <>
      <path className="ch" d="M32 6l13 17h-6l11 14h-7l12 14H36v8h-8v-8H9l12-14h-7l11-14h-6z" />
    </>
  ),
  flame: (
    <>
      <path className="ch" d="M34 4c3 12 17 18 17 35 0 12-9 20-19 20s-19-8-19-20c0-8 4-13 8-17 0 6 2 9 5 11 0-12 2-21 8-29z" />
      <path className="fb" d="M33 34c2 6 8 8 8 15 0 5-4 8-9 8s-9-3-9-8c0-6 7-8 10-15z" />
    </>
  ),
  wave: (
    <>
      <path
        className="ch"
        d="M6 46c8 0 10-6 10-12C16 20 26 10 38 10c10 0 17 6 19 14-4-4-13-5-15 2-2 8 6 12 16 12v8c-8 0-10 6-18 6s-10-5-17-5-9 5-17 5z"
      />
    </>
  ),
  bolt: (
    <>
      <path className="ch" d="M38 4L12 36h15l-5 24 30-36H36z" />
    </>
  ),
  peak: (
    <>
      <path className="ch" d="M4 54L26 14l10 17 6-9 18 32z" />
      <path className="fb" d="M26 14l7 12-4 4-4-4-5 3z" />
    </>
  ),
  die: (
    <>
      <rect className="ch" x="10" y="10" width="44" height="44" rx="10" />
      <g className="fb">
        <circle cx="22" cy="22" r="4.5" />
        <circle cx="42" cy="42" r="4.5" />
        <circle cx="32" cy="32" r="4.5" />
        <circle cx="42" cy="22" r="4.5" />
        <circle cx="22" cy="42" r="4.5" />
      </g>
    </>
  ),
  orbit: (
    <>
      <circle className="ch" cx="32" cy="32" r="14" />
      <path className="ch" d="M8 44C2 36 44 8 56 18c5 5-6 17-13 22l-2-4c6-4 13-11 11-13-6-5-40 16-36 20 2 2 6 1 9 0l3 4c-7 3-16 4-20-3z" />
    </>
  ),
  key: (
    <>
      <path
        className="ch"
        d="M22 8a15 15 0 0 1 14 20l22 22v8H46v-7h-7v-7h-7l-3-5A15 15 0 1 1 22 8zm-2 9a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11z"
        fillRule="evenodd"
      />
    </>
  ),
  crown: (
    <>
      <path className="ch" d="M8 50L6 20l14 12L32 10l12 22 14-12-2 30z" />
    </>
  ),
  cube: (
    <>
      <path className="ch" d="M32 6l24 13v26L32 58 8 45V19z" />
      <path className="fb" d="M32 34l20-11v5L34 38v16h-4V38L12 28v-5z" />
    </>
  ),
  leaf: (
    <>
      <path className="ch" d="M54 8C26 8 10 20 10 38c0 6 2 10 4 13l-6 6 4 4 7-7c3 2 6 3 10 3C48 57 56 38 54 8z" />
      <path className="fb" d="M18 50L40 26l2 2-21 24z" />
    </>
  ),
  lamp: (
    <>
      <path className="ch" d="M28 4h8v6h6l6 10H16l6-10h6zM18 24h28l-4 26H22zM20 54h24v6H20z" />
      <path className="fb" d="M32 28c2 5 6 7 6 12a6 6 0 0 1-12 0c0-5 5-7 6-12z" />
    </>
  ),
  anvil: (
    <>
      <path className="ch" d="M4 20h16v-4h40v10c-10 0-16 4-18 12h4v8h8v10H16V46h8v-8h4C20 38 8 34 4 20z" />
    </>
  ),
} satisfies Record<string, ReactNode>;

/** Outlines of a patch, 96 x 96: its edge, the cloth inside, and the half that takes the second field. */
export const patches = {
  round: {
    edge: "M48 5a43 43 0 1 1 0 86 43 43 0 0 1 0-86z",
    inner: "M48 13a35 35 0 1 1 0 70 35 35 0 0 1 0-70z",
    half: "M73 23A35 35 0 0 1 23 73z",
  },
  hex: {
    edge: "M48 4l38 22v44L48 92 10 70V26z",
    inner: "M48 13l30 17.500v35L48 83 18 65.500v-35z",
    half: "M78 30v35.500L48 83 18 65.500z",
  },
  shield: {
    edge: "M10 8h76v42c0 22-18 34-38 43C28 84 10 72 10 50z",
    inner: "M18 16h60v34c0 17-14 27-30 34-16-7-30-17-30-34z",
    half: "M78 16v34c0 17-14 27-30 34-11-5-21-11-26.500-19z",
  },
  lozenge: { edge: "M48 2l46 46-46 46L2 48z", inner: "M48 14l34 34-34 34-34-34z", half: "M82 48L48 82 14 48z" },
  arch: { edge: "M12 92V46a36 36 0 0 1 72 0v46z", inner: "M20 84V46a28 28 0 0 1 56 0v38z", half: "M76 46v38H20z" },
} as const;
