// The second step of a sign-in, and the page of the ways to sign in.
import * as acts from "./acts.ts";
import * as factorActs from "./factorActs.ts";
import { Refusal, refused, type State } from "./state.ts";

const codes = [
  "4KQ7M-X2PDN",
  "T9HWC-6RVBJ",
  "M3ZFY-8LKQA",
  "B7NXE-5DTGP",
  "R2VJH-9CWMS",
  "Y6PQK-3FXZA",
  "D8TLB-7HNRE",
  "G5CMW-4JYVK",
  "X9ASZ-2QBFT",
  "H4EDN-6PLGR",
];

const login = "/api/v1/auth/login";
const passkeyOptions = {
  challenge: "6mYQk0rJb3J1fM0sYw",
  rpId: "id.localhost",
  userVerification: "required",
  publicKey: { challenge: "6mYQk0rJb3J1fM0sYw", rpId: "id.localhost", userVerification: "required" },
};
/** What the password is answered with, by what the account has for the second step. */
const demands = (...ways: string[]) => ({
  [login]: new Refusal(401, "MFA_REQUIRED", { ways, ...(ways.includes("passkey") && { request_options: passkeyOptions }) }),
});
const signIn = { host: "id", path: "/login", allow: refused(401) } as const;

const security = { host: "id", path: "/account/security", as: "member" } as const;
const begin = "/api/v1/auth/mfa/totp/begin";
const square =
  "<path d='M2 2h7v7H2zM16 2h7v7h-7zM2 16h7v7H2zM11 3h2v3h-2zM12 8h2v2h-2zM10 12h3v2h-3zM15 11h2v4h-2zM19 13h3v2h-3zM12 17h2v4h-2zM17 18h4v3h-4z'/>";
const setup = {
  secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
  otpauth_url: "otpauth://totp/UpdSpace%20ID:member@aef.test?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=UpdSpace%20ID",
  svg: "",
  svg_data_uri: `data:image/svg+xml;base64,${btoa(`<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 25 25'><path fill='#fff' d='M0 0h25v25H0z'/>${square}</svg>`)}`,
};
const stale = { [begin]: new Refusal(403, "REAUTHENTICATION_REQUIRED") };
const proofs = (...ways: string[]) => ({
  "/api/v1/auth/reauth/begin": { ways, request_options: ways.includes("passkey") ? passkeyOptions : null },
});

/** An account that has everything. */
const withFactors = {
  "/api/v1/auth/mfa/status": {
    has_totp: true,
    has_webauthn: true,
    has_recovery_codes: true,
    recovery_codes_left: 10,
    has_password: true,
    second_step: true,
    confirmed_until: "2026-03-01T12:00:00Z",
  },
  "/api/v1/auth/passkeys": {
    authenticators: [
      {
        id: "01890a5d-ac96-774b-bcce-b302099a8057",
        name: "Phone",
        type: "webauthn",
        created_at: 1772366400,
        last_used_at: 1772366400,
        is_passwordless: true,
      },
      {
        id: "01890a5d-ac96-774b-bcce-b302099a8058",
        name: "Laptop",
        type: "webauthn",
        created_at: 1772366400,
        last_used_at: null,
        is_passwordless: true,
      },
    ],
  },
};

export const factorStates: State[] = [
  { name: "id-sign-in-second-step-over", host: "id", path: "/login?next=%2Faccount&step=second", allow: refused(400) },
  { ...signIn, name: "id-second-step", answers: demands("totp", "passkey", "recovery_code"), act: factorActs.secondStep },
  { ...signIn, name: "id-second-step-passkey", answers: demands("passkey", "recovery_code"), act: factorActs.secondStep },
  { ...signIn, name: "id-second-step-wrong", answers: demands("totp", "recovery_code"), act: factorActs.wrongCode },
  { ...signIn, name: "id-second-step-recovery", answers: demands("totp", "passkey", "recovery_code"), act: factorActs.recoveryCode },
  { ...signIn, name: "id-second-step-recovery-wrong", answers: demands("totp", "recovery_code"), act: factorActs.wrongRecoveryCode },
  {
    ...signIn,
    name: "id-second-step-new-codes",
    answers: demands("totp", "recovery_code"),
    act: factorActs.newCodes({ recovery_codes: codes }),
  },
  { name: "id-security", host: "id", path: "/account/security", as: "member" },
  { name: "id-security-refused", host: "id", path: "/account/security", as: "member", act: acts.changePasswordBadly, allow: refused(422) },
  {
    name: "id-security-factors",
    host: "id",
    path: "/account/security",
    as: "member",
    answers: withFactors,
  },
  { ...security, name: "id-security-app", answers: { [begin]: setup }, act: factorActs.appSetup },
  {
    ...security,
    name: "id-security-app-wrong",
    answers: { [begin]: setup, "/api/v1/auth/mfa/totp/confirm": new Refusal(400, "INVALID_MFA_CODE") },
    act: factorActs.appWrongCode,
    allow: refused(400),
  },
  {
    ...security,
    name: "id-security-codes",
    answers: { ...withFactors, "/api/v1/auth/mfa/recovery/regenerate": { recovery_codes: codes } },
    act: factorActs.madeCodes,
  },
  { ...security, name: "id-step-up", answers: { ...stale, ...proofs("password", "passkey") }, act: factorActs.stepUp, allow: refused(403) },
  {
    ...security,
    name: "id-step-up-wrong",
    answers: { ...stale, ...proofs("password"), "/api/v1/auth/reauth": new Refusal(400, "REAUTHENTICATION_FAILED") },
    act: factorActs.stepUpWrongPassword,
    allow: /status of 40[03]/,
  },
  { ...security, name: "id-step-up-app", answers: { ...stale, ...proofs("totp") }, act: factorActs.stepUp, allow: refused(403) },
  { ...security, name: "id-step-up-none", answers: { ...stale, ...proofs() }, act: factorActs.stepUpWithoutAWay, allow: refused(403) },
];
