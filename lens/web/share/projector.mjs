// Projector mode: what projector.css hides and enlarges is accompanied by a laser pointer and a visible way out.

import { button } from "../dom.mjs";
import { Laser } from "./laser.mjs";

const PATIENCE = 3000; // ms for which the way out stays after the pointer has moved

/** @param {() => void} end what the way out does @returns {() => void} stops */
export function project(end) {
  const listening = new AbortController();
  const canvas = document.createElement("canvas");
  canvas.className = "laser";
  canvas.setAttribute("aria-hidden", "true");
  const bar = document.createElement("div");
  bar.className = "projector-bar";
  bar.setAttribute("role", "region");
  bar.setAttribute("aria-label", "Projector mode");
  const leave = button("End", () => {
    if (document.fullscreenElement) document.exitFullscreen();
    end();
  });
  leave.className = "leave";
  leave.setAttribute("aria-label", "End projector mode");
  leave.setAttribute("aria-keyshortcuts", "Alt+P");
  leave.title = "End projector mode (Alt P)";
  if (document.fullscreenEnabled) bar.append(fullScreen(listening.signal));
  bar.append(leave);
  // The first of all controls for the keyboard, and above everything for the eye.
  document.body.prepend(bar);
  document.body.append(canvas);
  const laser = new Laser(canvas);

  let timer = 0;
  const wake = () => {
    bar.classList.add("awake");
    clearTimeout(timer);
    timer = window.setTimeout(() => bar.classList.remove("awake"), PATIENCE);
  };
  for (const type of ["pointermove", "pointerdown", "keydown"]) {
    window.addEventListener(type, wake, { capture: true, passive: true, signal: listening.signal });
  }
  wake();
  return () => {
    listening.abort();
    clearTimeout(timer);
    laser.stop();
    bar.remove();
    canvas.remove();
  };
}

/** @param {AbortSignal} signal ends its listening */
function fullScreen(signal) {
  const made = button("", () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen().catch(() => made.remove());
  });
  made.className = "full";
  const name = () => {
    made.title = document.fullscreenElement ? "Leave full screen" : "Full screen";
    made.setAttribute("aria-label", made.title);
  };
  name();
  document.addEventListener("fullscreenchange", name, { signal });
  return made;
}
