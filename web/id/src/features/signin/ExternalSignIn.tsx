import { FormattedMessage, useIntl } from "react-intl";
import { ApiError, ok } from "@updspace/kit/answer.ts";
import { ActionError, errorText } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { identity } from "../../api.ts";
import { boot, type Provider } from "../../boot.ts";
import { providerIcons } from "../connections/icons.ts";
import { outcomeOf } from "./outcome.ts";

/** Signs in with an account at another service that the person has linked. The browser leaves for the service and comes back. */
export function ExternalSignIn({ provider: { id, name, kind } }: { provider: Provider }) {
  const leave = useAction({
    run: (_: void, headers) =>
      ok(
        identity.GET("/api/v1/auth/oauth/login/{provider}", {
          params: { path: { provider: id }, query: { next: boot.forms.next ?? "/account" } },
          headers,
        }),
      ),
    onDone: ({ authorize_url }) => location.assign(authorize_url),
  });
  const Icon = providerIcons[kind];
  return (
    <>
      <ActionError error={leave.error} />
      <Button size="big" wide pending={leave.pending} onPress={() => leave.start()}>
        <Icon className="i s" aria-hidden="true" />
        <FormattedMessage id="signin.with" values={{ name: <bdi>{name}</bdi> }} />
      </Button>
    </>
  );
}

/** Why a sign-in with another service has failed, from which the browser has just come back. */
export function ExternalFailure() {
  const intl = useIntl();
  const { error, provider } = outcomeOf(location.search);
  const name = boot.forms.providers?.find((p) => p.id === provider)?.name;
  if (error === undefined) return null;
  if (error === "ACCESS_DENIED") {
    return (
      <p className="muted" role="status">
        <FormattedMessage id="signin.denied" />
      </p>
    );
  }
  return (
    <div className="form-errors" role="alert">
      {name !== undefined && <strong>{name}: </strong>}
      {errorText(intl, new ApiError(400, error, "", {}, [], undefined, "", {}))}
    </div>
  );
}
