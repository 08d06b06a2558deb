import type { identity } from "@updspace/api";
import { FakeServer, refuse } from "@updspace/kit/testing/server.ts";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { render } from "vitest-browser-react";
import { account, bootWith, Frame } from "../../testing.tsx";

bootWith({});
const { SignInForm } = await import("./SignInForm.tsx");

const signedIn = { meta: { session_token: "" }, user: account, access_token: null, refresh_token: null, recovery_codes: null };

let server: FakeServer<identity.paths>;

beforeEach(() => {
  server = new FakeServer();
  vi.stubGlobal("fetch", server.fetch);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

async function show(props: { email?: string; onlyPassword?: boolean } = {}) {
  const onDone = vi.fn();
  const screen = await render(<SignInForm formToken="first" onDone={onDone} {...props} />, { wrapper: Frame });
  const field = { email: screen.getByLabelText("E-mail"), password: screen.getByLabelText("Password", { exact: true }) };
  return { screen, onDone, ...field, button: screen.getByRole("button", { name: /^Sign in/ }) };
}

test("the right password signs in", async () => {
  const sent = vi.fn();
  server.on("post", "/api/v1/auth/login", (body) => {
    sent(body);
    return signedIn;
  });
  const { email, password, button, onDone } = await show();
  await expect.element(email).toHaveFocus();
  await email.fill(" member@aef.test ");
  await password.fill(" spaces count ");
  await button.click();
  await expect.poll(() => onDone.mock.calls.length).toBe(1);
  expect(sent).toHaveBeenCalledExactlyOnceWith({ email: "member@aef.test", password: " spaces count ", form_token: "first" });
});

test("a wrong password is said, and is selected to be typed again", async () => {
  server.on("post", "/api/v1/auth/login", ({ password }) => (password === "right" ? signedIn : refuse(401, "INVALID_CREDENTIALS")));
  const { screen, email, password, button, onDone } = await show();
  await email.fill("member@aef.test");
  await password.fill("wrong");
  await button.click();
  await expect.element(screen.getByRole("alert")).toHaveTextContent(/password/i);
  await expect.element(password).toHaveFocus();
  await expect.element(email).toHaveValue("member@aef.test");
  expect(onDone).not.toHaveBeenCalled();
  await password.fill("right");
  await button.click();
  await expect.poll(() => onDone.mock.calls.length).toBe(1);
});

test("too many attempts count down, and nothing is sent meanwhile", async () => {
  server.on("post", "/api/v1/auth/login", () => refuse(429, "LOGIN_RATE_LIMITED", { retryAfter: 900 }));
  const { screen, email, password, button } = await show();
  await email.fill("member@aef.test");
  await password.fill("wrong");
  await button.click();
  await expect.element(screen.getByRole("timer")).toHaveTextContent("You can try again in 900 seconds.");
  await expect.element(screen.getByRole("timer")).toHaveTextContent("You can try again in 899 seconds.");
  await expect.element(button).toHaveAttribute("aria-disabled", "true");
  await button.click({ force: true });
  expect(server.calls).toEqual(["post /api/v1/auth/login"]);
});

test("a form token that has expired is renewed without a word", async () => {
  server
    .on("post", "/api/v1/auth/login", ({ form_token }) => (form_token === "second" ? signedIn : refuse(400, "INVALID_FORM_TOKEN")))
    .on("get", "/api/v1/auth/form_token", () => ({ form_token: "second", expires_in: 900 }));
  const { screen, email, password, button, onDone } = await show();
  await email.fill("member@aef.test");
  await password.fill("right");
  await button.click();
  await expect.poll(() => onDone.mock.calls.length).toBe(1);
  expect(server.calls).toEqual(["post /api/v1/auth/login", "get /api/v1/auth/form_token", "post /api/v1/auth/login"]);
  await expect.element(screen.getByRole("alert")).not.toBeInTheDocument();
});

test("what is missing is said at its field, and nothing is sent", async () => {
  const { screen, email, password, button } = await show();
  await button.click();
  await expect.element(email).toHaveFocus();
  await expect.element(email).toHaveAccessibleDescription("Fill this in");
  await expect.element(password).toHaveAccessibleDescription("Fill this in");
  await email.fill("member@aef.test");
  await button.click();
  await expect.element(password).toHaveFocus();
  await expect.element(screen.getByText("Fill this in")).toBeVisible();
  expect(server.calls).toEqual([]);
});

test("signing in again asks for the password alone", async () => {
  const sent = vi.fn();
  server.on("post", "/api/v1/auth/login", (body) => {
    sent(body.email);
    return signedIn;
  });
  const { password, button, onDone, email } = await show({ email: "member@aef.test", onlyPassword: true });
  await expect.element(password).toHaveFocus();
  await expect.element(email).not.toBeInTheDocument();
  await password.fill("right");
  await button.click();
  await expect.poll(() => onDone.mock.calls.length).toBe(1);
  expect(sent).toHaveBeenCalledWith("member@aef.test");
});
