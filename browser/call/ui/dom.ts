// Small helpers for the page. Text is always text.
import type { Words } from "../session/config.js";

export type Child = Node | string;

export function one<T extends Element = HTMLElement>(selector: string, within: ParentNode = document): T | null {
  return within.querySelector<T>(selector);
}

export function all<T extends Element = HTMLElement>(selector: string, within: ParentNode = document): T[] {
  return [...within.querySelectorAll<T>(selector)];
}

export function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Record<string, string> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

export function show(element: Element | null, shown: boolean): void {
  if (element && element.hasAttribute("hidden") === shown) element.toggleAttribute("hidden", !shown);
}

/** Changes text only where it differs, so that a screen reader is not told twice. */
export function write(element: Element | null, text: string): void {
  if (element && element.textContent !== text) element.textContent = text;
}

export function json<T>(id: string): T {
  return JSON.parse(document.getElementById(id)?.textContent ?? "{}") as T;
}

export type Say = (key: string, values?: Record<string, string | number>) => string;

/** The page's sentences, with {names} filled in. A missing one shows its key, and a test finds it before. */
export function sayer(words: Words): Say {
  return (key, values = {}) =>
    (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export function hour(iso: string | number, language: string, zone: string): string {
  const format = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", timeZone: zone, hourCycle: "h23" });
  return format.format(new Date(iso)).replace(":", language === "id" ? "." : ":");
}
