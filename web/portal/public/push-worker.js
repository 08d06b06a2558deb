// Shows what the service sends to this browser, and opens what it is about. It stands at the root, so that it serves every page of the host.
self.addEventListener("push", (event) => {
  const { title, body, link, tag } = event.data.json();
  event.waitUntil(self.registration.showNotification(title, { body, tag, icon: "/favicon.svg", data: { link } }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { link } = event.notification.data;
  event.waitUntil(self.clients.openWindow(link?.startsWith("/") && !link.startsWith("//") ? link : "/notifications"));
});
