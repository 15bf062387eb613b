// What measures are computed from: models, test images and the reader, opened when they are asked for.

import { openDataset } from "../../model/dataset.mjs";
import { leaseModel } from "../../model/model.mjs";
import { readerOf } from "../../model/reader.mjs";
import { inPieces } from "../../pieces.mjs";

/** @typedef {import("../../model/model.mjs").Model} Model */

/**
 * What a lesson hands over.
 * @typedef {object} Context
 * @property {string} base  the app's root
 * @property {Record<string, import("../../contract").Model>} models  by name
 * @property {Record<string, import("../../contract").Detector>} detectors  by name
 * @property {import("../../contract").Dataset} dataset
 */

/** The number is no longer wanted. */
export class GivenUp extends Error {}

export class Source {
  /**
   * @param {Context} context @param {() => boolean} current false once the number is no longer wanted
   * @param {(words: string) => Promise<number | null>} other another measure
   */
  constructor(context, current, other) {
    this.context = context;
    this.current = current;
    this.other = other;
    /** @type {import("../../model/model.mjs").Lease[]} */
    this.leases = [];
  }

  /** @param {string} name @returns {import("../../contract").Model} */
  entry(name) {
    const entry = this.context.models[name];
    if (!entry) throw new Error(`there is no model called ${name}`);
    return entry;
  }

  /** @param {string} name @returns {Promise<Model>} */
  model(name) {
    const lease = leaseModel(this.context.base, this.entry(name));
    this.leases.push(lease);
    return lease.model;
  }

  /** @param {string} name @returns {Promise<Model & {logVars: Float32Array}>} one that gives each image a posterior */
  async variational(name) {
    const model = await this.model(name);
    if (!model.logVars) throw new Error(`${name} gives each image one code, not a posterior`);
    return /** @type {Model & {logVars: Float32Array}} */ (model);
  }

  dataset() {
    return openDataset(this.context.base, this.context.dataset);
  }

  async reader() {
    const found = await readerOf(await this.dataset());
    if (!found) throw new Error(`no classifier here reads ${this.context.dataset.plural}`);
    return found;
  }

  /** @param {string} name @returns {import("../../contract").Detector} */
  detector(name) {
    const found = this.context.detectors[name];
    if (!found) throw new Error(`there is no detector called ${name}`);
    return found;
  }

  /** Another measure by its words, from which this one is computed. @param {string} words @returns {Promise<number>} */
  async value(words) {
    return (await this.other(words)) ?? this.giveUp();
  }

  /**
   * Do something with each of `count` items, several at a time.
   * @param {number} count @param {(start: number, end: number) => Promise<void>} work on the items from `start` up to `end`
   */
  async each(count, work) {
    if (!(await inPieces(count, work, this.current))) this.giveUp();
  }

  /** @returns {never} */
  giveUp() {
    throw new GivenUp();
  }

  /** The models aren't needed any more. */
  end() {
    for (const lease of this.leases.splice(0)) lease.end();
  }
}
