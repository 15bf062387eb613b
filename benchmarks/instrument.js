// Runs in the page before its own code: notes when pointer events happen and when decoded pixels change.
(() => {
  const bench = (window.bench = {
    needed: 1, // canvases that must change before an event counts as shown
    newest: 0, // time stamp of the newest event
    since: null, // time stamp of the oldest event that is not shown yet
    shown: new Set(), // canvases that changed since then
    changes: 0,
    latencies: [], // ms, event to the last needed canvas changed
    frames: [], // ms, event to the frame after the one that holds the change
    first: null, // epoch ms of the first picture that is not blank
    start(needed) {
      Object.assign(this, { needed, since: null, changes: 0, latencies: [], frames: [] });
      this.shown.clear();
    },
  });
  const hashes = new WeakMap();

  function happened(event) {
    // A pointermove comes again, with the frame, after the pointerrawupdate of the same moment.
    if (event.timeStamp <= bench.newest) return;
    bench.newest = event.timeStamp;
    if (bench.since === null) {
      bench.since = event.timeStamp;
      bench.shown.clear();
    }
  }

  function drawn(context) {
    const { canvas } = context;
    if (!canvas.ariaLabel?.startsWith("decoded digit")) return;
    const { data } = own.getImageData.call(context, 0, 0, canvas.width, canvas.height);
    const words = new Uint32Array(data.buffer);
    let hash = 0;
    for (let k = 0; k < words.length; k += 1) hash = (Math.imul(hash, 31) + words[k]) | 0;
    if (hashes.get(canvas) === hash) return;
    hashes.set(canvas, hash);
    const now = performance.now();
    if (bench.first === null && words.some((word) => (word & 255) > 127)) {
      bench.first = performance.timeOrigin + now;
    }
    bench.changes += 1;
    if (bench.since === null) return;
    bench.shown.add(canvas);
    if (bench.shown.size < bench.needed) return;
    const since = bench.since;
    bench.since = null;
    bench.latencies.push(now - since);
    requestAnimationFrame(() => requestAnimationFrame(() => bench.frames.push(performance.now() - since)));
  }

  const prototype = CanvasRenderingContext2D.prototype;
  const own = { getImageData: prototype.getImageData };
  for (const name of ["putImageData", "drawImage"]) {
    own[name] = prototype[name];
    prototype[name] = function (...given) {
      own[name].apply(this, given);
      drawn(this);
    };
  }
  for (const type of ["pointerrawupdate", "pointermove", "click"]) window.addEventListener(type, happened, true);
})();
