import { createFileRoute, useLocation } from "@tanstack/react-router";
import { LinkButton } from "@updspace/ui/LinkButton";
import { FormattedMessage, useIntl } from "react-intl";
import { JoinPage } from "../features/groups/JoinPage.tsx";
import { Doorstep } from "../features/signin/Doorstep.tsx";
import { LinkCard } from "../features/signin/SignInPage.tsx";
import { boot, signInAddress } from "../session.ts";
import { words } from "../words.ts";

const kept = "join-token";

// The token is in the fragment, so that no server logs it. While a guest signs in, it waits in this browser: a link in a mail opens a
// tab of its own.
export const Route = createFileRoute("/join")({
  beforeLoad: ({ location: { hash } }) => {
    if (hash) localStorage.setItem(kept, hash);
  },
  loader: () => words.need("guest"),
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
      <Doorstep
        title={intl.formatMessage({ id: "join.guest" }, { tenant: boot.tenant?.name ?? "" })}
        lead={intl.formatMessage({ id: "join.guest.text" })}
      >
        <LinkButton href={signInAddress("/join")} variant="metal" size="big" external>
          <FormattedMessage id="join.guest.signIn" />
        </LinkButton>
      </Doorstep>
      <LinkCard next="/join" />
    </>
  );
}
