import { CodeXml, Gamepad2, KeyRound, MessagesSquare } from "lucide-react";

/** What stands for a kind of service. */
export const providerIcons = { steam: Gamepad2, discord: MessagesSquare, github: CodeXml, oidc: KeyRound };
