// What a view tells a screen reader: one polite sentence, once nothing has moved for a moment.

const REST = 600; // ms

export class Announcer {
  /** @param {HTMLElement} place the view's only live region */
  constructor(place) {
    this.place = place;
    this.timer = 0;
  }

  /** Say a sentence at once; nothing if it is the one said last. @param {string} sentence */
  say(sentence) {
    clearTimeout(this.timer);
    if (this.place.textContent !== sentence) this.place.textContent = sentence;
  }

  /** Say it after a rest; each call starts the rest anew. @param {() => string} sentence as it is then */
  sayAtRest(sentence) {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.say(sentence()), REST);
  }

  stop() {
    clearTimeout(this.timer);
  }
}
