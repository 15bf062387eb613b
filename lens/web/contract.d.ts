// The data that Python and the views exchange; aemodels/views/contract.py explains each key.

export interface Reader {
  url: string;
  digests: Record<string, string>;
  stamp: string;
  accuracy: number;
  class_names: string[];
}

export interface Dataset {
  name: string;
  title: string;
  url: string;
  digests: Record<string, string>;
  class_names: string[];
  noun: string;
  plural: string;
  example_images: number[];
  count: number;
  here: boolean;
  stored: boolean;
  reader: Reader | null;
}

export interface Space {
  information: number[];
  order: number[];
  inactive: boolean[];
  low: number[];
  high: number[];
  mean: number[];
  plane: number[][];
  plane_low: number[];
  plane_high: number[];
  usual_gap: number;
  far_gap: number;
}

export interface Network {
  kind: "mlp" | "shallow" | "conv" | "conv-asymmetric" | "conv-narrow" | "linear" | "gru";
  encoder: number[][];
  decoder: number[][];
  activation: string | null;
  code_activation: string;
  output_activation: string;
}

export interface Objective {
  loss: "bce" | "mse" | "l1";
  beta: number | null;
  note: string;
}

export interface Model {
  name: string;
  family: string;
  variational: boolean;
  title: string;
  latent_dim: number;
  binarisation: "grey" | "threshold" | "stochastic";
  objective: Objective;
  url: string;
  digests: Record<string, string>;
  stamp: string;
  space: Space;
  network: Network;
}

export interface LabelledModel extends Model {
  label: string;
}

export interface BetaModel extends LabelledModel {
  beta: number;
  turn: number[][];
  reconstruction: number;
  kl: number;
  active_units: number;
  legible_share: number | null;
}

export interface Detector {
  edges: number[];
  normal: number[];
  anomalous: number[];
  auroc: number;
  score: string;
  unit: string;
  most_anomalous: [number, number][];
  least_anomalous: [number, number][];
}

export interface RunProgress {
  alive: boolean;
  state: string;
  message: string;
  epoch: number;
  epochs: number;
  done: number;
  seconds_left: number | null;
  images_per_second: number | null;
  snapshots: [number, number][];
}

export interface Page {
  view: string;
  base: string;
}

export interface State {
  visit: number;
}

export interface ExploreState extends State {
  digit: number | null;
  z: number[] | null;
  layer: "points" | "manifold" | "clouds" | "holes" | null;
  pictures: "off" | null;
  trail: "on" | null;
  classes: number[] | null;
  frame: number[] | null;
  pins: number[][] | null;
  computation: "open" | null;
  samples: number | null;
  prior: "circles" | null;
}

export interface Explore extends Page {
  model: Model;
  dataset: Dataset;
  state: ExploreState | null;
}

export interface CompareState extends State {
  digit: number | null;
  picture: "reconstruction" | "difference" | null;
  worst: number | null;
  layer: "points" | "holes" | null;
  classes: number[] | null;
  frames: number[][] | null;
}

export interface Compare extends Page {
  models: Model[];
  dataset: Dataset;
  state: CompareState | null;
}

export interface InterpolateState extends State {
  a: number | null;
  b: number | null;
  drawn: ("a" | "b")[] | null;
  t: number | null;
  classes: number[] | null;
  frames: number[][] | null;
}

export interface Interpolate extends Page {
  models: Model[];
  dataset: Dataset;
  a: number | null;
  b: number | null;
  state: InterpolateState | null;
}

export interface ReconstructState extends State {
  images: number[] | null;
  kind: string | null;
  level: number | null;
  angle: number | null;
  noise: number | null;
  size: string | null;
  rows: "all" | null;
}

export interface Reconstruct extends Page {
  models: LabelledModel[];
  dataset: Dataset;
  images: number[] | null;
  controls: "corruption" | "perturbation" | "size" | null;
  kind: string;
  level: number;
  state: ReconstructState | null;
}

export interface AnomaliesState extends State {
  threshold: number | null;
  look: string | null;
}

export interface Draws extends Page {
  models: LabelledModel[];
  plural: string;
}

export interface BetaState extends State {
  beta: string | null;
  classes: number[] | null;
  frame: number[] | null;
}

export interface Beta extends Page {
  models: BetaModel[];
  dataset: Dataset;
  state: BetaState | null;
}

export interface Anomalies extends Page {
  model: Model | null;
  reconstructed: string | null;
  detector: Detector;
  normal: Dataset;
  anomalous: Dataset;
  state: AnomaliesState | null;
}

export interface Train extends Page {
  run: string;
  dataset: Dataset;
  progress: RunProgress;
  reveal: boolean;
  prior: boolean;
}

export interface TrainState {
  state: string;
  message: string;
  epoch: number;
}

export interface LessonLink {
  key: string;
  title: string;
}

export interface GlossaryTerm {
  key: string;
  title: string;
  chapter: string;
  sentence: string;
  more: string;
  picture: string | null;
  lesson: LessonLink | null;
}

export interface Glossary extends Page {
  terms: GlossaryTerm[];
  models: Record<string, Model>;
  detectors: Record<string, Detector>;
  dataset: Dataset;
}

export interface Condition {
  fact: string;
  test: "=" | "!=" | "<" | "<=" | ">" | ">=";
  value: string | number | boolean;
}

export interface Deed {
  event: string;
  times: number;
  distinct: string | null;
  where: Condition[];
}

export interface Answer {
  html: string;
  right: boolean;
}

export interface Step {
  title: string;
  html: string;
  answers: Answer[];
  sketch: number | null;
  page: Explore | Compare | Interpolate | Reconstruct | Anomalies | Draws | Beta | null;
  address: string | null;
  light: string[];
  deed: Deed | null;
  reveal: string;
}

export interface LessonCard {
  key: string;
  title: string;
  question: string;
  idea: string;
  minutes: number;
  own: boolean;
}

export interface LessonState extends State {
  lesson: string | null;
  step: number | null;
}

export interface Lesson extends Page {
  card: LessonCard;
  next: LessonCard | null;
  steps: Step[];
  models: Record<string, Model>;
  detectors: Record<string, Detector>;
  dataset: Dataset;
  state: LessonState | null;
}

export interface Lessons extends Page {
  lessons: LessonCard[];
  state: LessonState | null;
}
