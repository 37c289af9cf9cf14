// passkey.js lets a form be answered by a passkey: a form with data-passkey
// ("make" or "show") and data-options, the question as the server wrote it. The
// browser's answer goes into the field "answer" and the form is sent. Without
// script, or where the browser knows no passkeys, such a form stays hidden and
// the page offers the other ways.

function bytes(base64url) {
  const s = base64url.replace(/-/g, '+').replace(/_/g, '/');
  return Uint8Array.from(atob(s), (c) => c.charCodeAt(0));
}

function base64url(buffer) {
  const s = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(s).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

// Browsers of before 2025 cannot read the question's JSON themselves.
function question({ publicKey }) {
  const key = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (key.user) key.user = { ...key.user, id: bytes(key.user.id) };
  for (const list of ['excludeCredentials', 'allowCredentials']) {
    if (key[list]) key[list] = key[list].map((c) => ({ ...c, id: bytes(c.id) }));
  }
  return key;
}

function answer(credential) {
  const { response } = credential;
  const said = { clientDataJSON: base64url(response.clientDataJSON) };
  if (response.attestationObject) {
    said.attestationObject = base64url(response.attestationObject);
    said.transports = response.getTransports?.() ?? [];
  } else {
    said.authenticatorData = base64url(response.authenticatorData);
    said.signature = base64url(response.signature);
    if (response.userHandle) said.userHandle = base64url(response.userHandle);
  }
  return {
    id: credential.id,
    rawId: base64url(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: said,
  };
}

async function ask(form) {
  const publicKey = question(JSON.parse(form.dataset.options));
  return form.dataset.passkey === 'make'
    ? navigator.credentials.create({ publicKey })
    : navigator.credentials.get({ publicKey });
}

for (const form of document.querySelectorAll('form[data-passkey]')) {
  if (!window.PublicKeyCredential) break;
  form.hidden = false;
  const said = form.querySelector('[role=status]');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    said.textContent = form.dataset.waiting;
    try {
      form.elements.namedItem('answer').value = JSON.stringify(answer(await ask(form)));
    } catch (problem) {
      // A person who closes the browser's question has done nothing wrong.
      said.textContent = problem.name === 'InvalidStateError' ? form.dataset.known : form.dataset.failed;
      return;
    }
    said.textContent = '';
    form.submit();
  });
}
