import type { ReactNode } from "react";
import { Helm } from "@updspace/ui/Helm";
import type { Account } from "../boot.ts";
import styles from "./AccountCard.module.css";

/** Who is signed in, with a way out of it. */
export function AccountCard({ account, children }: { account: Account; children?: ReactNode }) {
  const name = account.display_name || account.username;
  return (
    <div className={`card row ${styles.account}`}>
      <Helm id={account.id} src={account.avatar_url} />
      <span className={styles.who}>
        <span className="strong block" dir="auto">
          {name}
        </span>
        <span className="small muted block">{account.email}</span>
      </span>
      {children}
    </div>
  );
}
