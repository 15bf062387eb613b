// What a link to another page says where the page is locked.

const PATIENCE = 4000; // ms

let timer = 0;

/** Say it, once more if it is said already. */
export function say() {
  const box = document.querySelector(".locked-note") ?? document.createElement("p");
  box.className = "locked-note";
  box.setAttribute("role", "status");
  if (!box.isConnected) document.body.append(box);
  // A status is read when its words change.
  box.textContent = "";
  requestAnimationFrame(() => {
    box.textContent = "This link leads to another page. Your teacher's link stays on this one.";
  });
  clearTimeout(timer);
  timer = window.setTimeout(() => box.remove(), PATIENCE);
}
