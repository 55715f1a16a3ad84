// What the page that stands in needs, read off its own text. Pure.

/** Styles and programs of our own; the rest a page without a line does without. */
export const assetsOf = (html: string): string[] => [
  ...new Set([...html.matchAll(/<(?:link rel="stylesheet" href|script type="module" src)="(\/static\/[^"]+)"/g)].map((found) => found[1] ?? "")),
];

export const isRoom = (pathname: string): boolean => /^\/sesi\/[^/]+\/ruang\/$/.test(pathname);

export const codeOf = (pathname: string): string => /^\/sesi\/([^/]+)\/ruang\/$/.exec(pathname)?.[1] ?? "";
