// desk.js makes the desk quick: the queue by keyboard, numbers copied with one
// press, and open pages that follow what happens. Every page works without it.

const $ = (selector, from = document) => from.querySelector(selector);
const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];

function say(text) {
  const line = document.getElementById('say');
  if (line) line.textContent = text;
}

// --- keyboard -------------------------------------------------------------

// Single keys can be turned off, for people who speak to their computer or
// brush keys by accident (WCAG 2.1.4). The choice stays on this device.
const keysKey = 'linli.keys';
const keysOn = () => { try { return localStorage.getItem(keysKey) !== 'off'; } catch { return true; } };

function keysSwitch(button) {
  const draw = () => { button.textContent = keysOn() ? button.dataset.off : button.dataset.on; };
  button.hidden = false;
  draw();
  button.addEventListener('click', () => {
    try { localStorage.setItem(keysKey, keysOn() ? 'off' : 'on'); } catch { return; }
    draw();
    say(button.textContent);
  });
}

const typing = (target) => target.matches('input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]');

const rows = () => $$('[data-queue] tbody tr');
const current = () => $('[data-queue] tbody tr[aria-current]');

// select marks a row and opens it in the preview.
function select(row) {
  if (!row) return;
  current()?.removeAttribute('aria-current');
  row.setAttribute('aria-current', 'true');
  row.scrollIntoView({ block: 'nearest' });
  const link = $('[data-open]', row);
  if (!link) return;
  link.focus({ preventScroll: true });
  if (link.hasAttribute('hx-get') && window.htmx) link.click();
  else say(link.textContent);
}

function step(by) {
  const all = rows();
  const at = all.indexOf(current());
  select(all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + by))]);
}

function tick() {
  const box = current() && $('[data-tick]', current());
  if (box) box.click();
}

// press does what a key is printed on: a button is pressed, a field focused.
function press(key) {
  const target = $$('[data-key]').find((el) => el.dataset.key.toLowerCase() === key && !el.disabled && el.offsetParent);
  if (!target) return false;
  if (target.matches('input, textarea, select')) {
    target.focus();
    target.select?.();
  } else {
    target.click();
  }
  return true;
}

// enterActs reports whether Enter may do what the preview proposes. Elsewhere it
// belongs to the link or button in focus; and a preview that has not caught up
// with the selected row must not act on the row before it.
function enterActs(target) {
  const row = current();
  if (!row) return target.matches('body, main');
  return (target.matches('body, main') || row.contains(target)) && row.id === 'row-' + $('.peek')?.dataset.case;
}

function openKeys() {
  const list = $('[data-keys]');
  if (!list) return;
  list.open = !list.open;
  $('summary', list).focus();
}

function onKey(event) {
  if (event.key === 'Escape' && typing(event.target)) return event.target.blur();
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (typing(event.target) || !keysOn()) return;
  const key = event.key.toLowerCase();
  if (key === 'enter' && !enterActs(event.target)) return;
  const acts = { j: () => step(1), k: () => step(-1), x: tick };
  if (key === '?') openKeys();
  else if (acts[key] && rows().length) acts[key]();
  else if (!press(key)) return;
  event.preventDefault();
}

// --- copy -----------------------------------------------------------------

async function onClick(event) {
  const button = event.target.closest('[data-copy]');
  if (button) {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.lastElementChild.textContent = button.dataset.copied;
    return say(button.dataset.copied);
  }
  const row = event.target.closest('[data-queue] tbody tr');
  if (row && event.target.closest('[data-open]')) {
    current()?.removeAttribute('aria-current');
    row.setAttribute('aria-current', 'true');
  }
  // A menu closes when something else is pressed.
  $$('details.me[open]').forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
}

// --- live -----------------------------------------------------------------

// The server names what changed ("case", "queue"); each marked region of that
// topic fetches itself again through htmx. Several events within a moment make
// one request, and nothing is redrawn under someone who is writing in it.
const waiting = new Map();

function refresh(topic) {
  $$(`[data-live-topic~="${CSS.escape(topic)}"]`).forEach((region) => {
    clearTimeout(waiting.get(region));
    waiting.set(region, setTimeout(() => {
      waiting.delete(region);
      if (region.isConnected && !(region.contains(document.activeElement) && typing(document.activeElement))) {
        region.dispatchEvent(new CustomEvent('live'));
      }
    }, 250));
  });
}

function live(address) {
  const stream = new EventSource(address);
  stream.addEventListener('message', (event) => event.data.split(/\s+/).filter(Boolean).forEach(refresh));
  addEventListener('pagehide', () => stream.close());
  // A page taken back from the browser's cache listens again.
  addEventListener('pageshow', (event) => { if (event.persisted) live(address); }, { once: true });
}

function reveal(from) {
  if (navigator.clipboard) $$('[data-copy]', from).forEach((button) => { button.hidden = false; });
  $$('[data-keys-switch]', from).forEach(keysSwitch);
}

reveal(document);
document.addEventListener('keydown', onKey);
document.addEventListener('click', onClick);
document.addEventListener('htmx:after:swap', () => {
  if (navigator.clipboard) $$('[data-copy][hidden]').forEach((button) => { button.hidden = false; });
  // On a narrow screen the preview stands below the list, out of sight.
  const peek = $('.peek');
  if (peek && peek.getBoundingClientRect().top > innerHeight && document.activeElement?.matches('[data-open]')) peek.scrollIntoView();
});
if (document.body.dataset.live) live(document.body.dataset.live);
document.getElementById('errors')?.focus();
