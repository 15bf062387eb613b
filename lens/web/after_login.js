// Leads whoever has logged in or out back to where they pressed the button, with the class and all that its address
// says: a login ends on the app's first page, by its plain address. Runs in the page before all other scripts.

/** @param {Window & typeof globalThis} window */
function returnAfterLogin(window) {
  const { document, location } = window;
  const [name, patience] = ["latent-lab-before-login", 10 * 60 * 1000];
  // Of this tab alone. Some browsers forbid it to a frame.
  const storage = () => {
    try {
      return window.sessionStorage;
    } catch {
      return null;
    }
  };

  const [href, when] = (storage()?.getItem(name) ?? "").split(" ");
  storage()?.removeItem(name);
  const plain = location.href === new URL("./", location.href).href;
  if (plain && href && Date.now() - Number(when) < patience) location.replace(href);

  document.addEventListener("click", ({ target }) => {
    const pressed = target instanceof window.Element && target.closest('[class*="st-key-log_in_"], .st-key-log_out');
    if (pressed) storage()?.setItem(name, `${location.href} ${Date.now()}`);
  }, { capture: true });
}
