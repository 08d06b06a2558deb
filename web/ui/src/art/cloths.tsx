// Cloths: the fly of a cover, 800 x 300, in the dyes t1 to t3 and the metals m1 and m2. Two neighbours differ in lightness by 20 points or more.
import type { ReactNode } from "react";

export type ClothName = "tide" | "pines" | "chevrons" | "lattice" | "bends" | "steps" | "drops";

const width = 800;
const height = 300;
const round = (v: number) => Math.round(v * 10) / 10;
const range = (n: number) => Array.from({ length: n }, (_, i) => i);

function wave(y: number, amplitude: number, length: number) {
  let d = `M0 ${y}`;
  for (let x = 0; x < width; x += length) d += `q${length / 2} ${(x / length) % 2 ? amplitude : -amplitude} ${length} 0`;
  return `${d}V${height}H0z`;
}

/** A small repeatable random sequence (mulberry32): the same trees on every page. */
function sequence(seed: number) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const ground = (colour: string) => <path className={colour} d={`M0 0h${width}v${height}H0z`} />;

function tide() {
  return (
    <>
      {ground("t3")}
      <g className="m1" opacity=".45">
        <path d="M590 98L-40 30v136z" />
        <path d="M590 98l250-60v130z" />
      </g>
      <circle className="m1" cx="590" cy="98" r="17" />
      <path className="t1" d="M570 116h40v9h-40zM590 64l28 17h-56z" />
      <path className="m1" d="M574 125h32l14 120h-60z" />
      <path className="t2" d="M571 151h38l3 26h-44zM565 199h50l3 26h-56z" />
      <path className="t2" d={wave(192, 24, 100)} />
      <path className="m1" d={wave(216, 22, 80)} />
      <path className="t2" d={wave(230, 22, 80)} />
      <path className="t1" d={wave(252, 24, 133.4)} />
    </>
  );
}

function pines() {
  const random = sequence(11);
  const row = (y: number, w: number, tall: number, first: number) => {
    let d = "";
    for (let x = first; x < width + 80; x += w) {
      const top = y - tall * (0.7 + random() * 0.6);
      d += `M${round(x - w * 0.64)} ${y}L${round(x)} ${round(top)}L${round(x + w * 0.64)} ${y}z`;
    }
    return d;
  };
  return (
    <>
      {ground("t3")}
      <circle className="m1" cx="560" cy="112" r="74" />
      <path className="t2" d={row(300, 66, 190, -10)} />
      <path className="t1" d={row(304, 50, 128, 16)} />
      <path className="t2" d={row(310, 62, 92, 40)} />
      <path className="t1" d={row(316, 84, 92, 0)} />
    </>
  );
}

function chevrons() {
  return (
    <>
      {["t2", "m1", "t3", "t1", "t2", "t3", "m1", "t2"].map((colour, i) => (
        <path key={i} className={colour} d={`M${i * 104 - 60} 0h900v300H${i * 104 - 60}l104-150z`} />
      ))}
      <path className="t1" d="M330 300l150-190 64 76 56-62 170 176z" />
      <path className="m1" d="M480 110l-74 94 30-8 34 34 30-40 34 24 10-28zM600 124l-40 44 22 6 18 30 26-26 26 8z" />
    </>
  );
}

function lattice() {
  const colours = ["t3", "t1", "m1", "t3", "t1"];
  return (
    <>
      {ground("t2")}
      {range(9).flatMap((i) =>
        range(4).map((j) => {
          const colour = colours[(i * 3 + j * 5) % 7];
          return colour && <path key={`${i} ${j}`} className={colour} d={`M${20 + i * 100} ${j * 100 - 50}l50 50-50 50-50-50z`} />;
        }),
      )}
      <circle className="t1" cx="600" cy="150" r="108" />
      <circle className="t3" cx="600" cy="150" r="62" />
      <path
        className="m1"
        d="M466 192c-14-32 216-136 264-88 22 26-32 70-76 96l-8-15c34-22 68-53 56-66-34-28-212 54-198 78 6 11 28 7 42 3l10 14c-34 10-78 14-90-22z"
      />
    </>
  );
}

function bends() {
  const stripes = [
    [-60, 70, "t3"],
    [60, 40, "t1"],
    [170, 110, "m1"],
    [222, 30, "t2"],
    [330, 96, "t1"],
    [470, 50, "t3"],
    [560, 150, "m1"],
    [640, 50, "t2"],
    [740, 90, "t1"],
  ] as const;
  return (
    <>
      {ground("t2")}
      {stripes.map(([x, w, colour]) => (
        <path key={x} className={colour} d={`M${x + 140} 0h${w}L${x + w} 300h-${w}z`} />
      ))}
    </>
  );
}

function steps() {
  const far = [210, 150, 176, 96, 140, 76, 128, 160, 84, 140, 190];
  const near = [250, 226, 246, 196, 232, 210, 170, 226, 200, 240, 190, 220, 250, 210, 236];
  const tower = (x: number, w: number, y: number) => `M${x} 300V${y}h${w}V300z`;
  return (
    <>
      {ground("t3")}
      <circle className="m1" cx="520" cy="104" r="62" />
      <path className="t2" d={far.map((y, i) => tower(i * 76 - 16, 76.5, y)).join("")} />
      <path className="t1" d={near.map((y, i) => tower(i * 56 - 10, 56.5, y)).join("")} />
      <path
        className="m1"
        d={range(30)
          .map((i) => `M${8 + ((i * 137) % 780)} ${226 + ((i * 53) % 66)}h10v14h-10z`)
          .join("")}
      />
    </>
  );
}

function drops() {
  return (
    <>
      {ground("t2")}
      {range(17).flatMap((i) =>
        range(7).map((j) => {
          const n = (i * 2 + j * 3) % 7;
          const colour = n === 0 ? "m1" : n === 3 ? "t1" : "t3";
          return <circle key={`${i} ${j}`} className={colour} cx={i * 50 + (j % 2) * 25} cy={j * 50} r={round(2 + i * 1.55)} />;
        }),
      )}
    </>
  );
}

export const cloths: Record<ClothName, () => ReactNode> = { tide, pines, chevrons, lattice, bends, steps, drops };
