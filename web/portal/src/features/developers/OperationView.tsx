import { permissionName } from "@updspace/kit/permissionWords.ts";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { codeText } from "./codeText.ts";
import { CodeBlock } from "./Code.tsx";
import { Description } from "./Description.tsx";
import style from "./developers.module.css";
import { SchemaView } from "./SchemaView.tsx";
import { kindOf, list, node, resolve, text, type Node, type Operation, type Spec } from "./spec.ts";

/** One operation: a line, and everything about it once it is opened. */
export function OperationView({ spec, operation: o }: { spec: Spec; operation: Operation }) {
  const [open, setOpen] = useState(false);
  return (
    <details className={style["operation"]} onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>
        <span className={`${style["method"]} ${style[o.method.toLowerCase()] ?? ""}`}>{o.method}</span>
        <code className={style["path"]}>{o.path}</code>
        <span className="small muted" lang="en">
          {o.summary}
        </span>
      </summary>
      {open && <Facts spec={spec} operation={o} />}
    </details>
  );
}

function jsonOf(at: Node): Node {
  const content = node(at["content"]);
  return node(content["application/json"] ?? Object.values(content)[0]);
}

function Facts({ spec: { root }, operation: o }: { spec: Spec; operation: Operation }) {
  const body = resolve(root, o.node["requestBody"]);
  const codes = list(o.node["x-error-codes"]).map(text);
  return (
    <div className={style["facts"]}>
      <p className="line small">
        <Audience operation={o} />
        <code className="muted">{o.id}</code>
      </p>
      {o.description !== "" && <Description of={o.description} />}
      {o.parameters.length > 0 && <Parameters root={root} parameters={o.parameters} />}
      {Object.keys(body).length > 0 && (
        <section>
          <h3>
            <FormattedMessage id="developers.body" />
          </h3>
          <SchemaView root={root} schema={jsonOf(body)["schema"]} />
          <Example value={jsonOf(body)["example"]} />
        </section>
      )}
      <section>
        <h3>
          <FormattedMessage id="developers.answers" />
        </h3>
        <dl className={style["answers"]}>
          {Object.entries(node(o.node["responses"])).map(([status, value]) => {
            const answer = resolve(root, value);
            const good = status.startsWith("2");
            return (
              <div key={status}>
                <dt className={good ? "state ok" : "state"}>{status}</dt>
                <dd className="vstack s">
                  <Description of={text(answer["description"])} />
                  {good && <SchemaView root={root} schema={jsonOf(answer)["schema"]} />}
                  {good && <Example value={jsonOf(answer)["example"]} />}
                </dd>
              </div>
            );
          })}
        </dl>
      </section>
      {codes.length > 0 && <OwnCodes codes={codes} />}
    </div>
  );
}

function Audience({ operation: o }: { operation: Operation }) {
  const intl = useIntl();
  const permission = node(o.node["x-permission"]);
  const key = text(permission["key"]);
  if (key) {
    const values = { what: permissionName(intl, key), key, scope: text(permission["scope"]) };
    return <FormattedMessage id="developers.needs.permission" values={values} />;
  }
  if (o.node["x-public"] === true) return <FormattedMessage id="developers.needs.nothing" />;
  const who = text(o.node["x-authenticated"]);
  return <FormattedMessage id={who === "system_admin" ? "developers.needs.systemAdmin" : "developers.needs.user"} />;
}

function Parameters({ root, parameters }: { root: Node; parameters: readonly Node[] }) {
  return (
    <section>
      <h3>
        <FormattedMessage id="developers.parameters" />
      </h3>
      <ul className={style["fields"]}>
        {parameters.map((p) => (
          <li key={`${text(p["in"])} ${text(p["name"])}`}>
            <code>{text(p["name"])}</code> <span className="label muted">{text(p["in"])}</span>{" "}
            {p["required"] === true && (
              <span className="label strong">
                <FormattedMessage id="developers.required" />
              </span>
            )}
            <div className="label muted">
              <code>{kindOf(root, p["schema"])}</code>
            </div>
            <Description of={text(p["description"])} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function OwnCodes({ codes }: { codes: readonly string[] }) {
  const intl = useIntl();
  return (
    <section>
      <h3>
        <FormattedMessage id="developers.codes.own" />
      </h3>
      <ul className={style["fields"]}>
        {codes.map((c) => (
          <li key={c}>
            <code>{c}</code>
            <div className="small muted">{codeText(intl, c)}</div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Example({ value }: { value: unknown }) {
  if (value === undefined) return null;
  return <CodeBlock>{JSON.stringify(value, null, 2)}</CodeBlock>;
}
