const stops =
  'a[href], :is(button, input, select, textarea):enabled, summary, [tabindex]:not(button)';

/**
 * What has the focus may go: a code is confirmed, a row is done, there is no further page. Then the
 * focus goes to what is nearest, since else whoever works by keys or by ear is nowhere.
 */
export function keepFocus(): void {
  /** What has the focus, and all that it stands in. */
  let trail: Element[] = [];
  addEventListener('focusin', ({ target }) => {
    trail = [];
    for (let at = target as Element | null; at; at = at.parentElement) trail.push(at);
  });
  // Whoever points elsewhere has left it.
  addEventListener('pointerdown', () => {
    trail = [];
  });
  new MutationObserver(() => {
    const [last] = trail;
    const { activeElement, body } = document;
    if (!last || (last.isConnected && !last.matches(':disabled'))) return;
    if (activeElement === body || activeElement === last) nearest(trail)?.focus();
  }).observe(document, { childList: true, subtree: true, attributeFilter: ['disabled'] });
}

function nearest(trail: readonly Element[]): HTMLElement | null | undefined {
  for (const at of trail) {
    // After the log-in all is new: it is begun from the top, like any page.
    if (at.matches('.login')) return null;
    if (!at.isConnected) continue;
    // Not some other row or the next best button, but the table, the dialog, or the screen.
    if (at.matches('tbody, section, .card-body, .stack'))
      return at.closest<HTMLElement>('[tabindex]');
    if (at.querySelector('h1')) break;
    const found = [at, ...at.querySelectorAll(stops)].find(
      (one) => one.matches(stops) && one.checkVisibility(),
    );
    if (found) return found as HTMLElement;
  }
  return document.querySelector<HTMLElement>('#content, main input');
}
