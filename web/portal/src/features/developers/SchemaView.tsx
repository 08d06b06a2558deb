import { FormattedMessage } from "react-intl";
import { Description } from "./Description.tsx";
import style from "./developers.module.css";
import { kindOf, list, node, refName, resolve, text, type Node } from "./spec.ts";

const deepest = 3; // levels that are shown inside of one another; a schema may contain itself

/** The fields of a schema; what they contain is shown when it is opened. */
export function SchemaView({ root, schema, depth = 0 }: { root: Node; schema: unknown; depth?: number }) {
  if (schema === undefined) return null;
  const whole = resolve(root, schema);
  const s = text(whole["type"]) === "array" ? resolve(root, whole["items"]) : whole;
  const properties = Object.entries(node(s["properties"]));
  const required = list(s["required"]);
  return (
    <div>
      {depth === 0 && <code className="label muted">{refName(schema) || kindOf(root, schema)}</code>}
      {properties.length > 0 && (
        <ul className={style["fields"]}>
          {properties.map(([name, value]) => (
            <li key={name}>
              <code>{name}</code>{" "}
              {required.includes(name) && (
                <span className="label strong">
                  <FormattedMessage id="developers.required" />
                </span>
              )}
              <div className="label muted">
                <code>{kindOf(root, value)}</code>
              </div>
              <Description of={text(resolve(root, value)["description"])} />
              {depth < deepest && isNested(root, value) && (
                <details>
                  <summary className="small link">
                    <FormattedMessage id="developers.fields" values={{ name }} />
                  </summary>
                  <SchemaView root={root} schema={value} depth={depth + 1} />
                </details>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function isNested(root: Node, value: unknown): boolean {
  const s = resolve(root, value);
  const inner = text(s["type"]) === "array" ? resolve(root, s["items"]) : s;
  return Object.keys(node(inner["properties"])).length > 0;
}
