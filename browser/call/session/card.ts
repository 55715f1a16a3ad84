// The closing card as it stands in this browser: what the server keeps, and what is typed over it. Pure.

export interface CardTask {
  id: string;
  text: string;
  due_on: string;
}

export interface Offer {
  start: string;
  label: string;
}

export interface CardState {
  revision: number;
  points: string[];
  tasks: CardTask[];
  next: Offer | null;
  offers: Offer[];
  additions: { by: number; text: string; at: string }[];
  accepted_at: string | null;
  opened: boolean;
}

/** What the counsellor types; kept in the tab until the server has it. */
export interface CardDraft {
  points: string[];
  tasks: CardTask[];
  next: string | null;
}

export const MOST_TASKS = 3;

export const draftOf = ({ points, tasks, next }: CardState): CardDraft => ({
  points: [...points],
  tasks: tasks.map((task) => ({ ...task })),
  next: next?.start ?? null,
});

const tidy = (draft: CardDraft): CardDraft => ({
  points: draft.points.map((point) => point.trim()).filter(Boolean),
  tasks: draft.tasks.filter(({ text }) => text.trim()).map((task) => ({ ...task, text: task.text.trim() })),
  next: draft.next,
});

export function sameDraft(a: CardDraft, b: CardDraft): boolean {
  const said = (draft: CardDraft) => {
    const { points, tasks, next } = tidy(draft);
    return JSON.stringify([points, tasks.map(({ text, due_on }) => [text, due_on]), next]);
  };
  return said(a) === said(b);
}

export interface SaveBody extends CardDraft {
  revision: number;
}

export const saveBody = (draft: CardDraft, revision: number): SaveBody => ({ ...tidy(draft), revision });

/** Gives typed tasks the ids that the server gave them, so that the next save changes the same rows. */
export function withIds(draft: CardDraft, sent: CardDraft, kept: CardState): CardDraft {
  const ids = new Map<CardTask, string>();
  let at = 0;
  for (const task of sent.tasks) if (task.text.trim()) ids.set(task, kept.tasks[at++]?.id ?? task.id);
  const tasks = draft.tasks.map((task, i) => {
    const before = sent.tasks[i];
    const id = before ? ids.get(before) : undefined;
    const due_on = task.due_on || kept.tasks.find((row) => row.id === id)?.due_on || "";
    return { ...task, id: task.id || id || "", due_on };
  });
  return { ...draft, tasks };
}

export const copyOf = (draft: CardDraft): CardDraft => ({ ...draft, points: [...draft.points], tasks: draft.tasks.map((t) => ({ ...t })) });
