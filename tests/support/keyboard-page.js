// Runs inside of a page: notes where the keyboard comes, how that looks, and what has listeners for
// clicks. Types of the browser are not known to the tests, so that this is no TypeScript.
(() => {
  const clickable = new Set();
  const listen = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (type, ...rest) {
    if (this instanceof Element && /^(click|dblclick|mousedown|pointerdown)$/.test(type)) {
      clickable.add(new WeakRef(this));
    }
    return listen.call(this, type, ...rest);
  };
  const stops = [];
  const reached = new WeakSet();
  const canFocus =
    'a[href], button, input, select, textarea, summary, [tabindex], [contenteditable], audio[controls]';

  /** Words by which a person finds an element again. */
  function nameOf(one) {
    const words = one.getAttribute('aria-label') ?? one.labels?.[0]?.textContent ?? one.textContent;
    const short = (words ?? '').replaceAll(/\s+/g, ' ').trim().slice(0, 40);
    return `${one.tagName.toLowerCase()}${one.id === 'content' ? '#content' : ''} “${short}”`;
  }

  const paint = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  function rgba(colour) {
    paint.clearRect(0, 0, 1, 1);
    paint.fillStyle = colour;
    paint.fillRect(0, 0, 1, 1);
    return [...paint.getImageData(0, 0, 1, 1).data];
  }
  function brightness(colour) {
    const [r, g, b] = rgba(colour).map((one) => {
      const part = one / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }
  function contrast(one, other) {
    const [high, low] = [brightness(one), brightness(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  }
  /** The first ground below that is not seen through. */
  function groundOf(one) {
    for (let at = one; at !== null; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      if (rgba(backgroundColor)[3] === 255) return backgroundColor;
    }
    return '#fff';
  }

  /** What is wrong with how the focus looks. */
  function ringFaults(one) {
    const looks = getComputedStyle(one);
    if (!one.matches(':focus-visible')) return ['not :focus-visible'];
    const width = Number.parseFloat(looks.outlineWidth);
    if (looks.outlineStyle === 'none' || width < 2) return ['no ring'];
    const faults = [];
    const offset = Number.parseFloat(looks.outlineOffset);
    const ground = groundOf(offset < 0 ? one : (one.parentElement ?? one));
    const seen = contrast(looks.outlineColor, ground);
    if (seen < 3) faults.push(`a ring of ${seen.toFixed(2)}:1`);
    const reach = offset + width;
    const box = one.getBoundingClientRect();
    if (box.width < 4 || box.height < 4) faults.push('too small to be seen');
    if (box.bottom <= 0 || box.top >= innerHeight) faults.push('out of sight');
    for (let at = one.parentElement; at !== null && reach > 0; at = at.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(at);
      const frame = at.getBoundingClientRect();
      const [left, top] = [frame.left + at.clientLeft, frame.top + at.clientTop];
      const over = {
        left: overflowX !== 'visible' && left - (box.left - reach),
        right: overflowX !== 'visible' && box.right + reach - (left + at.clientWidth),
        top: overflowY !== 'visible' && top - (box.top - reach),
        // Of a field of many lines a browser shows the line that is written in.
        bottom:
          overflowY !== 'visible' &&
          one.tagName !== 'TEXTAREA' &&
          box.bottom + reach - (top + at.clientHeight),
      };
      for (const [side, much] of Object.entries(over)) {
        // A scroller shows the rest of what it holds; the ring itself has to be in it.
        if (much > 1.5)
          faults.push(
            `ring cut off ${side} by ${Math.round(much)} px in ${at.className || at.tagName}`,
          );
      }
      if (getComputedStyle(at).position === 'fixed' || at.tagName === 'DIALOG') break;
    }
    // A bar that stays must not lie over it.
    const middle = document.elementFromPoint(
      Math.min(innerWidth - 1, Math.max(0, box.left + box.width / 2)),
      Math.min(innerHeight - 1, Math.max(0, box.top + Math.min(box.height / 2, 20))),
    );
    const other = middle !== null && !one.contains(middle) && !middle.contains(one);
    if (other && middle.closest('label')?.control !== one) faults.push(`behind ${nameOf(middle)}`);
    return faults;
  }

  listen.call(
    document,
    'focusin',
    ({ target }) => {
      reached.add(target);
      const box = target.getBoundingClientRect();
      let x = box.left + scrollX;
      let y = box.top + scrollY;
      for (let at = target.parentElement; at !== null; at = at.parentElement) {
        if (at === document.documentElement) break;
        x += at.scrollLeft;
        y += at.scrollTop;
      }
      stops.push({
        name: nameOf(target),
        faults: ringFaults(target),
        place: placeOf(target),
        position: [x, y, x + box.width, y + box.height],
      });
    },
    true,
  );

  function placeOf(one) {
    if (one.closest('dialog')) return 'dialog';
    if (one.closest('[popover]')) return one.closest('[popover]').id;
    return one.closest('main') ? 'main' : 'shell';
  }

  function isThere(one) {
    return (
      one.isConnected &&
      one.checkVisibility({ visibilityProperty: true }) &&
      one.getClientRects().length > 0 &&
      one.closest('[inert]') === null
    );
  }

  globalThis.keys = {
    stops,
    clear: () => stops.splice(0),
    nameOf,
    /** What is open to the keyboard within a place, and was not reached; what is clickable and no stop. */
    missed(selector) {
      const root = document.querySelector(selector);
      const own = [...root.querySelectorAll(canFocus)].filter(
        (one) =>
          isThere(one) &&
          !one.matches(':disabled') &&
          one.tabIndex >= 0 &&
          // One of a group of radios, or of a summary that is not the first, is reached by arrows.
          !reached.has(one),
      );
      const deaf = [...clickable]
        .map((one) => one.deref())
        .filter(
          (one) =>
            one !== undefined &&
            root.contains(one) &&
            isThere(one) &&
            !one.matches('a[href], button, input, select, textarea, summary, label'),
        );
      return [
        ...own.map((one) => `not reached: ${nameOf(one)}`),
        ...deaf.map((one) => `clicked, but no control: ${nameOf(one)}`),
      ];
    },
    here() {
      const one = document.activeElement;
      if (one === null || one === document.body) return { name: 'body', place: 'body', faults: [] };
      return { name: nameOf(one), place: placeOf(one), faults: ringFaults(one) };
    },
  };
})();
