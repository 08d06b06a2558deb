import { errorCodes, fieldReasonParams } from "@updspace/api/codes";
import { FormattedMessage, useIntl } from "react-intl";
import { codeText } from "./codeText.ts";
import { CodeBlock, rich } from "./Code.tsx";
import style from "./developers.module.css";

/** Every error code with the sentence that people see, in the reader's language, and the reasons of refused fields. */
export function Codes() {
  const intl = useIntl();
  return (
    <div className="vstack">
      <p className="muted">
        <FormattedMessage id="developers.codes.about" values={rich} />
      </p>
      <CodeBlock>
        {JSON.stringify(
          {
            error: {
              code: "VALIDATION_ERROR",
              message: "The request has invalid fields.",
              details: { fields: { name: "is too long" }, reasons: [{ field: "name", code: "TOO_LONG", params: { max: 128 } }] },
              request_id: "5f0c",
            },
          },
          null,
          2,
        )}
      </CodeBlock>
      <section className="card">
        <ul className={`rows ${style["table"]}`}>
          {errorCodes.map((c) => (
            <li key={c}>
              <code>{c}</code>
              <span className="small">{codeText(intl, c)}</span>
            </li>
          ))}
        </ul>
      </section>
      <h2>
        <FormattedMessage id="developers.reasons" />
      </h2>
      <section className="card">
        <ul className={`rows ${style["table"]}`}>
          {Object.entries(fieldReasonParams).map(([c, params]) => (
            <li key={c}>
              <code>{c}</code>
              <span className="small muted">
                {params === "" ? <FormattedMessage id="developers.reasons.plain" /> : <code>{params}</code>}
              </span>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
