// Written into the head of the page. The menu of a narrow window, which is a drawer of Streamlit's, gets a name and
// closes once a page is chosen. What page.css hides while the page loads is shown in the end, whatever is missing.
(() => {
  const PATIENCE = 8000; // ms without any change
  const names = {
    '[data-testid="stExpandSidebarButton"]': "Menu",
    '[data-testid="stSidebarCollapseButton"] button': "Close menu",
  };
  const name = () => {
    for (const [selector, words] of Object.entries(names)) {
      const button = document.querySelector(selector);
      if (button && button.getAttribute("aria-label") !== words) button.setAttribute("aria-label", words);
    }
  };
  const close = () => {
    /** @type {HTMLElement | null} */
    const button = document.querySelector('[data-testid="stSidebarCollapseButton"] button');
    button?.click();
  };
  document.addEventListener("click", ({ target }) => {
    // Once Streamlit has heard the click too.
    if (target instanceof Element && target.closest('[data-testid="stSidebarNavLink"]')) setTimeout(close);
  });
  document.addEventListener("keydown", ({ key, target }) => {
    if (key === "Escape" && target instanceof Element && target.closest('[data-testid="stSidebar"]')) close();
  });
  let timer = 0;
  const changed = () => {
    name();
    const { classList } = document.documentElement;
    classList.remove("late");
    clearTimeout(timer);
    timer = setTimeout(() => classList.add("late"), PATIENCE);
  };
  new MutationObserver(changed).observe(document, { childList: true, subtree: true });
})();
