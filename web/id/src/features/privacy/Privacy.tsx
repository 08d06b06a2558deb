import { useSuspenseQuery } from "@tanstack/react-query";
import { FormattedMessage, useIntl } from "react-intl";
import { ok } from "@updspace/kit/answer.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { PageHead } from "@updspace/ui/PageHead";
import { Switch } from "@updspace/ui/Switch";
import { identity, orSignIn } from "../../api.ts";
import styles from "../profile/Profile.module.css";
import { Consents } from "./Consents.tsx";
import { DataSection } from "./DataSection.tsx";
import { DeletionSection } from "./DeletionSection.tsx";
import { consentsQuery, privacyQuery } from "./queries.ts";

const scopes = ["profile_basic", "profile_extended", "email", "phone"] as const;

/** What applications may ask for, and what the person has agreed to. */
export function Privacy() {
  const intl = useIntl();
  const { data: preferences } = useSuspenseQuery(privacyQuery);
  const save = useAction({
    run: (
      body: { marketing_opt_in?: boolean; privacy_scope_defaults?: Partial<Record<(typeof scopes)[number], "ask" | "deny">> },
      headers,
    ) => ok(identity.PATCH("/api/v1/auth/preferences", { body, headers })).catch(orSignIn),
    stale: [privacyQuery.queryKey, consentsQuery.queryKey],
    done: intl.formatMessage({ id: "saved" }),
  });
  const policies = preferences.privacy_scope_defaults;
  return (
    <>
      <PageHead title={intl.formatMessage({ id: "nav.privacy" })} />
      <section className="card" aria-labelledby="applications">
        <div className="card-head">
          <h2 id="applications">
            <FormattedMessage id="privacy.applications" />
          </h2>
        </div>
        <div className={styles.body}>
          <p className="muted">
            <FormattedMessage id="privacy.applicationsText" />
          </p>
          <ActionError error={save.error} />
        </div>
        <div className="rows">
          {scopes.map((scope) => (
            <Switch
              key={scope}
              label={intl.formatMessage({ id: `scope.${scope}` })}
              checked={policies[scope] !== "deny"}
              onChange={(on) => save.start({ privacy_scope_defaults: { [scope]: on ? "ask" : "deny" } })}
            />
          ))}
        </div>
      </section>
      <section className="card" aria-labelledby="consents">
        <div className="card-head">
          <h2 id="consents">
            <FormattedMessage id="privacy.consents" />
          </h2>
        </div>
        <div className="rows">
          <Switch
            label={intl.formatMessage({ id: "privacy.marketing" })}
            help={intl.formatMessage({ id: "privacy.marketingHelp" })}
            checked={preferences.marketing_opt_in}
            onChange={(on) => save.start({ marketing_opt_in: on })}
          />
        </div>
        <Consents />
      </section>
      <DataSection />
      <DeletionSection />
    </>
  );
}
