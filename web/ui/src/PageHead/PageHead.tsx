import { ArrowLeft } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "react-aria-components/Link";

interface PageHeadProps {
  title: string;
  sub?: ReactNode;
  back?: { href: string; name: string };
  /** Whose page it is: a flag. */
  lead?: ReactNode;
  /** Actions; one of them may be primary. */
  children?: ReactNode;
}

/** The head of a page: its one h1, which takes the focus after navigation. */
export function PageHead({ title, sub, back, lead, children }: PageHeadProps) {
  return (
    <div className="vstack s">
      {back && <Crumb href={back.href} name={back.name} />}
      <div className="page-head">
        {lead}
        <div className="vstack xs">
          <h1 tabIndex={-1}>{title}</h1>
          {sub !== undefined && <p>{sub}</p>}
        </div>
        {children !== undefined && <div className="btns">{children}</div>}
      </div>
    </div>
  );
}

export function Crumb({ href, name }: { href: string; name: string }) {
  return (
    <div className="crumb">
      <Link href={href}>
        <ArrowLeft className="i s" aria-hidden="true" />
        {name}
      </Link>
    </div>
  );
}
