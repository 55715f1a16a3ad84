// What stands on the board, as two browsers agree on it: strokes under names that never change, in one order on both
// sides, and the names of those taken away. Pure; what comes in is a stranger's.
import type { Role } from "../../connection/protocol.js";

export interface Stroke {
  /** "c" or "o" for client or counsellor, then six characters. */
  id: string;
  /** One more than the last its writer saw; equal ones are told apart by id. */
  turn: number;
  /** x, y, x, y: whole numbers from 0 to SIDE. */
  points: number[];
}

export interface Board {
  strokes: Stroke[];
  /** Names of strokes that were taken away; they do not come back. */
  gone: string[];
}

export const SIDE = 1000;
export const LONGEST = 1200; // numbers in a stroke: one message
export const MANY = 400; // strokes
const GONE = 600;
const TURNS = 1_000_000;
export const EMPTY: Board = { strokes: [], gone: [] };

const LETTER: Record<Role, string> = { client: "c", counsellor: "o" };
export const roleOf = (id: string): Role => (id.startsWith(LETTER.client) ? "client" : "counsellor");
export const strokeId = (role: Role, random: string): string => LETTER[role] + random;
export const isFull = (board: Board): boolean => board.strokes.length >= MANY;
export const nextTurn = (board: Board): number => Math.min(TURNS, (board.strokes.at(-1)?.turn ?? 0) + 1);

const isId = (id: unknown): id is string => typeof id === "string" && /^[co][0-9a-z]{6}$/.test(id);
const isWhole = (n: unknown, most: number): n is number => typeof n === "number" && Number.isInteger(n) && n >= 0 && n <= most;

export function readStroke(body: unknown): Stroke | null {
  if (typeof body !== "object" || body === null) return null;
  const { id, turn, points } = body as Record<string, unknown>;
  if (!isId(id) || !isWhole(turn, TURNS) || !Array.isArray(points)) return null;
  if (points.length < 2 || points.length > LONGEST || points.length % 2 !== 0) return null;
  return points.every((n) => isWhole(n, SIDE)) ? { id, turn, points: points as number[] } : null;
}

/** Names that the other tells, at most as many as a board has. */
export function readIds(body: unknown): string[] {
  return Array.isArray(body) ? body.slice(0, MANY + GONE).filter(isId) : [];
}

export function readBoard(kept: unknown): Board {
  const { strokes, gone } = (typeof kept === "object" && kept !== null ? kept : {}) as Record<string, unknown>;
  const read = (Array.isArray(strokes) ? strokes : []).map(readStroke).filter((stroke) => stroke !== null);
  return read.reduce(added, { strokes: [], gone: readIds(gone) });
}

/** The same board where the stroke is known, was taken away, or finds no room. */
export function added(board: Board, stroke: Stroke): Board {
  if (isFull(board) || board.gone.includes(stroke.id) || board.strokes.some(({ id }) => id === stroke.id)) return board;
  const strokes = [...board.strokes, stroke].sort((a, b) => a.turn - b.turn || (a.id < b.id ? -1 : 1));
  return { ...board, strokes };
}

export function without(board: Board, ids: string[]): Board {
  const news = [...new Set(ids)].filter((id) => !board.gone.includes(id));
  if (news.length === 0) return board;
  return { strokes: board.strokes.filter(({ id }) => !news.includes(id)), gone: [...board.gone, ...news].slice(-GONE) };
}

export const lastOf = (board: Board, role: Role): Stroke | null => board.strokes.filter(({ id }) => roleOf(id) === role).at(-1) ?? null;
export const idsOf = (board: Board, role: Role): string[] => board.strokes.map(({ id }) => id).filter((id) => roleOf(id) === role);

/** Where a line is nearly straight its points between say nothing. `line`: as in a stroke. */
export function thinned(line: number[], least = 4): number[] {
  const kept = line.slice(0, 2);
  for (let i = 2; i + 1 < line.length; i += 2) {
    const [x, y] = [line[i] ?? 0, line[i + 1] ?? 0];
    const far = Math.hypot(x - (kept.at(-2) ?? 0), y - (kept.at(-1) ?? 0));
    if (far >= least || i + 2 >= line.length) kept.push(x, y);
  }
  return kept.length > LONGEST ? kept.slice(0, LONGEST) : kept;
}
