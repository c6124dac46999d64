/** A line plot, as SVG text: the same input gives the same bytes. */
export interface Plot {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  /** At most as many as there are styles: six. */
  readonly series: readonly Series[];
}

export interface Axis {
  readonly title: string;
  /** A logarithmic one takes values above 0 only; a linear one begins at 0. */
  readonly scale: 'linear' | 'log';
  /** Where the ticks are, in place of round numbers. */
  readonly ticks?: readonly Tick[];
}

export interface Tick {
  readonly at: number;
  readonly label: string;
}

export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
  /** The least and the most that were measured, where the point is their median. */
  readonly range?: readonly [low: number, high: number];
}

const WIDTH = 760;
const HEIGHT = 440;
/** Of the area that the lines are in. */
const LEFT = 76;
const RIGHT = WIDTH - 24;
const TOP = 92;
const BOTTOM = HEIGHT - 56;

/** Colours that all people can tell apart, and dashes for when there are none (Okabe and Ito, Color Universal Design). */
const STYLES = [
  { colour: '#0072b2', dash: '' },
  { colour: '#d55e00', dash: '' },
  { colour: '#009e73', dash: '' },
  { colour: '#0072b2', dash: '6 4' },
  { colour: '#d55e00', dash: '6 4' },
  { colour: '#009e73', dash: '6 4' },
] as const;

const LEGEND_COLUMNS = 3;
const LEGEND_ROW = 18;
const LINEAR_TICKS = 6;

/** An axis with its numbers: what a value is in pixels, and where the ticks are. */
interface Scale {
  readonly ticks: readonly Tick[];
  at(value: number): number;
}

/** @throws Error for a plot that cannot be drawn: without points, with too many series, or with values other than numbers. */
export function plotSvg({ title, x, y, series }: Plot): string {
  check(series);
  const points = series.flatMap((each) => each.points);
  const across = scaleOf(
    x,
    points.map((point) => point.x),
    LEFT,
    RIGHT,
  );
  const up = scaleOf(
    y,
    points.flatMap((point) => [point.y, ...(point.range ?? [])]),
    BOTTOM,
    TOP,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="12" fill="#222">`,
    `<title>${escaped(title)}</title>`,
    // Readers with a dark page get a light card: the colours are for white.
    `<rect width="${WIDTH}" height="${HEIGHT}" rx="6" fill="#fff"/>`,
    text(WIDTH / 2, 26, title, 'text-anchor="middle" font-size="16"'),
    ...across.ticks.flatMap((tick) => tickAcross(across.at(tick.at), tick.label)),
    ...up.ticks.flatMap((tick) => tickUp(up.at(tick.at), tick.label)),
    `<path d="M${LEFT} ${TOP}V${BOTTOM}H${RIGHT}" fill="none" stroke="#222"/>`,
    text((LEFT + RIGHT) / 2, HEIGHT - 14, x.title, 'text-anchor="middle"'),
    text(18, (TOP + BOTTOM) / 2, y.title, `text-anchor="middle" transform="rotate(-90 18 ${(TOP + BOTTOM) / 2})"`),
    ...series.flatMap((each, index) => [...line(each, index, across, up), ...legend(each, index)]),
    '</svg>',
    '',
  ].join('\n');
}

function check(series: readonly Series[]): void {
  if (series.length === 0 || series.length > STYLES.length) {
    throw new Error(`a plot has 1 to ${STYLES.length} series, not ${series.length}`);
  }
  for (const { name, points } of series) {
    if (points.length === 0) throw new Error(`the series ${name} has no points`);
    for (const point of points) {
      if ([point.x, point.y, ...(point.range ?? [])].every(Number.isFinite)) continue;
      throw new Error(`the series ${name} has a point that is not a number: ${JSON.stringify(point)}`);
    }
  }
}

/** Goes from one pixel to another, over all values. */
function scaleOf(axis: Axis, values: readonly number[], from: number, to: number): Scale {
  const least = Math.min(...values);
  const most = Math.max(...values);
  if (axis.scale === 'log' && least <= 0) throw new Error(`${axis.title} has ${least}, which a logarithm cannot show`);
  const ticks = axis.ticks ?? (axis.scale === 'log' ? decades(least, most) : steps(most));
  const first = Math.min(ticks[0]!.at, axis.scale === 'log' ? least : 0);
  const last = Math.max(ticks.at(-1)!.at, most);
  const place = axis.scale === 'log' ? Math.log : (value: number): number => value;
  const length = place(last) - place(first) || 1;
  return { ticks, at: (value) => rounded(from + ((place(value) - place(first)) / length) * (to - from)) };
}

/** Powers of ten; of fewer than two of them one sees too little, so 2 and 5 are between them. */
function decades(least: number, most: number): Tick[] {
  const first = Math.floor(Math.log10(least));
  const last = Math.ceil(Math.log10(most));
  const factors = last - first > 2 ? [1] : [1, 2, 5];
  const ticks: Tick[] = [];
  for (let power = first; power <= last; power++) {
    for (const factor of factors) ticks.push(tickAt(Number(`${factor}e${power}`)));
  }
  return ticks.slice(
    Math.max(
      0,
      ticks.findLastIndex(({ at }) => at <= least),
    ),
    ticks.findIndex(({ at }) => at >= most) + 1 || ticks.length,
  );
}

function steps(most: number): Tick[] {
  const rough = Math.max(most, Number.MIN_VALUE) / LINEAR_TICKS;
  const power = Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((each) => Number(`${each}e${power}`) >= rough)!;
  const step = Number(`${factor}e${power}`);
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_none, index) => tickAt(index * step));
}

function tickAt(at: number): Tick {
  return { at, label: shortNumber(at) };
}

/** `20k` for 20,000: the ticks of one axis have one or two digits. */
function shortNumber(value: number): string {
  const [divisor, unit] = value >= 1e6 ? [1e6, 'M'] : value >= 1000 ? [1000, 'k'] : [1, ''];
  return `${Number((value / divisor).toPrecision(3))}${unit}`;
}

function tickAcross(x: number, label: string): string[] {
  return [`<path d="M${x} ${TOP}V${BOTTOM}" stroke="#ddd"/>`, text(x, BOTTOM + 18, label, 'text-anchor="middle"')];
}

function tickUp(y: number, label: string): string[] {
  return [`<path d="M${LEFT} ${y}H${RIGHT}" stroke="#ddd"/>`, text(LEFT - 8, y + 4, label, 'text-anchor="end"')];
}

function line({ points }: Series, index: number, across: Scale, up: Scale): string[] {
  const { colour, dash } = STYLES[index]!;
  const places = points.map((point) => `${across.at(point.x)} ${up.at(point.y)}`);
  const ranges = points.flatMap(({ x, range }) =>
    range === undefined ? [] : [`M${across.at(x)} ${up.at(range[0])}V${up.at(range[1])}`],
  );
  return [
    `<path d="M${places.join('L')}" fill="none" stroke="${colour}" stroke-width="2"${dashed(dash)}/>`,
    ...(ranges.length === 0 ? [] : [`<path d="${ranges.join('')}" stroke="${colour}" stroke-opacity="0.5"/>`]),
    ...points.map((point) => `<circle cx="${across.at(point.x)}" cy="${up.at(point.y)}" r="3" fill="${colour}"/>`),
  ];
}

function legend({ name }: Series, index: number): string[] {
  const { colour, dash } = STYLES[index]!;
  const x = LEFT + (index % LEGEND_COLUMNS) * rounded((RIGHT - LEFT) / LEGEND_COLUMNS);
  const y = 50 + Math.floor(index / LEGEND_COLUMNS) * LEGEND_ROW;
  return [
    `<path d="M${x} ${y}H${x + 28}" stroke="${colour}" stroke-width="2"${dashed(dash)}/>`,
    text(x + 34, y + 4, name, ''),
  ];
}

function dashed(dash: string): string {
  return dash === '' ? '' : ` stroke-dasharray="${dash}"`;
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${x}" y="${y}"${attributes === '' ? '' : ` ${attributes}`}>${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

/** Tenths of a pixel are enough, and keep the text short. */
function rounded(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
