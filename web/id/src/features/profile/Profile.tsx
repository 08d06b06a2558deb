import { CircleCheck, Mail, TriangleAlert } from "lucide-react";
import { FormattedMessage, useIntl } from "react-intl";
import { Helm } from "@updspace/ui/Helm";
import { PageHead } from "@updspace/ui/PageHead";
import { useAccount } from "../../session.ts";
import { EmailSection } from "../email/EmailSection.tsx";
import { Appearance } from "./Appearance.tsx";
import { NamesForm } from "./NamesForm.tsx";
import { Picture } from "./Picture.tsx";
import styles from "./Profile.module.css";

export function Profile() {
  const intl = useIntl();
  const account = useAccount();
  return (
    <>
      <PageHead title={intl.formatMessage({ id: "nav.profile" })} />
      <section className={`card ${styles.hero}`} aria-label={intl.formatMessage({ id: "profile.you" })}>
        <Helm id={account.id} src={account.avatar_url} size="xl" />
        <div className="vstack xs">
          <h2 className={styles.big} dir="auto">
            {account.display_name || account.username}
          </h2>
          <p className="muted" dir="auto">
            @{account.username}
          </p>
          <div className={styles.mail}>
            <Mail className="i s" aria-hidden="true" />
            <span className={styles.address}>{account.email}</span>
            {account.email_verified ? (
              <span className="state ok">
                <CircleCheck className="i s" aria-hidden="true" />
                <FormattedMessage id="profile.verified" />
              </span>
            ) : (
              <span className="state warn">
                <TriangleAlert className="i s" aria-hidden="true" />
                <FormattedMessage id="profile.unverified" />
              </span>
            )}
          </div>
        </div>
      </section>
      <Picture account={account} />
      <section className="card" aria-labelledby="names">
        <div className="card-head">
          <h2 id="names">
            <FormattedMessage id="profile.names" />
          </h2>
        </div>
        <NamesForm account={account} />
      </section>
      <EmailSection />
      <section className="card" aria-labelledby="appearance">
        <div className="card-head">
          <h2 id="appearance">
            <FormattedMessage id="profile.appearance" />
          </h2>
        </div>
        <Appearance />
      </section>
    </>
  );
}
