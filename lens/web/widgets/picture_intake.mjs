// The ways in which a person hands a picture over: paste, drop, or a button that opens a file.

/**
 * Pictures are pasted or dropped anywhere on the view: a browser would show a dropped one instead of the page.
 * @param {HTMLElement} root the view @param {HTMLElement} opener the button @param {HTMLInputElement} chooser of files
 * @param {(file: File | null) => void} take null where what was pasted or dropped is no file
 * @returns {() => void} stops listening
 */
export function takePictures(root, opener, chooser, take) {
  const listening = new AbortController();
  const { signal } = listening;
  opener.addEventListener("click", () => chooser.click(), { signal });
  chooser.addEventListener(
    "change",
    () => {
      const [file] = chooser.files ?? [];
      if (file) take(file);
      // The same file can be opened again.
      chooser.value = "";
    },
    { signal },
  );
  document.addEventListener(
    "paste",
    (event) => {
      if (event.defaultPrevented || isText(event.composedPath()[0])) return;
      event.preventDefault();
      take(pictureOf(event.clipboardData));
    },
    { signal },
  );
  const over = (/** @type {boolean} */ dropping) => root.classList.toggle("dropping", dropping);
  root.addEventListener(
    "dragover",
    (event) => {
      event.preventDefault();
      over(true);
    },
    { signal },
  );
  root.addEventListener("dragleave", ({ relatedTarget }) => over(relatedTarget instanceof Node && root.contains(relatedTarget)), { signal });
  root.addEventListener(
    "drop",
    (event) => {
      event.preventDefault();
      over(false);
      take(pictureOf(event.dataTransfer));
    },
    { signal },
  );
  return () => listening.abort();
}

/** The first picture, or else the first file. @param {DataTransfer | null} data @returns {File | null} */
function pictureOf(data) {
  const files = [...(data?.files ?? [])];
  return files.find((file) => file.type.startsWith("image/")) ?? files[0] ?? null;
}

/** Whether text is pasted there. @param {EventTarget} target */
function isText(target) {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches("textarea, select, input:not([type=range], [type=file])");
}
