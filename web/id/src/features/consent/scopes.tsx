import { BadgeCheck, Cake, Clock, IdCard, Mail, Phone, ShieldQuestion, UserRound, Users } from "lucide-react";
import type { ReactNode } from "react";
import type { IntlShape } from "react-intl";
import type { MessageId } from "@updspace/kit/words.tsx";

export const scopeIcons: Record<string, ReactNode> = {
  openid: <BadgeCheck className="i" aria-hidden="true" />,
  profile: <IdCard className="i" aria-hidden="true" />,
  profile_basic: <UserRound className="i" aria-hidden="true" />,
  profile_extended: <Cake className="i" aria-hidden="true" />,
  email: <Mail className="i" aria-hidden="true" />,
  phone: <Phone className="i" aria-hidden="true" />,
  groups: <Users className="i" aria-hidden="true" />,
  offline_access: <Clock className="i" aria-hidden="true" />,
};

export const unknownScope = <ShieldQuestion className="i" aria-hidden="true" />;

/** A scope in plain words; one that this page does not know, in the server's. */
export function scopeWords(intl: IntlShape, { name, description }: { name: string; description: string }): { what: string; why: string } {
  const id = `scope.${name}`;
  const why = `scope.${name}.why`;
  const known = (key: string): key is MessageId => key in intl.messages;
  return {
    what: known(id) ? intl.formatMessage({ id }) : description,
    why: known(why) ? intl.formatMessage({ id: why }) : "",
  };
}
