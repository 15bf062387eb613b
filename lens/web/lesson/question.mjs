// A question and its answers; and, once it is revealed, what a person said beside what it was.

/** @typedef {import("../contract").Answer} Answer */

export class Question {
  /**
   * @param {HTMLElement} place where the answers go
   * @param {(at: number) => void} chosen
   */
  constructor(place, chosen) {
    this.place = place;
    this.chosen = chosen;
    this.turn = 0;
  }

  /**
   * @param {Answer[]} answers
   * @param {number | null} answer the one that was chosen before
   * @param {string} label the question in words
   */
  show(answers, answer, label) {
    this.turn += 1;
    this.place.hidden = !answers.length;
    this.place.setAttribute("aria-label", label);
    this.place.replaceChildren(
      ...answers.map(({ html }, k) => {
        const label = document.createElement("label");
        const input = document.createElement("input");
        const words = document.createElement("span");
        // The name makes them one group, in which arrow keys move.
        Object.assign(input, { type: "radio", name: `answer-${this.turn}`, checked: k === answer });
        words.innerHTML = html;
        input.addEventListener("change", () => this.chosen(k));
        label.append(input, words);
        return label;
      }),
    );
  }

  /** @param {boolean} locked once it is revealed, a prediction stays what it was */
  lock(locked) {
    for (const input of this.place.querySelectorAll("input")) input.disabled = locked;
  }
}

/**
 * What a person said and, once it is revealed, what it was, as two short lines; never as a mistake.
 * @param {Answer[]} answers @param {number | null} answer @param {boolean} revealed @returns {HTMLElement}
 */
export function outcome(answers, answer, revealed) {
  const list = document.createElement("dl");
  list.className = "outcome";
  const row = (/** @type {string} */ term, /** @type {string} */ html) => {
    const [name, words] = [document.createElement("dt"), document.createElement("dd")];
    name.textContent = term;
    words.innerHTML = html;
    list.append(name, words);
  };
  if (answer !== null) row("You said", answers[answer].html);
  if (revealed) row("It was", answers.filter(({ right }) => right).map(({ html }) => html).join(" or "));
  return list;
}
