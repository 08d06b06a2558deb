import { FormattedMessage } from "react-intl";
import type { identity as api } from "@updspace/api";
import { ok } from "@updspace/kit/answer.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { LinkButton } from "@updspace/ui/LinkButton";
import { identity } from "../../api.ts";
import { boot } from "../../boot.ts";
import { AccountCard } from "../../shell/AccountCard.tsx";
import { Gate } from "../../shell/Gate.tsx";

type LogoutRequest = api.components["schemas"]["EndSessionRequest"];

/** The parameters of the request, as the application sent them. */
function request(): LogoutRequest {
  const query = new URLSearchParams(location.search);
  const names = ["id_token_hint", "client_id", "post_logout_redirect_uri", "state"] as const;
  return Object.fromEntries(names.flatMap((name) => (query.has(name) ? [[name, query.get(name) ?? ""]] : [])));
}

/** Asks before signing out: an application, or a link in a mail, can send a browser here. */
export function SignOut() {
  const { account, forms } = boot;
  const signOut = useAction({
    run: (_: void, headers) => ok(identity.POST("/oauth/end_session/confirm", { body: request(), headers })),
    onDone: ({ redirect_uri }) => location.assign(redirect_uri ?? "/signed-out"),
  });
  return (
    <Gate title={<FormattedMessage id="signout.title" />} lead={<FormattedMessage id="signout.lead" />}>
      {account && <AccountCard account={account} />}
      {(forms.logout?.client || forms.logout?.host) && (
        <p className="small muted">
          {forms.logout.client && <FormattedMessage id="signout.client" values={{ name: <bdi>{forms.logout.client}</bdi> }} />}{" "}
          {forms.logout.host && <FormattedMessage id="signout.host" values={{ host: <bdi>{forms.logout.host}</bdi> }} />}
        </p>
      )}
      <div className="vstack s">
        <ActionError error={signOut.error} />
        <Button variant="primary" size="big" wide pending={signOut.pending} onPress={() => signOut.start()}>
          <FormattedMessage id="signout.button" />
        </Button>
        <LinkButton href="/account" size="big" wide external>
          <FormattedMessage id="signout.stay" />
        </LinkButton>
      </div>
    </Gate>
  );
}
