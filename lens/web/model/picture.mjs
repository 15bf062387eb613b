// The pixels of a picture that a person hands over as a file.

import { context2d } from "../dom.mjs";

const MOST = 40; // megapixels: more would need too much memory on a phone
const LONGEST = 1120; // pixels that are kept of the longer side

/**
 * @param {Blob} file @returns {Promise<ImageData>} on no ground, at most LONGEST pixels wide and high
 * @throws {Error} with a sentence, if it is no picture or too large a one
 */
export async function readPicture(file) {
  const address = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = address;
    // Its size is known before its pixels are decoded.
    await new Promise((done, failed) => {
      image.onload = done;
      image.onerror = () => failed(new Error("This file isn't a picture that the browser can read; PNG and JPEG are."));
    });
    const { naturalWidth: width, naturalHeight: height } = image;
    const size = (width * height) / 1e6;
    if (size > MOST) {
      throw new Error(`This picture has ${Math.round(size)} megapixels, and at most ${MOST} can be read. Make it smaller.`);
    }
    const scale = Math.min(1, LONGEST / Math.max(width, height, 1));
    const [wide, high] = [width, height].map((each) => Math.max(1, Math.round(scale * each)));
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: wide, height: high });
    const context = context2d(canvas, { willReadFrequently: true });
    context.imageSmoothingQuality = "high";
    context.drawImage(image, 0, 0, wide, high);
    return context.getImageData(0, 0, wide, high);
  } finally {
    URL.revokeObjectURL(address);
  }
}
