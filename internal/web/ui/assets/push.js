// push.js lets a browser be told though the page is closed: a form with
// data-push, our public key, and data-worker, the script that shows what comes.
// The browser's subscription goes into the field "subscription" and the form is
// sent. Nothing is asked before somebody presses the button. Without script, or
// where the browser cannot be told, such a form stays hidden.

function bytes(base64url) {
  const s = base64url.replace(/-/g, '+').replace(/_/g, '/');
  return Uint8Array.from(atob(s), (c) => c.charCodeAt(0));
}

// The worker is small and starts at once; a registration that never becomes
// active would leave the button waiting.
function active(registration) {
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  if (worker.state === 'activated') return registration;
  return new Promise((done, failed) => {
    worker.addEventListener('statechange', () => {
      if (worker.state === 'activated') done(registration);
      if (worker.state === 'redundant') failed(new Error('the worker did not start'));
    });
  });
}

async function subscribe(form) {
  if (await Notification.requestPermission() !== 'granted') throw new Error('not allowed');
  const registration = await active(await navigator.serviceWorker.register(form.dataset.worker));
  const key = bytes(form.dataset.push);
  const before = await registration.pushManager.getSubscription();
  // One made with another key of ours is worth nothing any more.
  if (before && String(new Uint8Array(before.options.applicationServerKey ?? [])) !== String(key)) await before.unsubscribe();
  return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

function start(form) {
  const status = form.querySelector('[role=status]');
  const button = form.querySelector('button');
  form.hidden = false;
  form.addEventListener('submit', async (e) => {
    if (form.elements.subscription.value) return;
    e.preventDefault();
    button.disabled = true;
    status.textContent = form.dataset.waiting;
    try {
      form.elements.subscription.value = JSON.stringify(await subscribe(form));
      button.disabled = false;
      form.requestSubmit();
    } catch {
      button.disabled = false;
      status.textContent = Notification.permission === 'denied' ? form.dataset.denied : form.dataset.failed;
    }
  });
}

if ('serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window) {
  document.querySelectorAll('form[data-push]').forEach(start);
}
