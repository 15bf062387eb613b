// Makes a value inside an ONNX graph one of its outputs, such as the logits before the decoder's sigmoid.

const GRAPH = 7; // ModelProto.graph
const OUTPUT = 12; // GraphProto.output
const FLOAT = 1; // TensorProto.FLOAT

/**
 * Two copies of one message in Protocol Buffers are read as one, their lists joined: so a second `graph` that holds an
 * output alone adds it to those of the first (https://protobuf.dev/programming-guides/encoding/#last-one-wins).
 * @param {ArrayBuffer} model an ONNX file @param {string} name of a float32 value in its graph
 * @returns {Uint8Array} the file of the same model with that output behind the others
 */
export function withOutput(model, name) {
  const text = [...new TextEncoder().encode(name)];
  const type = field(2, field(1, [1 << 3, FLOAT])); // ValueInfoProto.type.tensor_type.elem_type
  const added = field(GRAPH, field(OUTPUT, [...field(1, text), ...type]));
  const bytes = new Uint8Array(model.byteLength + added.length);
  bytes.set(new Uint8Array(model));
  bytes.set(added, model.byteLength);
  return bytes;
}

/** A message or a text as one field of the message around it. @param {number} number @param {number[]} content @returns {number[]} */
function field(number, content) {
  if (content.length > 127) throw new Error("a length of one byte is all that is written here");
  return [(number << 3) | 2, content.length, ...content];
}
