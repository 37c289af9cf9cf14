// push-worker.js shows what linli tells a browser, and opens the page on a touch.
// It keeps nothing, fetches nothing and stands between no page and its server.

self.addEventListener('push', (e) => {
  let said = {};
  try {
    said = e.data.json();
  } catch {
    // A browser that is woken has to show something.
  }
  e.waitUntil(self.registration.showNotification(said.title || '邻里', {
    body: said.body || '', tag: said.tag || '', lang: said.lang || 'zh-CN', data: said.link || '/mine',
  }));
});

self.addEventListener('notificationclick', (e) => {
  e.notification.close();
  // Only ever a page of this site, whatever the message says.
  const to = new URL(e.notification.data, self.location.origin);
  if (to.origin !== self.location.origin) return;
  e.waitUntil(self.clients.openWindow(to.href));
});
