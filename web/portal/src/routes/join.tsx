import { createFileRoute, useLocation } from "@tanstack/react-router";
import { EmptyState } from "@updspace/ui/EmptyState";
import { LinkButton } from "@updspace/ui/LinkButton";
import { PageHead } from "@updspace/ui/PageHead";
import { FormattedMessage, useIntl } from "react-intl";
import { JoinPage } from "../features/groups/JoinPage.tsx";
import { LinkForm } from "../features/signin/SignInPage.tsx";
import { boot, signInAddress } from "../session.ts";

const kept = "join-token";

// The token is in the fragment, so that no server logs it. While a guest signs in, it waits in this browser: a link in a mail opens a
// tab of its own.
export const Route = createFileRoute("/join")({
  beforeLoad: ({ location: { hash } }) => {
    if (hash) localStorage.setItem(kept, hash);
  },
  component: Page,
});

function Page() {
  const { hash } = useLocation();
  if (!boot.session) return <Guest />;
  const token = hash || (localStorage.getItem(kept) ?? "");
  return <JoinPage key={token} token={token} onJoined={() => localStorage.removeItem(kept)} />;
}

function Guest() {
  const intl = useIntl();
  return (
    <>
      <PageHead title={intl.formatMessage({ id: "join.title" })} />
      <div className="card">
        <EmptyState
          title={intl.formatMessage({ id: "join.guest" }, { tenant: boot.tenant?.name ?? "" })}
          action={
            <LinkButton href={signInAddress("/join")} variant="primary" external>
              <FormattedMessage id="join.guest.signIn" />
            </LinkButton>
          }
        >
          {intl.formatMessage({ id: "join.guest.text" })}
        </EmptyState>
      </div>
      <section className="card pad-l vstack" aria-labelledby="by-link">
        <h2 id="by-link">
          <FormattedMessage id="signin.link" />
        </h2>
        <LinkForm next="/join" />
      </section>
    </>
  );
}
