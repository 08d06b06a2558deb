import { FormattedMessage } from "react-intl";
import { CodeBlock, rich } from "./Code.tsx";
import style from "./developers.module.css";

const typescript = `import { createPortalClient } from "@updspace/api";

const portal = createPortalClient({ baseUrl: location.origin });
const { data, error } = await portal.GET("/api/v1/portal/communities", {
  params: { query: { limit: 20 } },
});`;

const go = `import "go.updspace.com/api/votingapi"

client, err := votingapi.NewClientWithResponses("https://aef.example.org")
if err != nil {
	return err
}
polls, err := client.ListPollsWithResponse(ctx, &votingapi.ListPollsParams{})`;

/** How to call the platform: addresses, rules of every call, and the two clients that come with it. */
export function Clients() {
  return (
    <div className="vstack l">
      <section className="card pad-l vstack">
        <h2>
          <FormattedMessage id="developers.rules" />
        </h2>
        <ul className={style["bullets"]}>
          {(["path", "session", "csrf", "repeat", "errors", "pages", "limits"] as const).map((r) => (
            <li key={r}>
              <FormattedMessage id={`developers.rule.${r}`} values={rich} />
            </li>
          ))}
        </ul>
      </section>
      <Client name="TypeScript" about="developers.client.typescript" code={typescript} />
      <Client name="Go" about="developers.client.go" code={go} />
    </div>
  );
}

interface ClientProps {
  name: string;
  about: "developers.client.typescript" | "developers.client.go";
  code: string;
}

function Client({ name, about, code }: ClientProps) {
  return (
    <section className="card pad-l vstack">
      <h2>{name}</h2>
      <p>
        <FormattedMessage id={about} values={rich} />
      </p>
      <CodeBlock>{code}</CodeBlock>
    </section>
  );
}
