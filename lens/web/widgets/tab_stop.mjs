// Several elements as one tab stop: arrow keys go from one to another.

export class TabStop {
  /** @param {HTMLElement} root @param {HTMLElement[]} [elements] in it */
  constructor(root, elements = []) {
    /** @type {HTMLElement[]} */
    this.elements = [];
    this.set(elements);
    root.addEventListener("keydown", (event) => this.key(event));
    root.addEventListener("click", ({ target }) => {
      const at = target instanceof Node ? this.elements.findIndex((each) => each.contains(target)) : -1;
      if (at >= 0) this.rove(at);
    });
  }

  /** @param {HTMLElement[]} elements from now on */
  set(elements) {
    this.elements = elements;
    this.rove(0);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const at = this.elements.findIndex((each) => each === event.target);
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const count = this.elements.length;
    /** @type {Record<string, number>} */
    const targets = { ArrowLeft: at - 1, ArrowUp: at - 1, ArrowRight: at + 1, ArrowDown: at + 1, Home: 0, End: count - 1 };
    if (!(event.key in targets)) return;
    event.preventDefault();
    const next = (targets[event.key] + count) % count;
    this.rove(next);
    this.elements[next].focus();
  }

  /** @param {number} at of the element that Tab reaches */
  rove(at) {
    this.elements.forEach((each, k) => {
      each.tabIndex = k === at ? 0 : -1;
    });
  }
}
