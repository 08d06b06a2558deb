import { Check, TriangleAlert } from "lucide-react";
import { colourStyle } from "@updspace/ui/art/colours";
import { Button } from "@updspace/ui/Button";
import { Cover } from "@updspace/ui/Cover";
import { Flag } from "@updspace/ui/Flag";
import { useLayoutEffect, useRef, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { enough, figuresIn, type Figure } from "./contrast.ts";
import style from "./look.module.css";
import type { TenantCard } from "./queries.ts";

export interface Dye {
  hue: number;
  chroma: number;
}

/** Dyes to start from, once round the wheel. */
const swatches = [
  { id: "amber", hue: 60 },
  { id: "pine", hue: 158 },
  { id: "turquoise", hue: 200 },
  { id: "blue", hue: 255 },
  { id: "violet", hue: 295 },
  { id: "crimson", hue: 355 },
] as const;

interface DyePreviewProps {
  card: Pick<TenantCard, "id" | "name" | "logo_url" | "cover_url">;
  dye: Dye;
  /** With a button, a link and a tag below the cover. */
  samples?: boolean;
}

/** The cover and the buttons in the chosen colours: one sees the flag change while dragging. */
export function DyePreview({ card, dye, samples }: DyePreviewProps) {
  const intl = useIntl();
  return (
    <div className={`${style["preview"]} colours`} style={colourStyle(dye)}>
      <Cover id={card.id} label={intl.formatMessage({ id: "manage.look.preview" })} src={card.cover_url} colours={dye}>
        <Flag id={card.id} of="tenant" src={card.logo_url} colours={dye} />
        <span className="display" dir="auto">
          {card.name}
        </span>
      </Cover>
      {samples && (
        <div className={style["samples"]} inert>
          <Button variant="primary" size="s">
            {intl.formatMessage({ id: "manage.look.sample.button" })}
          </Button>
          <Button variant="soft" size="s">
            {intl.formatMessage({ id: "manage.look.sample.soft" })}
          </Button>
          <span className="link">{intl.formatMessage({ id: "manage.look.sample.link" })}</span>
          <span className="tag">{intl.formatMessage({ id: "manage.look.sample.tag" })}</span>
        </div>
      )}
    </div>
  );
}

interface DyeFieldsProps {
  dye: Dye;
  onChange: (dye: Dye) => void;
  /** How strong the colour is can be chosen, too. */
  strength?: boolean;
}

const strongest = 0.17;

export function DyeFields({ dye, onChange, strength }: DyeFieldsProps) {
  const intl = useIntl();
  return (
    <div className={`${style["dye"]} colours`} style={colourStyle(dye)}>
      <label className="field">
        <span className="lab">{intl.formatMessage({ id: "manage.look.hue" })}</span>
        <input
          type="range"
          className={style["hue"]}
          min={0}
          max={359}
          value={dye.hue}
          onChange={(e) => onChange({ ...dye, hue: e.target.valueAsNumber })}
        />
      </label>
      <div className={style["swatches"]} role="group" aria-label={intl.formatMessage({ id: "manage.look.swatches" })}>
        {swatches.map((s) => (
          <button
            key={s.id}
            type="button"
            aria-pressed={s.hue === dye.hue}
            aria-label={intl.formatMessage({ id: `manage.look.dye.${s.id}` })}
            onClick={() => onChange({ hue: s.hue, chroma: Math.max(dye.chroma, 0.12) })}
          >
            <i className="colours" style={colourStyle({ hue: s.hue, chroma: Math.max(dye.chroma, 0.12) })} aria-hidden="true" />
          </button>
        ))}
      </div>
      {strength && (
        <label className="field">
          <span className="lab">{intl.formatMessage({ id: "manage.look.chroma" })}</span>
          <input
            type="range"
            className={style["chroma"]}
            min={0}
            max={strongest}
            step={0.01}
            value={dye.chroma}
            aria-valuetext={intl.formatNumber(dye.chroma / strongest, { style: "percent" })}
            onChange={(e) => onChange({ ...dye, chroma: e.target.valueAsNumber })}
          />
        </label>
      )}
      <Readability dye={dye} />
    </div>
  );
}

/** Contrast of the chosen colours in figures. Lightness is ours, so every choice can be read; the figures show it. */
export function Readability({ dye: { hue, chroma } }: { dye: Dye }) {
  const intl = useIntl();
  const probe = useRef<HTMLUListElement>(null);
  const [figures, setFigures] = useState<Figure[]>([]);
  useLayoutEffect(() => {
    if (probe.current) setFigures(figuresIn(probe.current, { hue, chroma })); // only the page knows what a token is
  }, [hue, chroma]);
  return (
    <ul ref={probe} className={style["figures"]} aria-label={intl.formatMessage({ id: "manage.look.contrast" })}>
      {figures.map((f) => (
        <li key={f.name}>
          <span>
            <FormattedMessage id={`manage.look.contrast.${f.name}`} />
          </span>
          <span className={f.ratio >= enough ? "state ok" : "state warn"}>
            {f.ratio >= enough ? <Check className="i s" aria-hidden="true" /> : <TriangleAlert className="i s" aria-hidden="true" />}
            {intl.formatNumber(f.ratio, { maximumFractionDigits: 1, minimumFractionDigits: 1 })} : 1
          </span>
        </li>
      ))}
    </ul>
  );
}
