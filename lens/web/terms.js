// Shows what a term of the glossary means, in one sentence, wherever a link to it stands: at a pointer that rests on
// it, at the keyboard's focus, at the first tap of a finger. Runs in the page before Streamlit's own script, and looks
// into the shadow roots of the lens too.

/**
 * @param {Window & typeof globalThis} window
 * @param {() => Promise<Record<string, {title: string, sentence: string}>>} [source] gives all terms; by default the server
 */
function explainTerms(window, source) {
  const { document } = window;
  const LINK = 'a[href^="glossary#"]';
  const [DELAY, PATIENCE] = [120, 250]; // ms until it shows, and until it goes
  const [GAP, EDGE] = [6, 8]; // px to its term, and to the window's edge

  /** @typedef {{title: string, sentence: string}} Term */

  /** @type {Promise<Record<string, Term>> | null} */
  let terms = null;
  /** @type {HTMLElement | null} */
  let tip = null;
  /** @type {HTMLAnchorElement | null} the term on show */
  let shown = null;
  /** @type {HTMLAnchorElement | null} the term that is wanted, whose meaning may be on its way */
  let wanted = null;
  let timer = 0;

  const read = () => {
    // A page is always one name below the app's root.
    terms ??= source ? source() : window.fetch("terms.json").then((answer) => {
      if (!answer.ok) throw new Error(answer.statusText);
      return answer.json();
    });
    // The next term tries again.
    terms.catch(() => { terms = null; });
    return terms;
  };

  /** @param {Event} event @returns {HTMLAnchorElement | null} the link that it happened on, whatever shadow it is in */
  const linkOf = (event) => {
    const found = event.composedPath().find((one) => one instanceof window.HTMLElement && one.matches(LINK));
    return /** @type {HTMLAnchorElement | null} */ (found ?? null);
  };

  /** @param {Event} event */
  const inTip = (event) => tip !== null && event.composedPath().includes(tip);

  const make = () => {
    const made = document.createElement("div");
    made.id = "term-tip";
    made.setAttribute("role", "tooltip");
    made.innerHTML = `<strong></strong><p></p><a target="_blank" rel="noopener">More</a>`;
    made.addEventListener("pointerleave", () => soon(hide, PATIENCE));
    made.addEventListener("pointerenter", () => window.clearTimeout(timer));
    document.body.append(made);
    return made;
  };

  /** @param {() => void} act @param {number} delay */
  const soon = (act, delay) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(act, delay);
  };

  /** @param {HTMLAnchorElement} link @param {boolean} byFinger */
  const show = async (link, byFinger) => {
    window.clearTimeout(timer);
    wanted = link;
    const key = link.hash.slice(1);
    /** @type {Record<string, Term>} */
    let all = {};
    try {
      all = await read();
    } catch {
      // Without a meaning, a link is still a link.
    }
    const term = all[key];
    if (wanted !== link || !link.isConnected || !term) return;
    tip ??= make();
    if (!tip.isConnected) document.body.append(tip);
    const [title, sentence, more] = [...tip.children];
    title.textContent = term.title;
    sentence.textContent = term.sentence;
    more.setAttribute("href", `glossary#${key}`);
    /** @type {HTMLElement} */ (more).hidden = !byFinger;
    describe(shown, false);
    shown = link;
    describe(link, true);
    // Streamlit's colours, light or dark.
    const { backgroundColor, color } = window.getComputedStyle(document.querySelector(".stApp") ?? document.body);
    tip.style.setProperty("--ground", backgroundColor);
    tip.style.setProperty("--ink", color);
    tip.hidden = false;
    place();
  };

  /** Let screen readers say it; a tip outside of a shadow has no name there. @param {HTMLAnchorElement | null} link @param {boolean} on */
  const describe = (link, on) => {
    if (!link) return;
    if ("ariaDescribedByElements" in window.Element.prototype) {
      /** @type {any} */ (link).ariaDescribedByElements = on && tip ? [tip] : null;
    } else if (on) link.setAttribute("aria-describedby", "term-tip");
    else link.removeAttribute("aria-describedby");
  };

  const place = () => {
    if (!tip || !shown || tip.hidden) return;
    // A link may run over the end of a line: beside its first part.
    const [box] = shown.getClientRects();
    if (!shown.isConnected || !box) {
      hide();
      return;
    }
    const { clientWidth, clientHeight } = document.documentElement;
    if (box.bottom < 0 || box.top > clientHeight) {
      hide();
      return;
    }
    const { offsetWidth, offsetHeight } = tip;
    const left = Math.min(box.left, clientWidth - offsetWidth - EDGE);
    const below = box.bottom + GAP;
    const above = box.top - GAP - offsetHeight;
    tip.style.left = `${Math.max(EDGE, left)}px`;
    tip.style.top = `${below + offsetHeight + EDGE > clientHeight && above > EDGE ? above : below}px`;
  };

  const hide = () => {
    window.clearTimeout(timer);
    wanted = null;
    describe(shown, false);
    shown = null;
    if (tip) tip.hidden = true;
  };

  /** @type {Record<string, (event: any) => void>} */
  const moves = {
    pointerover: (event) => {
      hear(event);
      if (event.pointerType === "touch" || event.buttons) return;
      const link = linkOf(event);
      if (link && link !== shown) soon(() => show(link, false), DELAY);
      else if (link || inTip(event)) window.clearTimeout(timer);
    },
    pointerout: (event) => {
      if (event.pointerType !== "touch" && linkOf(event)) soon(hide, PATIENCE);
    },
    focusin: (event) => {
      hear(event);
      const link = linkOf(event);
      if (link?.matches(":focus-visible")) show(link, false);
    },
    focusout: (event) => {
      // Not when a finger goes on to "More".
      const next = event.relatedTarget;
      if (linkOf(event) && !(next instanceof window.Node && tip?.contains(next))) hide();
    },
  };
  /** @type {WeakSet<Node>} */
  const heard = new WeakSet();

  /** @param {Node} root */
  const listen = (root) => {
    heard.add(root);
    for (const [type, act] of Object.entries(moves)) root.addEventListener(type, act);
  };

  /** A move within one shadow root isn't told outside of it: listen in each that is entered. @param {Event} event */
  const hear = (event) => {
    for (const root of event.composedPath()) if (root instanceof window.ShadowRoot && !heard.has(root)) listen(root);
  };

  listen(document);
  document.addEventListener("pointerdown", (event) => {
    if (!linkOf(event) && !inTip(event)) hide();
  }, true);
  document.addEventListener("click", (event) => {
    const link = linkOf(event);
    if (!link) return;
    // What is on show stays as it is.
    link.target = "_blank";
    link.rel = "noopener";
    if (/** @type {PointerEvent} */ (event).pointerType !== "touch" || inTip(event)) return;
    // A finger can't rest on it: the first tap explains, and "More" leads on.
    event.preventDefault();
    if (link === shown) hide();
    else show(link, true);
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !shown) return;
    // What else Escape would end goes on.
    event.stopPropagation();
    hide();
  }, true);
  document.addEventListener("scroll", place, true);
  window.addEventListener("resize", place);
}
