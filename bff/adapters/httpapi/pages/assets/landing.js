"use strict";

// The CSRF token is read when it is needed: signing in and out changes it.
function csrfToken() {
  const entry = document.cookie.split("; ").find((c) => c.startsWith("updspace_csrf="));
  return entry ? entry.slice("updspace_csrf=".length) : "";
}

document.getElementById("sign-out")?.addEventListener("click", async () => {
  await fetch("/api/v1/session/logout", { method: "POST", headers: { "X-CSRF-Token": csrfToken() } });
  location.reload();
});
