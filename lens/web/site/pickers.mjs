// The pickers at the top of a page: menus and rows of radio buttons, with the names and values of an address.

/** @typedef {HTMLSelectElement | HTMLInputElement} Picker */

/**
 * @param {ParentNode} section @param {string} [name] of a parameter, else of any
 * @returns {Picker[]} each menu and radio button, in order
 */
export function pickers(section, name) {
  const every = /** @type {NodeListOf<Picker>} */ (section.querySelectorAll(".pickers :is(select, input)"));
  return [...every].filter((one) => name === undefined || one.name === name);
}

/**
 * Have the pickers of a parameter show what an address says, or what they show without one.
 * @param {ParentNode} section @param {string} name @param {string | null} asked
 * @returns {string} what they show now
 */
export function pick(section, name, asked) {
  const found = pickers(section, name);
  const values = found.flatMap((one) => one instanceof HTMLSelectElement ? [...one.options].map(({ value }) => value) : [one.value]);
  const value = asked !== null && values.includes(asked) ? asked : found[0].dataset.usual ?? values[0];
  for (const one of found) {
    if (one instanceof HTMLSelectElement) one.value = value;
    else one.checked = one.value === value;
  }
  return value;
}

/**
 * What is chosen as parameters of an address; menus of one name give one, with commas.
 * @param {ParentNode} section
 * @returns {[string, string][]} without those that show what they do without an address
 */
export function picked(section) {
  /** @type {Map<string, string[]>} */
  const found = new Map();
  for (const one of pickers(section)) {
    if (one instanceof HTMLInputElement && !one.checked) continue;
    if (!one.value || one.value === one.dataset.usual) continue;
    found.set(one.name, [...(found.get(one.name) ?? []), one.value]);
  }
  return [...found].map(([name, values]) => [name, values.join(",")]);
}
