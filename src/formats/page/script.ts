/** How often the page updates itself, in milliseconds. */
const UPDATE_MS = 3000;

/** How long the page waits for an answer before it shows that contact is lost, in milliseconds. */
const PATIENCE_MS = 5000;

/**
 * The page's JavaScript: it fetches the page again and carries over what has changed, node by node, so that focus,
 * selection, scroll position and opened rows stay. The server alone decides how a state looks.
 */
export const SCRIPT: string = `
(() => {
'use strict';
const contact = document.querySelector('.contact');
const icon = document.querySelector('link[rel=icon]');
const parts = ['header', 'main', 'footer'];
let timer;

const carryAttributes = (from, to) => {
  for (const { name, value } of to.attributes)
    if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  for (const { name } of [...from.attributes])
    if (name !== 'open' && !to.hasAttribute(name)) from.removeAttribute(name);
};

const carry = (from, to) => {
  if (from.nodeName !== to.nodeName || from.id !== to.id) return from.replaceWith(to);
  if (from.nodeType !== 1) {
    if (from.data !== to.data) from.data = to.data;
    return;
  }
  carryAttributes(from, to);
  const wanted = [...to.childNodes];
  const ids = new Set(wanted.map((each) => each.id));
  wanted.forEach((want, index) => {
    const known = want.id && [...from.children].find((each) => each.id === want.id);
    let have = from.childNodes[index];
    for (; known && have !== known && !ids.has(have.id || 0); have = from.childNodes[index]) have.remove();
    if (known && known !== have) from.insertBefore(known, have);
    have = from.childNodes[index];
    if (!have || (have.id && have.id !== want.id)) from.insertBefore(want, have || null);
    else carry(have, want);
  });
  while (from.childNodes.length > wanted.length) from.lastChild.remove();
};

const ask = async () => {
  const response = await fetch(location.href.split('#')[0], {
    headers: { Accept: 'text/html' },
    cache: 'no-store',
    signal: AbortSignal.timeout(${PATIENCE_MS}),
  });
  const next = new DOMParser().parseFromString(await response.text(), 'text/html');
  if (!next.querySelector('main[data-status]')) throw new Error('another page answered');
  return next;
};

const show = (next) => {
  for (const part of parts) carry(document.querySelector(part), next.querySelector(part));
  if (document.title !== next.title) document.title = next.title;
  carryAttributes(icon, next.querySelector('link[rel=icon]'));
  document.documentElement.classList.remove('lost');
  contact.textContent = '';
};

const lose = () => {
  if (document.documentElement.classList.contains('lost')) return;
  document.documentElement.classList.add('lost');
  const at = document.querySelector('main').dataset.at;
  contact.textContent = 'No contact with the service' +
    (at ? ' since ' + at : '') + '. The data below may be out of date. Retrying\\u2026';
  document.title = '? No contact \\u00b7 ' + document.title.split(' \\u00b7 ').pop();
  icon.setAttribute('href', icon.dataset.lost);
};

const update = async () => {
  clearTimeout(timer);
  try {
    show(await ask());
  } catch {
    lose();
  }
  clearTimeout(timer);
  timer = setTimeout(update, ${UPDATE_MS});
};

document.addEventListener('visibilitychange', () => document.hidden || update());
timer = setTimeout(update, ${UPDATE_MS});
})();
`;
