// Mends what Streamlit's frame around the lens lacks for the keyboard and for screen readers.
//
// A button that vanishes when it is pressed takes the focus with it: here the focus goes to the nearest control that is
// left. The content of a popover lies at the end of the page: here Enter leads into it, and Tab, Escape and what closes
// it lead back to its button.

/** @param {Window & typeof globalThis} view */
function mendFrame(view) {
  const { document } = view;
  const CONTROLS =
    "a[href], button:not([disabled]), input:not([disabled]), textarea:not([disabled]), summary, [tabindex='0']";
  const DELAY = 150; // ms in which the server's next part of the page comes
  const WAITS = 40;

  let byKeyboard = false;
  /** @type {Element[]} what had the focus last and all around it, the nearest first */
  let places = [];
  /** @type {Element | null} the button of the popover that is open */
  let opener = null;
  let timer = 0;
  let waits = 0;

  /** @param {Element} place @returns {HTMLElement[]} */
  const controls = (place) =>
    /** @type {HTMLElement[]} */ ([...place.querySelectorAll(CONTROLS)]).filter(
      (control) => control.tabIndex >= 0 && control.getClientRects().length > 0,
    );

  /** @param {Element} element @returns {Element[]} */
  const around = (element) => {
    const found = [];
    for (let at = /** @type {Element | null} */ (element); at && at !== document.body; at = at.parentElement) found.push(at);
    return found;
  };

  /** @returns {Element | null} */
  const popover = () => document.querySelector("[data-testid='stPopoverBody']");

  // By keys alone, nothing leads to the body but what had the focus vanishing or being disabled.
  const isLost = () => {
    const active = document.activeElement;
    return byKeyboard && places.length > 0 && (!active || active === document.body);
  };

  const restore = () => {
    timer = 0;
    if (!isLost()) return;
    // A button that is disabled while it works comes back.
    if (places[0].isConnected && places[0].matches(":disabled") && waits < WAITS) {
      waits += 1;
      timer = view.setTimeout(restore, DELAY);
      return;
    }
    waits = 0;
    for (const place of places) {
      if (!place.isConnected || place.matches(":disabled")) continue;
      const [first] = place.matches(CONTROLS) ? [/** @type {HTMLElement} */ (place)] : controls(place);
      if (first) {
        first.focus();
        return;
      }
    }
  };

  const changed = () => {
    for (const drop of document.querySelectorAll("section[role='presentation'][aria-label]")) {
      drop.setAttribute("role", "group");
    }
    for (const [k, code] of document.querySelectorAll("[data-testid='stCode'][tabindex]").entries()) {
      // A page may have several.
      code.setAttribute("role", "region");
      code.setAttribute("aria-label", `Lines to copy ${k + 1}`);
    }
    for (const [k, box] of [...document.querySelectorAll("[data-testid='stMarkdownContainer']:has(> table)")].entries()) {
      // On a narrow window, a table with many columns scrolls on its own, and the keyboard has to reach it.
      if (box.scrollWidth <= box.clientWidth + 1 || box.hasAttribute("tabindex")) continue;
      const head = [...box.querySelectorAll("th")].map((cell) => cell.textContent).join(", ");
      for (const [name, value] of [["tabindex", "0"], ["role", "region"], ["aria-label", `Table ${k + 1}: ${head}`]]) {
        box.setAttribute(name, value);
      }
    }
    const body = popover();
    if (!body) opener = null;
    else if (byKeyboard && !opener && document.activeElement?.closest("[data-testid='stPopover']")) {
      opener = document.activeElement;
      controls(body)[0]?.focus();
    }
    if (isLost()) timer ||= view.setTimeout(restore, DELAY);
  };

  document.addEventListener("pointerdown", () => { byKeyboard = false; }, true);
  document.addEventListener("focusin", ({ target }) => {
    if (!(target instanceof view.Element)) return;
    places = around(target);
    const body = popover();
    if (body?.contains(target) && opener) places = [...places.slice(0, places.indexOf(body) + 1), ...around(opener)];
  });
  document.addEventListener("keydown", (event) => {
    byKeyboard = true;
    const body = popover();
    const button = /** @type {HTMLElement | null} */ (opener);
    if (event.key !== "Tab" || !body || !button || !document.activeElement) return;
    const inside = controls(body);
    if (document.activeElement !== inside[event.shiftKey ? 0 : inside.length - 1]) return;
    // From its button, Tab leads on; Shift and Tab stop there.
    button.focus();
    button.click();
    if (event.shiftKey) event.preventDefault();
  }, true);
  view.addEventListener("resize", changed);
  new view.MutationObserver(changed).observe(document, { childList: true, subtree: true, attributeFilter: ["disabled"] });
}
