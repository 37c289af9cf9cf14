// portal.js makes the pages with a form quicker for a resident: their own
// position with one tap, photos made smaller before they are sent, and a draft
// kept on the phone. Every page works without it.

const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];

// --- position -------------------------------------------------------------

function locate(box) {
  const button = box.querySelector('button');
  const said = box.querySelector('[role=status]');
  const form = box.closest('form');
  if (!form || !navigator.geolocation) return;
  box.hidden = false;
  button.addEventListener('click', () => {
    said.textContent = box.dataset.finding;
    button.setAttribute('aria-busy', 'true');
    const done = (text) => { said.textContent = text; button.removeAttribute('aria-busy'); };
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      done('');
      put(form, 'lon', coords.longitude.toFixed(6));
      put(form, 'lat', coords.latitude.toFixed(6));
      put(form, 'accuracy', Math.round(coords.accuracy));
      put(form, 'locate', '1');
      keepDraft(form);
      form.noValidate = true;
      form.requestSubmit();
    }, () => done(box.dataset.noplace), { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 });
  });
}

// put sets a field of the form, adding a hidden one where there is none.
function put(form, name, value) {
  let field = form.elements.namedItem(name);
  if (!field) {
    field = Object.assign(document.createElement('input'), { type: 'hidden', name });
    form.append(field);
  }
  field.value = value;
}

// --- photos ---------------------------------------------------------------

// A phone's photo is 4 to 8 MB; 1600 pixels show a broken manhole cover as
// well, in a tenth of the time. Drawing it anew also leaves behind where and
// with what it was taken; the server strips that again for itself.
const longestSide = 1600;

async function shrink(file, limit) {
  if (!/^image\/(jpeg|png|webp|heic|heif)$/.test(file.type)) return file;
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    return file; // not a picture this browser can read: the server will say so
  }
  const scale = Math.min(1, longestSide / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  for (const quality of [0.85, 0.7, 0.5]) {
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
    if (!blob) return file;
    if (blob.size <= limit) {
      if (scale === 1 && file.size <= limit && file.size <= blob.size) return file;
      return new File([blob], file.name.replace(/\.\w+$/, '') + '.jpg', { type: 'image/jpeg' });
    }
  }
  return file;
}

function photos(input) {
  const limit = Number(input.dataset.shrink);
  const said = document.querySelector(`[data-said="${input.id}"]`);
  const thumbs = document.querySelector(`[data-thumbs="${input.id}"]`);
  let shown = [];
  input.addEventListener('change', async () => {
    const chosen = [...input.files];
    said.textContent = chosen.length ? input.dataset.shrinking : '';
    const files = await Promise.all(chosen.map((file) => shrink(file, limit)));
    const box = new DataTransfer();
    files.forEach((file) => box.items.add(file));
    input.files = box.files;
    const big = files.filter((file) => file.size > limit);
    said.textContent = big.length ? input.dataset.toobig + big.map((file) => file.name).join(', ') : '';
    shown.forEach((address) => URL.revokeObjectURL(address));
    shown = files.filter((file) => file.type.startsWith('image/')).map((file) => URL.createObjectURL(file));
    thumbs.replaceChildren(...shown.map((src, i) => Object.assign(new Image(), { src, alt: files[i].name })));
  });
}

// --- draft ----------------------------------------------------------------

// What was written is kept for a day on this device, under the key the page
// gives, and dropped once a page says that it was sent (data-draft-sent).
const dayMs = 24 * 60 * 60 * 1000;

const draftName = (form) => {
  const mark = form.querySelector('[data-draft]');
  return mark && 'linli.draft.' + mark.dataset.draft;
};

const draftable = (field) => field.name && !['password', 'file', 'hidden', 'submit', 'button', 'image'].includes(field.type);

function keepDraft(form) {
  const name = draftName(form);
  if (!name) return;
  const fields = [...form.elements].filter(draftable)
    .filter((field) => !['radio', 'checkbox'].includes(field.type) || field.checked)
    .map((field) => [field.name, field.value]);
  store(() => localStorage.setItem(name, JSON.stringify({ at: Date.now(), fields })));
}

function restoreDraft(form, mark) {
  const name = draftName(form);
  const kept = store(() => JSON.parse(localStorage.getItem(name)));
  if (!kept || Date.now() - kept.at > dayMs) return store(() => localStorage.removeItem(name));
  const blank = [...form.elements].filter(draftable).every((f) =>
    ['radio', 'checkbox'].includes(f.type) ? f.checked === f.defaultChecked : f.value === f.defaultValue || f.tagName === 'SELECT');
  if (!blank) return;
  let changed = false;
  for (const [field, value] of kept.fields) {
    for (const control of form.querySelectorAll(`[name="${CSS.escape(field)}"]`)) {
      if (!draftable(control)) continue;
      if (['radio', 'checkbox'].includes(control.type)) {
        if (control.value === value && !control.checked) { control.checked = true; changed = true; }
      } else if (control.value === '' && value !== '') {
        control.value = value;
        changed = true;
      }
    }
  }
  mark.hidden = !changed;
}

// store runs what touches the browser's storage, which may be full or refused.
function store(what) {
  try { return what(); } catch { return null; }
}

function draft(mark) {
  const form = mark.closest('form');
  if (!form) return;
  restoreDraft(form, mark);
  let timer;
  form.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => keepDraft(form), 400);
  });
  mark.querySelector('[data-draft-drop]').addEventListener('click', () => {
    store(() => localStorage.removeItem(draftName(form)));
    form.reset();
    mark.hidden = true;
  });
}

// --- copy -----------------------------------------------------------------

function copy(button) {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    const say = document.getElementById('say');
    if (say) say.textContent = button.dataset.copied;
    button.lastElementChild.textContent = button.dataset.copied;
  });
}

$$('[data-draft-sent]').forEach((mark) => store(() => localStorage.removeItem('linli.draft.' + mark.dataset.draftSent)));
$$('[data-locate]').forEach(locate);
$$('input[type=file][data-shrink]').forEach(photos);
$$('[data-draft]').forEach(draft);
$$('[data-copy]').forEach(copy);
document.getElementById('errors')?.focus();
