import { FormattedMessage, useIntl } from "react-intl";
import { ClothStrip } from "@updspace/ui/Cover";
import { Crowd } from "@updspace/ui/Crowd";
import { Flag } from "@updspace/ui/Flag";
import { boot } from "../boot.ts";
import styles from "./Gate.module.css";
import { Mark } from "./Mark.tsx";

/** Figures drawn from the id of the place. They are an ornament, and stand for no member. */
const figures = (id: string) => Array.from({ length: 6 }, (_, i) => `${id}:${i}`);

/** Where one comes from: the cloth of the community and its banner, or those of the product. */
export function Arrival() {
  const intl = useIntl();
  const { tenant } = boot;
  const id = tenant?.id ?? "updspace";
  return (
    <aside
      className={styles.from}
      aria-label={tenant ? intl.formatMessage({ id: "gate.from" }, { name: tenant.name }) : intl.formatMessage({ id: "gate.product" })}
    >
      <div className={styles.fly} aria-hidden="true">
        <ClothStrip id={id} colours={tenant ?? productColours()} src={tenant?.cover_url} />
      </div>
      <div className={styles.plate}>
        {tenant ? (
          <Flag id={tenant.id} of="tenant" size="l" src={tenant.logo_url} colours={tenant} />
        ) : (
          <Mark className={styles.flagMark} />
        )}
        <span className={styles.name} dir="auto">
          {tenant?.name ?? "UpdSpace"}
        </span>
        <span className={styles.note}>
          <FormattedMessage id={tenant ? "gate.waiting" : "gate.product"} />
        </span>
      </div>
      <Crowd ids={figures(id)} />
    </aside>
  );
}

/** The colours that the server gave to the page. */
function productColours() {
  const style = getComputedStyle(document.documentElement);
  return { hue: Number(style.getPropertyValue("--hue")), chroma: Number(style.getPropertyValue("--chroma")) };
}
