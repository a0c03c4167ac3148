// Runs inside the page: finds elements by role and name, by selector or by text, as Playwright's locators do.
// What an element's role and name are is axe-core's word.

/** Where elements of a role may be; axe says which of them have it. */
export const PLACES = {
  alert: '[role=alert]',
  article: 'article,[role=article]',
  button: 'button,summary,[role=button],input[type=submit],input[type=button]',
  dialog: 'dialog,[role=dialog]',
  group: 'fieldset,[role=group]',
  heading: 'h1,h2,h3,h4,h5,h6,[role=heading]',
  link: 'a[href],[role=link]',
  listbox: '[role=listbox]',
  main: 'main,[role=main]',
  navigation: 'nav,[role=navigation]',
  option: '[role=option]',
  region: 'section,[role=region]',
  searchbox: 'input[type=search],[role=searchbox]',
  status: 'output,[role=status]',
  textbox: 'input,textarea,[role=textbox],[contenteditable]',
};

/** The elements that these steps lead to, in the order of the document. */
export function find(steps) {
  /* global axe */
  const plain = (text) => text.replace(/\s+/g, ' ').trim();
  const matches = (text, wanted, exact) => {
    if (wanted === undefined) return true;
    if (typeof wanted === 'object') return new RegExp(wanted.source, wanted.flags).test(plain(text));
    return exact ? plain(text) === plain(wanted) : plain(text).toLowerCase().includes(plain(wanted).toLowerCase());
  };
  const within = (roots, selector) => {
    const found = new Set(roots.flatMap((root) => [...root.querySelectorAll(selector)]));
    return [...found].sort((a, b) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
  };
  const isVisible = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
  const isHidden = (element) => element.closest('[aria-hidden=true],[inert]') !== null || !element.checkVisibility({ visibilityProperty: true });
  const step = (found, { role, places, name, exact, css, text, hasText, visible, has, nth, or }) => {
    if (role) {
      const some = within(found, places).filter((element) => !isHidden(element) && axe.commons.aria.getRole(element) === role);
      return some.filter((element) => name === undefined || matches(axe.commons.text.accessibleText(element), name, exact));
    }
    if (css) return within(found, css);
    if (text) {
      const all = within(found, 'body *').filter((element) => !['SCRIPT', 'STYLE'].includes(element.tagName) && matches(element.textContent, text));
      return all.filter((element) => !all.some((other) => other !== element && element.contains(other)));
    }
    if (hasText !== undefined) return found.filter((element) => matches(element.textContent, hasText));
    if (visible) return found.filter(isVisible);
    if (has) return found.filter((element) => walk([element], has).length > 0);
    if (or) return [...found, ...walk([document], or)];
    return [found.at(nth)].filter(Boolean);
  };
  const walk = (from, steps) => steps.reduce(step, from);
  const needsRoles = JSON.stringify(steps).includes('"role"');
  if (needsRoles) axe.setup(document.documentElement);
  try {
    return walk([document], steps);
  } finally {
    if (needsRoles) axe.teardown();
  }
}
