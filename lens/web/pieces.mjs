// Long work in pieces so short that no frame waits for them.

const LONGEST = 4; // ms that a piece is meant to take at most: some take twice as long, and 8 ms would be felt
const MOST = 64; // items in a piece

/** The piece at work, and what waits behind it: two at once would be as long as one of twice the size. @type {Promise<unknown>} */
let queue = Promise.resolve();

/**
 * Do something with each of `count` items, several at a time: as many as fit into a piece, found by the clock. Pieces of
 * several works take turns, and the page can draw and listen between any two.
 * @param {number} count
 * @param {(start: number, end: number) => Promise<void>} work on the items from `start` up to `end`
 * @param {() => boolean} current false once the work is no longer wanted
 * @param {() => number} [clock] in ms
 * @returns {Promise<boolean>} whether all of it was done
 */
export async function inPieces(count, work, current, clock = () => performance.now()) {
  let size = 1;
  for (let start = 0; start < count; ) {
    const end = Math.min(count, start + size);
    const piece = queue.then(async () => {
      if (!current()) return;
      const begun = clock();
      await work(start, end);
      size = nextSize(end - start, clock() - begun);
      await pause();
    });
    queue = piece.catch(() => {});
    await piece;
    if (!current()) return false;
    start = end;
  }
  return true;
}

/**
 * How many items the next piece has: a power of two, at most twice as many as the last one.
 * @param {number} items in the last piece @param {number} took ms
 */
export function nextSize(items, took) {
  const fit = Math.min(MOST, 2 * items, LONGEST / Math.max(took / items, 1e-3));
  return 2 ** Math.max(0, Math.floor(Math.log2(fit)));
}

/** Let the page draw and listen; unlike a timer, it doesn't wait longer the more often it is called. */
function pause() {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resume) => {
    port1.onmessage = () => {
      port1.close();
      resume(undefined);
    };
    port2.postMessage(null);
  });
}
