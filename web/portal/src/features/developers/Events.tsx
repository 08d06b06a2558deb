import { eventSchemas, eventTypes } from "@updspace/api/event-types";
import { FormattedMessage } from "react-intl";
import { rich } from "./Code.tsx";
import style from "./developers.module.css";
import { SchemaView } from "./SchemaView.tsx";
import { node } from "./spec.ts";

/** Every type of event that the services publish, with its data. */
export function Events() {
  return (
    <div className="vstack">
      <p className="muted">
        <FormattedMessage id="developers.events.about" values={rich} />
      </p>
      <section className="card">
        <div className="rows">
          {eventTypes.map((e) => {
            const root = { components: { schemas: node(node(eventSchemas)[e.source]) } };
            return (
              <details key={e.type} className={style["operation"]}>
                <summary>
                  <code className={style["path"]}>{e.type}</code>
                  <span className="small muted" lang="en">
                    {e.summary}
                  </span>
                </summary>
                <div className={style["facts"]}>
                  <p className="small">
                    <FormattedMessage id="developers.events.subject" /> <code>{e.subject}</code>
                  </p>
                  <SchemaView root={root} schema={{ $ref: `#/components/schemas/${e.schema}` }} />
                </div>
              </details>
            );
          })}
        </div>
      </section>
    </div>
  );
}
