import { useState, type SyntheticEvent } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { ok } from "@updspace/kit/answer.ts";
import { ActionError, fieldErrors } from "@updspace/kit/errors.tsx";
import { useAction, type WriteHeaders } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { DateTimeField } from "@updspace/ui/DateTimeField";
import { Dialog } from "@updspace/ui/Dialog";
import { Select } from "@updspace/ui/Select";
import { TextArea } from "@updspace/ui/TextArea";
import { TextField } from "@updspace/ui/TextField";
import { identity } from "../../../api.ts";
import { useStepUp } from "../../security/StepUp.tsx";
import { nameOf } from "./name.ts";
import { accountQuery, accountsKey, type AccountDetails, type Membership } from "./queries.ts";

type Plain = "suspend" | "ban" | "reinstate" | "grantAdmin" | "revokeAdmin" | "passwordLink" | "resetFactors" | "endSessions";

/** What a system administrator is about to do. */
export type Change = { kind: Plain } | { kind: "membership"; membership?: Membership };

const dangerous = new Set(["ban", "suspend", "resetFactors", "endSessions", "revokeAdmin"]);
const roles = ["member", "admin", "owner"] as const;
type BaseRole = (typeof roles)[number];
const ended = "disabled";

interface Values {
  reason: string;
  until: string | null;
  slug: string;
  role: BaseRole | typeof ended;
}

interface ChangeDialogProps {
  details: AccountDetails;
  change: Change;
  onClose: () => void;
}

/** Asks for the reason of a change, and for what else it needs. */
export function ChangeDialog({ details, change, onClose }: ChangeDialogProps) {
  const intl = useIntl();
  const { confirmed, dialog } = useStepUp();
  const { account } = details;
  const held = change.kind === "membership" ? change.membership : undefined;
  const [values, setValues] = useState<Values>({
    reason: "",
    until: null,
    slug: held?.tenant_slug ?? "",
    role: held?.status === ended ? ended : (roles.find((r) => r === held?.base_role) ?? "member"),
  });
  const set = (part: Partial<Values>) => setValues({ ...values, ...part });
  const action = useAction({
    run: (input: Values, headers) => confirmed(() => send(account.id, change, held, input, headers)),
    stale: [accountQuery(account.id).queryKey, [accountsKey]],
    done: intl.formatMessage({ id: `admin.done.${change.kind}` }),
    onDone: onClose,
  });
  const errors = fieldErrors(intl, action.error);
  const atFields = Object.keys(errors).length > 0 && Object.keys(errors).every((f) => f === "reason" || f === "until");
  const submit = (e: SyntheticEvent) => {
    e.preventDefault();
    if (!action.pending) action.start(values);
  };
  const restricts = change.kind === "suspend" || change.kind === "ban";
  return (
    <>
      <Dialog
        open
        onClose={onClose}
        title={intl.formatMessage({ id: `admin.${change.kind}.title` }, { name: nameOf(account) })}
        closeLabel={intl.formatMessage({ id: "action.cancel" })}
      >
        <form className="form" noValidate onSubmit={submit}>
          <p className="muted">
            <FormattedMessage id={`admin.${change.kind}.text`} />
          </p>
          {!atFields && <ActionError error={action.error} />}
          {change.kind === "membership" && (
            <>
              {!held && (
                <TextField
                  label={intl.formatMessage({ id: "admin.membership.slug" })}
                  help={intl.formatMessage({ id: "admin.membership.slug.help" })}
                  value={values.slug}
                  onChange={(slug) => set({ slug })}
                  maxLength={63}
                  required
                />
              )}
              <Select
                label={intl.formatMessage({ id: "admin.membership.role" })}
                value={values.role}
                onChange={(role) => set({ role })}
                choices={[
                  ...roles.map((id) => ({ id, name: intl.formatMessage({ id: `admin.role.${id}` }) })),
                  ...(held ? [{ id: ended, name: intl.formatMessage({ id: "admin.membership.disabled" }) } as const] : []),
                ]}
              />
            </>
          )}
          <TextArea
            label={intl.formatMessage({ id: "admin.reason" })}
            help={intl.formatMessage({ id: restricts ? "admin.reason.told" : "admin.reason.help" })}
            value={values.reason}
            onChange={(reason) => set({ reason })}
            rows={2}
            maxLength={500}
            error={errors["reason"]}
            required
          />
          {restricts && (
            <DateTimeField
              label={intl.formatMessage({ id: "admin.ends" })}
              help={intl.formatMessage({ id: "admin.ends.help" })}
              value={values.until}
              onChange={(until) => set({ until })}
              clearLabel={intl.formatMessage({ id: "admin.ends.never" })}
              error={errors["until"]}
            />
          )}
          <div className="btns">
            <Button type="submit" variant={dangerous.has(change.kind) ? "danger" : "primary"} pending={action.pending}>
              <FormattedMessage id={`admin.${change.kind}`} />
            </Button>
            <Button onPress={onClose}>
              <FormattedMessage id="action.cancel" />
            </Button>
          </div>
        </form>
      </Dialog>
      {dialog}
    </>
  );
}

/** Calls what the change is. */
function send(id: string, { kind }: Change, held: Membership | undefined, values: Values, headers: WriteHeaders) {
  const reason = values.reason.trim();
  const rest = { params: { path: { user_id: id } }, headers };
  const until = values.until === null ? {} : { until: values.until };
  switch (kind) {
    case "suspend":
      return ok(identity.PUT("/api/v1/admin/accounts/{user_id}/status", { ...rest, body: { status: "suspended", reason, ...until } }));
    case "ban":
      return ok(identity.PUT("/api/v1/admin/accounts/{user_id}/status", { ...rest, body: { status: "banned", reason, ...until } }));
    case "reinstate":
      return ok(identity.PUT("/api/v1/admin/accounts/{user_id}/status", { ...rest, body: { status: "active", reason } }));
    case "grantAdmin":
    case "revokeAdmin":
      return ok(
        identity.PUT("/api/v1/admin/accounts/{user_id}/system-admin", { ...rest, body: { system_admin: kind === "grantAdmin", reason } }),
      );
    case "passwordLink":
      return ok(identity.POST("/api/v1/admin/accounts/{user_id}/password-link", { ...rest, body: { reason } }));
    case "resetFactors":
      return ok(identity.POST("/api/v1/admin/accounts/{user_id}/factors/reset", { ...rest, body: { reason } }));
    case "endSessions":
      return ok(identity.POST("/api/v1/admin/accounts/{user_id}/sessions/end", { ...rest, body: { reason } }));
    case "membership": {
      const role = values.role === ended ? (roles.find((r) => r === held?.base_role) ?? "member") : values.role;
      return ok(
        identity.PUT("/api/v1/admin/accounts/{user_id}/memberships/{slug}", {
          params: { path: { user_id: id, slug: values.slug.trim().toLowerCase() } },
          headers,
          body: { status: values.role === ended ? "disabled" : "active", base_role: role, reason },
        }),
      );
    }
  }
}
